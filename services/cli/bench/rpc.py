"""`bench rpc`: how long street systems wait for `escalation.preview` and `escalation.escalate`.

Idle, and while intake takes in complaints as fast as it can and supervision listens to it; and how many commands 32
callers get done. Beside it, in the same run and under the same load, a bare nameko echo on the same kind of queue.
"""

import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from services.cli.bench import machine
from services.cli.bench.callers import time_callers
from services.cli.bench.calls import Call, summary, time_calls, time_calls_of_many
from services.cli.bench.complaints import write_complaints
from services.cli.bench.gauges import CpuGauge
from services.cli.bench.ground import Ground
from services.cli.bench.publishing import publish_complaints
from services.cli.bench.result import Result, ratio
from services.cli.bench.watching import Watch, has_heard_all, wait_while_moving
from shared.auth import Role, issue_token
from shared.bus import topology
from shared.storage.engine import engine_for

SIZE = 3_000
LEAST = 100  # cases, so that each is escalated once at most
CALLERS = 8
MANY = 32
PREVIEWS_PER_ESCALATE = 4
DISTRICT = "110105"
ELSEWHERE = ("110105001", "110105015")
WHY = "涉及相邻街道,请上级受理。"


def run(ground: Ground, size: int, say: Callable[[str], None]) -> Result:
    size = max(size, LEAST)
    say(f"rpc: {size} complaints become cases ...")
    cases = make_cases(ground, size)
    measuring = Measuring(ground, cases)
    say("rpc: idle ...")
    idle = measuring.measure()
    say(f"rpc: {MANY} callers ...")
    many = measuring.measure_throughput()
    say("rpc: while intake runs flat out ...")
    loaded = measure_loaded(ground, measuring)
    echoes = {"echo_idle": idle.pop("echo"), "echo_loaded": loaded.pop("echo"), "echo_many": many.pop("echo")}
    return Result(
        name="rpc",
        figures=many | {"idle": idle, "loaded": loaded, "cases": size},
        baselines=echoes,
        ratios={"commands_to_echo": ratio(many["commands_per_second"], echoes["echo_many"]["calls_per_second"])}
        | {
            f"{call}_p99_to_echo{suffix}": ratio(found[call]["p99_ms"], echo["p99_ms"])
            for suffix, found, echo in (("", idle, echoes["echo_idle"]), ("_loaded", loaded, echoes["echo_loaded"]))
            for call in ("preview", "escalate")
        },
        machine=machine.describe(ground),
    )


def make_cases(ground: Ground, size: int) -> list[tuple[str, str]]:
    """Issues that can climb, with their holders."""
    publish_complaints(ground.uri, write_complaints(size, at=datetime.now(UTC), series="C", linked=False))
    ground.start("intake", "supervision", "escalation")
    ground.start_program("echo", "services.cli.bench.echo", uri=ground.uri)
    ground.wait_for_consumers([topology.calls_of("echo")])
    watch, listener = Watch("intake"), Watch("supervision")
    wait_while_moving(lambda: watch.is_through(size), watch.newest, "intake")
    wait_while_moving(lambda: has_heard_all("supervision", "intake"), listener.newest, "supervision", interval=0.2)
    with engine_for("supervision").connect() as connection:
        held = text("SELECT issue_id, unit_code FROM cases WHERE length(unit_code) > 6 ORDER BY issue_id")
        return [(row[0], row[1]) for row in connection.execute(held)]


@dataclass
class Measuring:
    """Measures the same set of calls each time, on cases that were not escalated before."""

    ground: Ground
    cases: list[tuple[str, str]]
    escalated: int = 0
    token: str = field(init=False)

    def __post_init__(self) -> None:
        self.token = issue_token("bench", Role.STREET_SYSTEM, DISTRICT, lifetime=timedelta(hours=2))
        self.escalates = max(1, min(300, len(self.cases) // 8))
        self._warm_up()

    def measure(self) -> dict[str, Any]:
        echoes = [("echo", "say", {"n": number}) for number in range(self.escalates * PREVIEWS_PER_ESCALATE)]
        found = {
            "echo": summary(time_calls(self.token, self.ground.uri, echoes)),
            "preview": summary(time_calls(self.token, self.ground.uri, self._previews(len(echoes)))),
            "escalate": summary(time_calls(self.token, self.ground.uri, list(self._escalates(self.escalates)))),
        }
        return found | {f"{CALLERS}_callers": self._measure_many()}

    def _measure_many(self) -> dict[str, Any]:
        each = max(1, self.escalates // 2 // CALLERS)
        escalates = [list(self._escalates(each)) for _ in range(CALLERS)]
        previews = [self._previews(each * PREVIEWS_PER_ESCALATE) for _ in range(CALLERS)]
        return {
            "preview": summary(time_calls_of_many(self.token, self.ground.uri, previews)),
            "escalate": summary(time_calls_of_many(self.token, self.ground.uri, escalates)),
        }

    def measure_throughput(self) -> dict[str, Any]:
        """What many callers get done together, and what it costs: of an echo, and of a command."""
        each = max(1, len(self.cases) * 2 // 5 // MANY)
        gauge = CpuGauge(self.ground.pids, self.ground.families)
        echoes = [[("echo", "say", {"n": number}) for number in range(each)] for _ in range(MANY)]
        waits, seconds = time_callers(self.token, self.ground.uri, echoes)
        echo = {"calls_per_second": round(len(waits) / seconds, 1), **spent_on(gauge.take(), len(waits), "call")}
        escalates = [list(self._escalates(each)) for _ in range(MANY)]
        waits, seconds = time_callers(self.token, self.ground.uri, escalates)
        done = {"commands_per_second": round(len(waits) / seconds, 1), **spent_on(gauge.take(), len(waits), "command")}
        return done | {f"{MANY}_callers": summary(waits), "echo": echo}

    def _warm_up(self) -> None:
        """So that no figure has the first connection or the first statement in it."""
        echoes = [("echo", "say", {"n": 0})] * 20
        time_calls(self.token, self.ground.uri, [*echoes, *self._previews(20), *self._escalates(2)])

    def _previews(self, count: int) -> list[Call]:
        free = self.cases[self.escalated :]
        return [("escalation", "preview", asked(*free[number % len(free)])) for number in range(count)]

    def _escalates(self, count: int) -> Iterator[Call]:
        for case in self.cases[self.escalated : self.escalated + count]:
            yield "escalation", "escalate", asked(*case) | {"idempotency_key": str(uuid.uuid4())}
        self.escalated += count


def spent_on(cpu: dict[str, float], count: int, what: str) -> dict[str, Any]:
    """Milliseconds of processor time for each, of all processes together and by process."""
    by_process = {name: round(seconds * 1000 / count, 2) for name, seconds in cpu.items() if seconds}
    return {f"cpu_ms_per_{what}": round(sum(by_process.values()), 2), f"cpu_ms_per_{what}_by_process": by_process}


def asked(issue_id: str, from_unit: str) -> dict[str, Any]:
    concerned = ELSEWHERE[from_unit.startswith(ELSEWHERE[0])]
    about = {"issue_id": issue_id, "from_unit": from_unit, "units_concerned": [concerned]}
    return about | {"reason": "cross_area", "explanation": WHY}


def measure_loaded(ground: Ground, measuring: Measuring) -> dict[str, Any]:
    """The load is there before the first call and after the last, and its own speed is among the figures."""
    intake, supervision = Watch("intake"), Watch("supervision")
    before = intake.count()
    ground.start_program("feeding", "services.cli.bench.feeding", uri=ground.uri)
    wait_while_moving(lambda: intake.count() > before, lambda: None, "intake")
    began, counts, gauge = (
        time.perf_counter(),
        (intake.count(), supervision.count()),
        CpuGauge(ground.pids, ground.families),
    )
    found = measuring.measure()
    seconds = time.perf_counter() - began
    found["load"] = {
        "complaints_per_second": round((intake.count() - counts[0]) / seconds, 1),
        "events_heard_per_second": round((supervision.count() - counts[1]) / seconds, 1),
        "still_waiting": ground.depth(topology.inbox_of("intake")),
        "cpu_seconds": gauge.take(),
        "seconds": round(seconds, 1),
    }
    ground.stop("feeding")
    return found
