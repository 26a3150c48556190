"""`bench lifecycle`: whole cases per second, through all six services, without waiting for people.

Complaints come in; every task is signed for, finished and accepted by calls as soon as it is assigned; the clock is
moved to the limits; every caller who is asked says that it is solved; until all issues are closed. Matters for a
council are left out, as its meetings would wait for people.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import text

from services import ANSWERING, SERVICES
from services.cli.bench import machine
from services.cli.bench.complaints import write_complaints
from services.cli.bench.gauges import CpuGauge
from services.cli.bench.ground import Ground
from services.cli.bench.publishing import publish_complaints
from services.cli.bench.result import Result
from services.cli.bench.watching import Watch, wait_while_moving
from services.cli.proof.drain import Drain
from services.cli.proof.stepping import Stepping
from services.cli.servers.unavailable import NodeUnavailable
from services.cli.suite.staff import Staff
from services.rehearsal.calling import Ask, Calling, Script
from services.rehearsal.hearing import Ear, Heard
from services.rehearsal.telephone import Telephone
from shared.auth import Role
from shared.clock import SHANGHAI, SteppedClock, clock_from
from shared.settings import settings
from shared.storage.engine import engine_for

SIZE = 2_000
BEGINS_AT = datetime(2026, 3, 2, 8, tzinfo=SHANGHAI)
CLOCK = f"stepped@{BEGINS_AT.isoformat()}"
ENDS_AFTER = timedelta(days=40)
LOOK_SECONDS = 0.1
CALL_SECONDS = 60.0
BETWEEN_LOOKS = 300
ASSIGNED, STARTED = "task_assigned.v1", "callback_started.v1"


def run(ground: Ground, size: int, say: Callable[[str], None]) -> Result:
    ground.start(*ANSWERING)
    return measured(Life(ground), size, say)


def measured(begun: "Life", size: int, say: Callable[[str], None]) -> Result:
    """A whole life in three phases."""
    with begun as life:
        say(f"lifecycle: {size} complaints come in ...")
        with life.phase("taken_in"):
            life.file(size)
        say("lifecycle: every task is signed for, finished and accepted ...")
        with life.phase("handled"):
            life.handle()
        say("lifecycle: the clock is moved to the limits, callers are asked ...")
        with life.phase("asked_and_closed"):
            life.ask_callers()
        return Result(name="lifecycle", figures=life.figures(), machine=machine.describe(life.ground))


class PatientDrain(Drain):
    """Looks less often than the demo's: with so many rows each look costs, and is not what is measured."""

    def wait_until_drained(
        self, sent: int, timeout: float = 60.0, *, still_well: Callable[[], None] = lambda: None
    ) -> None:
        watches = [Watch(service) for service in SERVICES]

        def progress() -> list[int]:
            still_well()
            return [one.newest() for one in watches]

        wait_while_moving(lambda: self.is_drained(sent), progress, "the suite", LOOK_SECONDS)


class Life:
    """One run: what was sent, who is asked what, and how long each phase took."""

    listens_to: tuple[str, ...] = (ASSIGNED, STARTED)
    channel = "visit"  # we ask about it by ourselves

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self._drain = PatientDrain()
        self._sent = self._filed = 0
        self._scope = ExitStack()
        self._gauge = CpuGauge(ground.pids, ground.families)
        self._phases: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> "Life":
        clock = clock_from(settings())
        assert isinstance(clock, SteppedClock)
        self._stepping = Stepping(clock, self._drain, lambda: self._sent, self._look_after)
        self._ear = self._scope.enter_context(Ear(self.ground.uri, self.listens_to))
        self._line = self._scope.enter_context(Telephone(self.ground.uri, timeout_seconds=CALL_SECONDS))
        self._calling = Calling(self._line, Staff())
        return self

    def __exit__(self, *exc_info: Any) -> None:
        self._scope.__exit__(*exc_info)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        self._gauge.take()
        began = time.perf_counter()
        yield
        self._phases[name] = {"seconds": round(time.perf_counter() - began, 2), "cpu_seconds": self._gauge.take()}

    def file(self, size: int) -> None:
        written = write_complaints(size, at=BEGINS_AT, series="W", deliberated=False, linked=False)
        orders = (order | {"channel": self.channel} for order in written)
        self._filed = publish_complaints(self.ground.uri, orders)
        self._sent += self._filed
        self._stepping.settle()

    def handle(self) -> None:
        """Until no task is left; a new one may follow from an old one."""
        while heard := self._listen():
            self._take_up(heard)

    def _take_up(self, heard: list[Heard]) -> None:
        """What people do about what they heard."""
        self._run(answer(one.content) for one in heard if one.type == STARTED)
        self._run(work_on(one.content) for one in heard if one.type == ASSIGNED)

    def ask_callers(self) -> None:
        """From one instant at which something is due to the next, until all issues are closed."""
        clock = self._stepping.clock
        while self.open_issues():
            if clock.now() > BEGINS_AT + ENDS_AFTER:
                raise NodeUnavailable(f"Not closed after {ENDS_AFTER.days} days: {', '.join(self.left_open())}")
            self._stepping.advance(self._stepping.next_instant(None))
            self._take_up(self._listen())

    def open_issues(self) -> int:
        return self._issues("open")

    def left_open(self) -> list[str]:
        """Some that are open still, for whoever has to find out why."""
        wanted = text("SELECT id, route, unit_code, category FROM issues WHERE state = 'open' ORDER BY id LIMIT 5")
        with engine_for("intake").connect() as connection:
            return [" ".join(row) for row in connection.execute(wanted)]

    def figures(self) -> dict[str, Any]:
        seconds = sum(phase["seconds"] for phase in self._phases.values())
        closed, cpu = self._issues("closed"), total(phase["cpu_seconds"] for phase in self._phases.values())
        for phase in self._phases.values():
            phase["cases_per_second"] = round(closed / phase["seconds"], 1)
            phase["busiest"] = busiest(phase["cpu_seconds"])
        return {
            "cases_per_second": round(closed / seconds, 1),
            "cases_closed": closed,
            "complaints": self._filed,
            "seconds": round(seconds, 2),
            "calls": dict(self._calling.calls),
            "calls_refused": dict(self._calling.refused),
            "events": sum(Watch(service).announced() for service in SERVICES),
            "phases": self._phases,
            "cpu_seconds": cpu,
            "busiest": busiest(cpu),
            "cpu_ms_a_case": {name: round(spent * 1000 / max(1, closed), 1) for name, spent in cpu.items()},
        }

    def _listen(self) -> list[Heard]:
        return self._ear.listen(self._drain.said(set(self._ear.wire_types)))

    def _run(self, scripts: Iterable[Script]) -> None:
        left = iter(scripts)
        while some := list(islice(left, BETWEEN_LOOKS)):
            self._calling.run(some)
            self._look_after()
        self._stepping.settle()

    def _look_after(self) -> None:
        """A run takes minutes, and a broker hangs up on who is silent for one."""
        self.ground.still_well()
        self._ear.keep_alive()
        self._line.keep_alive()

    def _issues(self, state: str) -> int:
        counted = text("SELECT count(*) FROM issues WHERE state = :state")
        with engine_for("intake").connect() as connection:
            return int(connection.scalar(counted, {"state": state}) or 0)


def work_on(task: dict[str, Any]) -> Script:
    """What the handler and then the leader of its unit do, without delay."""
    shown = hashlib.sha256(task["task_id"].encode()).hexdigest()
    evidence = [{"uri": f"https://files.example.org/{shown[:16]}.jpg", "sha256": shown}]

    def ask(method: str, role: Role, **more: Any) -> Ask:
        key = f"{method}:{task['attempt']}:{shown[:32]}"
        request = {"task_id": task["task_id"], "idempotency_key": key, **more}
        organisation = task["organisation_id"] if role is Role.HANDLER else ""
        return Ask("dispatch", method, request, role, task["unit_code"], organisation)

    yield ask("sign_for_task", Role.HANDLER)
    yield ask("finish_task", Role.HANDLER, result="已到现场处理完毕。", evidence=evidence)
    yield ask("accept_task", Role.LEADER)


def answer(callback: dict[str, Any]) -> Script:
    """The caller was reached and is content."""
    key = hashlib.sha256(f"{callback['order_no']}:{callback['round']}:{callback['attempt']}".encode()).hexdigest()
    said = {"reached": True, "contacted": True, "solved": "yes", "satisfaction": 5}
    request = {"order_no": callback["order_no"], "idempotency_key": key, **said}
    yield Ask("evaluation", "record_callback", request, Role.CALLBACK_AGENT)


def total(parts: Iterable[dict[str, float]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in parts:
        for name, spent in part.items():
            found[name] = round(found.get(name, 0.0) + spent, 2)
    return found


def busiest(cpu: dict[str, float]) -> str:
    """What this machine's processors were mostly busy with."""
    return max(cpu, key=lambda name: cpu[name], default="")
