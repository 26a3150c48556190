"""A service as small as can be, to try the bus with: it counts sessions by issue and says that each was opened.

It takes deliberation's name and queue. What it does with an event is written in the event's title.
"""

import os
from datetime import UTC, datetime

from sqlalchemy import Column, Integer, MetaData, String, Table, insert, select
from sqlalchemy.orm import Session

from shared.auth import Role
from shared.bus import NotYet, Store, UnitOfWork, reply, request, rpc, subscribe, timer
from shared.bus.tables import bus_tables
from shared.contracts.base import text
from shared.contracts.councils import SessionMovedUpV1, SessionPostponedV1, SessionScheduledV1
from shared.contracts.deliberation import SessionOpenedV1
from shared.contracts.vocabulary import SessionKind
from shared.errors import Refused

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


class ToyStore(Store):
    """Sessions that were opened, in order."""

    database = "deliberation"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.connection = session.connection()

    def count(self, issue_id: str) -> int:
        return len(self.sessions(issue_id))

    def sessions(self, issue_id: str) -> list[str]:
        wanted = select(opened.c.session_id).where(opened.c.issue_id == issue_id).order_by(opened.c.position)
        return list(self.session.scalars(wanted))


@request
class OpenToy:
    session_id: str = text(longest=100)
    issue_id: str = text(longest=100)
    idempotency_key: str = text(longest=100)


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
        if event.title == EARLY and not work.count(event.issue_id):
            raise NotYet("no session before it")
        open_session(work, event.session_id, event.issue_id, at.now)

    @subscribe(SessionPostponedV1)
    def remember(self, event, work, at):
        work.timers.set("open", f"{event.session_id}@{event.issue_id}", event.starts_at)

    @subscribe(SessionMovedUpV1)
    def ignore(self, event, work, at):
        """Nothing to do."""

    @timer("open")
    def open_at_last(self, due, work, at):
        session_id, issue_id = due.ref.split("@")
        open_session(work, session_id, issue_id, at.now)

    @rpc(OpenToy, ToyReply, roles=[Role.CLERK])
    def open_by_hand(self, request, work, at):
        if request.session_id == "forbidden":
            raise Refused("this session may not be opened", {"session_id": ["Is forbidden."]})
        if request.session_id == "broken":
            raise RuntimeError("a secret detail")
        open_session(work, request.session_id, request.issue_id, at.now)
        return ToyReply(count=work.count(request.issue_id))

    @rpc(CountToys, ToyReply, roles=[Role.CLERK], reads=True)
    def count(self, request, work, at):
        return ToyReply(count=work.count(request.issue_id))


def open_session(work, session_id, issue_id, now):
    work.session.connection().execute(insert(opened).values(session_id=session_id, issue_id=issue_id))
    work.outbox.add(
        SessionOpenedV1(session_id=session_id, issue_id=issue_id, unit_code="110105001", present=5, opened_at=now),
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
        scheduled_at=now,
    )


def make_database():
    from shared.storage.engine import engine_for

    engine = engine_for("deliberation")
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE SCHEMA IF NOT EXISTS deliberation")
    metadata.create_all(engine)
    return engine
