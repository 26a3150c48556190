"""Plays the leaders of units to which the clock has brought what was not done below: they look who is at work on it."""

from typing import Any

from services.rehearsal.agenda import HOUR, Script, in_working_hours
from services.rehearsal.calling import Ask
from services.rehearsal.people.desk import People, instant, key
from shared.auth import Role


class Leaders(People):
    """What nobody has signed for they take over; who is at work goes on."""

    listens_to = ("issue_escalated.v1", "issue_closed.v1")

    def on_issue_escalated(self, event: dict[str, Any]) -> None:
        issue_id, holder = event["issue_id"], event["to_unit"]
        at = in_working_hours(instant(event["escalated_at"]) + 3 * HOUR)
        self.agenda.put(issue_id, at, lambda: self._look_at_tasks(issue_id, holder))

    def on_issue_closed(self, event: dict[str, Any]) -> None:
        self.agenda.drop(event["issue_id"])

    def _look_at_tasks(self, issue_id: str, holder: str) -> Script:
        listed = yield Ask("dispatch", "list_tasks", {"issue_id": issue_id}, Role.LEADER, holder)
        for task in listed["tasks"]:
            is_below = task["unit_code"] != holder and task["unit_code"].startswith(holder)
            if is_below and task["state"] == "assigned":
                why = {
                    "reason": "下级逾期未签收,由本级直接办理。",
                    "idempotency_key": key(task["task_id"], "take over"),
                }
                yield Ask("dispatch", "take_over_task", {"task_id": task["task_id"]} | why, Role.LEADER, holder)
