"""Plays the clerks of the order desks 工单受理: they settle which unit an order is for, give it back, or correct it;
they follow emergencies that were handed over, hear that a court has it, take in what is said at them, and find public
words for what goes before a council.
"""

from datetime import timedelta
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

    listens_to = ("complaint_accepted.v1", "complaint_handed_over.v1", "issue_listed.v1")

    def __init__(self, dice: Dice) -> None:
        super().__init__(dice)
        self._units = UnitDirectory.load(settings().units_file)
        self.filed: set[str] = set()
        """The numbers of what was said at their desks."""

    def on_complaint_accepted(self, event: dict[str, Any]) -> None:
        if event["settles_at"] is None:
            self._check(event)
            self._hear_of_court(event)
            self._receive(event)
            return
        last = instant(event["settles_at"]) - JUST_BEFORE
        at = min(next_hour(instant(event["dispatched_at"]) + HOUR), last)
        self.agenda.put(f"settle {event['order_no']}", at, lambda: self._settle(event["order_no"], event["unit_code"]))

    def on_complaint_handed_over(self, event: dict[str, Any]) -> None:
        """They ask the emergency line what came of it, before their time for that is over."""
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

    def _receive(self, event: dict[str, Any]) -> None:
        """On some days somebody comes to the desk of the community, instead of calling."""
        beside, unit = event["order_no"], event["unit_code"]
        comes = self.dice.happens(shares().clerks.visit_ratio, "visit", beside)
        if comes and tier_of(unit) is Tier.COMMUNITY and beside not in self.filed:
            at = in_working_hours(instant(event["dispatched_at"]) + 3 * HOUR)
            self.agenda.put(f"visit beside {beside}", at, lambda: self._file(beside, unit))

    def _file(self, beside: str, unit: str) -> Script:
        said = self.dice.one_of(texts()["visits"], "said", beside)
        phone = f"136{self.dice.whole(0, 99_999_999, 'phone', beside):08}"
        about = {"title": said, "content": f"来访人反映:{said}", "caller_phone": phone}
        order = about | {"idempotency_key": key(beside, "visit")}
        filed = yield Ask("intake", "file_order", order, Role.CLERK, unit)
        self.filed.add(filed["order_no"])

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
