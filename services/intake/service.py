"""Every way into intake 集: what it listens to and what it can be asked."""

from collections.abc import Sequence

from services.intake.domain.look import READERS
from services.intake.domain.update import Words
from services.intake.schemas import filing, look_replies, raising, replies, requests, wording_replies
from services.intake.schemas import hotline_requests as to_hotline
from services.intake.schemas import order_requests as to_decide
from services.intake.storage.repository import IntakeStore
from services.intake.use_cases import (
    answers,
    asking,
    corrections,
    decisions,
    events,
    extensions,
    filings,
    handovers,
    hotline_requests,
    issues,
    links,
    looks,
    matters,
    moves,
    orders,
    petitions,
    queries,
    redispatches,
    referrals,
    reports,
    settling,
    successions,
    updates,
    wordings,
)
from shared.auth import Role
from shared.bus.inbox.entrypoint import subscribe
from shared.bus.inbox.reading import Fault
from shared.bus.moment import Moment
from shared.bus.rpc.entrypoint import rpc
from shared.bus.rpc.my_work import ListMyWork, MyWorkReply
from shared.bus.timers.entrypoint import timer
from shared.bus.timers.timers import Due
from shared.bus.work import UnitOfWork
from shared.contracts import deliberation, dispatch, evaluation, hotline, supervision
from shared.contracts import directory as told
from shared.contracts.base import Event, Subject
from shared.directory import ending, learning
from shared.requests import deciding
from shared.requests.messages import (
    AppealRequest,
    DecideRequest,
    GetRequest,
    ListRequests,
    RequestReply,
    RequestsReply,
)

ASKERS = [Role.CLERK, Role.LEADER]
COUNCILS = [Role.CLERK, Role.CHAIR, Role.SUPERVISOR]


class IntakeService:
    """Takes complaints in, and says which issues grow from them."""

    name = "intake"
    work = UnitOfWork(IntakeStore)

    def prepare(self, subjects: Sequence[Subject | Due], work: IntakeStore, at: Moment) -> None:
        events.prepare(work, subjects, at)

    def refuse(self, fault: Fault, work: IntakeStore, at: Moment) -> None:
        orders.refuse(work, fault, at)

    @subscribe(told.UnitsChangedV1)
    def learn_units(self, event: told.UnitsChangedV1, work: IntakeStore, at: Moment) -> None:
        successions.learn_units(work, event, at)

    @timer(ending.UNIT_END)
    def place_held(self, due: Due, work: IntakeStore, at: Moment) -> None:
        successions.place_held(work, due, at)

    @timer(moves.UNIT_MOVE)
    def follow_move(self, due: Due, work: IntakeStore, at: Moment) -> None:
        moves.follow_move(work, due, at)

    @subscribe(told.StaffChangedV1)
    @subscribe(told.DirectoryToldV1)
    @subscribe(told.PlacesChangedV1)
    @subscribe(told.OrganisationsChangedV1)
    def learn(self, event: Event, work: IntakeStore, at: Moment) -> None:
        learning.learn(work, event, at)

    @subscribe(hotline.ComplaintFiledV1)
    def take_in(self, event: hotline.ComplaintFiledV1, work: IntakeStore, at: Moment) -> None:
        orders.take_in(work, event, at)

    @subscribe(hotline.CallbackReportedV1)
    def take_callback(self, event: hotline.CallbackReportedV1, work: IntakeStore, at: Moment) -> None:
        reports.take_callback(work, event, at)

    @subscribe(hotline.OrderRedispatchedV1)
    def redispatch(self, event: hotline.OrderRedispatchedV1, work: IntakeStore, at: Moment) -> None:
        redispatches.redispatch(work, event, at)

    @subscribe(hotline.OrderMergedV1)
    def merge(self, event: hotline.OrderMergedV1, work: IntakeStore, at: Moment) -> None:
        updates.merge(work, event, at)

    @subscribe(hotline.OrderRecalledV1)
    def recall(self, event: hotline.OrderRecalledV1, work: IntakeStore, at: Moment) -> None:
        updates.recall(work, event, at)

    @subscribe(hotline.OrderWithdrawnV1)
    def withdraw(self, event: hotline.OrderWithdrawnV1, work: IntakeStore, at: Moment) -> None:
        updates.withdraw(work, event, at)

    @subscribe(hotline.OrderAmendedV1)
    @subscribe(hotline.OrderSupplementedV1)
    def amend(self, event: Words, work: IntakeStore, at: Moment) -> None:
        updates.amend(work, event, at)

    @subscribe(dispatch.TaskAssignedV1)
    def note_charge(self, event: dispatch.TaskAssignedV1, work: IntakeStore, at: Moment) -> None:
        looks.note_charge(work, event, at)

    @subscribe(dispatch.IssueHandledV1)
    def reply_to_callers(self, event: dispatch.IssueHandledV1, work: IntakeStore, at: Moment) -> None:
        events.reply_to_callers(work, event, at)

    @subscribe(dispatch.OrderHandledV1)
    def reply_to_caller(self, event: dispatch.OrderHandledV1, work: IntakeStore, at: Moment) -> None:
        events.reply_to_caller(work, event, at)

    @subscribe(dispatch.HandlingFailedV1)
    def list_failed_issue(self, event: dispatch.HandlingFailedV1, work: IntakeStore, at: Moment) -> None:
        events.list_failed_issue(work, event, at)

    @subscribe(deliberation.ResolutionReviewedV1)
    def list_again(self, event: deliberation.ResolutionReviewedV1, work: IntakeStore, at: Moment) -> None:
        events.list_again(work, event, at)

    @subscribe(deliberation.ResolutionAdoptedV1)
    def settle_listing(self, event: deliberation.ResolutionAdoptedV1, work: IntakeStore, at: Moment) -> None:
        events.settle_listing(work, event, at)

    @subscribe(evaluation.CallbackCompletedV1)
    def note_callback(self, event: evaluation.CallbackCompletedV1, work: IntakeStore, at: Moment) -> None:
        events.note_callback(work, event, at)

    @subscribe(evaluation.OrderEvaluatedV1)
    def end_order(self, event: evaluation.OrderEvaluatedV1, work: IntakeStore, at: Moment) -> None:
        events.end_order(work, event, at)

    @subscribe(evaluation.IssueEvaluatedV1)
    def end_orders(self, event: evaluation.IssueEvaluatedV1, work: IntakeStore, at: Moment) -> None:
        events.end_orders(work, event, at)

    @subscribe(evaluation.RedoOrderedV1)
    def order_redo(self, event: evaluation.RedoOrderedV1, work: IntakeStore, at: Moment) -> None:
        events.order_redo(work, event, at)

    @subscribe(supervision.IssueEscalatedV1)
    @subscribe(supervision.IssueReturnedDownV1)
    @subscribe(supervision.IssueReassignedV1)
    def move_issue(self, event: events.Moved, work: IntakeStore, at: Moment) -> None:
        events.move_issue(work, event, at)

    @subscribe(supervision.EscalationUndoneV1)
    def undo_escalation(self, event: supervision.EscalationUndoneV1, work: IntakeStore, at: Moment) -> None:
        events.undo_escalation(work, event, at)

    @subscribe(supervision.IssueReopenedV1)
    def reopen_issue(self, event: supervision.IssueReopenedV1, work: IntakeStore, at: Moment) -> None:
        events.reopen_issue(work, event, at)

    @subscribe(supervision.IssuePendedV1)
    def reply_in_the_interim(self, event: supervision.IssuePendedV1, work: IntakeStore, at: Moment) -> None:
        extensions.reply_in_the_interim(work, event, at)

    @subscribe(supervision.IssueExtendedV1)
    def extend_orders(self, event: supervision.IssueExtendedV1, work: IntakeStore, at: Moment) -> None:
        extensions.extend_orders(work, event, at)

    @subscribe(supervision.IssueClosedV1)
    def close_issue(self, event: supervision.IssueClosedV1, work: IntakeStore, at: Moment) -> None:
        events.close_issue(work, event, at)

    @timer(handovers.FOLLOWING)
    def miss_handover(self, due: Due, work: IntakeStore, at: Moment) -> None:
        handovers.miss_handover(work, due, at)

    @timer(settling.SETTLING)
    def settle_by_default(self, due: Due, work: IntakeStore, at: Moment) -> None:
        settling.settle_by_default(work, due, at)

    @rpc(requests.GetComplaint, replies.ComplaintReply, roles=[Role.HOTLINE, Role.CLERK, Role.SUPERVISOR], reads=True)
    def get_complaint(self, request: requests.GetComplaint, work: IntakeStore, at: Moment) -> replies.ComplaintReply:
        return queries.get_complaint(work, request, at)

    @rpc(requests.ListComplaints, replies.ComplaintListReply, roles=COUNCILS, reads=True)
    def list_complaints(
        self, request: requests.ListComplaints, work: IntakeStore, at: Moment
    ) -> replies.ComplaintListReply:
        return queries.list_complaints(work, request, at)

    @rpc(requests.ListOrders, replies.OrdersReply, roles=[Role.CLERK], reads=True)
    def list_orders(self, request: requests.ListOrders, work: IntakeStore, at: Moment) -> replies.OrdersReply:
        return queries.list_orders(work, request, at)

    @rpc(requests.ListCategories, replies.CategoriesReply, roles=list(Role), reads=True)
    def list_categories(
        self, request: requests.ListCategories, work: IntakeStore, at: Moment
    ) -> replies.CategoriesReply:
        return queries.list_categories(work, request, at)

    @rpc(requests.GetIssue, replies.IssueReply, roles=[*COUNCILS, Role.HANDLER, Role.LEADER], reads=True)
    def get_issue(self, request: requests.GetIssue, work: IntakeStore, at: Moment) -> replies.IssueReply:
        return queries.get_issue(work, request, at)

    @rpc(requests.ListDeliberation, replies.DeliberationListReply, roles=COUNCILS, reads=True)
    def list_deliberation(
        self, request: requests.ListDeliberation, work: IntakeStore, at: Moment
    ) -> replies.DeliberationListReply:
        return queries.list_deliberation(work, request, at)

    @rpc(requests.LinkComplaint, replies.ComplaintReply, roles=[Role.CLERK])
    def link_complaint(self, request: requests.LinkComplaint, work: IntakeStore, at: Moment) -> replies.ComplaintReply:
        return links.link_complaint(work, request, at)

    @rpc(requests.UnlinkComplaint, replies.ComplaintReply, roles=[Role.CLERK])
    def unlink_complaint(
        self, request: requests.UnlinkComplaint, work: IntakeStore, at: Moment
    ) -> replies.ComplaintReply:
        return links.unlink_complaint(work, request, at)

    @rpc(requests.ListToSettle, replies.ToSettleReply, roles=[Role.CLERK, Role.SUPERVISOR], reads=True)
    def list_to_settle(self, request: requests.ListToSettle, work: IntakeStore, at: Moment) -> replies.ToSettleReply:
        return queries.list_to_settle(work, request, at)

    @rpc(requests.ListWordings, wording_replies.WordingsReply, roles=[Role.CLERK], private=True)
    def list_wordings(
        self, request: requests.ListWordings, work: IntakeStore, at: Moment
    ) -> wording_replies.WordingsReply:
        return wordings.list_wordings(work, request, at)

    @rpc(requests.ConfirmWording, replies.IssueReply, roles=[Role.CLERK])
    def confirm_wording(self, request: requests.ConfirmWording, work: IntakeStore, at: Moment) -> replies.IssueReply:
        return wordings.confirm_wording(work, request, at)

    @subscribe(hotline.OrderRequestAnsweredV1)
    def take_answer(self, event: hotline.OrderRequestAnsweredV1, work: IntakeStore, at: Moment) -> None:
        hotline_requests.take_answer(work, event, at)

    @timer(deciding.REQUEST)
    def decide_by_default(self, due: Due, work: IntakeStore, at: Moment) -> None:
        decisions.decide_by_default(work, due, at)

    @rpc(to_decide.AskTransfer, RequestReply, roles=ASKERS)
    def ask_transfer(self, request: to_decide.AskTransfer, work: IntakeStore, at: Moment) -> RequestReply:
        return asking.ask_transfer(work, request, at)

    @rpc(to_decide.AskUrgency, RequestReply, roles=ASKERS)
    def ask_urgency(self, request: to_decide.AskUrgency, work: IntakeStore, at: Moment) -> RequestReply:
        return asking.ask_urgency(work, request, at)

    @rpc(to_decide.AskReinstatement, RequestReply, roles=ASKERS)
    def ask_reinstatement(self, request: to_decide.AskReinstatement, work: IntakeStore, at: Moment) -> RequestReply:
        return asking.ask_reinstatement(work, request, at)

    @rpc(to_decide.AskWithdrawal, RequestReply, roles=ASKERS)
    def ask_withdrawal(self, request: to_decide.AskWithdrawal, work: IntakeStore, at: Moment) -> RequestReply:
        return asking.ask_withdrawal(work, request, at)

    @rpc(DecideRequest, RequestReply, roles=[Role.CLERK])
    def decide_request(self, request: DecideRequest, work: IntakeStore, at: Moment) -> RequestReply:
        return decisions.decide_request(work, request, at)

    @rpc(AppealRequest, RequestReply, roles=ASKERS)
    def appeal_request(self, request: AppealRequest, work: IntakeStore, at: Moment) -> RequestReply:
        return hotline_requests.appeal_request(work, request, at)

    @rpc(GetRequest, RequestReply, roles=[*ASKERS, Role.SUPERVISOR], reads=True)
    def get_request(self, request: GetRequest, work: IntakeStore, at: Moment) -> RequestReply:
        return decisions.get_request(work, request, at)

    @rpc(ListRequests, RequestsReply, roles=[*ASKERS, Role.SUPERVISOR], reads=True)
    def list_requests(self, request: ListRequests, work: IntakeStore, at: Moment) -> RequestsReply:
        return deciding.list_requests(work, request, at)

    @rpc(to_hotline.AskHotline, RequestReply, roles=ASKERS)
    def ask_hotline(self, request: to_hotline.AskHotline, work: IntakeStore, at: Moment) -> RequestReply:
        return hotline_requests.ask_hotline(work, request, at)

    @rpc(to_hotline.ListHotlineRequests, RequestsReply, roles=[Role.CLERK, Role.LEADER, Role.SUPERVISOR], reads=True)
    def list_hotline_requests(
        self, request: to_hotline.ListHotlineRequests, work: IntakeStore, at: Moment
    ) -> RequestsReply:
        return hotline_requests.list_hotline_requests(work, request, at)

    @rpc(ListMyWork, MyWorkReply, roles=[Role.CLERK], reads=True)
    def list_my_work(self, request: ListMyWork, work: IntakeStore, at: Moment) -> MyWorkReply:
        return queries.list_my_work(work, request, at)

    @rpc(requests.SettleOrder, replies.ComplaintReply, roles=[Role.CLERK])
    def settle_order(self, request: requests.SettleOrder, work: IntakeStore, at: Moment) -> replies.ComplaintReply:
        return settling.settle_order(work, request, at)

    @rpc(requests.ReturnToHotline, replies.ComplaintReply, roles=[Role.CLERK])
    def return_to_hotline(
        self, request: requests.ReturnToHotline, work: IntakeStore, at: Moment
    ) -> replies.ComplaintReply:
        return settling.return_to_hotline(work, request, at)

    @rpc(requests.AnswerOrder, replies.ComplaintReply, roles=[Role.CLERK])
    def answer_order(self, request: requests.AnswerOrder, work: IntakeStore, at: Moment) -> replies.ComplaintReply:
        return answers.answer_order(work, request, at)

    @rpc(requests.ReferOrder, replies.ComplaintReply, roles=[Role.CLERK])
    def refer_order(self, request: requests.ReferOrder, work: IntakeStore, at: Moment) -> replies.ComplaintReply:
        return referrals.refer_order(work, request, at)

    @rpc(requests.VerifySignatures, replies.ComplaintReply, roles=[Role.CLERK])
    def verify_signatures(
        self, request: requests.VerifySignatures, work: IntakeStore, at: Moment
    ) -> replies.ComplaintReply:
        return petitions.verify_signatures(work, request, at)

    @rpc(requests.ReinstateOrder, replies.ComplaintReply, roles=[Role.HOTLINE])
    def reinstate_order(
        self, request: requests.ReinstateOrder, work: IntakeStore, at: Moment
    ) -> replies.ComplaintReply:
        return answers.reinstate_order(work, request, at)

    @rpc(requests.HandOverOrder, replies.ComplaintReply, roles=[Role.CLERK])
    def hand_over_order(self, request: requests.HandOverOrder, work: IntakeStore, at: Moment) -> replies.ComplaintReply:
        return handovers.hand_over_order(work, request, at)

    @rpc(requests.FollowHandover, replies.ComplaintReply, roles=[Role.CLERK])
    def follow_handover(
        self, request: requests.FollowHandover, work: IntakeStore, at: Moment
    ) -> replies.ComplaintReply:
        return handovers.follow_handover(work, request, at)

    @rpc(requests.SplitOrder, replies.ComplaintReply, roles=[Role.CLERK], private=True)
    def split_order(self, request: requests.SplitOrder, work: IntakeStore, at: Moment) -> replies.ComplaintReply:
        return matters.split_order(work, request, at)

    @rpc(requests.CorrectOrder, replies.ComplaintReply, roles=[Role.CLERK])
    def correct_order(self, request: requests.CorrectOrder, work: IntakeStore, at: Moment) -> replies.ComplaintReply:
        return corrections.correct_order(work, request, at)

    @rpc(filing.FileOrder, filing.FiledReply, roles=[Role.CLERK, Role.RESIDENT], private=True)
    def file_order(self, request: filing.FileOrder, work: IntakeStore, at: Moment) -> filing.FiledReply:
        return filings.file(work, request, at)

    @rpc(filing.FileProposal, filing.FiledReply, roles=[Role.CLERK, Role.RESIDENT], private=True)
    def file_proposal(self, request: filing.FileProposal, work: IntakeStore, at: Moment) -> filing.FiledReply:
        return filings.file(work, request, at)

    @rpc(raising.RaiseIssue, replies.IssueReply, roles=[Role.CLERK])
    def raise_issue(self, request: raising.RaiseIssue, work: IntakeStore, at: Moment) -> replies.IssueReply:
        return issues.raise_issue(work, request, at)

    @rpc(filing.ReadByCheckCode, filing.FollowedReply, roles=[Role.RESIDENT, Role.PUBLIC], reads=True)
    def read_by_check_code(
        self, request: filing.ReadByCheckCode, work: IntakeStore, at: Moment
    ) -> filing.FollowedReply:
        return filings.read_by_check_code(work, request, at)

    @rpc(requests.ReadOrder, look_replies.OwnWordsReply, roles=READERS, private=True)
    def read_order(self, request: requests.ReadOrder, work: IntakeStore, at: Moment) -> look_replies.OwnWordsReply:
        return looks.read_order(work, request, at)

    @rpc(requests.ListLooks, look_replies.LookListReply, roles=[Role.SUPERVISOR, Role.HOTLINE], reads=True)
    def list_looks(self, request: requests.ListLooks, work: IntakeStore, at: Moment) -> look_replies.LookListReply:
        return looks.list_looks(work, request, at)
