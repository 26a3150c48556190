"""The queue from which a service takes calls: nameko's protocol on the wire, our own way of reading it.

One green thread alone reads from the broker and takes in what has come, as bytes. One does commands: all that wait,
together. Some look things up, so that a question never waits for commands. Answers go out on a connection of their own,
after the commit; a call is acknowledged after its answer. What is delivered twice is done once, by its key. What came
back is done alone, so that a call which ends the process is known, and after a few times set aside.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

import amqp
import eventlet
from eventlet.queue import LightQueue
from nameko.extensions import ProviderCollector, SharedExtension
from sqlalchemy.exc import SQLAlchemyError

from shared.bus import connection as broker
from shared.bus import topology
from shared.bus.door import fault_of, headers_of
from shared.bus.frames import Incoming
from shared.bus.moment import Moments
from shared.bus.outbox.publisher import one_write
from shared.bus.rpc import operating
from shared.bus.rpc.answering import Answering
from shared.bus.rpc.aside import Aside
from shared.bus.rpc.wire import JSON, TOKEN_HEADER, Answer, Delivered, written
from shared.bus.work import UnitOfWork
from shared.errors import BadRequest, GongshangError, Unavailable
from shared.logs import get_logger
from shared.telling import told

TOGETHER = 100
LOOKERS = 8
PREFETCH = 500
MOST_RETURNS = 3
RETRY_SECONDS = 1.0
DIRECT_REPLY_TO = "amq.rabbitmq.reply-to."
"""What the broker makes of a caller's `amq.rabbitmq.reply-to`: reached past all exchanges, and through none."""
BUSY_SECONDS = 0.01
IDLE_SECONDS = 0.2
LONGEST_WAIT_SECONDS = 5.0
KEEP_ALIVE_SECONDS = 10.0

log = get_logger()


class Calls(SharedExtension, ProviderCollector):
    """Consumes `rpc-<service>` for all `@rpc` methods of the service."""

    def setup(self) -> None:
        self._generation = 0
        self._stopping = False
        self._in_hand = 0
        self._done: deque[Delivered] = deque()
        self._commands: Any = LightQueue()
        self._questions: Any = LightQueue()
        self.trouble: str | None = "calls are not taken yet"

    def start(self) -> None:
        work = next(one for one in self.container.dependencies if isinstance(one, UnitOfWork))
        methods = [*operating.METHODS, *(provider.method for provider in self._providers)]
        self._answering = Answering(
            self.container.service_name, work.begin, self.container.service_cls, methods, Moments()
        )
        self._aside = Aside(self.container.service_name, work.begin)
        self._replies = Replies()
        spawn = self.container.spawn_managed_thread
        self._pump = spawn(self._consume_forever, identifier="calls consumer")
        self._threads = [spawn(self._do_commands, identifier="commands")]
        self._threads += [spawn(self._look, identifier="questions") for _ in range(LOOKERS)]

    def stop(self) -> None:
        """Finish and answer what is in hand; the rest goes back to the broker."""
        self._stopping = True
        for queue, count in ((self._commands, 1), (self._questions, LOOKERS)):
            for _ in range(count):
                queue.put(None)
        for thread in self._threads:
            thread.wait()
        self._pump.wait()
        self._replies.close()

    def unregister_provider(self, provider: Any) -> None:
        super().unregister_provider(provider)
        if not self._providers:
            self.stop()

    # the threads that answer

    def _do_commands(self) -> None:
        while (first := self._commands.get()) is not None:
            calls = [first]
            while len(calls) < TOGETHER and not self._commands.empty():
                calls.append(self._commands.get())
            is_last = None in calls
            for together in _apart(call for call in calls if call is not None):
                self._answer(together)
            if is_last:
                return

    def _look(self) -> None:
        while (call := self._questions.get()) is not None:
            self._answer([call])

    def _answer(self, calls: list[Delivered]) -> None:
        """What the broker will deliver again, because its connection was lost, is left for then."""
        calls = [call for call in calls if call.generation == self._generation and not self._stopping]
        if not calls:
            return
        self._in_hand += len(calls)
        try:
            answers = self._answers(calls)
            answered = zip(calls, answers, strict=True)
            self._replies.send([(call, answer) for call, answer in answered if call.can_be_answered])
            self._done.extend(calls)
        except (SQLAlchemyError, OSError) as trouble:
            log.warning("rpc_not_set_aside", trouble=told(trouble), seconds=RETRY_SECONDS)
            eventlet.spawn_after(RETRY_SECONDS, self._commands.put, calls[0])
        finally:
            self._in_hand -= len(calls)

    def _answers(self, calls: list[Delivered]) -> list[Answer]:
        """Those that are not ordinary are alone. Raises trouble of the database only about these."""
        first = calls[0]
        refusal = self._reason_to_set_aside(first)
        if refusal is not None:
            self._aside.put(first, refusal.message)
            return [Answer(error=refusal)]
        answers = self._answering.answer(calls)
        if first.is_returned:
            self._aside.forget(first)
        return answers

    def _reason_to_set_aside(self, call: Delivered) -> GongshangError | None:
        if call.fault:
            return BadRequest(call.fault)
        if not call.can_be_answered:
            return BadRequest("the property reply_to is missing or is no text")
        if call.is_returned and self._aside.begin_again(call) > MOST_RETURNS:
            return Unavailable("the service ended each time it did this call, and has set it aside")
        return None

    # the thread that reads from the broker

    def _consume_forever(self) -> None:
        wait = 0.1
        while not self._stopping or self._in_hand:
            try:
                with broker.broker_connection() as connection:
                    wait = 0.1
                    self._consume(connection)
            except broker.TROUBLE as trouble:
                self.trouble = f"calls can't be taken: {trouble}"
                log.warning("calls_wait", trouble=str(trouble), seconds=wait)
                eventlet.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT_SECONDS)

    def _consume(self, connection: Any) -> None:
        self._generation += 1
        channel = connection.channel()
        channel.auto_decode = False
        queue = topology.declare_calls(channel, self.container.service_name)
        channel.basic_qos(0, PREFETCH, False)
        tag = channel.basic_consume(queue, callback=self._received)
        self.trouble = None
        log.info("calls_consumed", generation=self._generation)
        while not self._stopping:
            self._acknowledge(connection, channel)
            self._drain(connection)
        channel.basic_cancel(tag)
        while self._in_hand:
            self._drain(connection)
        self._acknowledge(connection, channel)

    def _drain(self, connection: Any) -> None:
        is_busy = self._in_hand or self._done or not self._commands.empty()
        try:
            connection.drain_events(timeout=BUSY_SECONDS if is_busy else IDLE_SECONDS)
        except TimeoutError:
            connection.heartbeat_check()
            self._replies.keep_alive()

    def _acknowledge(self, connection: Any, channel: Any) -> None:
        if not self._done:
            return
        with one_write(connection.connection.transport):
            while self._done:
                call = self._done.popleft()
                if call.generation == self._generation:
                    channel.basic_ack(call.tag)

    def _received(self, message: Incoming) -> None:
        call = self._delivered(message)
        if self._answering.reads(call) and not call.is_returned:
            self._questions.put(call)
        else:
            self._commands.put(call)

    def _delivered(self, message: Incoming) -> Delivered:
        properties, token = message.properties, headers_of(message).get(TOKEN_HEADER)
        return Delivered(
            generation=self._generation,
            tag=message.delivery_tag,
            method=message.delivery_info["routing_key"].rpartition(".")[2],
            body=message.body,
            content_type=properties.get("content_type"),
            reply_to=properties.get("reply_to", ""),
            correlation_id=properties.get("correlation_id", ""),
            token=token if isinstance(token, str) else None,
            fault=fault_of(message),
            is_returned=message.delivery_info["redelivered"],
        )


class Replies:
    """Sends answers. They are not confirmed: who misses one calls again with the same key."""

    def __init__(self) -> None:
        self._lock = eventlet.semaphore.Semaphore()
        self._scope: Any = None
        self._looked_after = 0.0

    def send(self, answered: list[tuple[Delivered, Answer]]) -> None:
        messages = [(call.reply_to, _message(call, answer)) for call, answer in answered]
        with self._lock:
            for is_last in (False, True):
                try:
                    self._send(messages)
                    return
                except broker.TROUBLE as trouble:
                    self._forget()
                    if is_last:
                        log.error("rpc_reply_not_sent", error=repr(trouble), replies=len(messages))

    def keep_alive(self) -> None:
        """Show the broker that we live. Called by whoever has nothing else to do."""
        now = eventlet.hubs.get_hub().clock()
        if self._scope is None or now - self._looked_after < KEEP_ALIVE_SECONDS or self._lock.locked():
            return
        with self._lock:
            self._looked_after = now
            try:
                self._connection.heartbeat_check()
            except broker.TROUBLE:
                self._forget()

    def close(self) -> None:
        with self._lock:
            self._forget()

    def _send(self, messages: list[tuple[str, amqp.Message]]) -> None:
        if self._scope is None:
            self._scope = broker.broker_connection()
            self._connection = self._scope.__enter__()
            self._channel = self._connection.channel()
        with one_write(self._connection.connection.transport):
            for reply_to, message in messages:
                is_direct = reply_to.startswith(DIRECT_REPLY_TO)
                exchange = "" if is_direct else topology.RPC_EXCHANGE
                self._channel.basic_publish(message, exchange=exchange, routing_key=reply_to)

    def _forget(self) -> None:
        scope, self._scope = self._scope, None
        if scope is not None:
            try:
                scope.__exit__(None, None, None)
            except broker.TROUBLE as trouble:
                log.info("reply_connection_lost", trouble=str(trouble))


def _apart(calls: Iterable[Delivered]) -> Iterator[list[Delivered]]:
    """Ordinary calls together, others each alone."""
    for is_ordinary, group in groupby(calls, key=_is_ordinary):
        some = list(group)
        yield from [some] if is_ordinary else [[call] for call in some]


def _is_ordinary(call: Delivered) -> bool:
    return call.can_be_answered and not (call.fault or call.is_returned)


def _message(call: Delivered, answer: Answer) -> amqp.Message:
    return amqp.Message(
        written(answer),
        content_type=JSON,
        content_encoding="utf-8",
        correlation_id=call.correlation_id.encode(errors="surrogateescape"),  # the very bytes that came
    )
