"""What every service answers whoever runs the machine: how it stands, what got stuck there, and setting that right.

The bus answers these by itself beside the service's own calls: they know its tables and nothing of its business. What
people said is masked, as `./gongshang stuck show` does it; to read it in plain takes a reason and the machine itself.
"""

import json
from collections import Counter
from datetime import UTC, datetime
from typing import Protocol

from marshmallow import validate
from prometheus_client import REGISTRY
from sqlalchemy import Connection

from shared.auth import Role
from shared.bus import stuck
from shared.bus.backlog import count
from shared.bus.moment import Moment
from shared.bus.rpc.answering import Method
from shared.bus.rpc.messages import reply, request
from shared.bus.stuck import MESSAGE, Stuck
from shared.contracts.base import checked, part, text
from shared.logs import get_logger
from shared.masking import masked
from shared.version import version

log = get_logger()
OPERATORS = frozenset({Role.OPERATOR})
MOST = 200


class Work(Protocol):
    """What is needed of a unit of work."""

    connection: Connection


class Service(Protocol):
    """The service whose bus answers."""

    name: str


@request
class GetState:
    """How the service stands."""


@request
class ListStuck:
    """What is stuck in the service, the oldest of each kind first."""

    most: int = checked(validate.Range(min=1, max=MOST), default=MOST)


@request
class GetStuck:
    """One that is stuck, with its message."""

    stuck_id: str = text(longest=300)


@request
class RetryStuck:
    """Try it again at once, with all its attempts."""

    stuck_id: str = text(longest=300)
    idempotency_key: str = text(longest=100)


@request
class RetryAllStuck:
    """Try all of one type again at once: events or timers of this service, each with all its attempts."""

    type: str = text(longest=200, says="As what is stuck names it, like issue_raised.v1.")
    idempotency_key: str = text(longest=100)


@request
class DropStuck:
    """Give it up for good. The reason is kept with it; what waits behind it goes on."""

    stuck_id: str = text(longest=300)
    reason: str = text(longest=500)
    idempotency_key: str = text(longest=100)


@reply
class StateReply:
    """Counts as `./gongshang status` has them. `lag_seconds`: how old the last event was when it was handled.

    `dead` counts what it put into its dead queue and a person must look at.
    """

    version: str
    early: int
    waiting: int
    stuck: int
    dead: int
    unsent: int
    late_timers: int
    oldest_waiting_seconds: float | None
    lag_seconds: float | None


@part
class StuckPart:
    """`kind` is event, timer, unsent event or message; of a message in a dead queue nothing can be tried again here."""

    stuck_id: str
    kind: str
    type: str
    subject: str
    attempts: int
    behind: int
    since: datetime | None
    error: str
    can_be_mended: bool


@reply
class StuckReply:
    """`message` is JSON, with people's words masked; empty where there is none."""

    stuck: StuckPart
    message: str


@part
class StuckTypePart:
    """How many of one type are stuck and can be tried again."""

    type: str
    number: int


@reply
class StuckListReply:
    """`total` and `types` count also those that are not listed; the type with most of them comes first."""

    stuck: list[StuckPart]
    total: int
    types: list[StuckTypePart]


@reply
class MendedReply:
    """It is done."""

    stuck_id: str


@reply
class RetriedReply:
    """How many are tried again; 0 where none of the type was stuck any more."""

    type: str
    retried: int


def get_state(service: Service, _: GetState, work: Work, at: Moment) -> StateReply:
    now = datetime.now(UTC)
    backlog = count(work.connection, at.now, now - at.policy.inbox.known_for)
    waits = (now - backlog.oldest_at).total_seconds() if backlog.oldest_at else None
    return StateReply(
        version=version(),
        early=backlog.early,
        waiting=backlog.waiting,
        stuck=backlog.parked + backlog.unknown,
        dead=sum(one.counts for one in stuck.dead_in(service.name, work.connection)),
        unsent=backlog.unsent,
        late_timers=backlog.late,
        oldest_waiting_seconds=max(waits, 0.0) if waits is not None else None,
        lag_seconds=REGISTRY.get_sample_value("gongshang_inbox_lag_seconds", {"service": service.name}),
    )


def list_stuck(service: Service, request: ListStuck, work: Work, at: Moment) -> StuckListReply:
    """Without messages from outside that were refused and answered."""
    found = [one for one in stuck.stuck_in(service.name, work.connection) if one.counts]
    types = Counter(one.type for one in found if one.kind != MESSAGE)
    return StuckListReply(
        stuck=[_part(one) for one in found[: request.most]],
        total=len(found),
        types=[StuckTypePart(type=name, number=number) for name, number in types.most_common()],
    )


def get_stuck(service: Service, request: GetStuck, work: Work, at: Moment) -> StuckReply:
    """Raises NotFound."""
    found = stuck.find_in(request.stuck_id, work.connection)
    message = masked(stuck.readable(found.body)) if found.body is not None else None
    return StuckReply(
        stuck=_part(found), message="" if message is None else json.dumps(message, ensure_ascii=False, indent=2)
    )


def retry_stuck(service: Service, request: RetryStuck, work: Work, at: Moment) -> MendedReply:
    """Raises NotFound, BadRequest."""
    found = stuck.find_in(request.stuck_id, work.connection)
    stuck.retry_in(found, work.connection)
    log.warning("stuck_retried", stuck=found.id, type=found.type, by=at.caller.subject)
    return MendedReply(stuck_id=found.id)


def retry_all_stuck(service: Service, request: RetryAllStuck, work: Work, at: Moment) -> RetriedReply:
    retried = stuck.retry_all_in(work.connection, request.type)
    log.warning("all_stuck_retried", service=service.name, type=request.type, retried=retried, by=at.caller.subject)
    return RetriedReply(type=request.type, retried=retried)


def drop_stuck(service: Service, request: DropStuck, work: Work, at: Moment) -> MendedReply:
    """Raises NotFound, BadRequest."""
    found, by = stuck.find_in(request.stuck_id, work.connection), at.caller.subject
    stuck.drop_in(found, work.connection, reason=request.reason, by=by)
    log.warning("stuck_dropped", stuck=found.id, type=found.type, by=by, reason=request.reason)
    return MendedReply(stuck_id=found.id)


METHODS = (
    Method("get_state", get_state, GetState, OPERATORS, reads=True, is_of_bus=True),
    Method("list_stuck", list_stuck, ListStuck, OPERATORS, reads=True, is_of_bus=True),
    Method("get_stuck", get_stuck, GetStuck, OPERATORS, reads=True, is_of_bus=True),
    Method("retry_stuck", retry_stuck, RetryStuck, OPERATORS, reads=False, is_of_bus=True),
    Method("retry_all_stuck", retry_all_stuck, RetryAllStuck, OPERATORS, reads=False, is_of_bus=True),
    Method("drop_stuck", drop_stuck, DropStuck, OPERATORS, reads=False, is_of_bus=True),
)
"""No service may have calls of its own by these names."""


def _part(one: Stuck) -> StuckPart:
    return StuckPart(
        stuck_id=one.id,
        kind=one.kind,
        type=one.type,
        subject=one.subject,
        attempts=one.attempts,
        behind=one.behind,
        since=one.since,
        error=one.error,
        can_be_mended=one.kind != MESSAGE,
    )
