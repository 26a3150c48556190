"""Plays what the hotline does with some orders later: dispatched again, merged, recalled, amended, withdrawn; and what
it answers where it is asked for what only it decides.

It knows which orders have ended, and says nothing more of them but such an answer; each order gets one such word, a
recalled or returned one a second.
"""

import json
import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.rehearsal.agenda import HOUR, in_working_hours
from services.rehearsal.dice import Dice
from services.rehearsal.hearing import Heard
from services.rehearsal.people.desk import instant
from services.rehearsal.people.hotline import Line
from services.rehearsal.shares import shares
from shared.units import Tier, UnitDirectory, tier_of

ACCEPTED = "complaint_accepted.v1"
ASKED, ANSWERED = "order_request_asked.v1", "order_request_answered.v1"
ENDINGS = ("complaint_closed.v1", "complaint_answered.v1", "complaint_returned.v1", "complaint_referred.v1")
UPDATES_NAMESPACE = uuid.UUID("9a4c1a26-8a0d-5b1c-8d3e-2f4c0c7a6e51")
SLOW = ("general", "complex")
"""What is more urgent is over before the hotline would come back to it."""
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Update:
    """What the hotline says of an order, as it goes on the wire."""

    wire_type: str
    content: dict[str, Any]
    said_at: datetime

    @property
    def message_id(self) -> str:
        said = json.dumps([self.wire_type, self.content], sort_keys=True, ensure_ascii=False)
        return str(uuid.uuid5(UPDATES_NAMESPACE, said))

    def to_wire(self) -> bytes:
        envelope = {
            "specversion": "1.0",
            "id": self.message_id,
            "source": "/hotline",
            "type": self.wire_type,
            "time": self.said_at.isoformat(),
            "subject": self.content["order_no"],
            "datacontenttype": "application/json",
            "data": self.content,
        }
        return json.dumps(envelope, ensure_ascii=False).encode()


class HotlineUpdates:
    """`sent`: the messages that were sent, each with its order; `answers_sent`: those of them that answer a request."""

    listens_to = (ACCEPTED, ASKED, *ENDINGS)

    def __init__(self, dice: Dice, units: UnitDirectory) -> None:
        self.dice, self.units = dice, units
        self.sent: dict[str, str] = {}
        self.answers_sent: dict[str, str] = {}
        self._granted: dict[str, bool] = {}
        self._ended: set[str] = set()
        self._taken: set[str] = set()
        """Orders of which something is said, or with which another one is answered."""
        self._lately: dict[str, str] = {}
        self._planned: dict[datetime, list[tuple[str, str, str]]] = defaultdict(list)

    def hear(self, event: Heard) -> None:
        if event.type == ACCEPTED:
            self._plan(event.content)
        elif event.type == ASKED:
            self._plan_answer(event.content)
        else:
            self._ended.add(event.content["order_no"])

    @property
    def next_at(self) -> datetime | None:
        return min(self._planned, default=None)

    def take_due(self, now: datetime) -> list[Update]:
        """What is said now, in an order that is always the same."""
        due = sorted(at for at in self._planned if at <= now)
        planned = [(at, *one) for at in due for one in sorted(self._planned.pop(at))]
        return [self._say(*one) for one in planned if self._is_worth_saying(one[1], one[2])]

    def _is_worth_saying(self, order_no: str, what: str) -> bool:
        """An answer always; else not of what has ended, nor that it is answered with what has."""
        return what in self._granted or not self._ended & {order_no, what.partition(" ")[2]}

    def say(self, update: Update, line: Line) -> None:
        """Send it. It counts as sent from now on: others of the same instant are still to be said."""
        self.sent[update.message_id] = update.content["order_no"]
        if update.wire_type == ANSWERED:
            self.answers_sent[update.message_id] = "{request_id}: {granted}".format_map(update.content)
        line.publish([(update.message_id, update.to_wire())], update.wire_type)

    def _plan(self, event: dict[str, Any]) -> None:
        order_no, unit = event["order_no"], event["unit_code"]
        is_order = order_no[0].isdigit() and "/" not in order_no
        is_ours = is_order and event["settles_at"] is None and event["sla_class"] in SLOW
        beside, self._lately[unit] = self._lately.get(unit), order_no if is_ours else self._lately.get(unit, "")
        what = self._drawn(order_no) if is_ours else ""
        if what == "merged":
            what = f"merged {beside}" if beside and beside not in self._taken else ""
            self._taken.add(beside or "")
        if what and order_no not in self._taken:
            self._taken.add(order_no)
            wait = HOUR * self.dice.between(30, 60, "update after", order_no)
            self._planned[in_working_hours(instant(event["dispatched_at"]) + wait)].append((order_no, what, unit))

    def _plan_answer(self, event: dict[str, Any]) -> None:
        """Some are never answered. What is returned is sent out again, if nothing else is said of it."""
        request_id, order_no, share = event["request_id"], event["order_no"], shares().requests
        if self.dice.happens(share.silent_ratio, "silent", request_id):
            return
        is_return = event["wants"] == "return"
        is_granted = self.dice.happens(share.granted_ratio, "granted", request_id)
        is_granted = is_granted and not (is_return and order_no in self._taken)
        first, last = share.answer_hours
        wait = HOUR * self.dice.between(first, last, "answers after", request_id)
        at = in_working_hours(instant(event["asked_at"]) + wait)
        self._granted[request_id] = is_granted
        self._planned[at].append((order_no, request_id, event["unit_code"]))
        if is_granted and is_return:
            self._taken.add(order_no)
            self._planned[at + 2 * HOUR].append((order_no, "again", event["unit_code"]))

    def _drawn(self, order_no: str) -> str:
        """What becomes of it; mostly nothing."""
        thrown, share = self.dice.share("update", order_no), shares().updates
        for what in ("redispatched", "merged", "recalled", "amended", "supplemented", "withdrawn"):
            thrown -= getattr(share, f"{what}_ratio")
            if thrown < 0:
                return what
        return ""

    def _say(self, at: datetime, order_no: str, what: str, unit: str) -> Update:
        if what in self._granted:
            return self._answer(at, order_no, what)
        what, _, into = what.partition(" ")
        if what == "again":
            return self._redispatched(at, order_no, unit, reason="重新核实后派单。")
        if what == "redispatched":
            return self._redispatched(at, order_no, unit, reason="经核实属相邻单位。")
        if what == "recalled":
            self._planned[at + DAY].append((order_no, "again", unit))
        if what in ("merged", "withdrawn"):
            self._ended.add(order_no)
        said: dict[str, dict[str, Any]] = {
            "merged": {"into_order_no": into, "reason": "同一诉求重复登记。"},
            "recalled": {"dispatch_no": 1, "reason": "派单有误,重新核实。"},
            "amended": {"number": 1, "content": "经与来电人核对,更正为:问题仍未解决,请尽快处理。"},
            "supplemented": {"number": 1, "content": "来电人补充:夜间最为严重。"},
            "withdrawn": {"reason": "来电人表示已自行解决。"},
        }
        content = {"order_no": order_no, **said[what], f"{what}_at": at.isoformat()}
        return Update(f"order_{what}.v1", content, at)

    def _answer(self, at: datetime, order_no: str, request_id: str) -> Update:
        granted = self._granted[request_id]
        said = {"request_id": request_id, "granted": granted, "answer": "情况属实,同意。" if granted else "不予支持。"}
        return Update(ANSWERED, {"order_no": order_no, **said, "answered_at": at.isoformat()}, at)

    def _redispatched(self, at: datetime, order_no: str, unit: str, reason: str) -> Update:
        """To the community beside, where it is one; else to the same unit by another limit."""
        beside = sorted(one.code for one in self.units.children_of(unit[:9]) if one.code != unit)
        place = {}
        if tier_of(unit) is Tier.COMMUNITY and beside:
            place = {"place": {"address": "", "unit_codes": [self.dice.one_of(beside, "dispatched to", order_no)]}}
        facts = {"order_no": order_no, "dispatch_no": 2, "reason": reason, "dispatched_at": at.isoformat()}
        limit = self.dice.whole(3, 7, "new limit", order_no)
        return Update("order_redispatched.v1", facts | place | {"due_at": (at + limit * DAY).isoformat()}, at)
