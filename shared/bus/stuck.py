"""What got stuck in a service, and setting it right: parked events and timers, events that the broker would not take,
and messages nobody could read.

Works on the service's own database, whether the service runs or not; a running one takes it up within seconds.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Update, case, func, select, update

from shared.bus.inbox.kept_rows import let_next_be_tried
from shared.bus.inbox.rows import INBOX, is_unsettled
from shared.bus.tables import LONGEST_ERROR, EventStatus, bus_tables
from shared.bus.topology import DEAD, DEAD_CALLS, dead_of
from shared.contracts.flow import LISTENERS, OURS
from shared.errors import BadRequest, NotFound
from shared.sealing import WrongKey, is_sealed, opened
from shared.storage.engine import READS, writing

EVENT, TIMER, UNSENT, MESSAGE = "event", "timer", "unsent event", "message"

_bus = bus_tables(MetaData())
_timers, _outbox = _bus.timers, _bus.outbox
_IS_STUCK = is_unsettled(INBOX) & INBOX.c.status.not_in((EventStatus.EARLY, EventStatus.WAITING))
_IS_SET_ASIDE = _outbox.c.set_aside_at.is_not(None) & _outbox.c.sent_at.is_(None)
_IS_PARKED = _timers.c.parked_at.is_not(None) & _timers.c.fired_at.is_(None)


@dataclass(frozen=True)
class Stuck:
    """One stuck thing. `behind` counts events of the same subject that wait for it; `from_outside` was never ours.

    `dead_as` is how `./gongshang dead` names a message that lies in a dead queue.
    """

    id: str
    service: str
    kind: str
    type: str
    subject: str
    error: str
    attempts: int = 0
    behind: int = 0
    from_outside: bool = False
    dead_as: str = ""
    since: datetime | None = None
    body: bytes | None = field(default=None, repr=False)

    @property
    def counts(self) -> bool:
        """A message from outside that nobody could read was refused and answered: kept to be seen, and not stuck."""
        return not self.from_outside


def list_stuck(service: str, engine: Engine) -> list[Stuck]:
    """Everything that is stuck in one service, oldest first within each kind."""
    with engine.connect().execution_options(**READS) as connection:
        return stuck_in(service, connection)


def find_stuck(stuck_id: str, engine: Engine) -> Stuck:
    with engine.connect().execution_options(**READS) as connection:
        return find_in(stuck_id, connection)


def retry(one: Stuck, engine: Engine) -> None:
    """Let it be tried again at once, with all its attempts, as what it was before: failing, or early."""
    with writing(engine), engine.begin() as connection:
        retry_in(one, connection)


def drop(one: Stuck, engine: Engine, *, reason: str, by: str) -> None:
    """Give it up for good. The reason is kept with it; what waited behind it goes on."""
    with writing(engine), engine.begin() as connection:
        drop_in(one, connection, reason=reason, by=by)


def stuck_in(service: str, connection: Connection) -> list[Stuck]:
    """The same in a transaction that somebody else opened, as all below."""
    kinds = (_parked_events, _parked_timers, _unsent_events, dead_in)
    return [one for kind in kinds for one in kind(service, connection)]


def find_in(stuck_id: str, connection: Connection) -> Stuck:
    """Raises NotFound."""
    service = stuck_id.partition(":")[0]
    found = next((one for one in stuck_in(service, connection) if one.id == stuck_id), None)
    if found is None:
        raise NotFound(f"nothing that is stuck is called {stuck_id}", {"stuck_id": ["Not stuck, or not any more."]})
    return found


def retry_in(one: Stuck, connection: Connection) -> None:
    """Raises BadRequest for a message in a dead queue, NotFound for what is not stuck any more."""
    if one.kind == MESSAGE:
        raise BadRequest(f"{one.id} lies in {_queue_of(one)}, which is no inbox; {_resent(one)}")
    events, timers, unsent = _again()
    changes = {EVENT: (events, _at), TIMER: (timers, _timer), UNSENT: (unsent, _unsent)}
    change, is_it = changes[one.kind]
    _must_have_changed(one, connection.execute(change.where(is_it(one))).rowcount)


def retry_all(engine: Engine, wire_type: str = "") -> int:
    """Let all events and timers that are stuck be tried again, or those of one type. Says how many there were."""
    with writing(engine), engine.begin() as connection:
        return retry_all_in(connection, wire_type)


def retry_all_in(connection: Connection, wire_type: str = "") -> int:
    """What lies in a dead queue is not among them."""
    types = (INBOX.c.type, _timers.c.kind, _outbox.c.routing_key)
    changes = zip(_again(), types, strict=True)
    chosen = (one.where(kind == wire_type) if wire_type else one for one, kind in changes)
    return sum(connection.execute(one).rowcount for one in chosen)


def drop_in(one: Stuck, connection: Connection, *, reason: str, by: str) -> None:
    """Raises BadRequest without a reason, and for a message in a dead queue; NotFound as above."""
    if not reason.strip():
        raise BadRequest("dropping needs a reason", {"reason": ["Must not be empty."]})
    kept = f"dropped by {by}: {reason}; {one.error}"[:LONGEST_ERROR]
    now = datetime.now(UTC)
    if one.kind == EVENT:
        settled = {"status": EventStatus.DROPPED.value, "error": kept, "handled_at": now}
        change = update(INBOX).where(_IS_STUCK, _at(one)).values(**settled)
    elif one.kind == TIMER:
        change = update(_timers).where(_IS_PARKED, _timer(one)).values(fired_at=now, error=kept)
    elif one.kind == UNSENT:  # it stays marked as set aside, and so tells from what was sent
        change = update(_outbox).where(_IS_SET_ASIDE, _unsent(one)).values(sent_at=now, error=kept)
    else:
        raise BadRequest(f"{one.id} lies in {_queue_of(one)}: ./gongshang dead drop {one.dead_as} takes it out")
    _must_have_changed(one, connection.execute(change).rowcount)
    if one.kind == EVENT:
        let_next_be_tried(connection, {one.subject}, now)


def readable(body: bytes | None) -> Any:
    """The message as JSON where it is such, else as text with what can't be read marked."""
    if body is None:
        return None
    if is_sealed(body):
        return "sealed with another key than ours"
    try:
        return json.loads(body)
    except ValueError:
        return bytes(body).decode(errors="replace")


def _again() -> tuple[Update, Update, Update]:
    """Events, timers and unsent events that are stuck, to be tried again."""
    now = datetime.now(UTC)
    before = case((INBOX.c.lets_pass_since.is_(None), EventStatus.WAITING.value), else_=EventStatus.EARLY.value)
    events = update(INBOX).where(_IS_STUCK).values(status=before, attempts=0, next_attempt_at=now)
    events = events.values(lets_pass_since=case((INBOX.c.lets_pass_since.is_not(None), now)))
    timers = update(_timers).where(_IS_PARKED).values(parked_at=None, attempts=0, next_attempt_at=None)
    return events, timers, update(_outbox).where(_IS_SET_ASIDE).values(set_aside_at=None, error=None)


def _must_have_changed(one: Stuck, changed: int) -> None:
    if not changed:
        raise NotFound(f"{one.id} is not stuck any more")


def _parked_events(service: str, connection: Connection) -> Iterator[Stuck]:
    waiting = INBOX.alias()
    is_behind = (waiting.c.subject == INBOX.c.subject) & (waiting.c.status == EventStatus.WAITING)
    behind = select(func.count()).select_from(waiting).where(is_unsettled(waiting), is_behind).scalar_subquery()
    names = ("position", "type", "subject", "error", "attempts", "lets_pass_since", "received_at", "body")
    wanted = select(*(INBOX.c[name] for name in names), behind.label("behind")).where(_IS_STUCK)
    for row in connection.execute(wanted.order_by(INBOX.c.position)):
        yield Stuck(
            id=f"{service}:{row.position}",
            service=service,
            kind=EVENT,
            type=row.type,
            subject=row.subject,
            error=row.error or "",
            attempts=row.attempts,
            behind=0 if row.lets_pass_since else row.behind,
            since=row.received_at,
            body=row.body,
        )


def _parked_timers(service: str, connection: Connection) -> Iterator[Stuck]:
    for row in connection.execute(select(_timers).where(_IS_PARKED).order_by(_timers.c.parked_at)):
        yield Stuck(
            id=f"{service}:{row.kind}:{row.ref}",
            service=service,
            kind=TIMER,
            type=row.kind,
            subject=row.ref,
            error=row.error or "",
            attempts=row.attempts,
            since=row.parked_at,
        )


def _unsent_events(service: str, connection: Connection) -> Iterator[Stuck]:
    follows = _outbox.alias()
    is_behind = (follows.c.subject == _outbox.c.subject) & (follows.c.position > _outbox.c.position)
    is_unsent = follows.c.sent_at.is_(None) & follows.c.set_aside_at.is_(None)
    behind = select(func.count()).select_from(follows).where(is_unsent, is_behind, follows.c.subject != "")
    wanted = select(_outbox, behind.scalar_subquery().label("behind")).where(_IS_SET_ASIDE)
    for row in connection.execute(wanted.order_by(_outbox.c.position)):
        yield Stuck(
            id=f"{service}:unsent-{row.position}",
            service=service,
            kind=UNSENT,
            type=row.routing_key,
            subject=row.subject,
            error=row.error or "",
            behind=row.behind,
            since=row.set_aside_at,
            body=_open(row.body),
        )


def dead_in(service: str, connection: Connection) -> Iterator[Stuck]:
    """What the service put into its dead queue and that for calls; the broker has the message, the outbox its copy."""
    wanted = select(_outbox).where(_outbox.c.exchange == "", _outbox.c.error.is_(None)).order_by(_outbox.c.position)
    for row in connection.execute(wanted):
        wire_type, body = str(row.headers.get("type", "")), _open(row.body)
        yield Stuck(
            id=f"{service}:dead-{row.position}",
            service=service,
            kind=MESSAGE,
            type=wire_type,
            subject=row.subject,
            error=": ".join(row.headers[name] for name in ("reason", "fields") if name in row.headers),
            from_outside=is_answered(row.routing_key, wire_type),
            dead_as=dead_id(row.routing_key, row.event_id, body),
            since=row.created_at,
            body=body,
        )


def dead_id(dead_queue: str, message_id: str, body: bytes) -> str:
    """How a message in a dead queue is named to people: by the queue, and by what does not change when it moves."""
    name = hashlib.sha256(message_id.encode(errors="surrogateescape") + b"\0" + body).hexdigest()[:10]
    return f"{dead_queue.removesuffix(DEAD)}:{name}"


def _queue_of(one: Stuck) -> str:
    return one.dead_as.partition(":")[0] + DEAD


def _resent(one: Stuck) -> str:
    if _queue_of(one) == DEAD_CALLS:
        return "its token is not kept, so only its caller can make it again"
    return f"./gongshang dead resend {one.dead_as} sends it anew, once the cause is mended"


def is_answered(dead_queue: str, wire_type: str) -> bool:
    """What somebody outside sent was refused, and its sender told; what a service of ours sent needs a person."""
    internal = {one.wire_type for one in LISTENERS["intake"] if one.publisher in OURS}
    return dead_queue == DEAD_CALLS or (dead_queue == dead_of("intake") and wire_type not in internal)


def settle_dead(engine: Engine, message_id: str, how: str) -> None:
    """A message was taken out of the dead queue: our copy of it is no longer stuck, and says what became of it."""
    is_copy = (_outbox.c.exchange == "") & (_outbox.c.event_id == message_id)
    _change(engine, update(_outbox).where(is_copy).values(error=how[:LONGEST_ERROR]))


def _open(body: bytes) -> bytes:
    """As it came; still sealed where our key is another one by now."""
    try:
        return opened(bytes(body))
    except WrongKey:
        return bytes(body)


def _at(one: Stuck) -> Any:
    return INBOX.c.position == int(one.id.rpartition(":")[2])


def _unsent(one: Stuck) -> Any:
    return _outbox.c.position == int(one.id.rpartition("-")[2])


def _timer(one: Stuck) -> Any:
    return (_timers.c.kind == one.type) & (_timers.c.ref == one.subject)


def _change(engine: Engine, change: Update) -> int:
    with writing(engine), engine.begin() as connection:
        return connection.execute(change).rowcount
