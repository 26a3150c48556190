"""Plays supervisors 督办员 and evaluators: return down, look back, settle what the district must, publish periods."""

from datetime import timedelta
from typing import Any

from services.rehearsal.agenda import HOUR, Script, in_working_hours, next_hour
from services.rehearsal.calling import Ask
from services.rehearsal.people.desk import People, instant, key, listed_for
from services.rehearsal.shares import shares
from shared.auth import Role
from shared.units import Tier, tier_of

DECIDED = {
    "backstop": ("again", "由区专班重新办理。"),
    "overdue": ("noted", "需市级立项,已报送。"),
    "disputed": ("noted", "由区级直接办理。"),
    "lapsed": ("noted", "已督促社区按时召开。"),
    "not_asked": ("noted", "已督促补做回访。"),
}
"""How they settle an incident, and why."""


class Supervisors(People):
    """They work for the whole district."""

    listens_to = (
        "issue_escalated.v1",
        "issue_closed.v1",
        "look_back_due.v1",
        "incident_opened.v1",
        "request_asked.v1",
        "task_return_asked.v1",
        "issue_pended.v1",
        "issue_unpended.v1",
        "period_frozen.v1",
    )

    def on_issue_escalated(self, event: dict[str, Any]) -> None:
        """A street gives some of what climbed back, once, with advice."""
        issue_id = event["issue_id"]
        self.agenda.drop(issue_id)
        is_plain = event["reason"] == "over_duty" and tier_of(event["to_unit"]) is Tier.STREET
        if is_plain and self.dice.happens(shares().supervisors.return_down_ratio, "return down", issue_id):
            at = in_working_hours(instant(event["escalated_at"]) + timedelta(hours=20))
            self.agenda.put(issue_id, at, lambda: self._return_down(issue_id, event["to_unit"]))

    def on_issue_closed(self, event: dict[str, Any]) -> None:
        self.agenda.drop(event["issue_id"])

    def on_look_back_due(self, event: dict[str, Any]) -> None:
        at = in_working_hours(instant(event["due_at"]) + 3 * HOUR)
        self.agenda.put(f"{event['issue_id']}:look back {event['number']}", at, lambda: self._look_back(event))

    def on_incident_opened(self, event: dict[str, Any]) -> None:
        if event["kind"] not in DECIDED:
            return  # it ends by itself
        at = in_working_hours(instant(event["opened_at"]) + 2 * HOUR)
        self.agenda.put(f"incident {event['incident_id']}", at, lambda: self._settle(event))

    def on_request_asked(self, event: dict[str, Any]) -> None:
        """Somebody above decides most of them, and lets some be. What another organisation is asked is for that."""
        if not event["whom"]:
            self._plan_decision(event, "supervision", Role.LEADER)

    def on_task_return_asked(self, event: dict[str, Any]) -> None:
        """The same of objections; an appeal is a leader's, who has not refused it before."""
        self._plan_decision(event, "dispatch", Role.LEADER if event["appeals"] else Role.SUPERVISOR)

    def _plan_decision(self, event: dict[str, Any], service: str, role: Role) -> None:
        if not self.dice.happens(shares().supervisors.undecided_ratio, "undecided", event["request_id"]):
            at = next_hour(instant(event["asked_at"]) + HOUR)
            self.agenda.put(f"decide {event['request_id']}", at, lambda: self._decide(event, service, role))

    def on_issue_pended(self, event: dict[str, Any]) -> None:
        """Who may approve what is pending looks at it again on its day."""
        at = in_working_hours(instant(event["review_at"]) - 10 * HOUR)
        self.agenda.put(f"review {event['issue_id']}", at, lambda: self._review(event))

    def on_issue_unpended(self, event: dict[str, Any]) -> None:
        self.agenda.drop(f"review {event['issue_id']}")

    def on_period_frozen(self, event: dict[str, Any]) -> None:
        at = in_working_hours(instant(event["frozen_at"]) + HOUR)
        self.agenda.put(f"period {event['period_id']}", at, lambda: self._publish(event))

    def _return_down(self, issue_id: str, unit: str) -> Script:
        request = {
            "issue_id": issue_id,
            "reason": "社区先组织协商,街道派人指导。",
            "idempotency_key": key(issue_id, "down"),
        }
        yield Ask("supervision", "return_down", request, Role.SUPERVISOR, unit)

    def _look_back(self, event: dict[str, Any]) -> Script:
        ref = f"{event['issue_id']}:{event['number']}"
        relapsed = self.dice.happens(shares().supervisors.look_back_relapse_ratio, "look back", ref)
        request = {
            "issue_id": event["issue_id"],
            "relapsed": relapsed,
            "remark": "现场查看,问题反弹。" if relapsed else "现场查看,未反弹。",
            "idempotency_key": key(ref),
        }
        yield Ask("supervision", "record_look_back", request, Role.SUPERVISOR)

    def _decide(self, event: dict[str, Any], service: str, role: Role) -> Script:
        request_id = event["request_id"]
        is_refused = self.dice.happens(shares().supervisors.refused_ratio, "refused", request_id)
        request = {
            "request_id": request_id,
            "grant": not is_refused,
            "reason": "理由不充分,请按期办理。" if is_refused else "情况属实,同意。",
            "idempotency_key": key(request_id, "decide"),
        }
        yield Ask(service, "decide_request", request, role, event["decided_in"])

    def _review(self, event: dict[str, Any]) -> Script:
        review_on = (self.now + timedelta(days=shares().supervisors.review_days)).date()
        request = {
            "issue_id": event["issue_id"],
            "stays": True,
            "review_on": review_on.isoformat(),
            "words": "按计划推进,下次再看。",
            "idempotency_key": key(event["issue_id"], "review", event["review_at"]),
        }
        yield Ask("supervision", "review_pending", request, Role.LEADER)

    def _settle(self, event: dict[str, Any]) -> Script:
        if not (yield from listed_for("supervision", Role.SUPERVISOR, None, event["incident_id"])):
            return
        request = {
            "incident_id": event["incident_id"],
            "decision": DECIDED[event["kind"]][0],
            "reason": DECIDED[event["kind"]][1],
            "idempotency_key": key(event["incident_id"]),
        }
        yield Ask("supervision", "settle_incident", request, Role.SUPERVISOR)

    def _publish(self, event: dict[str, Any]) -> Script:
        request = {"period_id": event["period_id"], "idempotency_key": key("publish", event["period_id"])}
        yield Ask("evaluation", "publish_period", request, Role.EVALUATOR)
