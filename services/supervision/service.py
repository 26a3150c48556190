"""Every way into supervision, and the escalation RPC for street systems. Both stand on the same cases.

They run as two processes, so that a street's call never waits for a burst of events.
"""

from collections.abc import Sequence

from services.supervision.schemas import replies, requests
from services.supervision.storage.repository import SupervisionStore
from services.supervision.use_cases import (
    cases,
    clocks,
    cooperation,
    decisions,
    demonstrations,
    escalations,
    events,
    extensions,
    look_backs,
    orders,
    pending,
    queries,
    settlements,
)
from shared.auth import Role
from shared.bus.inbox.entrypoint import subscribe
from shared.bus.moment import Moment
from shared.bus.rpc.entrypoint import rpc
from shared.bus.rpc.my_work import ListMyWork, MyWorkReply
from shared.bus.timers.entrypoint import timer
from shared.bus.timers.timers import Due
from shared.bus.work import UnitOfWork
from shared.contracts import Event, councils, deliberation, dispatch, evaluation, intake
from shared.contracts import directory as told
from shared.contracts.base import Subject
from shared.contracts.orders import (
    ComplaintAmendedV1,
    ComplaintHandedOverV1,
    ComplaintRedispatchedV1,
    HandoverFollowedV1,
    HandoverMissedV1,
)
from shared.directory import ending, learning
from shared.requests import messages as asked
from shared.requests.deciding import REQUEST

READERS = [Role.SUPERVISOR, Role.LEADER, Role.CLERK, Role.CHAIR, Role.HANDLER, Role.STREET_SYSTEM]
ASKERS = [Role.HANDLER, Role.LEADER, Role.CLERK]
DECIDERS = [Role.LEADER, Role.SUPERVISOR]
CLIMBERS = [Role.STREET_SYSTEM, Role.LEADER, Role.SUPERVISOR]


class SupervisionService:
    """Keeps a case and its clocks for every issue, says when one runs out, and lets what is unsolved climb."""

    name = "supervision"
    work = UnitOfWork(SupervisionStore)

    def prepare(self, subjects: Sequence[Subject | Due], work: SupervisionStore, at: Moment) -> None:
        events.prepare(work, subjects, at)

    @subscribe(told.UnitsChangedV1)
    def learn_units(self, event: told.UnitsChangedV1, work: SupervisionStore, at: Moment) -> None:
        ending.learn(work, event, at)

    @timer(ending.UNIT_END)
    def leave_ended_unit(self, due: Due, work: SupervisionStore, at: Moment) -> None:
        cases.leave_ended_unit(work, due, at)

    @subscribe(told.StaffChangedV1)
    @subscribe(told.DirectoryToldV1)
    @subscribe(told.DutiesChangedV1)
    @subscribe(told.OrganisationsChangedV1)
    def learn(self, event: Event, work: SupervisionStore, at: Moment) -> None:
        learning.learn(work, event, at)

    @subscribe(intake.IssueRaisedV1)
    def open_case(self, event: intake.IssueRaisedV1, work: SupervisionStore, at: Moment) -> None:
        events.open_case(work, event, at)

    @subscribe(intake.ComplaintLinkedV1)
    def follow_link(self, event: intake.ComplaintLinkedV1, work: SupervisionStore, at: Moment) -> None:
        orders.follow_link(work, event, at)

    @subscribe(intake.IssueListedV1)
    def follow_listing(self, event: intake.IssueListedV1, work: SupervisionStore, at: Moment) -> None:
        events.follow_listing(work, event, at)

    @subscribe(intake.ComplaintSettledV1)
    def follow_settling(self, event: intake.ComplaintSettledV1, work: SupervisionStore, at: Moment) -> None:
        events.follow_settling(work, event, at)

    @subscribe(intake.IssuePlacedV1)
    def follow_placing(self, event: intake.IssuePlacedV1, work: SupervisionStore, at: Moment) -> None:
        events.follow_placing(work, event, at)

    @subscribe(intake.IssueWithdrawnV1)
    def withdraw_issue(self, event: intake.IssueWithdrawnV1, work: SupervisionStore, at: Moment) -> None:
        events.withdraw_issue(work, event, at)

    @subscribe(intake.WordingConfirmedV1)
    def take_wording(self, event: intake.WordingConfirmedV1, work: SupervisionStore, at: Moment) -> None:
        events.take_wording(work, event, at)

    @subscribe(intake.ComplaintCorrectedV1)
    def follow_correction(self, event: intake.ComplaintCorrectedV1, work: SupervisionStore, at: Moment) -> None:
        events.follow_correction(work, event, at)

    @subscribe(ComplaintRedispatchedV1)
    def follow_redispatch(self, event: ComplaintRedispatchedV1, work: SupervisionStore, at: Moment) -> None:
        events.follow_redispatch(work, event, at)

    @subscribe(ComplaintAmendedV1)
    def note_amendment(self, event: ComplaintAmendedV1, work: SupervisionStore, at: Moment) -> None:
        orders.note_amendment(work, event, at)

    @subscribe(ComplaintHandedOverV1)
    @subscribe(HandoverFollowedV1)
    def note_handover(self, event: orders.Handed, work: SupervisionStore, at: Moment) -> None:
        orders.note_handover(work, event, at)

    @subscribe(HandoverMissedV1)
    def take_missed_handover(self, event: HandoverMissedV1, work: SupervisionStore, at: Moment) -> None:
        orders.take_missed_handover(work, event, at)

    @subscribe(intake.ComplaintUrgedV1)
    def take_urge(self, event: intake.ComplaintUrgedV1, work: SupervisionStore, at: Moment) -> None:
        events.take_urge(work, event, at)

    @subscribe(councils.SessionScheduledV1)
    @subscribe(councils.SessionPostponedV1)
    def wait_for_session(self, event: events.CalledSession, work: SupervisionStore, at: Moment) -> None:
        events.wait_for_session(work, event, at)

    @subscribe(councils.SessionUnschedulableV1)
    def take_unschedulable(self, event: councils.SessionUnschedulableV1, work: SupervisionStore, at: Moment) -> None:
        events.take_unschedulable(work, event, at)

    @subscribe(councils.SessionLapsedV1)
    def take_lapse(self, event: councils.SessionLapsedV1, work: SupervisionStore, at: Moment) -> None:
        events.take_lapse(work, event, at)

    @subscribe(councils.SessionLeftOpenV1)
    def take_left_open(self, event: councils.SessionLeftOpenV1, work: SupervisionStore, at: Moment) -> None:
        events.take_left_open(work, event, at)

    @subscribe(deliberation.SessionClosedV1)
    def end_session(self, event: deliberation.SessionClosedV1, work: SupervisionStore, at: Moment) -> None:
        events.end_session(work, event, at)

    @subscribe(deliberation.MinutesOverdueV1)
    def take_overdue_minutes(self, event: deliberation.MinutesOverdueV1, work: SupervisionStore, at: Moment) -> None:
        events.take_overdue_minutes(work, event, at)

    @subscribe(deliberation.MinutesSignedV1)
    def end_minutes(self, event: deliberation.MinutesSignedV1, work: SupervisionStore, at: Moment) -> None:
        events.end_minutes(work, event, at)

    @subscribe(deliberation.PollOpenedV1)
    def wait_for_poll(self, event: deliberation.PollOpenedV1, work: SupervisionStore, at: Moment) -> None:
        events.wait_for_poll(work, event, at)

    @subscribe(deliberation.ResolutionReviewedV1)
    def take_review(self, event: deliberation.ResolutionReviewedV1, work: SupervisionStore, at: Moment) -> None:
        events.take_review(work, event, at)

    @subscribe(deliberation.ResolutionAdoptedV1)
    def carry_out_resolution(self, event: deliberation.ResolutionAdoptedV1, work: SupervisionStore, at: Moment) -> None:
        events.carry_out_resolution(work, event, at)

    @subscribe(deliberation.DeliberationFailedV1)
    def take_failed_deliberation(
        self, event: deliberation.DeliberationFailedV1, work: SupervisionStore, at: Moment
    ) -> None:
        events.take_failed_deliberation(work, event, at)

    @subscribe(dispatch.IssueHandledV1)
    def await_evaluation(self, event: dispatch.IssueHandledV1, work: SupervisionStore, at: Moment) -> None:
        events.await_evaluation(work, event, at)

    @subscribe(dispatch.OrderHandledV1)
    def await_caller(self, event: dispatch.OrderHandledV1, work: SupervisionStore, at: Moment) -> None:
        orders.await_caller(work, event, at)

    @subscribe(evaluation.OrderEvaluatedV1)
    def end_order(self, event: evaluation.OrderEvaluatedV1, work: SupervisionStore, at: Moment) -> None:
        orders.end_order(work, event, at)

    @subscribe(dispatch.HandlingFailedV1)
    @subscribe(evaluation.RedoOrderedV1)
    def resume_work(
        self, event: dispatch.HandlingFailedV1 | evaluation.RedoOrderedV1, work: SupervisionStore, at: Moment
    ) -> None:
        events.resume_work(work, event, at)

    @subscribe(evaluation.IssueEvaluatedV1)
    def take_evaluation(self, event: evaluation.IssueEvaluatedV1, work: SupervisionStore, at: Moment) -> None:
        events.take_evaluation(work, event, at)

    @subscribe(evaluation.CallbackNotAskedV1)
    def take_missed_callback(self, event: evaluation.CallbackNotAskedV1, work: SupervisionStore, at: Moment) -> None:
        orders.take_missed_callback(work, event, at)

    @subscribe(deliberation.SessionOpenedV1)
    @subscribe(deliberation.SessionInquorateV1)
    @subscribe(dispatch.TaskSignedForV1)
    @subscribe(dispatch.TaskBlockedV1)
    @subscribe(dispatch.TaskTakenOverV1)
    def follow_trial(self, event: events.Trial, work: SupervisionStore, at: Moment) -> None:
        events.follow_trial(work, event, at)

    @subscribe(intake.ComplaintUnlinkedV1)
    def follow_unlink(self, event: intake.ComplaintUnlinkedV1, work: SupervisionStore, at: Moment) -> None:
        orders.follow_unlink(work, event, at)

    @subscribe(councils.NoticePublishedV1)
    @subscribe(councils.SessionMovedUpV1)
    @subscribe(deliberation.MotionVotedV1)
    @subscribe(deliberation.PollCountedV1)
    @subscribe(deliberation.ResolutionPublishedV1)
    @subscribe(deliberation.ResolutionObjectedV1)
    @subscribe(dispatch.TaskAssignedV1)
    @subscribe(councils.PostponementAskedV1)
    @subscribe(councils.PostponementDecidedV1)
    @subscribe(dispatch.TaskReturnAskedV1)
    @subscribe(dispatch.TaskReturnDecidedV1)
    @subscribe(dispatch.TaskReturnedV1)
    @subscribe(dispatch.TaskDeclinedV1)
    @subscribe(dispatch.TaskExtendedV1)
    @subscribe(dispatch.MilestoneReachedV1)
    @subscribe(dispatch.TaskDoneV1)
    @subscribe(dispatch.TaskAcceptedV1)
    @subscribe(dispatch.TaskSentBackV1)
    @subscribe(evaluation.CallbackCompletedV1)
    def note(self, event: Event, work: SupervisionStore, at: Moment) -> None:
        events.note(work, event, at)

    @timer("clock")
    def ring(self, due: Due, work: SupervisionStore, at: Moment) -> None:
        escalations.ring(work, due, at)

    @timer("look_back")
    def announce_look_back(self, due: Due, work: SupervisionStore, at: Moment) -> None:
        look_backs.announce_look_back(work, due, at)

    @rpc(requests.GetCase, replies.CaseReply, roles=READERS, reads=True)
    def get_case(self, request: requests.GetCase, work: SupervisionStore, at: Moment) -> replies.CaseReply:
        return queries.get_case(work, request, at)

    @rpc(requests.ListCases, replies.CasesReply, roles=READERS, reads=True)
    def list_cases(self, request: requests.ListCases, work: SupervisionStore, at: Moment) -> replies.CasesReply:
        return queries.list_cases(work, request, at)

    @rpc(requests.GetTimeline, replies.TimelineReply, roles=READERS, reads=True)
    def timeline(self, request: requests.GetTimeline, work: SupervisionStore, at: Moment) -> replies.TimelineReply:
        return queries.get_timeline(work, request, at)

    @rpc(requests.ExplainClock, replies.ExplainClockReply, roles=READERS, reads=True)
    def explain_clock(
        self, request: requests.ExplainClock, work: SupervisionStore, at: Moment
    ) -> replies.ExplainClockReply:
        return queries.explain_clock(work, request, at)

    @rpc(requests.PauseClock, replies.ClockReply, roles=[Role.SUPERVISOR])
    def pause_clock(self, request: requests.PauseClock, work: SupervisionStore, at: Moment) -> replies.ClockReply:
        return clocks.pause_clock(work, request, at)

    @rpc(requests.ResumeClock, replies.ClockReply, roles=[Role.SUPERVISOR])
    def resume_clock(self, request: requests.ResumeClock, work: SupervisionStore, at: Moment) -> replies.ClockReply:
        return clocks.resume_clock(work, request, at)

    @timer(REQUEST)
    def decide_by_default(self, due: Due, work: SupervisionStore, at: Moment) -> None:
        decisions.decide_by_default(work, due, at)

    @rpc(requests.AskExtension, asked.RequestReply, roles=ASKERS)
    def ask_extension(self, request: requests.AskExtension, work: SupervisionStore, at: Moment) -> asked.RequestReply:
        return extensions.ask_extension(work, request, at)

    @rpc(requests.AskOrganisation, asked.RequestReply, roles=ASKERS)
    def ask_organisation(
        self, request: requests.AskOrganisation, work: SupervisionStore, at: Moment
    ) -> asked.RequestReply:
        return cooperation.ask_organisation(work, request, at)

    @timer(pending.REVIEW)
    def take_off_unreviewed(self, due: Due, work: SupervisionStore, at: Moment) -> None:
        pending.take_off_unreviewed(work, due, at)

    @rpc(requests.AskPending, asked.RequestReply, roles=ASKERS)
    def ask_pending(self, request: requests.AskPending, work: SupervisionStore, at: Moment) -> asked.RequestReply:
        return pending.ask_pending(work, request, at)

    @rpc(requests.ReviewPending, asked.RequestReply, roles=DECIDERS)
    def review_pending(self, request: requests.ReviewPending, work: SupervisionStore, at: Moment) -> asked.RequestReply:
        return pending.review_pending(work, request, at)

    @rpc(requests.ListPending, replies.PendingReply, roles=READERS, reads=True)
    def list_pending(self, request: requests.ListPending, work: SupervisionStore, at: Moment) -> replies.PendingReply:
        return queries.list_pending(work, request, at)

    @rpc(requests.AskDemonstration, asked.RequestReply, roles=ASKERS)
    def ask_demonstration(
        self, request: requests.AskDemonstration, work: SupervisionStore, at: Moment
    ) -> asked.RequestReply:
        return demonstrations.ask_demonstration(work, request, at)

    @rpc(requests.RecordAnswer, asked.RequestReply, roles=[Role.CLERK, Role.LEADER])
    def record_answer(self, request: requests.RecordAnswer, work: SupervisionStore, at: Moment) -> asked.RequestReply:
        return decisions.record_answer(work, request, at)

    @rpc(asked.DecideRequest, asked.RequestReply, roles=DECIDERS)
    def decide_request(self, request: asked.DecideRequest, work: SupervisionStore, at: Moment) -> asked.RequestReply:
        return decisions.decide_request(work, request, at)

    @rpc(asked.AppealRequest, asked.RequestReply, roles=ASKERS)
    def appeal_request(self, request: asked.AppealRequest, work: SupervisionStore, at: Moment) -> asked.RequestReply:
        return decisions.appeal_request(work, request, at)

    @rpc(asked.GetRequest, asked.RequestReply, roles=READERS, reads=True)
    def get_request(self, request: asked.GetRequest, work: SupervisionStore, at: Moment) -> asked.RequestReply:
        return queries.get_request(work, request, at)

    @rpc(asked.ListRequests, asked.RequestsReply, roles=READERS, reads=True)
    def list_requests(self, request: asked.ListRequests, work: SupervisionStore, at: Moment) -> asked.RequestsReply:
        return queries.list_requests(work, request, at)

    @rpc(requests.RecordLookBack, replies.CaseReply, roles=[Role.SUPERVISOR])
    def record_look_back(
        self, request: requests.RecordLookBack, work: SupervisionStore, at: Moment
    ) -> replies.CaseReply:
        return look_backs.record_look_back(work, request, at)

    @rpc(ListMyWork, MyWorkReply, roles=[Role.CHAIR, Role.CLERK, Role.LEADER, Role.SUPERVISOR], reads=True)
    def list_my_work(self, request: ListMyWork, work: SupervisionStore, at: Moment) -> MyWorkReply:
        return queries.list_my_work(work, request, at)

    @rpc(requests.ReturnDown, replies.CaseReply, roles=[Role.SUPERVISOR, Role.LEADER])
    def return_down(self, request: requests.ReturnDown, work: SupervisionStore, at: Moment) -> replies.CaseReply:
        return escalations.return_down(work, request, at)

    @rpc(requests.SettleIncident, replies.CaseReply, roles=[Role.SUPERVISOR])
    def settle_incident(
        self, request: requests.SettleIncident, work: SupervisionStore, at: Moment
    ) -> replies.CaseReply:
        return settlements.settle_incident(work, request, at)


class EscalationService:
    """Lets street systems, written by anyone in any language, send an issue up one holder."""

    name = "escalation"
    work = UnitOfWork(SupervisionStore, publishes=False)

    def prepare(self, subjects: Sequence[Subject | Due], work: SupervisionStore, at: Moment) -> None:
        events.prepare(work, subjects, at)

    @rpc(requests.Escalate, replies.EscalateReply, roles=CLIMBERS)
    def escalate(self, request: requests.Escalate, work: SupervisionStore, at: Moment) -> replies.EscalateReply:
        return escalations.escalate(work, request, at)

    @rpc(requests.Preview, replies.EscalateReply, roles=CLIMBERS, reads=True)
    def preview(self, request: requests.Preview, work: SupervisionStore, at: Moment) -> replies.EscalateReply:
        return escalations.preview(work, request, at)

    @rpc(requests.Status, replies.CaseReply, roles=CLIMBERS, reads=True)
    def status(self, request: requests.Status, work: SupervisionStore, at: Moment) -> replies.CaseReply:
        return queries.get_case(work, request, at)

    @rpc(requests.Withdraw, replies.CaseReply, roles=CLIMBERS)
    def withdraw(self, request: requests.Withdraw, work: SupervisionStore, at: Moment) -> replies.CaseReply:
        return escalations.withdraw(work, request, at)
