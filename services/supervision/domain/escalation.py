"""An escalation 提级: one climb of an issue by one holder, and what may stand against it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.supervision.domain.case import Case
from services.supervision.domain.clock import Clock
from services.supervision.domain.errors import (
    CommunityMustTryFirst,
    ConsentMissing,
    DistrictDecided,
    NoSecondArea,
    NotWithdrawable,
    StillInTime,
    WithinDuty,
)
from shared.contracts.vocabulary import EscalationReason
from shared.directory.dated import DatedUnits
from shared.directory.duty_list import DutyList
from shared.errors import BadRequest
from shared.units import Tier

TRIED_FIRST = frozenset({EscalationReason.OVER_LEVEL, EscalationReason.UNRESOLVED})
"""Reasons against which the duty list stands: nobody is kept from saying that a matter is over their duty."""


@dataclass(kw_only=True)
class Escalation:
    """One rung. There is never a second of the same rung, and a withdrawn one is not used again.

    `was_handled`: its callers were being asked. Otherwise what was handled, and is heard of after it, stands.
    """

    id: str
    issue_id: str
    rung: int
    from_unit: str
    to_unit: str
    reason: EscalationReason
    explanation: str
    tried: str = ""
    evidence: list[dict[str, Any]] = field(default_factory=list)
    escalated_by: str
    escalated_at: datetime
    due_at: datetime
    was_handled: bool = False
    withdrawn_at: datetime | None = None


def must_try_first(duties: DutyList, tier: Tier, category: str, reason: EscalationReason) -> bool:
    """Whether a grid or community must try itself before it climbs: what its duty list 社区职责清单 lets it lead."""
    return tier < Tier.STREET and reason in TRIED_FIRST and duties.may_lead(tier, category)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a unit gives as the reason why an issue is to climb, and what it tried itself.

    `has_consent`: the district's, to a demonstration. `is_unresolved`: its time, until `due_at`, is over, or as many
    meetings failed as the policy says.
    """

    from_unit: str
    reason: EscalationReason
    also: list[str]
    tried: str
    has_consent: bool = False
    due_at: datetime | None = None
    is_unresolved: bool = False


def planned_holder(case: Case, asked: Asked, *, duties: DutyList, units: DatedUnits, most_sent_back: int) -> str:
    """Who would hold the issue after this escalation. Changes nothing.

    Where it was sent back as often as the policy allows that is the district. Raises, in this order, IssueClosed,
    NotTheHolder, BadRequest for units that don't exist, AlreadyAtDistrict, DistrictDecided, WithinDuty, NoSecondArea,
    ConsentMissing, BadRequest where nothing is said to have been tried, CommunityMustTryFirst, StillInTime.
    """
    from_unit, reason = asked.from_unit, asked.reason
    case.must_be_held_by(from_unit)
    _must_exist(asked.also, units)
    to_unit = case.next_holder(reason, units, asked.also)
    _must_fit(case, asked, duties, units)
    was_tried = case.has_tried or from_unit in case.tried_by
    if must_try_first(duties, case.tier, case.category, reason) and not was_tried:
        raise CommunityMustTryFirst(
            f"{case.category} is on the duty list: {from_unit} must first sign for a task or hold a session",
            {"reason": [f"{reason.value} can be given once the matter was tried here."]},
        )
    _must_be_unresolved(case, asked)
    return to_unit if case.sent_back < most_sent_back else units.district


def _must_exist(codes: Iterable[str], units: DatedUnits) -> None:
    unknown = [code for code in codes if (unit := units.find(code)) is None or unit.code != code]
    if unknown:
        names = ", ".join(unknown)
        raise BadRequest(f"no unit has the code {names}", {"units_concerned": [f"Not in the directory: {names}."]})


def _must_fit(case: Case, asked: Asked, duties: DutyList, units: DatedUnits) -> None:
    """The reason is held against what the suite knows, and says what would be right."""
    if case.is_decided:
        raise DistrictDecided(
            f"{case.issue_id} was sent back {case.sent_back} times, and the district decided that {case.unit_code} "
            "handles it; when its time is over it climbs by itself",
            {"from_unit": ["The district decided that you handle it."]},
        )
    if asked.reason is EscalationReason.OVER_DUTY and duties.may_lead(case.tier, case.category):
        raise WithinDuty(
            f"the duty list lets a {case.tier.value} lead {case.category}: give over_level, with what was tried, if it "
            "is beyond the means there",
            {"reason": ["over_duty does not fit the duty list; over_level may."]},
        )
    if asked.reason is EscalationReason.CROSS_AREA and not case.beyond(units, asked.also):
        raise NoSecondArea(
            f"all that {case.issue_id} concerns lies in {case.unit_code}: name the other areas in units_concerned",
            {"units_concerned": [f"Name a unit outside {case.unit_code}."]},
        )
    if asked.reason is EscalationReason.DEMONSTRATION and not asked.has_consent:
        raise ConsentMissing(
            f"the district has not consented that {case.issue_id} is a demonstration: ask_demonstration asks it",
            {"reason": ["demonstration needs the district's consent first."]},
        )
    if asked.reason is EscalationReason.OVER_LEVEL and not asked.tried:
        raise BadRequest("over_level says what was tried", {"tried": ["Say what was tried here, and what came of it."]})


def _must_be_unresolved(case: Case, asked: Asked) -> None:
    """Nobody gives up before the time is over or the meetings failed."""
    if asked.reason is EscalationReason.UNRESOLVED and not asked.is_unresolved:
        until = "it is handled" if asked.due_at is None else asked.due_at.isoformat()
        raise StillInTime(
            f"{case.unit_code} has {case.issue_id} until {until}, and {case.failed_meetings} meetings have failed: it "
            "climbs by itself when its time is over; give over_level, with what was tried, if it is beyond the means",
            {"reason": ["unresolved fits when the time is over, or the meetings failed; over_level may."]},
        )


def check_withdrawable(case: Case, escalation: Escalation) -> None:
    """Raises NotWithdrawable unless the climb is the latest move and the next holder has not begun."""
    if escalation.withdrawn_at is not None:
        raise NotWithdrawable(f"{escalation.id} was withdrawn before")
    if not is_latest_move(case, escalation):
        raise NotWithdrawable(f"{case.issue_id} has moved on since {escalation.id}")
    if case.has_tried:
        raise NotWithdrawable(f"{case.unit_code} has begun to work on {case.issue_id}")


def is_latest_move(case: Case, escalation: Escalation) -> bool:
    """Whether an open issue is where this climb took it."""
    is_latest = case.rung == escalation.rung and case.held_since == escalation.escalated_at
    return case.is_open and is_latest and case.unit_code == escalation.to_unit


def is_for_time_alone(escalation: Escalation, clock: Clock) -> bool:
    """Whether it climbed only because this clock of its holder ran out."""
    return (escalation.from_unit, escalation.escalated_at) == (clock.unit_code, clock.breached_at)
