"""Every way into evaluation: the events it listens to, its timers, the answers of callers, and what it can be asked."""

from collections.abc import Sequence

from services.evaluation.schemas import replies, requests
from services.evaluation.storage.repository import EvaluationStore
from services.evaluation.use_cases import callbacks, events, leads, periods, queries
from shared.auth import Role
from shared.bus.inbox.entrypoint import subscribe
from shared.bus.moment import Moment
from shared.bus.rpc.entrypoint import rpc
from shared.bus.rpc.my_work import ListMyWork, MyWorkReply
from shared.bus.timers.entrypoint import timer
from shared.bus.timers.timers import Due
from shared.bus.work import UnitOfWork
from shared.contracts import directory as told
from shared.contracts import dispatch, intake, supervision
from shared.contracts.base import Event, Subject
from shared.contracts.orders import ComplaintRedispatchedV1, OrderRequestDecidedV1
from shared.directory import learning

ASKERS = [Role.CALLBACK_AGENT, Role.EVALUATOR, Role.SUPERVISOR]
READERS = list(Role)


class EvaluationService:
    """Asks the people concerned when the limit expires, judges handled issues by their answers, and ranks the units."""

    name = "evaluation"
    work = UnitOfWork(EvaluationStore)

    def prepare(self, subjects: Sequence[Subject | Due], work: EvaluationStore, at: Moment) -> None:
        events.prepare(work, subjects)

    @subscribe(told.UnitsChangedV1)
    @subscribe(told.StaffChangedV1)
    @subscribe(told.DirectoryToldV1)
    @subscribe(told.OrganisationsChangedV1)
    def learn(self, event: Event, work: EvaluationStore, at: Moment) -> None:
        learning.learn(work, event, at)

    @subscribe(intake.ComplaintLinkedV1)
    def follow_link(self, event: intake.ComplaintLinkedV1, work: EvaluationStore, at: Moment) -> None:
        events.follow_link(work, event, at)

    @subscribe(intake.ComplaintUnlinkedV1)
    def follow_unlink(self, event: intake.ComplaintUnlinkedV1, work: EvaluationStore, at: Moment) -> None:
        events.follow_unlink(work, event, at)

    @subscribe(intake.ComplaintCorrectedV1)
    def follow_correction(self, event: intake.ComplaintCorrectedV1, work: EvaluationStore, at: Moment) -> None:
        events.follow_correction(work, event, at)

    @subscribe(supervision.IssuePendedV1)
    def put_off(self, event: supervision.IssuePendedV1, work: EvaluationStore, at: Moment) -> None:
        events.put_off(work, event, at)

    @subscribe(supervision.IssueUnpendedV1)
    def ask_after_all(self, event: supervision.IssueUnpendedV1, work: EvaluationStore, at: Moment) -> None:
        events.ask_after_all(work, event, at)

    @subscribe(supervision.IssueExtendedV1)
    def follow_extension(self, event: supervision.IssueExtendedV1, work: EvaluationStore, at: Moment) -> None:
        events.follow_extension(work, event, at)

    @subscribe(ComplaintRedispatchedV1)
    def follow_redispatch(self, event: ComplaintRedispatchedV1, work: EvaluationStore, at: Moment) -> None:
        events.follow_redispatch(work, event, at)

    @subscribe(dispatch.TaskAssignedV1)
    def begin_lead(self, event: dispatch.TaskAssignedV1, work: EvaluationStore, at: Moment) -> None:
        leads.begin(work, event, at)

    @subscribe(dispatch.TaskReturnedV1)
    @subscribe(dispatch.TaskWithdrawnV1)
    @subscribe(dispatch.TaskMovedUpV1)
    @subscribe(dispatch.TaskTakenOverV1)
    def end_lead(self, event: leads.Ended, work: EvaluationStore, at: Moment) -> None:
        leads.end(work, event, at)

    @subscribe(dispatch.IssueHandledV1)
    def take_handling(self, event: dispatch.IssueHandledV1, work: EvaluationStore, at: Moment) -> None:
        events.take_handling(work, event, at)

    @subscribe(dispatch.OrderHandledV1)
    def take_handled_order(self, event: dispatch.OrderHandledV1, work: EvaluationStore, at: Moment) -> None:
        events.take_handled_order(work, event, at)

    @subscribe(supervision.IssueEscalatedV1)
    @subscribe(supervision.IssueReturnedDownV1)
    @subscribe(supervision.IssueReassignedV1)
    @subscribe(supervision.IssueReopenedV1)
    def move_issue(self, event: events.Moved, work: EvaluationStore, at: Moment) -> None:
        events.move_issue(work, event, at)

    @subscribe(supervision.EscalationUndoneV1)
    def undo_escalation(self, event: supervision.EscalationUndoneV1, work: EvaluationStore, at: Moment) -> None:
        events.undo_escalation(work, event, at)

    @subscribe(supervision.IssueClosedV1)
    def close_issue(self, event: supervision.IssueClosedV1, work: EvaluationStore, at: Moment) -> None:
        events.close_issue(work, event, at)

    @subscribe(intake.ComplaintUrgedV1)
    def take_urge(self, event: intake.ComplaintUrgedV1, work: EvaluationStore, at: Moment) -> None:
        events.take_urge(work, event, at)

    @subscribe(OrderRequestDecidedV1)
    def follow_request(self, event: OrderRequestDecidedV1, work: EvaluationStore, at: Moment) -> None:
        events.follow_request(work, event, at)

    @subscribe(intake.CallbackReceivedV1)
    def take_callback(self, event: intake.CallbackReceivedV1, work: EvaluationStore, at: Moment) -> None:
        callbacks.take_callback(work, event, at)

    @timer("callback")
    def go_on(self, due: Due, work: EvaluationStore, at: Moment) -> None:
        callbacks.go_on(work, due, at)

    @timer("freeze_period")
    def freeze_by_itself(self, due: Due, work: EvaluationStore, at: Moment) -> None:
        periods.freeze_by_itself(work, due, at)

    @rpc(requests.RecordCallback, replies.SurveyReply, roles=[Role.CALLBACK_AGENT])
    def record_callback(
        self, request: requests.RecordCallback, work: EvaluationStore, at: Moment
    ) -> replies.SurveyReply:
        return callbacks.record_callback(work, request, at)

    @rpc(requests.GetSurvey, replies.SurveyReply, roles=ASKERS, reads=True)
    def get_survey(self, request: requests.GetSurvey, work: EvaluationStore, at: Moment) -> replies.SurveyReply:
        return queries.get_survey(work, request, at)

    @rpc(requests.ListCallbacksDue, replies.CallbacksDueReply, roles=ASKERS, reads=True)
    def list_callbacks_due(
        self, request: requests.ListCallbacksDue, work: EvaluationStore, at: Moment
    ) -> replies.CallbacksDueReply:
        return queries.list_callbacks_due(work, request, at)

    @rpc(ListMyWork, MyWorkReply, roles=ASKERS, reads=True)
    def list_my_work(self, request: ListMyWork, work: EvaluationStore, at: Moment) -> MyWorkReply:
        return queries.list_my_work(work, request, at)

    @rpc(requests.GetRates, replies.RatesReply, roles=READERS, reads=True)
    def get_rates(self, request: requests.GetRates, work: EvaluationStore, at: Moment) -> replies.RatesReply:
        return queries.get_rates(work, request, at)

    @rpc(requests.GetRanking, replies.RankingReply, roles=READERS, reads=True)
    def get_ranking(self, request: requests.GetRanking, work: EvaluationStore, at: Moment) -> replies.RankingReply:
        return queries.get_ranking(work, request, at)

    @rpc(requests.GetPeriod, replies.PeriodReply, roles=READERS, reads=True)
    def get_period(self, request: requests.GetPeriod, work: EvaluationStore, at: Moment) -> replies.PeriodReply:
        return queries.get_period(work, request, at)

    @rpc(requests.ListPeriods, replies.PeriodsReply, roles=READERS, reads=True)
    def list_periods(self, request: requests.ListPeriods, work: EvaluationStore, at: Moment) -> replies.PeriodsReply:
        return queries.list_periods(work, request, at)

    @rpc(requests.VerifyPeriod, replies.VerifiedReply, roles=[Role.EVALUATOR, Role.SUPERVISOR], reads=True)
    def verify_period(self, request: requests.VerifyPeriod, work: EvaluationStore, at: Moment) -> replies.VerifiedReply:
        return queries.verify_period(work, request, at)

    @rpc(requests.FreezePeriod, replies.PeriodReply, roles=[Role.EVALUATOR])
    def freeze_period(self, request: requests.FreezePeriod, work: EvaluationStore, at: Moment) -> replies.PeriodReply:
        return periods.freeze_period(work, request, at)

    @rpc(requests.PublishPeriod, replies.PeriodReply, roles=[Role.EVALUATOR])
    def publish_period(self, request: requests.PublishPeriod, work: EvaluationStore, at: Moment) -> replies.PeriodReply:
        return periods.publish_period(work, request, at)

    @rpc(requests.IssueErratum, replies.PeriodReply, roles=[Role.EVALUATOR])
    def issue_erratum(self, request: requests.IssueErratum, work: EvaluationStore, at: Moment) -> replies.PeriodReply:
        return periods.issue_erratum(work, request, at)
