"""Plays the callers who are rung up: contacted? solved? satisfied?"""

from typing import Any

from services.rehearsal.dice import Dice
from services.rehearsal.hearing import Heard
from services.rehearsal.shares import shares
from shared.units import Tier, tier_of

REDISPATCHED = "complaint_redispatched.v1"
LISTENS_TO = (
    "issue_handled.v1",
    "order_handled.v1",
    "redo_ordered.v1",
    "issue_escalated.v1",
    "issue_reopened.v1",
    "issue_reassigned.v1",
    REDISPATCHED,
)
TRIES = 3


class Callers:
    """They know whether their matter was handled: their issue, or their order alone."""

    def __init__(self, dice: Dice) -> None:
        self.dice = dice
        self._handled: set[str] = set()

    def hear(self, event: Heard) -> None:
        if event.type == "issue_handled.v1":
            self._handled.add(event.subject)
        elif event.type == "order_handled.v1":
            self._handled.add(event.content["order_no"])
        else:
            concerned = event.content.get("order_nos") or [event.content.get("order_no", "")]
            self._handled.difference_update({event.subject, *concerned})

    def are_reached(self, ref: str) -> bool:
        return self.dice.happens(shares().callbacks.reached_ratio, "reached", ref)

    def answers(self, started: dict[str, Any], ref: str) -> dict[str, Any]:
        """All three, as evaluation takes them."""
        share = shares().callbacks
        solved = self._is_solved(started, ref)
        content = solved == "yes" and self.dice.happens(share.satisfied_ratio, "satisfied", ref)
        scores = (4, 5) if content else (2, 3, 4) if solved != "no" else (1, 2)
        return {
            "contacted": self.dice.happens(share.contacted_ratio, "contacted", ref),
            "solved": solved,
            "satisfaction": self.dice.one_of(scores, "score", ref),
        }

    def _is_solved(self, started: dict[str, Any], ref: str) -> str:
        share, thrown = shares().callbacks, self.dice.share("solved", ref)
        if self._handled.isdisjoint({started["issue_id"], started["order_no"]}):
            return "yes" if thrown < share.unhandled_solved_ratio else "no"
        if thrown < share.solved_ratio:
            return "yes"
        if thrown < share.solved_ratio + share.partly_ratio or tier_of(started["unit_code"]) is Tier.DISTRICT:
            return "partly"  # the district solves what reaches it, at least in part
        return "no"
