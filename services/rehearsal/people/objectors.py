"""Plays what becomes of resolutions on display: residents object, by themselves or at the desk, and chairs answer them.

They also answer what a department says when it declines its task; see `handlers`.
"""

from datetime import timedelta
from typing import Any

from services.rehearsal.agenda import HOUR, Script, in_working_hours
from services.rehearsal.calling import Ask
from services.rehearsal.people.desk import People, instant, key, listed_for
from services.rehearsal.shares import shares, texts
from shared.auth import Role
from shared.units import Tier, parent_of, tier_of

OPEN = ("displayed", "contested")
REASONS = "施工期间影响一层住户通行,希望调整方案。"
ANSWERS = {
    "stands": "已当面说明:方案已避开通行时段,维持决议。",
    "returned": "意见成立,退回居民重新协商。",
    "referred": "超出本级权限,转报上级协商。",
}


class Objectors(People):
    """Who objects looks first whether it is on display for them; who answers finds it on their list and reads it."""

    listens_to = ("resolution_published.v1", "resolution_objected.v1", "issue_closed.v1")

    def on_resolution_published(self, event: dict[str, Any]) -> None:
        resolution_id, share = event["resolution_id"], shares().displays
        if self.dice.happens(share.objected_ratio, "objects", resolution_id):
            wait = timedelta(days=self.dice.between(0.5, 6, "objects after", resolution_id))
            is_at_desk = self.dice.happens(share.desk_ratio, "at the desk", resolution_id)
            object_to = self._object_at_desk if is_at_desk else self._object
            at = in_working_hours(instant(event["published_at"]) + wait)
            self.agenda.put(f"{event['issue_id']}:object", at, lambda: object_to(event))

    def on_resolution_objected(self, event: dict[str, Any]) -> None:
        """Most are answered the next day, and some never."""
        ref = f"{event['resolution_id']}:{event['number']}"
        if not self.dice.happens(shares().displays.unanswered_ratio, "unanswered", ref):
            wait = HOUR * self.dice.between(4, 40, "answers after", ref)
            at = in_working_hours(instant(event["objected_at"]) + wait)
            self.agenda.put(f"{event['issue_id']}:answer {ref}", at, lambda: self._answer(event))

    def on_issue_closed(self, event: dict[str, Any]) -> None:
        self.agenda.drop(f"{event['issue_id']}:object")

    def _object(self, event: dict[str, Any]) -> Script:
        """What is not public is shown to no resident, and nobody objects to it."""
        resolution_id, unit = event["resolution_id"], event["unit_code"]
        shown = yield Ask("deliberation", "list_resolutions", {"unit_code": unit}, Role.RESIDENT)
        if resolution_id in [one["resolution_id"] for one in shown["resolutions"] if one["state"] in OPEN]:
            said = {"resolution_id": resolution_id, "reasons": REASONS, "idempotency_key": key(resolution_id, "object")}
            yield Ask("deliberation", "object_to_resolution", said, Role.RESIDENT)

    def _object_at_desk(self, event: dict[str, Any]) -> Script:
        resolution_id, unit = event["resolution_id"], event["unit_code"]
        shown = yield Ask("deliberation", "get_resolution", {"resolution_id": resolution_id}, Role.CLERK, unit)
        if shown["state"] in OPEN:
            objector = self.dice.one_of(texts()["surnames"], "objector", resolution_id) + "某"
            said = {"resolution_id": resolution_id, "objector": objector, "reasons": REASONS}
            said |= {"idempotency_key": key(resolution_id, "record objection")}
            yield Ask("deliberation", "record_objection", said, Role.CLERK, unit)

    def _answer(self, event: dict[str, Any]) -> Script:
        """The chair; of what their own unit's people decline, the chair of the unit above."""
        resolution_id, unit = event["resolution_id"], event["unit_code"]
        is_own = event["organisation"].startswith(f"{unit}/") and tier_of(unit) is not Tier.DISTRICT
        where = parent_of(unit) if is_own else unit
        waits = yield from listed_for("deliberation", Role.CHAIR, where, resolution_id)
        if not waits:
            return
        read = yield Ask("deliberation", "get_resolution", {"resolution_id": resolution_id}, Role.CHAIR, where)
        review = self._review(event)
        for one in read["objections"]:
            if one["number"] == event["number"] and one["review"] is None:
                about = {"resolution_id": resolution_id, "number": one["number"]}
                said = {"review": review, "answer": ANSWERS[review]}
                said |= {"idempotency_key": key(resolution_id, one["number"], "review")}
                yield Ask("deliberation", "review_objection", about | said, Role.CHAIR, where)

    def _review(self, event: dict[str, Any]) -> str:
        """What an organisation declined does not stand; the district has nobody to refer it to."""
        ref, share = f"{event['resolution_id']}:{event['number']}", shares().displays
        if not event["task_id"] and self.dice.happens(share.stands_ratio, "stands", ref):
            return "stands"
        is_referred = self.dice.happens(share.referred_ratio, "referred", ref)
        return "referred" if is_referred and tier_of(event["unit_code"]) is not Tier.DISTRICT else "returned"
