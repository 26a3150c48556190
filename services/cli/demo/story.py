"""What just happened in the district, a line every few days: told while the demo plays."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from services.cli.proof import records
from shared.bus.log.reading import events_of
from shared.clock import SHANGHAI
from shared.storage.engine import engine_for
from shared.units import Tier, UnitDirectory, ancestors_of, tier_of

EVERY = timedelta(days=3)
REASONS = {
    "over_level": "beyond its level 超越层级",
    "over_duty": "beyond its duties 超过职责",
    "cross_area": "more than one area is concerned 跨越区域",
    "unresolved": "not solved in time, or not solved 未解决",
    "demonstration": "to be an example 示范",
}
OUTCOMES = {
    "solved": "the callers say it is solved",
    "unsolved": "the callers say it is not solved",
    "not_reached": "no caller could be reached",
    "withdrawn": "no order is left in it",
}
Names = Callable[[str], str]


@dataclass
class Story:
    """Reads what the services announced since it last told something; each time the kind told least often."""

    units: UnitDirectory = field(default_factory=UnitDirectory.load)
    _told: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SENTENCES, 0))
    _read: dict[str, int] = field(default_factory=dict)
    _next_at: datetime | None = None

    def line(self, now: datetime) -> str | None:
        """A sentence, if it is time for one and something happened."""
        self._next_at = self._next_at or now + EVERY
        if now < self._next_at:
            return None
        self._next_at = now + EVERY
        found = self._fresh()
        if not found:
            return None
        kind = min(found, key=lambda one: (self._told[one], list(SENTENCES).index(one)))
        self._told[kind] += 1
        sentence = SENTENCES[kind](found[kind], self._unit_name, self._title(found[kind]["issue_id"]))
        return f"{now.astimezone(SHANGHAI):%Y-%m-%d}  {sentence}"

    def _fresh(self) -> dict[str, dict[str, Any]]:
        """The latest of each kind since it was read last."""
        found: dict[str, dict[str, Any]] = {}
        for service in ("deliberation", "dispatch", "supervision"):
            for event in events_of(engine_for(service), after=self._read.get(service, 0)):
                self._read[service] = event.position
                if event.type in SENTENCES:
                    found[event.type] = event.content
        return found

    def _unit_name(self, code: str) -> str:
        """A grid's name says nothing without its community's."""
        named = [code, *ancestors_of(code)[:1]] if tier_of(code) is Tier.GRID else [code]
        found = [unit.name for one in reversed(named) if (unit := self.units.find(one))]
        return "".join(found) or code

    def _title(self, issue_id: str) -> str:
        found = records.rows("intake", "SELECT title FROM issues WHERE id = :issue_id", issue_id=issue_id)
        return str(found[0][0]) if found else issue_id


def _adopted(event: dict[str, Any], unit: Names, title: str) -> str:
    tasks = "1 task follows" if len(event["tasks"]) == 1 else f"{len(event['tasks'])} tasks follow"
    return f"议 {unit(event['unit_code'])}: a council on “{title}” carried a motion; {tasks}"


def _failed(event: dict[str, Any], unit: Names, title: str) -> str:
    return (
        f"议 {unit(event['unit_code'])}: a council on “{title}” came to nothing ({event['reason'].replace('_', ' ')})"
    )


def _escalated(event: dict[str, Any], unit: Names, title: str) -> str:
    reason = REASONS[event["reason"]]
    return f"督 “{title}” climbs from {unit(event['from_unit'])} to {unit(event['to_unit'])}: {reason}"


def _returned(event: dict[str, Any], unit: Names, title: str) -> str:
    return f"办 {unit(event['unit_code'])}: {event['department']} hands “{title}” back, {event['reason']}"


def _breached(event: dict[str, Any], unit: Names, title: str) -> str:
    return f"督 {unit(event['unit_code'])}: the time limit for “{title}” ran out"


def _closed(event: dict[str, Any], unit: Names, title: str) -> str:
    return f"评 {unit(event['unit_code'])}: “{title}” is closed, {OUTCOMES[event['outcome']]}"


SENTENCES: dict[str, Callable[[dict[str, Any], Names, str], str]] = {
    "resolution_adopted.v1": _adopted,
    "issue_escalated.v1": _escalated,
    "task_returned.v1": _returned,
    "deliberation_failed.v1": _failed,
    "issue_closed.v1": _closed,
    "clock_breached.v1": _breached,
}
