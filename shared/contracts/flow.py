"""Who listens to what. The topology is declared from here; a test holds it against what services subscribe to."""

from shared.contracts import councils, deliberation, dispatch, evaluation, hotline, intake, supervision
from shared.contracts.base import Event

OURS = ("intake", "councils", "deliberation", "dispatch", "supervision", "evaluation")
PUBLISHERS = ("hotline", *OURS)

LISTENERS: dict[str, tuple[type[Event], ...]] = {
    "intake": (
        hotline.ComplaintFiledV1,
        deliberation.ResolutionAdoptedV1,
        dispatch.IssueHandledV1,
        dispatch.HandlingFailedV1,
        evaluation.CallbackCompletedV1,
        evaluation.RedoOrderedV1,
        supervision.IssueEscalatedV1,
        supervision.EscalationUndoneV1,
        supervision.IssueReturnedDownV1,
        supervision.IssueReopenedV1,
        supervision.IssueClosedV1,
    ),
    "councils": (
        intake.IssueListedV1,
        deliberation.SessionOpenedV1,
        deliberation.SessionClosedV1,
        deliberation.SessionInquorateV1,
        deliberation.ResolutionAdoptedV1,
        deliberation.DeliberationFailedV1,
        supervision.IssueEscalatedV1,
        supervision.EscalationUndoneV1,
        supervision.IssueReturnedDownV1,
        supervision.IssueReopenedV1,
        supervision.IssueClosedV1,
    ),
    "deliberation": (
        councils.SessionScheduledV1,
        councils.SessionPostponedV1,
        councils.SessionMovedUpV1,
    ),
    "dispatch": (
        intake.IssueRaisedV1,
        intake.IssueListedV1,
        deliberation.ResolutionAdoptedV1,
        evaluation.RedoOrderedV1,
        supervision.IssueEscalatedV1,
        supervision.EscalationUndoneV1,
        supervision.IssueReturnedDownV1,
        supervision.IssueReopenedV1,
        supervision.IssueClosedV1,
    ),
    "supervision": (
        intake.IssueRaisedV1,
        intake.IssueListedV1,
        intake.ComplaintLinkedV1,
        intake.ComplaintUnlinkedV1,
        intake.ComplaintUrgedV1,
        councils.SessionScheduledV1,
        councils.NoticePublishedV1,
        councils.SessionPostponedV1,
        councils.SessionMovedUpV1,
        deliberation.SessionOpenedV1,
        deliberation.SessionInquorateV1,
        deliberation.SessionClosedV1,
        deliberation.MotionVotedV1,
        deliberation.ResolutionAdoptedV1,
        deliberation.ResolutionPublishedV1,
        deliberation.DeliberationFailedV1,
        deliberation.MinutesSignedV1,
        dispatch.TaskAssignedV1,
        dispatch.TaskSignedForV1,
        dispatch.TaskReturnedV1,
        dispatch.TaskExtendedV1,
        dispatch.TaskBlockedV1,
        dispatch.MilestoneReachedV1,
        dispatch.TaskDoneV1,
        dispatch.TaskAcceptedV1,
        dispatch.TaskSentBackV1,
        dispatch.IssueHandledV1,
        dispatch.HandlingFailedV1,
        evaluation.CallbackCompletedV1,
        evaluation.RedoOrderedV1,
        evaluation.IssueEvaluatedV1,
    ),
    "evaluation": (
        intake.ComplaintLinkedV1,
        intake.ComplaintUnlinkedV1,
        dispatch.IssueHandledV1,
        supervision.IssueEscalatedV1,
        supervision.EscalationUndoneV1,
        supervision.IssueReturnedDownV1,
        supervision.IssueReopenedV1,
        supervision.IssueClosedV1,
    ),
}
"""Events each service's inbox queue is bound to."""

HOTLINE_REPLIES: tuple[type[Event], ...] = (
    intake.ComplaintAcceptedV1,
    intake.ComplaintRejectedV1,
    intake.ComplaintAnsweredV1,
    intake.ComplaintUrgedV1,
    intake.ComplaintLinkedV1,
    intake.ComplaintUnlinkedV1,
    intake.ComplaintRepliedV1,
    intake.ComplaintClosedV1,
)
"""What became of the hotline's orders, gathered in the queue `hotline.replies`; each names its order_no."""

STREET_NOTICES: tuple[type[Event], ...] = (
    dispatch.TaskReturnedV1,
    supervision.ClockWarnedV1,
    supervision.ClockBreachedV1,
    supervision.ClockCorrectedV1,
    supervision.IssueEscalatedV1,
    supervision.EscalationUndoneV1,
    supervision.IssueReturnedDownV1,
    supervision.IssueReopenedV1,
    supervision.IssueClosedV1,
)
"""What a street may hear of its own units, in the queue `street.<code>.notices`."""
