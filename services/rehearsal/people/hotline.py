"""Plays the 12345 hotline 热线: publishes work orders as any AMQP client would, in bursts and repeats too."""

import json
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import amqp

from services.rehearsal.agenda import in_waking_hours, next_round
from services.rehearsal.dice import Dice
from services.rehearsal.hearing import Heard, keep_alive
from services.rehearsal.shares import shares
from services.rehearsal.writing import Writing
from shared.bus.connection import broker_connection
from shared.units import UnitDirectory

LISTENS_TO = ("complaint_closed.v1",)
ORDERS_NAMESPACE = uuid.UUID("0d1f6d10-3c3a-5a57-9b0f-7a3c1a4f3a10")


@dataclass(frozen=True)
class Order:
    """A work order as it goes on the wire, and how often it is delivered."""

    order_no: str
    filed_at: datetime
    content: dict[str, Any]
    times: int = 1

    @property
    def message_id(self) -> str:
        return str(uuid.uuid5(ORDERS_NAMESPACE, json.dumps(self.content, sort_keys=True, ensure_ascii=False)))

    def to_wire(self) -> bytes:
        envelope = {
            "specversion": "1.0",
            "id": self.message_id,
            "source": "/hotline",
            "type": "complaint_filed.v1",
            "time": self.filed_at.isoformat(),
            "subject": self.order_no,
            "datacontenttype": "application/json",
            "data": self.content,
        }
        return json.dumps(envelope, ensure_ascii=False).encode()


@dataclass
class Hotline:
    """Knows what it sent, and rings again for callers whose matter came back."""

    dice: Dice
    units: UnitDirectory
    ends_at: datetime
    sent: dict[str, str] = field(default_factory=dict)
    _planned: dict[datetime, list[Order]] = field(default_factory=lambda: defaultdict(list))
    _orders: dict[str, Order] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.writing = Writing(self.dice, self.units)

    def plan_day(self, midnight: datetime, *, not_before: datetime) -> None:
        """Write all orders of a day. Called once for each, in order."""
        orders = self.writing.orders_of(midnight)
        orders += self._repeats(midnight)
        for filed_at, order_no, content in orders:
            if filed_at >= not_before:
                self._plan(Order(order_no, filed_at, content, self._times(order_no)))

    def hear(self, event: Heard) -> None:
        """A closed matter may come back: the same caller rings again some days later."""
        order_no = event.content["order_no"]
        order = self._orders.get(order_no)
        if order is None or not self.dice.happens(shares().hotline.relapse_ratio, "relapse", order_no):
            return
        first, last = shares().hotline.relapse_after_days
        waits = timedelta(days=self.dice.between(first, last, "relapse after", order_no))
        filed_at = in_waking_hours(datetime.fromisoformat(event.content["closed_at"]) + waits)
        again = self.writing.again(order.content, f"{order_no}R", filed_at, "问题又出现了,上次的处理没有解决。")
        self._plan(Order(again["order_no"], filed_at, again))

    @property
    def next_at(self) -> datetime | None:
        return min(self._planned, default=None)

    @property
    def represented(self) -> int:
        """How many of those it sent came from somebody who called for another."""
        sent = [self._orders[order_no] for order_no in self.sent.values() if order_no in self._orders]
        return sum(bool(order.content["caller"].get("relation")) for order in sent)

    def take_due(self, now: datetime) -> list[Order]:
        due = sorted(hour for hour in self._planned if hour <= now)
        return [order for hour in due for order in sorted(self._planned.pop(hour), key=lambda one: one.order_no)]

    def _plan(self, order: Order) -> None:
        if order.filed_at < self.ends_at:
            self._planned[next_round(order.filed_at + timedelta(minutes=1))].append(order)
            self._orders.setdefault(order.order_no, order)

    def _repeats(self, midnight: datetime) -> list[tuple[datetime, str, dict[str, Any]]]:
        """Callers of the last days who ask again."""
        day = f"{midnight:%Y%m%d}"
        known = [one for one in self._orders.values() if one.content.get("caller", {}).get("ref") and one.times == 1]
        count = int(shares().hotline.repeats_a_day + self.dice.share("repeats", day))
        lately = sorted((one for one in known if one.order_no[0].isdigit()), key=lambda one: one.order_no)[-300:]
        made = []
        for number in range(min(count, len(lately))):
            order = self.dice.one_of(lately, "who repeats", f"{day}:{number}")
            filed_at = midnight + timedelta(hours=10 + number, minutes=17)
            again = self.writing.again(order.content, f"{day}-U{number:02}", filed_at, "再次来电催办。")
            made.append((filed_at, again["order_no"], again))
        return made

    def _times(self, order_no: str) -> int:
        return 2 if self.dice.happens(shares().hotline.doubled_ratio, "doubled", order_no) else 1


class Line:
    """The hotline's own connection: publishes with confirms, nothing else."""

    def __init__(self, uri: str) -> None:
        self._scope = broker_connection(uri)

    def __enter__(self) -> "Line":
        self._connection = self._scope.__enter__()
        self._channel = self._connection.channel()
        self._channel.confirm_select()
        self._confirmed = 0
        self._channel.events["basic_ack"].add(self._acked)
        self._published = 0
        return self

    def __exit__(self, *exc_info: Any) -> None:
        self._scope.__exit__(*exc_info)

    def publish(self, messages: Iterable[tuple[str, bytes]], wire_type: str = "complaint_filed.v1") -> None:
        """Message ids and bodies; returns when the broker has them all."""
        for message_id, body in messages:
            message = amqp.Message(
                body, delivery_mode=2, message_id=message_id, content_type="application/cloudevents+json"
            )
            self._channel.basic_publish(message, exchange="hotline.events", routing_key=wire_type)
            self._published += 1
        while self._confirmed < self._published:
            self._connection.drain_events(timeout=30)

    def keep_alive(self) -> None:
        keep_alive(self._connection)

    def _acked(self, tag: int, multiple: bool) -> None:
        self._confirmed = tag if multiple else self._confirmed + 1
