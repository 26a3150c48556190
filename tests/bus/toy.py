"""A service as small as can be, to try the bus with: it counts sessions by issue and says that each was opened.

It takes deliberation's name and queue. What it does with an event is written in the event's title.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, func, select

from shared.auth import Role
from shared.bus.inbox.entrypoint import subscribe
from shared.bus.inbox.reading import NotYet
from shared.bus.rpc.entrypoint import rpc
from shared.bus.rpc.messages import reply, request
from shared.bus.tables import bus_tables
from shared.bus.timers.entrypoint import timer
from shared.bus.work import Store, UnitOfWork
from shared.contracts.base import text
from shared.contracts.councils import SessionMovedUpV1, SessionPostponedV1, SessionScheduledV1
from shared.contracts.deliberation import SessionOpenedV1
from shared.contracts.vocabulary import PostponementReason, SessionKind
from shared.errors import Refused
from shared.storage import Appending

metadata = MetaData()
bus = bus_tables(metadata)
opened = Table(
    "opened",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("session_id", String(100), nullable=False, unique=True),
    Column("issue_id", String(100), nullable=False),
)
FAILING = "must fail"
EARLY = "needs another first"
DEADLY = "ends the process"


@dataclass(frozen=True)
class Opening:
    session_id: str
    issue_id: str


class Openings(Appending[Opening]):
    """Sessions that were opened, in order."""

    table, columns = opened, ["session_id", "issue_id"]

    def count(self, issue_id: str) -> int:
        wanted = select(func.count()).select_from(opened).where(opened.c.issue_id == issue_id)
        written = self.connection.scalar(wanted)
        return written + sum(row["issue_id"] == issue_id for row in self._new)


class ToyStore(Store):
    database = "deliberation"

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.openings = Openings(self)


class KeptRefusal(Refused):
    """Refused, but what was done stays."""

    code = "kept_refusal"
    keeps_work = True


@request
class OpenToy:
    session_id: str = text(longest=100)
    issue_id: str = text(longest=100)
    idempotency_key: str = text(longest=100)

    @property
    def subject(self) -> str:
        return self.issue_id


@request
class CountToys:
    issue_id: str = text(longest=100)


@reply
class ToyReply:
    count: int


class ToyService:
    """Opens each session it hears of, once."""

    name = "deliberation"
    work = UnitOfWork(ToyStore)

    @subscribe(SessionScheduledV1)
    def open(self, event, work, at):
        if event.title == FAILING and not os.path.exists(os.environ.get("TOY_MENDED", "/nonexistent")):
            raise ValueError("this one can't be handled")
        if event.title == EARLY and not work.openings.count(event.issue_id):
            raise NotYet("no session before it")
        open_session(work, event.session_id, event.issue_id, at.now)

    @subscribe(SessionPostponedV1)
    def remember(self, event, work, at):
        work.timers.set("open", f"{event.session_id}@{event.issue_id}", event.starts_at, subject=event.issue_id)

    @subscribe(SessionMovedUpV1)
    def ignore(self, event, work, at):
        """Nothing to do."""

    @timer("open")
    def open_at_last(self, due, work, at):
        session_id, issue_id = due.ref.split("@")
        open_session(work, session_id, issue_id, at.now)

    @rpc(OpenToy, ToyReply, roles=[Role.STREET_SYSTEM])
    def open_by_hand(self, request, work, at):
        if request.session_id == DEADLY:
            os._exit(1)
        open_session(work, request.session_id, request.issue_id, at.now)
        if request.session_id == "forbidden":
            raise Refused("this session may not be opened", {"session_id": ["Is forbidden."]})
        if request.session_id == "kept":
            raise KeptRefusal
        if request.session_id == "broken":
            raise RuntimeError("a secret detail")
        return ToyReply(count=work.openings.count(request.issue_id))

    @rpc(CountToys, ToyReply, roles=[Role.STREET_SYSTEM], reads=True)
    def count(self, request, work, at):
        return ToyReply(count=work.openings.count(request.issue_id))


def open_session(work, session_id, issue_id, now):
    work.openings.add(Opening(session_id, issue_id))
    work.outbox.add(
        SessionOpenedV1(
            session_id=session_id,
            issue_id=issue_id,
            unit_code="110105001",
            chair="P-1",
            clerks=["P-2"],
            present=5,
            opened_at=now,
        ),
        at=now,
    )


def scheduled(session_id, issue_id="I-1", title="a title"):
    now = datetime.now(UTC)
    return SessionScheduledV1(
        session_id=session_id,
        issue_id=issue_id,
        unit_code="110105001",
        number=1,
        kind=SessionKind.ORDINARY,
        title=title,
        category="other",
        hall_id="H1",
        hall_name="a hall",
        starts_at=now,
        deputies=[],
        lapses_at=now,
        scheduled_at=now,
    )


def postponed(session_id, issue_id="I-1"):
    """Nothing is done with it but that a timer is set."""
    now = datetime.now(UTC)
    return SessionPostponedV1(
        session_id=session_id,
        issue_id=issue_id,
        unit_code="110105001",
        reason=PostponementReason.HALL_LOST,
        postponed_by="clerk-1",
        was_to_start_at=now,
        starts_at=now,
        lapses_at=now,
        postponed_at=now,
    )


def make_database():
    from shared.storage.engine import engine_for

    engine = engine_for("deliberation")
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE SCHEMA IF NOT EXISTS deliberation")
    metadata.create_all(engine)
    return engine


def announce(engine, count, start=0, **changed):
    """Rows of the outbox as many units of work would have left them, in order."""
    now = datetime.now(UTC)
    rows = [
        {
            "event_id": f"e{number}",
            "exchange": "deliberation.events",
            "routing_key": SessionOpenedV1.wire_type,
            "subject": f"I-{number % 50}",
            "body": b"{}",
            "headers": {"subject": f"I-{number % 50}"},
            "created_at": now,
        }
        | changed
        for number in range(start, start + count)
    ]
    with engine.begin() as connection:
        connection.execute(bus.outbox.insert(), rows)
