"""What the board keeps of each event in the story of its issue: these fields and no others.

Words that nobody has confirmed stay out: what handlers write (results, obstacles, why they return or fail), what is
asked for and answered inside, and what one caller answered. What was decided in public is kept with its reasons.
`instant_of` says when an event happened.
"""

import dataclasses
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any

from shared.contracts import alarms, councils, deliberation, dispatch, evaluation, intake, orders, supervision
from shared.contracts.base import Event, Part, instant_field

_CLOCK = "clock_id"
_OF_ORDER = "order_no"
_MOTION = "motion_id session_id"
_SESSION = "session_id"
_MOVED = "from_unit to_unit"
_TASK = "task_id unit_code"
KEPT: dict[type[Event], str] = {
    intake.IssueRaisedV1: "unit_code origin",
    intake.ComplaintLinkedV1: f"{_OF_ORDER} speaks_for",
    intake.ComplaintUnlinkedV1: _OF_ORDER,
    intake.SignaturesVerifiedV1: f"{_OF_ORDER} speaks_for",
    intake.ComplaintSettledV1: "unit_code is_default",
    intake.ComplaintUrgedV1: "",
    intake.ComplaintCorrectedV1: f"{_OF_ORDER} {_MOVED} from_category category from_class sla_class",
    intake.CallbackReceivedV1: "",
    intake.ComplaintRepliedV1: "is_interim",
    intake.ComplaintExtendedV1: f"{_OF_ORDER} due_at reason",
    intake.ComplaintClosedV1: "outcome",
    intake.WordingConfirmedV1: "",
    intake.IssuePlacedV1: _MOVED,
    intake.IssueWithdrawnV1: "",
    intake.IssueListedV1: "unit_code reason",
    orders.ComplaintRedispatchedV1: f"{_OF_ORDER} {_MOVED} category sla_class due_at",
    orders.ComplaintMergedV1: "",
    orders.ComplaintAmendedV1: "is_supplement",
    orders.ComplaintHandedOverV1: "line",
    orders.HandoverFollowedV1: "line outcome",
    orders.HandoverMissedV1: "unit_code line",
    orders.OrderRequestDecidedV1: "wants granted is_default",
    councils.SessionScheduledV1: f"{_SESSION} unit_code hall_name starts_at deputies experts agenda lapses_at replaces",
    councils.NoticePublishedV1: f"{_SESSION} unit_code hall_name starts_at agenda",
    councils.SessionPostponedV1: f"{_SESSION} unit_code reason words was_to_start_at starts_at lapses_at",
    councils.PostponementAskedV1: f"{_SESSION} unit_code reason decide_by",
    councils.PostponementDecidedV1: f"{_SESSION} unit_code granted is_default",
    councils.SessionLapsedV1: f"{_SESSION} unit_code was_to_start_at next_session_id next_starts_at",
    councils.SessionLeftOpenV1: f"{_SESSION} unit_code due_at",
    councils.SessionUnschedulableV1: "unit_code kind obstacle needed found remedy again_at",
    councils.SessionMovedUpV1: f"{_SESSION} unit_code",
    deliberation.SessionOpenedV1: f"{_SESSION} unit_code chair clerks present",
    deliberation.SessionInquorateV1: f"{_SESSION} unit_code present needed",
    deliberation.SessionClosedV1: f"{_SESSION} unit_code motions carried",
    deliberation.MotionStatedV1: f"{_MOTION} mover motion item amount_fen money decided_by leaves_as_is",
    deliberation.MotionSecondedV1: f"{_MOTION} seconder",
    deliberation.OppositionStatedV1: f"{_MOTION} speaker statement",
    deliberation.MotionDebatedV1: f"{_MOTION} turns",
    deliberation.OpinionGivenV1: f"{_MOTION} expert opinion",
    deliberation.MotionVotedV1: (
        f"{_MOTION} number outcome votes_for votes_against abstained recused present invited quorum_needed residents "
        "residents_needed votes_needed quorum majority"
    ),
    deliberation.MotionWithdrawnV1: _MOTION,
    deliberation.PollOpenedV1: f"poll_id {_MOTION} electorate options heads area_m2 opens_at closes_at due_at",
    deliberation.PollCountedV1: (
        f"poll_id {_MOTION} outcome option votes abstained heads area_m2 unchecked quorum_heads quorum_area majority"
    ),
    deliberation.ResolutionAdoptedV1: (
        "resolution_id session_id unit_code motion leaves_as_is amount_fen money decided_by poll_id option tasks"
    ),
    deliberation.ResolutionPublishedV1: "resolution_id displayed_until",
    deliberation.ResolutionObjectedV1: "resolution_id number organisation task_id reasons due_at",
    deliberation.ResolutionReviewedV1: "resolution_id number review answer is_default",
    deliberation.DeliberationFailedV1: f"{_SESSION} unit_code reason failures",
    deliberation.MinutesCirculatedV1: f"{_SESSION} objections_until",
    deliberation.MinutesObjectedV1: f"{_SESSION} number person_id objection",
    deliberation.ObjectionAnsweredV1: f"{_SESSION} number answer",
    deliberation.MinutesCorrectedV1: f"{_SESSION} correction",
    deliberation.MinutesSignedV1: f"{_SESSION} chair clerk head_hash",
    deliberation.MinutesOverdueV1: f"{_SESSION} unit_code state due_at",
    dispatch.TaskAssignedV1: (
        f"{_TASK} origin what leader department organisation_id person co_units due_at attempt forced"
    ),
    dispatch.TaskSignedForV1: _TASK,
    dispatch.TaskReturnAskedV1: f"{_TASK} decide_by",
    dispatch.TaskReturnDecidedV1: f"{_TASK} granted is_default",
    dispatch.TaskReturnedV1: f"{_TASK} department",
    dispatch.TaskExtendedV1: f"{_TASK} due_at",
    dispatch.TaskBlockedV1: _TASK,
    dispatch.MilestoneReachedV1: f"{_TASK} milestone",
    dispatch.TaskDoneV1: f"{_TASK} evidence",
    dispatch.TaskAcceptedV1: _TASK,
    dispatch.TaskSentBackV1: _TASK,
    dispatch.TaskMovedUpV1: _TASK,
    dispatch.TaskTakenOverV1: f"{_TASK} to_unit",
    dispatch.TaskWithdrawnV1: f"{_TASK} to_unit",
    dispatch.TaskDeclinedV1: f"{_TASK} department reasons",
    dispatch.TaskCorrectedV1: f"{_TASK} due_at",
    dispatch.IssueHandledV1: "unit_code",
    dispatch.OrderHandledV1: f"{_TASK} {_OF_ORDER}",
    dispatch.HandlingFailedV1: _TASK,
    supervision.ClockStartedV1: f"{_CLOCK} unit_code kind order_no dispatch_no started_at due_at rule_version",
    supervision.ClockPausedV1: f"{_CLOCK} reason paused_by",
    supervision.ClockResumedV1: f"{_CLOCK} resumed_by due_at",
    supervision.ClockExtendedV1: f"{_CLOCK} reason extended_by due_at",
    supervision.ClockFittedV1: f"{_CLOCK} reason due_at",
    supervision.ClockWarnedV1: f"{_CLOCK} level due_at",
    supervision.ClockBreachedV1: f"{_CLOCK} due_at",
    supervision.ClockCorrectedV1: f"{_CLOCK} withdrawn reason",
    supervision.ClockMetV1: _CLOCK,
    supervision.ClockEndedV1: f"{_CLOCK} reason",
    supervision.RequestAskedV1: "unit_code wants reason decide_by",
    supervision.RequestDecidedV1: "unit_code wants granted is_default",
    supervision.IssueExtendedV1: "unit_code added_seconds reason",
    supervision.IssuePendedV1: "unit_code reason plan owner review_at",
    supervision.IssueUnpendedV1: "unit_code",
    supervision.IssueEscalatedV1: f"{_MOVED} rung reason due_at",
    supervision.EscalationUndoneV1: f"{_MOVED} held_since",
    supervision.IssueReturnedDownV1: f"{_MOVED} due_at",
    supervision.IssueReassignedV1: f"{_MOVED} due_at",
    supervision.IssueClosedV1: "unit_code outcome",
    supervision.IssueReopenedV1: f"{_MOVED} relapse due_at",
    alarms.ClockLateV1: f"{_CLOCK} due_at",
    alarms.IssueAlarmedV1: "unit_code sla_class due_at",
    alarms.SupervisionOrderedV1: "unit_code overdue_since",
    alarms.LookBackDueV1: "unit_code number",
    alarms.IncidentOpenedV1: "incident_id unit_code kind about",
    alarms.IncidentSettledV1: "incident_id unit_code kind decision",
    evaluation.CallbackStartedV1: "unit_code",
    evaluation.CallbackCompletedV1: "unit_code",
    evaluation.CallbackNotAskedV1: "unit_code",
    evaluation.RedoOrderedV1: "unit_code due_at handled_at",
    evaluation.OrderEvaluatedV1: _OF_ORDER,
    evaluation.IssueEvaluatedV1: "unit_code outcome asked reached solved newcomers",
}
OF_ISSUES = tuple(KEPT)
"""All events of which something is kept in the story of an issue."""


def facts_of(event: Event) -> dict[str, Any]:
    """What is kept of an event, as plain JSON values."""
    said = vars(event)
    return {name: _plain(said[name]) for name in _names(type(event))}  # type: ignore[arg-type]


def instant_of(event: Event) -> datetime:
    """When it happened."""
    at: datetime = getattr(event, instant_field(type(event)))  # type: ignore[arg-type]
    return at


@cache
def _names(contract: type[Event]) -> tuple[str, ...]:
    there = {field.name for field in dataclasses.fields(contract)}  # type: ignore[arg-type]
    return tuple(name for name in KEPT[contract].split() if name in there)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return {name: _plain(one) for name, one in vars(value).items()} if isinstance(value, Part) else value
