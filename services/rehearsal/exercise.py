"""A whole exercise: who takes part, in which order they act at an instant, and what has been sent.

Kinds of people act one after the other, and what each set off comes to rest before the next: so that nothing depends
on who is quicker.
"""

import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

from services.rehearsal.calling import Calling, Tokens
from services.rehearsal.dice import Dice
from services.rehearsal.hearing import Ear
from services.rehearsal.people import hotline as hotline_people
from services.rehearsal.people.askers import Askers
from services.rehearsal.people.callbacks import CallbackAgents, HotlineCalls
from services.rehearsal.people.clerks import Clerks
from services.rehearsal.people.collectors import Collectors
from services.rehearsal.people.councils import CouncilPeople
from services.rehearsal.people.desk import People
from services.rehearsal.people.handlers import Handlers
from services.rehearsal.people.hotline import Hotline, Line
from services.rehearsal.people.landowners import Landowners
from services.rehearsal.people.leaders import Leaders
from services.rehearsal.people.objectors import Objectors
from services.rehearsal.people.streets import StreetSystems
from services.rehearsal.people.supervisors import Supervisors
from services.rehearsal.people.updates import HotlineUpdates
from services.rehearsal.people.visitors import Visitors
from services.rehearsal.telephone import Telephone
from shared.clock import SHANGHAI
from shared.settings import settings
from shared.units import Tier, UnitDirectory

CALL_SECONDS = 60.0
KEEP_ALIVE_SECONDS = 5.0


OTHERS: tuple[type[People], ...] = (
    CouncilPeople,
    Collectors,
    Objectors,
    Handlers,
    Leaders,
    CallbackAgents,
    Askers,
    StreetSystems,
    Supervisors,
)
"""In the order in which they act, after those who take in what comes."""


class Exercise:
    """`act(now, settle)` at every instant. `settle` waits until all is quiet and tells how many events were said."""

    def __init__(self, uri: str, tokens: Tokens, *, seed: int, starts_at: datetime, days: int) -> None:
        dice = Dice(seed)
        self.uri, self._tokens = uri, tokens
        units = UnitDirectory.load(settings().units_file)
        self.hotline = Hotline(dice, units, starts_at + timedelta(days=days))
        self.hotline_updates = HotlineUpdates(dice, units)
        self.hotline_calls = HotlineCalls(dice)
        self.visitors, clerks, landowners = Visitors(dice), Clerks(dice), Landowners(dice)
        (district,) = units.of_tier(Tier.DISTRICT)
        for opening in (clerks, landowners):
            opening.begin(starts_at, district.code)
        self.kinds: list[People] = [self.visitors, clerks, landowners, *(kind(dice) for kind in OTHERS)]
        self._listeners = self._who_listens()
        self._midnight = starts_at.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
        self._starts_at = starts_at
        self._seen_alive_at = 0.0
        self._scope = ExitStack()
        self._plan_days(starts_at)

    def __enter__(self) -> "Exercise":
        self.ear = self._scope.enter_context(Ear(self.uri, self._listeners))
        self._line = self._scope.enter_context(Line(self.uri))
        self._telephone = self._scope.enter_context(Telephone(self.uri, timeout_seconds=CALL_SECONDS))
        self.calling = Calling(self._telephone, self._tokens)
        return self

    def __exit__(self, *exc_info: Any) -> None:
        self._scope.__exit__(*exc_info)

    @property
    def sent(self) -> int:
        """How many different messages the hotline has sent: orders, more about them, and what its callbacks came to."""
        return len(self.hotline.sent) + len(self.hotline_updates.sent) + len(self.hotline_calls.sent)

    @property
    def orders(self) -> dict[str, str]:
        """All that was said: each message of the hotline with its order number, and what was filed at desks."""
        return self.hotline.sent | {number: number for number in self.visitors.filed}

    @property
    def next_at(self) -> datetime | None:
        """When somebody wants to do something next."""
        hotline = (self.hotline.next_at, self.hotline_updates.next_at, self.hotline_calls.next_at)
        wanted = [*hotline, *(kind.next_at for kind in self.kinds)]
        return min((at for at in wanted if at is not None), default=None)

    def act(self, now: datetime, settle: Callable[[], int]) -> None:
        """All that people do at this instant. Everything was quiet before, and is after."""
        self._plan_days(now)
        self._listen(settle())
        if orders := self.hotline.take_due(now):
            self.hotline.sent |= {order.message_id: order.order_no for order in orders}
            self._line.publish((order.message_id, order.to_wire()) for order in orders for _ in range(order.times))
            self._listen(settle())
        for update in self.hotline_updates.take_due(now):
            self.hotline_updates.say(update, self._line)
            self._listen(settle())
        if reports := self.hotline_calls.take_due(now):
            sent = ((report.message_id, report.to_wire()) for report in reports for _ in range(report.times))
            self._line.publish(sent, "callback_reported.v1")
            self._listen(settle())
        for kind in self.kinds:
            if scripts := kind.scripts(now):
                self.calling.run(scripts)
                self._listen(settle())
        self._keep_alive()

    def _keep_alive(self) -> None:
        if time.monotonic() - self._seen_alive_at > KEEP_ALIVE_SECONDS:
            self._line.keep_alive()
            self.ear.keep_alive()
            self._telephone.keep_alive()
            self._seen_alive_at = time.monotonic()

    def _listen(self, expected: int) -> None:
        """Let everybody know what happened, in an order that is always the same."""
        fresh = self.ear.listen(expected)
        for event in sorted(fresh, key=lambda one: (one.subject, one.type, sorted(map(str, one.content.items())))):
            for listener in self._listeners[event.type]:
                listener.hear(event)

    def _who_listens(self) -> dict[str, list[Any]]:
        listeners: dict[str, list[Any]] = {wire_type: [self.hotline] for wire_type in hotline_people.LISTENS_TO}
        for people in (self.hotline_updates, self.hotline_calls):
            for wire_type in people.listens_to:
                listeners.setdefault(wire_type, []).append(people)
        for kind in self.kinds:
            for wire_type in kind.listens_to:
                listeners.setdefault(wire_type, []).append(kind)
        return listeners

    def _plan_days(self, now: datetime) -> None:
        """The hotline writes each day's orders in its first hour; only from the beginning to the end."""
        while self._midnight <= now and self._midnight < self.hotline.ends_at:
            self.hotline.plan_day(self._midnight, not_before=self._starts_at)
            self._midnight += timedelta(days=1)
