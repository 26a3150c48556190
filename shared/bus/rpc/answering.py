"""Answers calls; no broker here. Commands that wait are taken together: one transaction, loaded and written at once.

The effect is what counts: each command is done in the order in which it came, sees what those before it did, and leaves
no trace if it is refused or fails. A command's reply is kept in the transaction of its effect; the same key gives the
same reply. Nearly every key is new, so kept replies are looked up only where a command is refused or its key turns out
to be taken. If the transaction fails as a whole, each is done again in one of its own.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import eventlet
import orjson
from nameko.exceptions import MethodNotFound
from sqlalchemy import Connection, MetaData, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from shared import metrics
from shared.auth import Caller, Role, named, read_token
from shared.bus.moment import Moment, Moments
from shared.bus.outbox.outbox import Cause
from shared.bus.rpc.messages import read_request
from shared.bus.rpc.wire import Answer, Delivered, plain, request_in
from shared.bus.tables import bus_tables
from shared.bus.work import Begin, Store
from shared.directory.membership import Knows, admitted
from shared.errors import BadRequest, Conflict, GongshangError, NotAllowed, Unavailable
from shared.logs import bound, get_logger
from shared.sealing import opened_text, sealed_text
from shared.storage.engine import is_transient
from shared.storage.many import given
from shared.storage.writes import Row
from shared.telling import told

TRIES = 4

log = get_logger()
_replies = bus_tables(MetaData()).replies
_KEY = ("caller", "method", "idempotency_key")
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Method:
    """A method of a service that can be called, and by whom. `is_of_bus`: the service prepares nothing for it."""

    name: str
    call: Callable[..., Any]
    request_class: type
    roles: frozenset[Role]
    reads: bool
    is_private: bool = False
    is_of_bus: bool = False


@dataclass(frozen=True)
class Asked:
    """A call that was understood and may be made."""

    method: Method
    request: Any
    caller: Caller
    arrived: float

    @property
    def key(self) -> Key:
        whose = f"{self.caller.subject}@{self.caller.unit or ''}"[:200]
        return whose, self.method.name, self.request.idempotency_key

    @property
    def mark(self) -> str:
        """Tells this request from another one under the same key."""
        return hashlib.sha256(orjson.dumps(self.request, option=orjson.OPT_SORT_KEYS)).hexdigest()

    @property
    def cause(self) -> Cause:
        return Cause(correlation_id=f"{self.caller.subject}:{self.request.idempotency_key}"[:200])


class Answering:
    """The calls of one service, made against its unit of work. `methods` are those that can be called, by name."""

    def __init__(
        self,
        name: str,
        begin: Begin,
        make_service: Callable[[], Any],
        methods: Iterable[Method],
        moments: Moments,
    ) -> None:
        self.name = name
        self._begin = begin
        self._make_service = make_service
        self._methods = {method.name: method for method in methods}
        self._moments = moments

    def reads(self, call: Delivered) -> bool:
        """Whether the call only looks: it need not wait for commands. What nobody knows is refused as quickly."""
        method = self._methods.get(call.method)
        return method is None or method.reads

    def answer(self, calls: Sequence[Delivered]) -> list[Answer]:
        """An answer for each, whatever happens; when it returns, what they did is committed."""
        understood = [self._understood(call) for call in calls]
        asked = [one for one in understood if isinstance(one, Asked)]
        done = iter(self._all(asked))
        answers = [next(done) if isinstance(one, Asked) else one for one in understood]
        for one in asked:
            spent = time.perf_counter() - one.arrived
            metrics.RPC_SECONDS.labels(self.name, one.method.name).observe(spent)
        return answers

    def _understood(self, call: Delivered) -> Asked | Answer:
        try:
            method = self._methods.get(call.method)
            if method is None:
                raise MethodNotFound(call.method)
            wire = request_in(call)
            caller = read_token(call.token)
            _must_be_for(method, caller)
            request: Any = read_request(method.request_class, wire)
        except (GongshangError, MethodNotFound) as refusal:
            return Answer(error=refusal)
        except Exception as error:  # whatever it is, it concerns this call alone
            log.error("rpc_not_read", rpc=call.method, error=told(error), exc_info=error)
            return Answer(error=BadRequest(f"the call can't be read: {type(error).__name__}"))
        return Asked(method, request, caller, call.arrived)

    def _all(self, asked: Sequence[Asked]) -> list[Answer]:
        if len(asked) < 2 or any(one.method.reads for one in asked):
            return [self._alone(one) for one in asked]
        try:
            return self._together(asked)
        except Exception as error:
            log.warning("commands_split", size=len(asked), error=told(error))
            return [self._alone(one, is_first=False) for one in asked]

    def _alone(self, one: Asked, *, is_first: bool = True) -> Answer:
        """A lost connection, a race with others, or a key that was used, is settled by doing it again."""
        for tries_left in reversed(range(TRIES)):
            try:
                if one.method.reads:
                    return self._look(one)
                return self._together([one], looks_first=not is_first)[0]
            except Exception as error:
                if not (is_transient(error) or isinstance(error, IntegrityError)):
                    return _failed(one, error)
                if not tries_left:
                    log.error("rpc_gave_up", error=told(error))
                    why = "the database is busy or away; the same call with the same key may succeed later"
                    return Answer(error=Unavailable(why))
                if not (is_first and isinstance(error, IntegrityError)):
                    eventlet.sleep(0.05 * (TRIES - tries_left))
                is_first = False
        raise AssertionError("unreachable")

    def _look(self, one: Asked) -> Answer:
        with self._begin(reads=True) as work:
            try:
                at = self._moments.now(work)
                return Answer(plain(self._call(self._make_service(), one, work, _admitted(one, work, at))))
            except GongshangError as refusal:
                return _refused(one, refusal)

    def _together(self, asked: Sequence[Asked], *, looks_first: bool = False) -> list[Answer]:
        with self._begin() as work:
            known = _kept_replies(work.connection, asked) if looks_first else {}
            fresh = [one.request for one in asked if one.key not in known and not one.method.is_of_bus]
            service, at = self._make_service(), self._moments.now(work)
            if fresh and hasattr(service, "prepare"):
                service.prepare(fresh, work, at)
            answers = []
            rows: list[Row] = []
            for one in asked:
                answers.append(self._command(service, one, work, at, known))
                if one.key not in known and answers[-1].error is None:
                    known[one.key] = (one.mark, answers[-1].result)
                    rows.append(_row(one, answers[-1]))
            work.writes.insert(_replies, rows)
        return answers

    def _command(self, service: Any, one: Asked, work: Store, at: Moment, known: dict[Key, tuple[str, Any]]) -> Answer:
        """Who may not ask it any more is not told either what it was answered before."""
        try:
            at = _admitted(one, work, at)
        except GongshangError as refusal:
            return _refused(one, refusal)
        if one.key in known:
            return _again(one, known)
        work.outbox.cause = one.cause
        work.mark()
        try:
            return Answer(plain(self._call(service, one, work, at)))
        except GongshangError as refusal:
            if not refusal.keeps_work:
                work.restore()
            known |= _kept_replies(work.connection, [one])  # it may be refused because it was done before
            return _again(one, known) if one.key in known else _refused(one, refusal)
        except SQLAlchemyError:
            raise  # the transaction is lost for all
        except Exception as error:
            work.restore()
            return _failed(one, error)

    def _call(self, service: Any, one: Asked, work: Store, at: Moment) -> Any:
        with bound(rpc=one.method.name, caller=one.caller.subject):
            return one.method.call(service, one.request, work, at)


def _admitted(one: Asked, work: Knows, at: Moment) -> Moment:
    """The moment with the caller as they stand in it. Raises NotAllowed, NotTold."""
    caller = admitted(one.caller, work, at.now)
    _must_be_for(one.method, caller)
    return at.asked(caller)


def _must_be_for(method: Method, caller: Caller) -> None:
    if not caller.is_any_of(method.roles):
        raise NotAllowed(f"{method.name} is for {named(method.roles)}, not for {named(caller.roles)}")


def _refused(one: Asked, refusal: GongshangError) -> Answer:
    said = {"rpc": one.method.name, "caller": one.caller.subject}
    log.info("rpc_refused", code=refusal.code, message=str(refusal), **said)
    return Answer(error=refusal)


def _failed(one: Asked, error: Exception) -> Answer:
    said = {"rpc": one.method.name, "caller": one.caller.subject}
    log.error("rpc_failed", error=told(error), exc_info=error, **said)
    return Answer(error=error)


def _again(one: Asked, known: dict[Key, tuple[str, Any]]) -> Answer:
    mark, reply = known[one.key]
    if mark == one.mark:
        return Answer(reply)
    told = {"idempotency_key": ["Take a new one."]}
    return Answer(error=Conflict("this idempotency_key was used for another request", told))


def _kept_replies(connection: Connection, asked: Sequence[Asked]) -> dict[Key, tuple[str, Any]]:
    wanted = given({one.key for one in asked}, *_KEY, on=connection.dialect)
    same = [_replies.c[name] == wanted.c[name] for name in _KEY]
    rows = connection.execute(select(_replies).join(wanted, same[0] & same[1] & same[2]))
    private = {one.method.name for one in asked if one.method.is_private}
    return {
        (row.caller, row.method, row.idempotency_key): (
            row.request_sha256,
            orjson.loads(opened_text(row.reply)) if row.method in private else row.reply,
        )
        for row in rows
    }


def _row(one: Asked, answer: Answer) -> Row:
    key = dict(zip(_KEY, one.key, strict=True))
    kept = sealed_text(orjson.dumps(answer.result).decode()) if one.method.is_private else answer.result
    return key | {"request_sha256": one.mark, "reply": kept, "created_at": datetime.now(UTC)}
