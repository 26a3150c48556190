"""Plays the streets' own systems, which call the escalation RPC: over the level, over the duty, across areas."""

import hashlib
from datetime import timedelta
from typing import Any

from services.rehearsal.agenda import Script, in_working_hours, next_hour
from services.rehearsal.calling import Ask
from services.rehearsal.people.desk import People, instant, key
from services.rehearsal.shares import shares
from shared.auth import Role
from shared.errors import Refused
from shared.units import Tier, tier_of

EXPLANATIONS = {
    "over_level": "需要区级部门统筹,超出街道层级。",
    "over_duty": "涉及市政管线权属,超出本级职责。",
    "cross_area": "涉及相邻街道,需要跨区域协调。",
    "demonstration": "拟作为示范性协商项目,由区级指导。",
}


class StreetSystems(People):
    """A street looks at what it and its communities hold, and takes up what can't be solved there."""

    listens_to = (
        "issue_raised.v1",
        "issue_escalated.v1",
        "issue_reopened.v1",
        "issue_reassigned.v1",
        "request_decided.v1",
        "issue_closed.v1",
    )

    def on_issue_raised(self, event: dict[str, Any]) -> None:
        self._look_at(event["issue_id"], event["unit_code"], event["raised_at"], 0)

    def on_issue_escalated(self, event: dict[str, Any]) -> None:
        self._look_at(event["issue_id"], event["to_unit"], event["escalated_at"], event["rung"])

    def on_issue_reopened(self, event: dict[str, Any]) -> None:
        self._look_at(event["issue_id"], event["to_unit"], event["reopened_at"], f"relapse {event['relapse']}")

    def on_issue_reassigned(self, event: dict[str, Any]) -> None:
        since = event["reassigned_at"]
        self._look_at(event["issue_id"], event["to_unit"], since, f"reassigned {since}")

    def on_issue_closed(self, event: dict[str, Any]) -> None:
        self.agenda.drop(event["issue_id"])

    def _look_at(self, issue_id: str, unit_code: str, since: str, rung: object) -> None:
        self.agenda.drop(issue_id)
        reason = self._reason(issue_id, unit_code, rung)
        if reason is None:
            return
        first, last = shares().streets.after_days
        days = self.dice.between(first, last, "escalates after", f"{issue_id}:{rung}")
        at = in_working_hours(instant(since) + timedelta(days=days))
        if reason == "demonstration":
            self.agenda.put(issue_id, at, lambda: self._ask_consent(issue_id, unit_code, rung))
        else:
            self.agenda.put(issue_id, at, lambda: self._escalate(issue_id, unit_code, reason, rung))

    def on_request_decided(self, event: dict[str, Any]) -> None:
        """The district consents: it climbs."""
        if event["wants"] == "demonstration" and event["granted"]:
            issue_id, unit_code = event["issue_id"], event["unit_code"]
            at = next_hour(instant(event["decided_at"]))
            rung = event["request_id"]
            self.agenda.put(issue_id, at, lambda: self._escalate(issue_id, unit_code, "demonstration", rung))

    def _reason(self, issue_id: str, unit_code: str, rung: object) -> str | None:
        share, thrown = shares().streets, self.dice.share("escalates", f"{issue_id}:{rung}")
        tier = tier_of(unit_code)
        chances: tuple[tuple[str, float], ...]
        if tier is Tier.DISTRICT:
            return None
        if tier is Tier.STREET:
            chances = (
                ("over_level", share.over_level_ratio),
                ("cross_area", share.cross_area_ratio),
                ("demonstration", 0.01),
            )
        else:
            chances = (("over_duty", share.over_duty_ratio), ("cross_area", share.cross_area_ratio))
        for reason, chance in chances:
            if thrown < chance:
                return reason
            thrown -= chance
        return None

    def _ask_consent(self, issue_id: str, unit_code: str, rung: object) -> Script:
        """The district decides; see `supervisors`."""
        words = {"issue_id": issue_id, "reason": "general", "words": EXPLANATIONS["demonstration"]}
        request = words | {"idempotency_key": key(issue_id, rung, "consent")}
        yield Ask("supervision", "ask_demonstration", request, Role.LEADER, unit_code)

    def _escalate(self, issue_id: str, unit_code: str, reason: str, rung: object) -> Script:
        """Ask first where it would go, then do it. What the duty list lets them lead they give as over their level."""
        request = {
            "issue_id": issue_id,
            "from_unit": unit_code,
            "reason": reason,
            "explanation": EXPLANATIONS[reason],
            "tried": "已组织有关科室到现场协调两次,未能解决。",
            "evidence": [
                {
                    "uri": f"https://files.example.org/{issue_id}.pdf",
                    "sha256": hashlib.sha256(issue_id.encode()).hexdigest(),
                }
            ],
        }
        street = unit_code[:9]
        try:
            yield Ask("escalation", "preview", dict(request), Role.STREET_SYSTEM, street)
        except Refused as refusal:
            if refusal.code != "within_duty":
                raise
            request |= {"reason": "over_level", "explanation": EXPLANATIONS["over_level"]}
        yield Ask(
            "escalation", "escalate", request | {"idempotency_key": key(issue_id, rung)}, Role.STREET_SYSTEM, street
        )
