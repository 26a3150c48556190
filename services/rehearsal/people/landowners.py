"""Plays asking whom nobody here commands 征询, such as the railway for its land, and the letters that come back or not.

The organisations are entered into the directory by the district's leader when the exercise begins.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from services.rehearsal.agenda import HOUR, Script, in_working_hours
from services.rehearsal.calling import Ask
from services.rehearsal.people.desk import People, instant, key, listed_for
from services.rehearsal.shares import shares
from shared.auth import Role
from shared.units import Tier, tier_of

ASKED = {
    "exercise/railway": ("铁路工务段(演练)", "land_owner", "their_land", "铁路用地内积水、围栏破损,请协助清理修复。"),
    "exercise/barracks": ("驻区部队营房处(演练)", "land_owner", "their_facility", "共用管线检修须进入院内,请协助。"),
}
"""Name, kind, the reason for which it is asked, and what for."""
LONG_LIMIT = timedelta(days=5)


class Landowners(People):
    """A handler writes, the organisation answers or not, and a leader takes down what it wrote."""

    listens_to = ("task_assigned.v1", "request_asked.v1", "issue_closed.v1")

    def begin(self, at: datetime, district: str) -> None:
        self.agenda.put("enter", at, lambda: self._enter(district))

    def _enter(self, district: str) -> Script:
        for organisation, (name, kind, *_) in ASKED.items():
            facts = {"name": name, "kind": kind, "standing": "asked", "unit": district}
            entry = {"kind": "organisation", "entry_id": organisation, "facts": facts, "why": "不属本区管理的用地单位"}
            entry |= {"idempotency_key": key("enter", organisation)}
            yield Ask("directory", "propose_entry", entry, Role.LEADER, district)

    def on_task_assigned(self, event: dict[str, Any]) -> None:
        limit = instant(event["due_at"]) - instant(event["assigned_at"])
        is_ours = limit >= LONG_LIMIT and event["attempt"] == 1 and tier_of(event["unit_code"]) is not Tier.DISTRICT
        if is_ours and self.dice.happens(shares().landowners.asked_ratio, "asks", event["task_id"]):
            at = in_working_hours(instant(event["assigned_at"]) + 10 * HOUR)
            self.agenda.put(f"{event['issue_id']}:ask", at, lambda: self._ask(event))

    def on_request_asked(self, event: dict[str, Any]) -> None:
        """Where nobody writes back, its silence is on record when the time is over."""
        share, request_id = shares().landowners, event["request_id"]
        if event["whom"] and self.dice.happens(share.answered_ratio, "writes back", request_id):
            first, last = share.answer_days
            wait = timedelta(days=self.dice.between(first, last, "writes back after", request_id))
            at = in_working_hours(instant(event["asked_at"]) + wait)
            self.agenda.put(f"{event['issue_id']}:answer", at, lambda: self._take_down(event))

    def on_issue_closed(self, event: dict[str, Any]) -> None:
        self.agenda.drop(f"{event['issue_id']}:ask", f"{event['issue_id']}:answer")

    def _ask(self, event: dict[str, Any]) -> Script:
        """Whoever has the task, if it is still theirs to do."""
        unit, theirs = event["unit_code"], event["organisation_id"]
        if not (yield from listed_for("dispatch", Role.HANDLER, unit, event["task_id"], theirs)):
            return
        organisation = self.dice.one_of(sorted(ASKED), "whom", event["task_id"])
        _, _, reason, words = ASKED[organisation]
        asked = {"issue_id": event["issue_id"], "organisation_id": organisation, "reason": reason, "words": words}
        asked |= {"idempotency_key": key(event["task_id"], "ask organisation")}
        yield Ask("supervision", "ask_organisation", asked, Role.HANDLER, unit, theirs)

    def _take_down(self, event: dict[str, Any]) -> Script:
        request_id, unit = event["request_id"], event["decided_in"]
        read = yield Ask("supervision", "get_request", {"request_id": request_id}, Role.LEADER, unit)
        if read["state"] != "asked":
            return
        agrees = self.dice.happens(shares().landowners.agrees_ratio, "agrees", request_id)
        shown = hashlib.sha256(request_id.encode()).hexdigest()
        letter = {
            "request_id": request_id,
            "agrees": agrees,
            "words": "同意,下周安排施工。" if agrees else "暂无施工计划,不同意。",
            "answered_by": ASKED[event["whom"]][0],
            "evidence": [{"uri": f"https://files.example.org/{shown[:16]}.pdf", "sha256": shown}],
            "idempotency_key": key(request_id, "answer"),
        }
        yield Ask("supervision", "record_answer", letter, Role.LEADER, unit)
