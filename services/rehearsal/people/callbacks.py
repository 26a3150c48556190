"""Plays the callback agents 回访员, and the callers they ring up: contacted? solved? satisfied?"""

from datetime import datetime
from typing import Any

from services.rehearsal.agenda import HOUR, Script, in_waking_hours
from services.rehearsal.calling import Ask
from services.rehearsal.people.desk import People, instant, key
from services.rehearsal.shares import shares
from shared.auth import Role
from shared.units import Tier, tier_of

Answers = dict[str, Any]


class CallbackAgents(People):
    """Each call that evaluation starts is made some hours later. Calls on one issue are made one after the other."""

    listens_to = (
        "callback_started.v1",
        "issue_handled.v1",
        "redo_ordered.v1",
        "issue_escalated.v1",
        "issue_reopened.v1",
        "issue_reassigned.v1",
    )

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._handled: set[str] = set()
        self._calls: dict[str, list[tuple[datetime, str, dict[str, Any]]]] = {}

    def on_issue_handled(self, event: dict[str, Any]) -> None:
        self._handled.add(event["issue_id"])

    def on_redo_ordered(self, event: dict[str, Any]) -> None:
        self._handled.discard(event["issue_id"])

    on_issue_escalated = on_redo_ordered
    on_issue_reopened = on_redo_ordered
    on_issue_reassigned = on_redo_ordered

    def on_callback_started(self, event: dict[str, Any]) -> None:
        ref = f"{event['order_no']}:{event['round']}:{event['attempt']}"
        first, last = shares().callbacks.ask_hours
        wait = HOUR * self.dice.between(first, last, "asks after", ref)
        at = in_waking_hours(instant(event["started_at"]) + wait)
        due = self._calls.setdefault(event["issue_id"], [])
        due.append((at, ref, event))
        self.agenda.put(f"{event['issue_id']}:{at.isoformat()}", at, lambda: self._ring_up(event["issue_id"], at))

    def _ring_up(self, issue_id: str, at: datetime) -> Script:
        waiting = self._calls.get(issue_id, [])
        self._calls[issue_id] = [one for one in waiting if one[0] != at]
        for _, ref, event in sorted((one for one in waiting if one[0] == at), key=lambda one: one[1]):
            request = {
                "order_no": event["order_no"],
                **self._answers(event, ref),
                "idempotency_key": key(event["order_no"], event["round"], event["attempt"]),
            }
            yield Ask("evaluation", "record_callback", request, Role.CALLBACK_AGENT)

    def _answers(self, event: dict[str, Any], ref: str) -> Answers:
        share = shares().callbacks
        if not self.dice.happens(share.reached_ratio, "reached", ref):
            return {"reached": False}
        solved = self._is_solved(event, ref)
        content = solved == "yes" and self.dice.happens(share.satisfied_ratio, "satisfied", ref)
        scores = (4, 5) if content else (2, 3, 4) if solved != "no" else (1, 2)
        return {
            "reached": True,
            "contacted": self.dice.happens(share.contacted_ratio, "contacted", ref),
            "solved": solved,
            "satisfaction": self.dice.one_of(scores, "score", ref),
        }

    def _is_solved(self, event: dict[str, Any], ref: str) -> str:
        share, thrown = shares().callbacks, self.dice.share("solved", ref)
        if event["issue_id"] not in self._handled:
            return "yes" if thrown < share.unhandled_solved_ratio else "no"
        if thrown < share.solved_ratio:
            return "yes"
        if thrown < share.solved_ratio + share.partly_ratio or tier_of(event["unit_code"]) is Tier.DISTRICT:
            return "partly"  # the district solves what reaches it, at least in part
        return "no"
