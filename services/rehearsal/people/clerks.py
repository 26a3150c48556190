"""Plays the clerks of the order desks 工单受理: they settle which unit an order is for, give it back, or correct it;
they hand emergencies over and follow them, hear that a court has an order, answer some as one of the six classes, and
find public words for what goes before a council.
"""

from datetime import datetime, timedelta
from typing import Any

from services.rehearsal.agenda import HOUR, Script, in_working_hours, next_hour
from services.rehearsal.calling import Ask
from services.rehearsal.dice import Dice
from services.rehearsal.people.desk import People, instant, key
from services.rehearsal.shares import shares, texts
from shared.auth import Role
from shared.settings import settings
from shared.units import Tier, UnitDirectory, tier_of

JUST_BEFORE = timedelta(minutes=5)


class Clerks(People):
    """They look at their list some time after an order came onto it, and always before its time is over."""

    listens_to = ("complaint_accepted.v1", "complaint_answered.v1", "complaint_handed_over.v1", "issue_listed.v1")

    def __init__(self, dice: Dice) -> None:
        super().__init__(dice)
        self._units = UnitDirectory.load(settings().units_file)

    def begin(self, at: datetime, district: str) -> None:
        """Each month the district opens a demonstration project, which nobody has called about."""
        first, last = shares().clerks.demonstration_days
        opens_at = in_working_hours(at + timedelta(days=self.dice.between(first, last, "demonstration", "")))
        self.agenda.put("demonstration", opens_at, lambda: self._demonstrate(district))

    def _demonstrate(self, district: str) -> Script:
        project = {
            "unit_code": district,
            "origin": "demonstration",
            "category": "public_space",
            "wording": texts()["demonstration"],
            "proposed_by": district,
            "idempotency_key": key("demonstration", f"{self.now:%Y-%m}"),
        }
        yield Ask("intake", "raise_issue", project, Role.CLERK, district)

    def on_complaint_accepted(self, event: dict[str, Any]) -> None:
        if event["settles_at"] is None:
            self._check(event)
            self._hear_of_court(event)
            self._doubt(event)
            self._call_emergency_line(event)
            return
        last = instant(event["settles_at"]) - JUST_BEFORE
        at = min(next_hour(instant(event["dispatched_at"]) + HOUR), last)
        self.agenda.put(f"settle {event['order_no']}", at, lambda: self._settle(event["order_no"], event["unit_code"]))

    def on_complaint_handed_over(self, event: dict[str, Any]) -> None:
        """They ask the emergency line what came of it, before their time for that is over.

        What the hotline has handed over they need not hand over again.
        """
        self.agenda.drop(f"hand over {event['order_no']}")
        at = min(next_hour(instant(event["handed_at"])), instant(event["follow_by"]) - JUST_BEFORE)
        self.agenda.put(f"follow {event['order_no']}", at, lambda: self._follow(event["order_no"]))

    def _follow(self, order_no: str) -> Script:
        said = {"outcome": "attended", "words": "已联系紧急服务,已到场处置。"}
        asked = {"order_no": order_no, "idempotency_key": key(order_no, "follow")} | said
        yield Ask("intake", "follow_handover", asked, Role.CLERK)

    def on_issue_listed(self, event: dict[str, Any]) -> None:
        """Of some nobody finds better words than category and place."""
        issue_id, unit = event["issue_id"], event["unit_code"]
        if event["reason"] != "raised" and self.dice.happens(shares().clerks.deputy_ratio, "deputy", issue_id):
            at = in_working_hours(instant(event["listed_at"]) + 4 * HOUR)
            self.agenda.put(f"raise beside {issue_id}", at, lambda: self._raise(issue_id, unit, event["category"]))
        if self.dice.happens(shares().clerks.worded_ratio, "worded", issue_id):
            at = in_working_hours(instant(event["listed_at"]) + 2 * HOUR)
            self.agenda.put(f"word {issue_id}", at, lambda: self._word(issue_id, unit))

    def _raise(self, beside: str, unit: str, category: str) -> Script:
        """A deputy brings up what nobody has called about."""
        listed = yield Ask("councils", "list_deputies", {"unit_code": unit}, Role.CLERK, unit)
        if not listed["deputies"]:
            return
        matter = {
            "unit_code": unit,
            "origin": "deputy",
            "category": category,
            "wording": self.dice.one_of(texts()["matters"], "matter", beside),
            "proposed_by": listed["deputies"][0]["person_id"],
            "idempotency_key": key(beside, "raise"),
        }
        yield Ask("intake", "raise_issue", matter, Role.CLERK, unit)

    def _word(self, issue_id: str, unit: str) -> Script:
        """As the suite proposes, once they have read it."""
        asked = {"unit_code": unit, "idempotency_key": key(issue_id, "list wordings")}
        listed = yield Ask("intake", "list_wordings", asked, Role.CLERK, unit)
        for one in listed["wordings"]:
            if one["issue_id"] == issue_id and one["proposal"]:
                words = {"wording": one["proposal"], "idempotency_key": key(issue_id, "confirm wording")}
                yield Ask("intake", "confirm_wording", {"issue_id": issue_id} | words, Role.CLERK, unit)

    def _check(self, event: dict[str, Any]) -> None:
        """A street finds out that some order of a community is for the one beside it."""
        order_no, unit = event["order_no"], event["unit_code"]
        is_wrong = self.dice.happens(shares().clerks.corrected_ratio, "corrected", order_no)
        if not is_wrong or tier_of(unit) is not Tier.COMMUNITY:
            return
        beside = sorted(one.code for one in self._units.children_of(unit[:9]) if one.code != unit)
        right = self.dice.one_of(beside, "right unit", order_no)
        at = in_working_hours(instant(event["dispatched_at"]) + 6 * HOUR)
        self.agenda.put(f"correct {order_no}", at, lambda: self._correct(order_no, right))

    def _hear_of_court(self, event: dict[str, Any]) -> None:
        """Of some orders the street hears that their caller has gone to court."""
        order_no, unit = event["order_no"], event["unit_code"]
        if self.dice.happens(shares().clerks.court_ratio, "court", order_no) and tier_of(unit) is Tier.COMMUNITY:
            at = in_working_hours(instant(event["dispatched_at"]) + 8 * HOUR)
            self.agenda.put(f"refer {order_no}", at, lambda: self._refer(order_no, event["dispatched_at"][:10], unit))

    def _refer(self, order_no: str, day: str, unit: str) -> Script:
        number = self.dice.whole(1, 99_999, "case number", order_no)
        request = {
            "order_no": order_no,
            "channel": "court",
            "reference": f"({day[:4]})京0105民初{number}号",
            "entered_on": day,
            "idempotency_key": key(order_no, "refer"),
        }
        yield Ask("intake", "refer_order", request, Role.CLERK, unit[:9])

    def _doubt(self, event: dict[str, Any]) -> None:
        """Of some orders the street finds that they are outside everybody's duty."""
        order_no, unit = event["order_no"], event["unit_code"]
        is_none = self.dice.happens(shares().clerks.answered_ratio, "outside duty", order_no)
        if is_none and tier_of(unit) is Tier.COMMUNITY:
            at = in_working_hours(instant(event["dispatched_at"]) + 5 * HOUR)
            self.agenda.put(f"answer {order_no}", at, lambda: self._answer(order_no, unit))

    def _answer(self, order_no: str, unit: str) -> Script:
        yield from self._read(order_no, "sort", unit[:9])
        said = {"disposition": "outside_duty", "answer": "属市场服务事项,已告知可联系的机构。"}
        asked = {"order_no": order_no, "idempotency_key": key(order_no, "answer")} | said
        yield Ask("intake", "answer_order", asked, Role.CLERK, unit[:9])

    def on_complaint_answered(self, event: dict[str, Any]) -> None:
        """Some callers insist, and the hotline has it taken up after all."""
        order_no = event["order_no"]
        is_clerks = event["answered_by"] != "hotline"
        if is_clerks and self.dice.happens(shares().clerks.reinstated_ratio, "insists", order_no):
            at = in_working_hours(instant(event["answered_at"]) + 20 * HOUR)
            self.agenda.put(f"reinstate {order_no}", at, lambda: self._reinstate(order_no))

    def _reinstate(self, order_no: str) -> Script:
        asked = {"order_no": order_no, "reason": "来电人坚持要求办理。", "idempotency_key": key(order_no, "reinstate")}
        yield Ask("intake", "reinstate_order", asked, Role.HOTLINE)

    def _call_emergency_line(self, event: dict[str, Any]) -> None:
        order_no, unit = event["order_no"], event["unit_code"]
        is_urgent = event["sla_class"] == "emergency" and order_no[0].isdigit()
        if is_urgent and self.dice.happens(shares().clerks.handed_over_ratio, "handed over", order_no):
            at = next_hour(instant(event["dispatched_at"]))
            self.agenda.put(f"hand over {order_no}", at, lambda: self._hand_over(order_no, unit))

    def _hand_over(self, order_no: str, unit: str) -> Script:
        """Their own task goes on all the same."""
        yield from self._read(order_no, "handle", unit)
        line = self.dice.one_of(("fire", "fire", "ambulance"), "line", order_no)
        told = {"order_no": order_no, "line": line, "reference": f"{order_no}-E", "words": "有危险,已转紧急服务。"}
        yield Ask("intake", "hand_over_order", told | {"idempotency_key": key(order_no, "hand")}, Role.CLERK, unit)

    def _read(self, order_no: str, reason: str, unit: str) -> Script:
        about = {"order_no": order_no, "reason": reason, "idempotency_key": key(order_no, reason, "read")}
        yield Ask("intake", "read_order", about, Role.CLERK, unit)

    def _correct(self, order_no: str, unit: str) -> Script:
        request = {
            "order_no": order_no,
            "unit_code": unit,
            "reason": "现场核实,位置属相邻社区。",
            "idempotency_key": key(order_no, "correct"),
        }
        yield Ask("intake", "correct_order", request, Role.CLERK, unit[:9])

    def _settle(self, order_no: str, desk: str) -> Script:
        """As the suite suggests, once they have read their list."""
        listed = yield Ask("intake", "list_to_settle", {"unit_code": desk}, Role.CLERK, desk)
        found = [one for one in listed["orders"] if one["order_no"] == order_no]
        for one in found:
            about = {"order_no": order_no, "idempotency_key": key(order_no, "settle")}
            if one["suggestion"] == "return_to_hotline":
                away = {"reason": "地址不在本区,请转有关区办理。"}
                yield Ask("intake", "return_to_hotline", about | away, Role.CLERK, desk)
            else:
                given = {"unit_code": one["suggested_unit"], "reason": "与来电人核实地址后确定。"}
                yield Ask("intake", "settle_order", about | given, Role.CLERK, desk)
