"""Plays those who ring callers up 回访: the hotline, which reports what it heard, and the district's own agents.

The agents ask where the hotline does not, and elsewhere check some cases by themselves before it does.
"""

import json
import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.rehearsal.agenda import HOUR, Script, in_waking_hours, next_round
from services.rehearsal.calling import Ask
from services.rehearsal.dice import Dice
from services.rehearsal.hearing import Heard
from services.rehearsal.people import callers
from services.rehearsal.people.callers import TRIES, Callers
from services.rehearsal.people.desk import People, instant, key
from services.rehearsal.shares import shares
from shared.auth import Role

STARTED, DECIDED = "callback_started.v1", "order_request_decided.v1"
LEFT = tuple(f"complaint_{how}.v1" for how in ("answered", "referred", "returned", "recalled", "withdrawn", "merged"))
"""Nobody is called about an order of which this is said, until it is taken up or sent out again."""
REINSTATED = "complaint_reinstated.v1"
REPORTS_NAMESPACE = uuid.UUID("6a1f0d53-7f0c-5c0e-9a55-0d1b6c7e2f90")
SOLVED = {"yes": "已解决", "partly": "部分解决", "no": "未解决"}
SATISFACTION = {1: "不满意", 2: "不满意", 3: "理解", 4: "满意", 5: "非常满意"}


@dataclass(frozen=True)
class Report:
    """What the hotline reports of a callback, as it goes on the wire, and how often it is delivered."""

    content: dict[str, Any]
    times: int = 1

    @property
    def id(self) -> str:
        return "{order_no}/{dispatch_no}/{round}".format_map(self.content)

    @property
    def message_id(self) -> str:
        return str(uuid.uuid5(REPORTS_NAMESPACE, self.id))

    def to_wire(self) -> bytes:
        envelope = {
            "specversion": "1.0",
            "id": self.message_id,
            "source": "/hotline",
            "type": "callback_reported.v1",
            "time": self.content["called_at"],
            "subject": self.content["order_no"],
            "datacontenttype": "application/json",
            "data": self.content,
        }
        return json.dumps(envelope, ensure_ascii=False).encode()


class HotlineCalls:
    """The hotline's own callbacks, made some hours after evaluation says that it is time; again where it granted that.

    `sent`: what it reported, each under a number of its own. Of a few it never reports anything.
    """

    listens_to = (STARTED, DECIDED, *LEFT, REINSTATED, *callers.LISTENS_TO)

    def __init__(self, dice: Dice) -> None:
        self.dice = dice
        self.callers = Callers(dice)
        self.sent: dict[str, str] = {}
        self._dispatches: dict[str, int] = {}
        self._rounds: Counter[tuple[str, int]] = Counter()
        """How many results of an order's dispatch it has reported, of all its matters."""
        self._last: dict[str, dict[str, Any]] = {}
        self._left: set[str] = set()
        self._planned: dict[datetime, list[dict[str, Any]]] = defaultdict(list)

    def hear(self, event: Heard) -> None:
        if event.type == DECIDED:
            self._go_again(event.content)
        elif event.type in LEFT:
            self._left.add(event.content["order_no"])
        elif event.type != STARTED:
            self._take_note(event)
        elif event.content["asker"] == "hotline":
            is_silent = self.dice.happens(shares().callbacks.silent_ratio, "no result", _round_of(event.content))
            if not is_silent:
                self._plan(event.content, instant(event.content["started_at"]))

    def _take_note(self, event: Heard) -> None:
        if event.type in (REINSTATED, callers.REDISPATCHED):
            self._left.discard(event.content["order_no"])
        if event.type == callers.REDISPATCHED:
            self._dispatches[event.content["order_no"]] = event.content["dispatch_no"]
        if event.type in callers.LISTENS_TO:
            self.callers.hear(event)

    def _go_again(self, event: dict[str, Any]) -> None:
        """As the district asked, and it granted."""
        last = self._last.get(event["order_no"])
        if event["wants"] == "callback" and event["granted"] and last is not None:
            self._plan(last | {"round": f"{last['round']} again"}, instant(event["decided_at"]))

    def _plan(self, event: dict[str, Any], since: datetime) -> None:
        first, last = shares().callbacks.ask_hours
        wait = HOUR * self.dice.between(first, last, "hotline asks after", _round_of(event))
        self._planned[in_waking_hours(since + wait)].append(event)

    @property
    def next_at(self) -> datetime | None:
        return min(self._planned, default=None)

    def take_due(self, now: datetime) -> list[Report]:
        """What is reported now, in an order that is always the same."""
        due = sorted(at for at in self._planned if at <= now)
        planned = [(event, at) for at in due for event in sorted(self._planned.pop(at), key=_round_of)]
        made = [self._report(event, at) for event, at in planned if event["order_no"] not in self._left]
        self.sent |= {report.message_id: report.id for report in made}
        return made

    def _report(self, event: dict[str, Any], at: datetime) -> Report:
        ref = _round_of(event)
        said: dict[str, Any] = {"reached": any(self.callers.are_reached(f"{ref}:{number}") for number in range(TRIES))}
        if said["reached"]:
            answers = self.callers.answers(event, ref)
            said["contacted"] = answers["contacted"]
            said["solved"] = SOLVED[answers["solved"]]
            said["satisfaction"] = SATISFACTION[answers["satisfaction"]]
        order_no = event["order_no"]
        dispatch = order_no.partition("/")[0], self._dispatches.get(order_no, 1)
        self._rounds[dispatch] += 1
        self._last[order_no] = event
        numbers = {"order_no": order_no, "dispatch_no": dispatch[1], "round": self._rounds[dispatch]}
        is_doubled = self.dice.happens(shares().hotline.doubled_ratio, "callback doubled", ref)
        return Report({**numbers, "called_at": at.isoformat(), **said}, 2 if is_doubled else 1)


class CallbackAgents(People):
    """Each call that evaluation starts is made some hours later. Calls on one issue are made one after the other."""

    listens_to = (STARTED, *callers.LISTENS_TO)

    def __init__(self, dice: Dice) -> None:
        super().__init__(dice)
        self.callers = Callers(dice)
        self._calls: dict[str, list[tuple[datetime, str, dict[str, Any]]]] = {}

    def hear(self, event: Heard) -> None:
        if event.type == STARTED:
            self._plan(event.content)
        else:
            self.callers.hear(event)

    def _plan(self, event: dict[str, Any]) -> None:
        ref = f"{_round_of(event)}:{event['attempt']}"
        share = shares().callbacks
        if event["asker"] == "hotline" and not self.dice.happens(share.self_check_ratio, "self-check", ref):
            return
        if event["asker"] == "own" and self.dice.happens(share.missed_ratio, "nobody calls", _round_of(event)):
            return
        first, last = share.ask_hours
        started_at, wait = instant(event["started_at"]), HOUR * self.dice.between(first, last, "asks after", ref)
        at = next_round(started_at) if event["asker"] == "hotline" else in_waking_hours(started_at + wait)
        due = self._calls.setdefault(event["issue_id"], [])
        due.append((at, ref, event))
        self.agenda.put(f"{event['issue_id']}:{at.isoformat()}", at, lambda: self._ring_up(event["issue_id"], at))

    def _ring_up(self, issue_id: str, at: datetime) -> Script:
        waiting = self._calls.get(issue_id, [])
        self._calls[issue_id] = [one for one in waiting if one[0] != at]
        for _, ref, event in sorted((one for one in waiting if one[0] == at), key=lambda one: one[1]):
            is_reached = self.callers.are_reached(ref)
            request = {
                "order_no": event["order_no"],
                "reached": is_reached,
                **(self.callers.answers(event, ref) if is_reached else {}),
                "idempotency_key": key(event["order_no"], event["round"], event["attempt"]),
            }
            yield Ask("evaluation", "record_callback", request, Role.CALLBACK_AGENT)


def _round_of(event: dict[str, Any]) -> str:
    return f"{event['order_no']}:{event['round']}"
