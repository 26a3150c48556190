"""Plays who comes instead of calling: to the desk, with a list that neighbours signed, or on the web with a proposal.

Each is given a check code, and some look up by it what became of their matter.
"""

from datetime import timedelta
from typing import Any

from services.rehearsal.agenda import HOUR, Script, in_waking_hours, in_working_hours
from services.rehearsal.calling import Ask
from services.rehearsal.dice import Dice
from services.rehearsal.people.desk import People, instant, key
from services.rehearsal.shares import shares, texts
from shared.auth import Role
from shared.units import Tier, tier_of

DAY = timedelta(days=1)


class Visitors(People):
    """They come beside the orders of a community. `filed`: the numbers of what they said."""

    listens_to = ("complaint_accepted.v1",)

    def __init__(self, dice: Dice) -> None:
        super().__init__(dice)
        self.filed: set[str] = set()

    def on_complaint_accepted(self, event: dict[str, Any]) -> None:
        beside, unit, share = event["order_no"], event["unit_code"], shares().visitors
        if tier_of(unit) is not Tier.COMMUNITY or event["settles_at"] is not None or beside in self.filed:
            return
        at = in_working_hours(instant(event["dispatched_at"]) + 3 * HOUR)
        if self.dice.happens(share.visit_ratio, "visit", beside):
            self.agenda.put(f"visit beside {beside}", at, lambda: self._visit(beside, unit))
        if self.dice.happens(share.online_ratio, "online", beside):
            self.agenda.put(f"online beside {beside}", at, lambda: self._propose(beside, unit))

    def _visit(self, beside: str, unit: str) -> Script:
        """Taken in by the clerk at the desk; a petition is verified by one of the next days."""
        if self.dice.happens(shares().visitors.petition_ratio, "petition", beside):
            yield from self._petition(beside, unit)
            return
        said = self.dice.one_of(texts()["visits"], "said", beside)
        about = {"title": said, "content": f"来访人反映:{said}"}
        yield from self._file(beside, "file_order", about, Role.CLERK, unit)

    def _petition(self, beside: str, unit: str) -> Script:
        said = self.dice.one_of(texts()["petitions"], "petition said", beside)
        fewest, most = shares().visitors.signatures
        signatures = self.dice.whole(fewest, most, "signatures", beside)
        about = {"title": said, "content": f"居民联名反映:{said},附签名。", "channel": "letter"}
        order_no = yield from self._file(beside, "file_order", about | {"signatures": signatures}, Role.CLERK, unit)
        at = in_working_hours(self.now + DAY)
        self.agenda.put(f"verify {order_no}", at, lambda: self._verify(order_no, signatures, unit))

    def _verify(self, order_no: str, signatures: int, unit: str) -> Script:
        """A clerk goes through the list, having read what it is about."""
        read = {"order_no": order_no, "reason": "sort", "idempotency_key": key(order_no, "read")}
        yield Ask("intake", "read_order", read, Role.CLERK, unit)
        low, high = shares().visitors.real_ratio
        real = round(signatures * self.dice.between(low, high, "real", order_no))
        found = {"order_no": order_no, "verified": real, "reason": "逐户电话核实。"}
        found |= {"idempotency_key": key(order_no, "verify")}
        yield Ask("intake", "verify_signatures", found, Role.CLERK, unit)

    def _propose(self, beside: str, unit: str) -> Script:
        said = self.dice.one_of(texts()["proposals"], "proposal", beside)
        about = {"title": f"建议{said}", "content": f"建议{said},方便老人和孩子。", "unit_codes": [unit]}
        yield from self._file(beside, "file_proposal", about, Role.RESIDENT, None)

    def _file(self, beside: str, method: str, said: dict[str, Any], role: Role, unit: str | None) -> Any:
        """Gives the number under which it is known."""
        phone = f"136{self.dice.whole(0, 99_999_999, 'phone', beside):08}"
        order = said | {"caller_phone": phone, "idempotency_key": key(beside, method)}
        filed = yield Ask("intake", method, order, role, unit)
        self.filed.add(filed["order_no"])
        if self.dice.happens(shares().visitors.follows_ratio, "follows", beside):
            at = in_waking_hours(self.now + 6 * DAY)
            self.agenda.put(f"follow {filed['order_no']}", at, lambda: self._follow(filed))
        return filed["order_no"]

    def _follow(self, filed: dict[str, Any]) -> Script:
        about = {"order_no": filed["order_no"], "check_code": filed["check_code"]}
        yield Ask("intake", "read_by_check_code", about, Role.PUBLIC)
