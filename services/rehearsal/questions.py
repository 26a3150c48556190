"""What is asked at the end of an exercise, as an evaluator asks it: the rates so far, the ranking of the month."""

from datetime import datetime
from typing import Any

from services.rehearsal.calling import Ask, Calling, Script
from shared.auth import Role
from shared.clock import SHANGHAI


def ask_rates(calling: Calling, since: datetime, until: datetime) -> dict[str, Any]:
    """Response, resolution, satisfaction and composite as ratios; None where nobody was reached."""
    reply = ask(calling, "get_rates", {"from_at": since.isoformat(), "to_at": until.isoformat()})
    overall = reply.get("overall", {})
    names = ("response", "resolution", "satisfaction", "composite")
    return {name: _rounded(overall.get(f"{name}_ratio")) for name in names}


def ask_ranking(calling: Calling, month: datetime) -> dict[str, Any]:
    """The ranking of the calendar month, as far as it stands."""
    return ask(calling, "get_ranking", {"period_id": f"{month.astimezone(SHANGHAI):%Y-%m}"})


def ask(calling: Calling, method: str, request: dict[str, Any]) -> dict[str, Any]:
    """One question to evaluation; empty when it is refused."""
    replies: list[dict[str, Any]] = []

    def script() -> Script:
        replies.append((yield Ask("evaluation", method, request, Role.EVALUATOR)))

    calling.run([script()])
    return replies[0] if replies else {}


def _rounded(ratio: float | None) -> float | None:
    return None if ratio is None else round(ratio, 4)
