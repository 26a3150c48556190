"""Typed RPC on nameko's protocol: one request object in, one reply object out, a token, an idempotency key.

Whatever is sent to it, the service lives: what can be answered is answered with a typed error, the rest is put aside
in a log line. A command's reply is kept in the transaction of its effect; the same key gives the same reply.
"""

import dataclasses
import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache, partial, wraps
from typing import Any

import eventlet
from nameko.amqp.publish import Publisher
from nameko.exceptions import ContainerBeingKilled, deserialize_to_instance
from nameko.messaging import QueueConsumer
from nameko.rpc import Responder, Rpc, RpcConsumer, get_rpc_exchange
from sqlalchemy import MetaData, bindparam, select
from sqlalchemy.exc import IntegrityError

from shared import metrics
from shared.auth import Caller, Role, read_token
from shared.bus.moment import Moments
from shared.bus.outbox.outbox import Cause
from shared.bus.rpc.messages import read_request, write_reply
from shared.bus.tables import bus_tables
from shared.errors import BadRequest, Conflict, GongshangError, NotAllowed, Unavailable
from shared.logs import bound, get_logger
from shared.storage.engine import is_transient

TRIES = 4
STOP_SEEN_SECONDS = 0.2

log = get_logger()
_replies = bus_tables(MetaData()).replies
_KEPT = select(_replies).where(*(column == bindparam(column.name) for column in _replies.primary_key))


class UnconfirmedPublisher(Publisher):
    """A reply is not confirmed: who misses it calls again with the same key, and each call is spared a round trip."""

    use_confirms = False


class QuickResponder(Responder):
    publisher_cls = UnconfirmedPublisher


class GuardedQueueConsumer(QueueConsumer):
    """Nameko's, but a body that can't be decoded is answered like any other bad request, and a stop is seen soon."""

    def consume(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        return super().consume(*args, safety_interval=STOP_SEEN_SECONDS, **kwargs)

    def on_decode_error(self, message: Any, error: Exception) -> None:
        provider = next(iter(self._providers))
        eventlet.spawn(provider.refuse, message, f"the body can't be decoded: {error}")


class GuardedRpcConsumer(RpcConsumer):
    """Nameko's, but no request can take the service down (a missing reply_to or content_type does, in nameko)."""

    queue_consumer = GuardedQueueConsumer()

    def handle_message(self, body: Any, message: Any) -> None:
        if not message.properties.get("reply_to"):
            log.warning("rpc_without_reply_to", method=message.delivery_info.get("routing_key"))
            self.queue_consumer.ack_message(message)
            return
        if not message.properties.get("content_type"):
            self.refuse(message, "the message needs the property content_type: application/json")
            return
        super().handle_message(body, message)

    def refuse(self, message: Any, why: str) -> None:
        """Answer a message that nameko would choke on."""
        try:
            raise BadRequest(why)
        except BadRequest:
            self.handle_result(message, None, sys.exc_info())

    def handle_result(self, message: Any, result: Any, exc_info: Any) -> Any:
        """Reply, and acknowledge even if no reply could be sent: the caller has its timeout, we go on."""
        message.properties["content_type"] = "application/json"
        if exc_info is not None:
            exc_info = _typed(exc_info)
        if not message.properties.get("reply_to"):
            self.queue_consumer.ack_message(message)
            return result, exc_info
        config = self.container.config
        responder = QuickResponder(config["AMQP_URI"], get_rpc_exchange(config), "json", message)
        try:
            result, exc_info = responder.send_response(result, exc_info)
        except Exception as error:
            log.error("rpc_reply_not_sent", error=repr(error))
        self.queue_consumer.ack_message(message)
        return result, exc_info


class TypedRpc(Rpc):
    """Calls the method with the raw request and the caller's token; `rpc` wraps it into typed ones."""

    rpc_consumer = GuardedRpcConsumer()

    def handle_message(self, body: Any, message: Any) -> None:
        wire = _one_request(body)
        context = self.unpack_message_headers(message)
        try:
            self.container.spawn_worker(
                self,
                (wire, context),
                {},
                context_data={},
                handle_result=partial(self.handle_result, message),
            )
        except ContainerBeingKilled:
            self.rpc_consumer.requeue_message(message)


def rpc(
    request_class: type, reply_class: type, *, roles: Sequence[Role], reads: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make `method(self, request, work, at)` an RPC for callers with one of the roles.

    A command's request has an `idempotency_key`; with `reads` there is none, and the transaction only reads.
    """
    if not reads and "idempotency_key" not in {one.name for one in dataclasses.fields(request_class)}:
        raise TypeError(f"the command {request_class.__name__} needs the field idempotency_key")
    allowed = {*roles, Role.OPERATOR}

    def decorate(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def call(self: Any, wire: Any, context: dict[str, Any]) -> Any:
            started = time.perf_counter()
            caller = read_token(context.get("auth_token"))
            if caller.role not in allowed:
                raise NotAllowed(f"{method.__name__} is for {', '.join(sorted(roles))}, not for {caller.role}")
            request: Any = read_request(request_class, wire)
            with bound(rpc=method.__name__, caller=caller.subject):
                try:
                    answer = _with_patience(_read if reads else _command_once, self, method, request, caller)
                except GongshangError as refusal:
                    log.info("rpc_refused", code=refusal.code, message=str(refusal))
                    raise
            metrics.RPC_SECONDS.labels(self.name, method.__name__).observe(time.perf_counter() - started)
            return answer

        call.request_class = request_class  # type: ignore[attr-defined]
        call.reply_class = reply_class  # type: ignore[attr-defined]
        call.roles = tuple(sorted(roles))  # type: ignore[attr-defined]
        call.reads = reads  # type: ignore[attr-defined]
        decorated: Callable[..., Any] = TypedRpc.decorator(expected_exceptions=(GongshangError,))(call)
        return decorated

    return decorate


def _read(service: Any, method: Callable[..., Any], request: Any, caller: Caller) -> Any:
    with service.work(reads=True) as work:
        return write_reply(method(service, request, work, _moments().now().asked(caller)))


@cache
def _moments() -> Moments:
    return Moments()


def _with_patience(answer: Callable[..., Any], *args: Any) -> Any:
    """Do it once. A lost connection, or a race with events and other calls, is settled by doing it again."""
    for tries_left in reversed(range(TRIES)):
        try:
            return answer(*args)
        except Exception as error:
            if not (is_transient(error) or isinstance(error, IntegrityError)):
                raise
            if not tries_left:
                log.error("rpc_gave_up", error=repr(error))
                why = "the database is busy or away; the same call with the same key may succeed later"
                raise Unavailable(why) from None
            eventlet.sleep(0.05 * (TRIES - tries_left))
    raise AssertionError("unreachable")


def _command_once(service: Any, method: Callable[..., Any], request: Any, caller: Caller) -> Any:
    mark = hashlib.sha256(json.dumps(write_reply(request), sort_keys=True).encode()).hexdigest()
    key = {
        "caller": f"{caller.subject}@{caller.unit or ''}"[:200],
        "method": method.__name__,
        "idempotency_key": request.idempotency_key,
    }
    kept_refusal: GongshangError | None = None
    with service.work(cause=Cause(correlation_id=f"{caller.subject}:{request.idempotency_key}"[:200])) as work:
        known = work.session.connection().execute(_KEPT, key).one_or_none()
        if known is not None:
            if known.request_sha256 != mark:
                raise Conflict(
                    "this idempotency_key was used for another request", {"idempotency_key": ["Take a new one."]}
                )
            return known.reply
        try:
            answer = write_reply(method(service, request, work, _moments().now().asked(caller)))
        except GongshangError as refusal:
            if not refusal.keeps_work:
                raise
            kept_refusal = refusal
        else:
            kept = {"request_sha256": mark, "reply": answer, "created_at": datetime.now(UTC)}
            work.writes.insert(_replies, [key | kept])
    if kept_refusal is not None:
        raise kept_refusal
    return answer


def _one_request(body: Any) -> Any:
    """`args: [request]` or `kwargs: {"request": request}`."""
    if not isinstance(body, dict) or "args" not in body or "kwargs" not in body:
        raise BadRequest('the body must be {"args": [request], "kwargs": {}}')
    args, kwargs = body["args"], body["kwargs"]
    if isinstance(args, list) and isinstance(kwargs, dict):
        if len(args) == 1 and not kwargs:
            return args[0]
        if not args and set(kwargs) == {"request"}:
            return kwargs["request"]
    raise BadRequest("the method takes exactly one argument, `request`, a JSON object")


def _typed(exc_info: Any) -> Any:
    """Errors of ours go out as they are; what we did not expect says no more than that it happened."""
    error = exc_info[1]
    if type(error).__module__ == "nameko.exceptions":
        return exc_info
    if isinstance(error, GongshangError):
        told = error.for_strangers()
    else:
        told = Unavailable("the service failed on this request; its log has the details")
    return type(told), told, exc_info[2]


def register_errors() -> None:
    """So that nameko clients in Python get our errors back as themselves."""
    from shared.errors import error_classes

    for error_class in error_classes():
        deserialize_to_instance(error_class)
