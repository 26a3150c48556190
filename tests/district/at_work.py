"""A district at work for a scenario: all services on a stepped clock, with what people need to act in it."""

import itertools
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any

import orjson
import pytest

from services.cli.folders import in_var
from services.cli.proof.drain import Drain
from services.cli.proof.stepping import Stepping
from services.cli.suite.staff import Staff
from services.rehearsal.people.hotline import Line
from services.rehearsal.telephone import Telephone
from shared.auth import Role
from shared.bus.outbox.lease import Lease, lease
from shared.clock import SHANGHAI, SteppedClock, clock_from
from shared.settings import settings
from shared.storage.engine import engine_for
from tests.forked_world import ForkedWorld
from tests.small_district import write_units

BEGINS_AT = datetime(2026, 3, 2, 8, tzinfo=SHANGHAI)
DISTRICT = "110105"
NEVER_HUNG_UP = "?heartbeat=0"
"""The broker closes a line that is silent for half a minute, as ours is while a test reads, or time passes."""


class District:
    """`ask` somebody's call, `file` an order, `settle`, `pass_time`."""

    def __init__(self, world: ForkedWorld) -> None:
        clock = clock_from(settings())
        assert isinstance(clock, SteppedClock)
        self.clock = clock
        self.sent: dict[str, str] = {}
        self._stepping = Stepping(clock, Drain(), lambda: len(self.sent), world.still_well)
        self._numbers = itertools.count(1)
        self._scope = ExitStack()
        self._world, self._uri = world, world.uri
        line = world.uri + NEVER_HUNG_UP
        self._telephone = self._scope.enter_context(Telephone(line, timeout_seconds=60))

    def close(self) -> None:
        self._scope.close()

    def ask(
        self, service: str, method: str, role: Role, unit: str | None = None, organisation: str = "", **request: Any
    ) -> Any:
        return self.ask_by(self.token(role, unit, organisation), service, method, **request)

    def token(self, role: Role, unit: str | None = None, organisation: str = "") -> str:
        """Of somebody who has the role now; of a member of an organisation, if one is named."""
        return Staff()(role, unit, organisation)

    def ask_by(self, token: str, service: str, method: str, **request: Any) -> Any:
        return self._telephone.begin(service, method, request, token=token)()

    def act(self, service: str, method: str, role: Role, unit: str | None = None, **request: Any) -> Any:
        """A command, and all that follows from it."""
        reply = self.begin(service, method, role, unit, **request)
        self.settle()
        return reply

    def begin(self, service: str, method: str, role: Role, unit: str | None = None, **request: Any) -> Any:
        """A command alone, whether others hear of it or not."""
        return self.ask(service, method, role, unit, idempotency_key=f"act-{next(self._numbers)}", **request)

    def enter(self, kind: str, entry_id: str, /, **facts: Any) -> None:
        asked = {"kind": kind, "entry_id": entry_id, "facts": facts, "why": "情况如此"}
        self.act("directory", "propose_entry", Role.LEADER, DISTRICT, **asked)

    def change(self, kind: str, entry_id: str, /, *, valid_from: datetime | None = None, **changed: Any) -> None:
        """As it is now, but for what is named."""
        facts = self.entry(kind, entry_id)["facts"] | changed
        asked = {"kind": kind, "entry_id": entry_id, "facts": facts, "why": "情况有变"}
        begins = {"valid_from": valid_from.isoformat()} if valid_from else {}
        self.act("directory", "change_entry", Role.LEADER, DISTRICT, **asked, **begins)

    def end(self, kind: str, entry_id: str, *, replaced_by: list[str] | None = None) -> None:
        asked = {"kind": kind, "entry_id": entry_id, "replaced_by": replaced_by or [], "why": "不再存在"}
        self.act("directory", "end_entry", Role.LEADER, DISTRICT, **asked)

    def entry(self, kind: str, entry_id: str, at: datetime | None = None) -> Any:
        asked = {"kind": kind, "entry_id": entry_id} | ({"at": at.isoformat()} if at else {})
        return self.ask("directory", "get_entry", Role.CLERK, DISTRICT, **asked)["entry"]

    def entries(self, kind: str, unit: str) -> list[Any]:
        asked = {"kind": kind, "unit_code": unit, "most": 500}
        found: list[Any] = self.ask("directory", "list_entries", Role.CLERK, DISTRICT, **asked)["entries"]
        return found

    def file(self, title: str, unit: str, **more: Any) -> str:
        """An order, and all that follows from it at once. Gives the issue that it was linked to."""
        issue: str = self.order(self.filed(title, unit, **more))["issue_id"]
        return issue

    def filed(self, title: str, unit: str = "", *, address: str = "", content: str = "", **more: Any) -> str:
        """The same; gives its number."""
        number = f"D{next(self._numbers):05}"
        now = self.clock.now().isoformat()
        order = {"order_no": number, "filed_at": now, "title": title, "content": content or title, "channel": "12345"}
        order |= {"place": {"address": address, "unit_codes": [unit] if unit else []}}
        order |= {"request_kind": "complaint", "caller": {"name": "", "phone": f"1380000{number[1:]}"}} | more
        self.sent[number] = number
        self._publish(number, enveloped(number, now, order))
        return number

    def order(self, number: str) -> Any:
        return self.ask("intake", "get_complaint", Role.SUPERVISOR, DISTRICT, order_no=number)

    def case_of(self, number: str) -> Any:
        """The case of the issue that an order belongs to."""
        issue = self.order(number)["issue_id"]
        return self.ask("supervision", "get_case", Role.SUPERVISOR, DISTRICT, issue_id=issue)

    def sessions_on(self, issue: str, unit: str) -> Any:
        """What was called in a unit on an issue."""
        sessions = self.ask("councils", "list_sessions", Role.CLERK, DISTRICT, unit_code=unit)["sessions"]
        return [one for one in sessions if one["issue_id"] == issue]

    def tasks_due(self, issue: str) -> list[datetime]:
        """By when what is open of an issue is to be done."""
        tasks = self.ask("dispatch", "list_tasks", Role.SUPERVISOR, DISTRICT, issue_id=issue)["tasks"]
        return [datetime.fromisoformat(one["due_at"]) for one in tasks if one["state"] not in ("accepted", "ended")]

    def report(self, order_no: str, solved: str = "", satisfaction: str = "满意", **more: Any) -> None:
        """What a callback of the hotline came to, and all that follows from it; nobody was reached who said nothing."""
        number, now = f"C{next(self._numbers):05}", self.clock.now().isoformat()
        said = {"contacted": True, "solved": solved, "satisfaction": satisfaction} if solved else {}
        result = {"order_no": order_no, "called_at": now, "reached": bool(solved)} | said | more
        self.sent[number] = number
        self._publish(number, enveloped(number, now, result, "callback_reported.v1"), "callback_reported.v1")

    def say(self, wire_type: str, order_no: str, **said: Any) -> None:
        """What else the hotline says of an order, now, and all that follows from it."""
        number, now = f"S{next(self._numbers):05}", self.clock.now().isoformat()
        self.sent[number] = number
        self._publish(number, enveloped(number, now, {"order_no": order_no} | said, wire_type), wire_type)

    def _publish(self, number: str, body: bytes, wire_type: str = "complaint_filed.v1") -> None:
        """And what follows. A line of its own, for the broker closes one that is silent while much time passes."""
        with Line(self._uri) as line:
            line.publish([(number, body)], wire_type)
        self.settle()

    def metrics_of(self, service: str) -> str:
        return self._world.metrics_of(service)

    def open_pages(self) -> str:
        """The gateway beside all others; its address."""
        return self._world.open_pages()

    def settle(self) -> None:
        self._stepping.settle()

    @contextmanager
    def unheard(self, service: str) -> Iterator[None]:
        """Answers calls, and what it says is heard at the end: a copy of it has the right to publish, and is stuck."""
        self._world.processes[service].kill()
        self._world.processes[service].wait()
        with lease(service, engine_for(service)) as held:
            assert held is not None
            self._world.still_well()
            with kept(held):
                yield
        self.settle()

    def pass_time(self, until: datetime) -> None:
        """Every timer fires in its turn."""
        while self.clock.now() < until:
            self._stepping.advance(min(self._stepping.next_instant(None), until))


@contextmanager
def kept(held: Lease) -> Iterator[None]:
    """Nobody takes it for given up."""
    is_over = threading.Event()

    def keep() -> None:
        while not is_over.wait(1):
            held.keep()

    keeping = threading.Thread(target=keep)
    keeping.start()
    try:
        yield
    finally:
        is_over.set()
        keeping.join()


def enveloped(number: str, at: str, order: dict[str, Any], wire_type: str = "complaint_filed.v1") -> bytes:
    head = {"specversion": "1.0", "id": number, "source": "hotline", "type": wire_type, "time": at}
    return orjson.dumps(head | {"subject": number, "datacontenttype": "application/json", "data": order})


@contextmanager
def a_district(name: str, database: str, begins_at: datetime = BEGINS_AT) -> Iterator[District]:
    """With people, desks and halls as for an exercise, in the streets of a small district."""
    with pytest.MonkeyPatch.context() as patch, ExitStack() as scope:
        patch.setenv("GONGSHANG_UNITS_FILE", write_units(in_var("units.csv")))
        world = ForkedWorld(name, clock=f"stepped@{begins_at.isoformat()}", database=database)
        world.metrics_ports = {}
        district = District(scope.enter_context(world))
        try:
            district.settle()
            yield district
        finally:
            district.close()
