"""What a month came to: counted from what the services have announced and keep, in the shape that `demo` prints."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.table import Table

from services import SERVICES
from services.cli.demo.picture import flow_picture
from services.cli.proof import records
from services.cli.proof.drain import Drain
from services.cli.proof.reconcile import FATES
from shared.bus.stuck import list_stuck
from shared.settings import settings
from shared.storage.engine import engine_for
from shared.units import Tier, UnitDirectory, tier_of

RUNGS = ((Tier.GRID, Tier.COMMUNITY), (Tier.COMMUNITY, Tier.STREET), (Tier.STREET, Tier.DISTRICT))
REQUEST_NEWS = {
    "supervision": ("request_asked.v1", "request_decided.v1"),
    "dispatch": ("task_return_asked.v1", "task_return_decided.v1"),
    "councils": ("postponement_asked.v1", "postponement_decided.v1"),
}
HOTLINE_NEWS = {"intake": ("order_request_asked.v1", "order_request_decided.v1")}
LATER = ("handed_over", "referred", "merged", "recalled", "amended", "withdrawn", "reinstated")
ENDED_TASKS = ("done", "accepted", "failed", "moved_up", "withdrawn", "declined", "ended")
RATES = ("response", "resolution", "satisfaction")
MOST_RANKED = 8


@dataclass
class Report:
    """The figures of a demo. `rates` and `ranking` are what evaluation answered when it was asked."""

    days: int
    seed: int
    sent: int
    figures: dict[str, Any]
    rates: dict[str, Any]
    ranking: dict[str, Any]
    incidents: int
    stuck: int
    differences: list[str] = field(default_factory=list)
    wall_seconds: float = 0.0

    @property
    def is_good(self) -> bool:
        return not (self.differences or self.incidents or self.stuck)

    def as_json(self) -> dict[str, Any]:
        return {
            "days": self.days,
            "seed": self.seed,
            **self.figures,
            "rates": {name: self.rates.get(name) for name in RATES},
            "incidents": self.incidents,
            "stuck": self.stuck,
            "reconciled": not self.differences,
            "wall_seconds": round(self.wall_seconds, 1),
        }


def figures(sent: int, drain: Drain, *, represented: int = 0) -> dict[str, Any]:
    """Counts in the order of the flow. `represented` is what nobody announces: how many called for somebody else."""
    return {
        "complaints": complaint_counts(sent, drain) | {"represented": represented},
        "issues": issue_counts(drain),
        "sessions": {
            "held": drain.said({"session_opened.v1"}),
            "postponed": drain.said({"session_postponed.v1"}),
            "inquorate": drain.said({"session_inquorate.v1"}),
        },
        "polls": poll_counts(drain),
        "resolutions": {
            "adopted": drain.said({"resolution_adopted.v1"}),
            "failed": drain.said({"deliberation_failed.v1"}),
        }
        | objection_counts(drain),
        "tasks": task_counts(drain),
        "escalations": escalation_counts(),
        "requests": request_counts(REQUEST_NEWS),
        "organisations_asked": request_counts(REQUEST_NEWS, wants="cooperation"),
        "hotline_asked": request_counts(HOTLINE_NEWS),
        "appeals": appeal_count(),
        "corrections": drain.said({"complaint_corrected.v1"}),
        "redispatched": drain.said({"complaint_redispatched.v1"}),
        "lapsed_sessions": drain.said({"session_lapsed.v1"}),
        "pending": pending_count(),
        "self_checks": self_check_count(),
        "incidents_settled": incident_count(settled=True),
    }


def complaint_counts(sent: int, drain: Drain) -> dict[str, int]:
    """The first fate of each order; then what else calls were about, and what became of orders later."""
    further = set(records.column("intake", "SELECT order_no FROM complaints WHERE of_order <> ''"))
    said = records.said("intake", *FATES)
    first = Counter(_first_fate(kind, content) for kind, content in said if content["order_no"] not in further)
    later = {one: drain.said({f"complaint_{one}.v1"}) for one in LATER}
    petitions = count("intake", "complaints WHERE signatures > 1")
    return (
        {"sent": sent}
        | {fate: first[f"complaint_{fate}.v1"] for fate in ("accepted", "answered", "urged", "rejected")}
        | {"matters": len(further), "petitions": petitions, "answered_later": first["later"]}
        | later
    )


def _first_fate(wire_type: str, content: dict[str, Any]) -> str:
    """What a clerk answers had been accepted before."""
    return wire_type if content.get("answered_by", "hotline") == "hotline" else "later"


def issue_counts(drain: Drain) -> dict[str, int]:
    states = Counter(records.column("supervision", "SELECT state FROM cases"))
    return {
        "raised": drain.said({"issue_raised.v1"}),
        "closed": states["closed"],
        "open": states["open"],
        "relapsed": drain.said({"issue_reopened.v1"}),
        "without_orders": count("intake", "issues WHERE first_order_no = ''"),
    }


def poll_counts(drain: Drain) -> dict[str, int]:
    """Household by household, or owners; what is not counted yet is still collected."""
    outcomes = Counter(content["outcome"] for _, content in records.said("deliberation", "poll_counted.v1"))
    return {"opened": drain.said({"poll_opened.v1"})} | {one: outcomes[one] for one in ("carried", "lost", "void")}


def objection_counts(drain: Drain) -> dict[str, int]:
    """What was said against resolutions on display, how much of it by organisations, and what it came to."""
    answers = [content for _, content in records.said("deliberation", "resolution_reviewed.v1")]
    reviews = Counter("unanswered" if one["is_default"] else one["review"] for one in answers)
    objected, declined = drain.said({"resolution_objected.v1"}), drain.said({"task_declined.v1"})
    made = {"objected": objected, "declined": declined}
    return made | {one: reviews[one] for one in ("stands", "returned", "referred", "unanswered")}


def task_counts(drain: Drain) -> dict[str, int]:
    states = Counter(records.column("dispatch", "SELECT state FROM tasks"))
    return {
        "done": states["done"] + states["accepted"],
        "returned": drain.said({"task_returned.v1"}),
        "open": sum(count for state, count in states.items() if state not in ENDED_TASKS),
    }


def escalation_counts() -> dict[str, int]:
    """Each climb by the tiers it passed: one that goes to the unit covering several areas may pass two."""
    counts: Counter[tuple[Tier, Tier]] = Counter()
    for _, content in records.said("supervision", "issue_escalated.v1"):
        low, high = tier_of(content["from_unit"]), tier_of(content["to_unit"])
        counts.update((below, above) for below, above in RUNGS if low <= below and above <= high)
    return {f"{below.value}_to_{above.value}": counts[below, above] for below, above in RUNGS}


def request_counts(news: dict[str, tuple[str, str]], wants: str = "") -> dict[str, int]:
    """What one person asked for and another decided, or the policy, where nobody did; of one kind, if it is named."""
    said = (one for service, types in news.items() for one in records.said(service, *types))
    counts = Counter(_fate(kind, content) for kind, content in said if wants in ("", content.get("wants")))
    return {fate: counts[fate] for fate in ("asked", "granted", "refused", "defaulted")}


def _fate(wire_type: str, content: dict[str, Any]) -> str:
    if wire_type.endswith("_asked.v1"):
        return "asked"
    decision = "granted" if content["granted"] else "refused"
    return "defaulted" if content["is_default"] else decision


def appeal_count() -> int:
    """How many refusals were taken one level up; those are among what was asked."""
    asked = (records.said(service, types[0]) for service, types in (REQUEST_NEWS | HOTLINE_NEWS).items())
    return sum(bool(content.get("appeals")) for said in asked for _, content in said)


def pending_count() -> int:
    """What stands on the pending list."""
    standing: dict[str, bool] = {}
    for kind, content in records.said("supervision", "issue_pended.v1", "issue_unpended.v1"):
        standing[content["issue_id"]] = kind == "issue_pended.v1"
    return sum(standing.values())


def self_check_count() -> int:
    """Our own calls beside the hotline's, which are no samples of the rates."""
    return count("evaluation", "callbacks WHERE is_self_check")


def incident_count(*, settled: bool = False) -> int:
    """What waits for somebody to settle it; or what was settled, or has ended by itself."""
    return count("supervision", f"incidents WHERE settled_at IS {'NOT ' if settled else ''}NULL")


def count(service: str, rows: str) -> int:
    return int(records.column(service, f"SELECT count(*) FROM {rows}")[0])


def stuck_count() -> int:
    """Parked events and timers, failing timers, and internal messages nobody could read.

    Messages of the hotline that nobody could read are not stuck: they were refused, answered, and count as rejected.
    """
    stuck = sum(one.counts for service in SERVICES for one in list_stuck(service, engine_for(service)))
    failing = "SELECT count(*) FROM timers WHERE attempts > 0 AND fired_at IS NULL AND parked_at IS NULL"
    return stuck + sum(int(records.column(service, failing)[0]) for service in SERVICES)


def show(report: Report, console: Console) -> None:
    """For people: the flow with its figures, and the rankings."""
    console.print(flow_picture(report.figures, report.rates), markup=False, soft_wrap=True)
    console.print()
    for title, table in ranking_tables(report.ranking):
        console.print(f"[bold]{title}[/]")
        console.print(table)
        console.print()
    if report.differences:
        console.print("[bold red]Not everything is in its place:[/]")
        for line in report.differences:
            console.print(f"  {line}", highlight=False)
    console.print(closing_line(report))


def closing_line(report: Report) -> str:
    whole = "[green]reconciled[/]" if not report.differences else "[red]not reconciled[/]"
    left = f"{report.incidents} incidents, {report.stuck} stuck"
    return f"{report.days} days, seed {report.seed}: {whole}, {left}, {report.wall_seconds:.0f} s"


def ranking_tables(ranking: dict[str, Any]) -> list[tuple[str, Table]]:
    """One table per group and dispatch kind: the best of those with enough samples."""
    units = UnitDirectory.load(settings().units_file)
    classes: dict[str, list[str]] = {}
    for name, found in ranking.get("classes", {}).items():
        for unit_code in found:
            classes.setdefault(unit_code, []).append(name)
    made = []
    for board in ranking.get("rankings", []):
        ranked = [entry for entry in board["entries"] if entry["rank"]][:MOST_RANKED]
        if not ranked or board["within"]:
            continue  # there is a board of communities for each street
        table = Table("rank", "unit", "samples", "composite", "class", box=None, pad_edge=False)
        for entry in sorted(ranked, key=lambda one: one["rank"]):
            unit = units.find(entry["unit_code"])
            name = unit.name if unit else entry["name"] or entry["unit_code"]
            place, share = str(entry["rank"]), f"{entry['composite_ratio']:.1%}"
            table.add_row(place, name, str(entry["samples"]), share, ", ".join(classes.get(entry["unit_code"], [])))
        made.append((f"Ranking of the month: {board['group']}, {board['dispatch_kind']}", table))
    return made
