"""The kept events of the inbox table as questions and changes: early, waiting and parked ones.

What holds up its subject is tried when its `next_attempt_at` comes; what waits behind it has none, and is given one
when it is the first. A row changes its status only from the one in which it was claimed, under its lock.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Text, case, cast, func, null, select, update

from shared.bus.inbox.reading import BROKEN
from shared.bus.inbox.rows import INBOX, holds_up, is_unsettled
from shared.bus.tables import LONGEST_ERROR, EventStatus
from shared.policy.complaints import Inbox
from shared.storage.many import given, is_any

_MARKS = [INBOX.c[name] for name in ("position", "event_id", "type", "subject", "status", "attempts")]
_TRIED = INBOX.c.status.in_((EventStatus.WAITING, EventStatus.EARLY))
Kept = Row[Any]


def are_any(connection: Connection) -> bool:
    return connection.scalar(select(INBOX.c.position).where(is_unsettled()).limit(1)) is not None


def measured(connection: Connection) -> tuple[int, datetime | None]:
    """How many are parked, and when the oldest of all came."""
    parked = func.count(case((INBOX.c.status == EventStatus.PARKED, 1)))
    row = connection.execute(select(parked, func.min(INBOX.c.received_at)).where(is_unsettled())).one()
    return row[0], row[1]


def due(connection: Connection, now: datetime, most: int) -> Sequence[Kept]:
    """Those whose time has come, the longest due first, and none that stands behind another that holds it up."""
    before = INBOX.alias()
    is_before = (before.c.subject == INBOX.c.subject) & (before.c.position < INBOX.c.position)
    is_behind = select(before.c.position).where(is_unsettled(before), holds_up(before), is_before).exists()
    wanted = select(*_MARKS).where(_TRIED, INBOX.c.next_attempt_at <= now, ~(holds_up() & is_behind))
    return connection.execute(wanted.order_by(INBOX.c.next_attempt_at, INBOX.c.position).limit(most)).all()


def early_of(connection: Connection, subjects: set[str], most: int) -> Sequence[Kept]:
    """The early ones of these subjects, due or not."""
    wanted = select(*_MARKS).where(is_unsettled(), INBOX.c.status == EventStatus.EARLY)
    wanted = wanted.where(is_any(INBOX.c.subject, subjects))
    return connection.execute(wanted.order_by(INBOX.c.position).limit(most)).all()


def claim(connection: Connection, positions: Sequence[int], due_by: datetime | None) -> Sequence[Any]:
    """Lock those that are still to be tried, with their content; what another copy tries now is left to it."""
    wanted = select(*_MARKS, INBOX.c.lets_pass_since, INBOX.c.body, cast(INBOX.c.headers, Text).label("headers"))
    wanted = wanted.where(is_any(INBOX.c.position, positions), _TRIED)
    if due_by is not None:
        wanted = wanted.where(INBOX.c.next_attempt_at <= due_by)
    return connection.execute(wanted.order_by(INBOX.c.position).with_for_update(skip_locked=True)).all()


def mark_handled(connection: Connection, rows: Sequence[Kept], now: datetime) -> None:
    """Rows that were claimed in this transaction."""
    if rows:
        mine = is_any(INBOX.c.position, [row.position for row in rows])
        gone = {"error": None, "body": None, "headers": null(), "next_attempt_at": None}
        connection.execute(update(INBOX).where(mine).values(status=EventStatus.HANDLED.value, handled_at=now, **gone))


def mark_early(connection: Connection, row: Kept, error: str, now: datetime, policy: Inbox) -> EventStatus:
    """It still came too early. That is no failure: it lets its subject pass until, after the policy's time, a person
    is needed."""
    since = row.lets_pass_since or now
    attempts = row.attempts + 1 if row.status == EventStatus.EARLY else 1
    values = {"lets_pass_since": since, "attempts": attempts, "error": error[:LONGEST_ERROR]}
    if now - since >= policy.early_for:
        status, next_at = EventStatus.PARKED, None
    else:
        status, next_at = EventStatus.EARLY, now + policy.wait_after(attempts)
    connection.execute(_change(row.position).values(status=status.value, next_attempt_at=next_at, **values))
    return status


def mark_failed(connection: Connection, row: Kept, error: str, now: datetime, policy: Inbox) -> EventStatus | None:
    """Count the attempt and say when to try again; after the last one it is parked. None if another copy was faster."""
    attempts = row.attempts + 1 if row.status == EventStatus.WAITING else 1
    is_last = attempts >= policy.max_attempts
    status = EventStatus.PARKED if is_last else EventStatus.WAITING
    expected = _change(row.position).where(INBOX.c.status == row.status, INBOX.c.attempts == row.attempts)
    values = {"status": status.value, "attempts": attempts, "error": error[:LONGEST_ERROR]}
    if not row.event_id.startswith(BROKEN):  # refused, and so it never holds anybody up
        values["lets_pass_since"] = None
    next_at = None if is_last else now + policy.wait_after(attempts)
    changed = connection.execute(expected.values(next_attempt_at=next_at, **values))
    return status if changed.rowcount else None


def mark_unknown(connection: Connection, row: Kept) -> None:
    """This code can't read it, whatever code wanted it tried."""
    expected = _change(row.position).where(INBOX.c.status == row.status)
    connection.execute(expected.values(status=EventStatus.UNKNOWN.value, next_attempt_at=None))


def let_known_be_tried(connection: Connection, types: set[str], now: datetime) -> None:
    """What an older version could not read, and this one can, is due as what failed: in the order of its subject."""
    unknown = update(INBOX).where(is_unsettled(), INBOX.c.status == EventStatus.UNKNOWN, INBOX.c.type.in_(types))
    connection.execute(unknown.values(status=EventStatus.WAITING.value, next_attempt_at=now, error=None))


def park(connection: Connection, position: int, error: str) -> EventStatus | None:
    """For what can't even be tried; nothing of the row is read."""
    values = {"status": EventStatus.PARKED.value, "next_attempt_at": None, "error": error[:LONGEST_ERROR]}
    changed = connection.execute(_change(position).values(**values))
    return EventStatus.PARKED if changed.rowcount else None


def let_next_be_tried(connection: Connection, subjects: set[str], now: datetime) -> None:
    """The first that waits in each of these subjects is due, if nothing else holds up its subject."""
    asked = given([(subject,) for subject in subjects], "subject", on=connection.dialect)
    first = select(INBOX.c.position).where(is_unsettled(), holds_up(), INBOX.c.subject == asked.c.subject)
    first = first.order_by(INBOX.c.position).limit(1).correlate(asked)
    _make_due(connection, select(first.scalar_subquery()).select_from(asked), now)


def let_first_be_tried(connection: Connection, now: datetime) -> None:
    """As `let_next_be_tried`, for all subjects: for what came in while what it waits behind was being settled."""
    first = func.min(INBOX.c.position)
    firsts = select(first).where(is_unsettled(), holds_up()).group_by(INBOX.c.subject)
    _make_due(connection, firsts.having(first == func.min(case((_waits_untimed(), INBOX.c.position)))), now)


def _make_due(connection: Connection, positions: Any, now: datetime) -> None:
    connection.execute(
        update(INBOX).where(_waits_untimed(), INBOX.c.position.in_(positions)).values(next_attempt_at=now)
    )


def _waits_untimed() -> Any:
    return (INBOX.c.status == EventStatus.WAITING) & INBOX.c.next_attempt_at.is_(None)


def _change(position: int) -> Any:
    return update(INBOX).where(INBOX.c.position == position, _TRIED)
