"""Plays the clerks of the order desks 工单受理: they settle which unit an order is for, or give it back."""

from datetime import timedelta
from typing import Any

from services.rehearsal.agenda import HOUR, Script, next_hour
from services.rehearsal.calling import Ask
from services.rehearsal.people.desk import People, instant, key
from shared.auth import Role

JUST_BEFORE = timedelta(minutes=5)


class Clerks(People):
    """They look at their list some time after an order came onto it, and always before its time is over."""

    listens_to = ("complaint_accepted.v1",)

    def on_complaint_accepted(self, event: dict[str, Any]) -> None:
        if event["settles_at"] is None:
            return
        last = instant(event["settles_at"]) - JUST_BEFORE
        at = min(next_hour(instant(event["dispatched_at"]) + HOUR), last)
        self.agenda.put(f"settle {event['order_no']}", at, lambda: self._settle(event["order_no"], event["unit_code"]))

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
