"""Plays who asks the hotline for what only it decides 退单、剔除、再次回访. What it answers is played by `updates`."""

from datetime import datetime, timedelta
from typing import Any

from services.rehearsal.agenda import HOUR, Script, in_working_hours
from services.rehearsal.calling import Ask
from services.rehearsal.people.desk import People, instant, key
from services.rehearsal.shares import shares
from shared.auth import Role
from shared.units import Tier, tier_of

WINDOW = timedelta(hours=22)
"""A return is asked for soon, or no more."""
WORDS = {
    "return": ("not_our_area", "经核实,位置不在本辖区。"),
    "exclusion": ("outside_authority", "属市级权限,已书面说明。"),
    "callback": ("solved_since", "回访后已办结,来电人认可,请再次回访。"),
}


class Askers(People):
    """Clerks ask for returns of what came in, leaders for the rest, once they have read the order."""

    listens_to = ("complaint_accepted.v1", "callback_completed.v1")

    def on_complaint_accepted(self, event: dict[str, Any]) -> None:
        order_no, unit = event["order_no"], event["unit_code"]
        is_hotlines = order_no[0].isdigit() and event["dispatch_kind"] == "direct" and event["settles_at"] is None
        if not is_hotlines or tier_of(unit) is Tier.DISTRICT or event["sla_class"] not in ("general", "complex"):
            return
        at = in_working_hours(instant(event["dispatched_at"]) + 2 * HOUR)
        is_soon = at < instant(event["dispatched_at"]) + WINDOW
        if is_soon and self.dice.happens(shares().requests.return_ratio, "asks return", order_no):
            self._plan(order_no, "return", Role.CLERK, unit, at)

    def on_callback_completed(self, event: dict[str, Any]) -> None:
        """The leader of the street sees what the hotline was told, and asks once."""
        order_no, street = event["order_no"], event["unit_code"][:9]
        if event["asked_by"] != "hotline" or event["solved"] != "no" or not order_no[0].isdigit():
            return
        at = in_working_hours(instant(event["completed_at"]) + 3 * HOUR)
        thrown, share = self.dice.share("asks the hotline", order_no), shares().requests
        if thrown < share.exclusion_ratio:
            self._plan(order_no, "exclusion", Role.LEADER, street, at)
        elif thrown < share.exclusion_ratio + share.callback_ratio:
            self._plan(order_no, "callback", Role.LEADER, street, at)

    def _plan(self, order_no: str, wants: str, role: Role, unit: str, at: datetime) -> None:
        self.agenda.put(f"{wants} {order_no}", at, lambda: self._ask(order_no, wants, role, unit))

    def _ask(self, order_no: str, wants: str, role: Role, unit: str) -> Script:
        read = {"order_no": order_no, "reason": "handle", "idempotency_key": key(order_no, wants, "read")}
        yield Ask("intake", "read_order", read, role, unit)
        reason, words = WORDS[wants]
        asked = {"order_no": order_no, "wants": wants, "reason": reason, "words": words}
        yield Ask("intake", "ask_hotline", asked | {"idempotency_key": key(order_no, wants)}, role, unit)
