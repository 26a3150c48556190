"""Every way into dispatch: the events it listens to, the commands of handlers and leaders, and what it can be asked."""

from collections.abc import Sequence

from services.dispatch.schemas import replies, requests
from services.dispatch.storage.repository import DispatchStore
from services.dispatch.use_cases import events, orders, queries, returns, tasks
from shared.auth import Role
from shared.bus.inbox.entrypoint import subscribe
from shared.bus.moment import Moment
from shared.bus.rpc.entrypoint import rpc
from shared.bus.rpc.my_work import ListMyWork, MyWorkReply
from shared.bus.timers.entrypoint import timer
from shared.bus.timers.timers import Due
from shared.bus.work import UnitOfWork
from shared.contracts import directory as told
from shared.contracts.base import Event, Subject
from shared.contracts.deliberation import ResolutionAdoptedV1, ResolutionReviewedV1
from shared.contracts.evaluation import RedoOrderedV1
from shared.contracts.intake import (
    ComplaintLinkedV1,
    ComplaintUnlinkedV1,
    IssueListedV1,
    IssuePlacedV1,
    IssueRaisedV1,
    WordingConfirmedV1,
)
from shared.contracts.orders import ComplaintRedispatchedV1
from shared.contracts.supervision import (
    EscalationUndoneV1,
    IssueClosedV1,
    IssueEscalatedV1,
    IssueExtendedV1,
    IssuePendedV1,
    IssueReassignedV1,
    IssueReopenedV1,
    IssueReturnedDownV1,
)
from shared.directory import ending, learning
from shared.requests import deciding
from shared.requests import messages as asked

READERS = [Role.HANDLER, Role.LEADER, Role.CLERK, Role.CHAIR, Role.SUPERVISOR, Role.STREET_SYSTEM]
AT_A_DESK = [Role.HANDLER, Role.LEADER]
DECIDERS = [Role.LEADER, Role.SUPERVISOR]


class DispatchService:
    """Gives every issue its tasks, follows them to acceptance, and says when the issue is handled."""

    name = "dispatch"
    work = UnitOfWork(DispatchStore)

    def prepare(self, subjects: Sequence[Subject | Due], work: DispatchStore, at: Moment) -> None:
        events.prepare(work, subjects, at)

    @subscribe(told.UnitsChangedV1)
    def learn_units(self, event: told.UnitsChangedV1, work: DispatchStore, at: Moment) -> None:
        ending.learn(work, event, at)

    @timer(ending.UNIT_END)
    def leave_ended_unit(self, due: Due, work: DispatchStore, at: Moment) -> None:
        events.leave_ended_unit(work, due, at)

    @subscribe(told.StaffChangedV1)
    @subscribe(told.DirectoryToldV1)
    @subscribe(told.OrganisationsChangedV1)
    @subscribe(told.ContractsChangedV1)
    @subscribe(told.DesksChangedV1)
    @subscribe(told.ShiftsChangedV1)
    @subscribe(told.ActingChangedV1)
    @subscribe(told.DutiesChangedV1)
    def learn(self, event: Event, work: DispatchStore, at: Moment) -> None:
        learning.learn(work, event, at)

    @subscribe(IssueRaisedV1)
    def open_issue(self, event: IssueRaisedV1, work: DispatchStore, at: Moment) -> None:
        events.open_issue(work, event, at)

    @subscribe(ComplaintLinkedV1)
    def work_on_newcomer(self, event: ComplaintLinkedV1, work: DispatchStore, at: Moment) -> None:
        orders.work_on_newcomer(work, event, at)

    @subscribe(ComplaintUnlinkedV1)
    def leave_issue(self, event: ComplaintUnlinkedV1, work: DispatchStore, at: Moment) -> None:
        orders.leave_issue(work, event, at)

    @subscribe(ComplaintRedispatchedV1)
    def follow_redispatch(self, event: ComplaintRedispatchedV1, work: DispatchStore, at: Moment) -> None:
        orders.follow_redispatch(work, event, at)

    @subscribe(WordingConfirmedV1)
    def take_wording(self, event: WordingConfirmedV1, work: DispatchStore, at: Moment) -> None:
        events.take_wording(work, event, at)

    @subscribe(IssuePlacedV1)
    def follow_placing(self, event: IssuePlacedV1, work: DispatchStore, at: Moment) -> None:
        events.follow_placing(work, event, at)

    @subscribe(IssueListedV1)
    def await_resolution(self, event: IssueListedV1, work: DispatchStore, at: Moment) -> None:
        events.await_resolution(work, event, at)

    @subscribe(ResolutionAdoptedV1)
    def carry_out_resolution(self, event: ResolutionAdoptedV1, work: DispatchStore, at: Moment) -> None:
        events.carry_out_resolution(work, event, at)

    @subscribe(ResolutionReviewedV1)
    def give_up_resolution(self, event: ResolutionReviewedV1, work: DispatchStore, at: Moment) -> None:
        events.give_up_resolution(work, event, at)

    @subscribe(RedoOrderedV1)
    def do_again(self, event: RedoOrderedV1, work: DispatchStore, at: Moment) -> None:
        events.do_again(work, event, at)

    @subscribe(IssueEscalatedV1)
    @subscribe(IssueReturnedDownV1)
    @subscribe(IssueReopenedV1)
    def move_issue(self, event: events.Moved, work: DispatchStore, at: Moment) -> None:
        events.move_issue(work, event, at)

    @subscribe(IssueReassignedV1)
    def reassign_issue(self, event: IssueReassignedV1, work: DispatchStore, at: Moment) -> None:
        events.reassign_issue(work, event, at)

    @subscribe(EscalationUndoneV1)
    def undo_escalation(self, event: EscalationUndoneV1, work: DispatchStore, at: Moment) -> None:
        events.undo_escalation(work, event, at)

    @subscribe(IssuePendedV1)
    def postpone_tasks(self, event: IssuePendedV1, work: DispatchStore, at: Moment) -> None:
        events.postpone_tasks(work, event, at)

    @subscribe(IssueExtendedV1)
    def extend_tasks(self, event: IssueExtendedV1, work: DispatchStore, at: Moment) -> None:
        events.extend_tasks(work, event, at)

    @subscribe(IssueClosedV1)
    def close_issue(self, event: IssueClosedV1, work: DispatchStore, at: Moment) -> None:
        events.close_issue(work, event, at)

    @rpc(requests.SignForTask, replies.TaskReply, roles=AT_A_DESK)
    def sign_for_task(self, request: requests.SignForTask, work: DispatchStore, at: Moment) -> replies.TaskReply:
        return tasks.sign_for_task(work, request, at)

    @rpc(requests.ReturnTask, asked.RequestReply, roles=[Role.HANDLER])
    def return_task(self, request: requests.ReturnTask, work: DispatchStore, at: Moment) -> asked.RequestReply:
        return returns.return_task(work, request, at)

    @rpc(asked.AppealRequest, asked.RequestReply, roles=[Role.HANDLER])
    def appeal_request(self, request: asked.AppealRequest, work: DispatchStore, at: Moment) -> asked.RequestReply:
        return returns.appeal_request(work, request, at)

    @rpc(asked.DecideRequest, asked.RequestReply, roles=DECIDERS)
    def decide_request(self, request: asked.DecideRequest, work: DispatchStore, at: Moment) -> asked.RequestReply:
        return returns.decide_request(work, request, at)

    @timer(deciding.REQUEST)
    def decide_by_default(self, due: Due, work: DispatchStore, at: Moment) -> None:
        returns.decide_by_default(work, due, at)

    @rpc(asked.GetRequest, asked.RequestReply, roles=READERS, reads=True)
    def get_request(self, request: asked.GetRequest, work: DispatchStore, at: Moment) -> asked.RequestReply:
        return returns.get_request(work, request, at)

    @rpc(asked.ListRequests, asked.RequestsReply, roles=READERS, reads=True)
    def list_requests(self, request: asked.ListRequests, work: DispatchStore, at: Moment) -> asked.RequestsReply:
        return deciding.list_requests(work, request, at)

    @rpc(requests.DeclineTask, replies.TaskReply, roles=AT_A_DESK)
    def decline_task(self, request: requests.DeclineTask, work: DispatchStore, at: Moment) -> replies.TaskReply:
        return tasks.decline_task(work, request, at)

    @rpc(requests.BlockTask, replies.TaskReply, roles=AT_A_DESK)
    def block_task(self, request: requests.BlockTask, work: DispatchStore, at: Moment) -> replies.TaskReply:
        return tasks.block_task(work, request, at)

    @rpc(requests.ReachMilestone, replies.TaskReply, roles=AT_A_DESK)
    def reach_milestone(self, request: requests.ReachMilestone, work: DispatchStore, at: Moment) -> replies.TaskReply:
        return tasks.reach_milestone(work, request, at)

    @rpc(requests.FinishTask, replies.TaskReply, roles=AT_A_DESK)
    def finish_task(self, request: requests.FinishTask, work: DispatchStore, at: Moment) -> replies.TaskReply:
        return tasks.finish_task(work, request, at)

    @rpc(requests.AcceptTask, replies.TaskReply, roles=[Role.LEADER])
    def accept_task(self, request: requests.AcceptTask, work: DispatchStore, at: Moment) -> replies.TaskReply:
        return tasks.accept_task(work, request, at)

    @rpc(requests.SendBackTask, replies.TaskReply, roles=[Role.LEADER])
    def send_back_task(self, request: requests.SendBackTask, work: DispatchStore, at: Moment) -> replies.TaskReply:
        return tasks.send_back_task(work, request, at)

    @rpc(requests.FailTask, replies.TaskReply, roles=AT_A_DESK)
    def fail_task(self, request: requests.FailTask, work: DispatchStore, at: Moment) -> replies.TaskReply:
        return tasks.fail_task(work, request, at)

    @rpc(requests.TakeOverTask, replies.TaskReply, roles=[Role.LEADER])
    def take_over_task(self, request: requests.TakeOverTask, work: DispatchStore, at: Moment) -> replies.TaskReply:
        return tasks.take_over_task(work, request, at)

    @rpc(requests.GetTask, replies.TaskInSightReply, roles=READERS, reads=True)
    def get_task(self, request: requests.GetTask, work: DispatchStore, at: Moment) -> replies.TaskInSightReply:
        return queries.get_task(work, request, at)

    @rpc(requests.ListTasks, replies.TasksReply, roles=READERS, reads=True)
    def list_tasks(self, request: requests.ListTasks, work: DispatchStore, at: Moment) -> replies.TasksReply:
        return queries.list_tasks(work, request, at)

    @rpc(ListMyWork, MyWorkReply, roles=[*AT_A_DESK, Role.SUPERVISOR], reads=True)
    def list_my_work(self, request: ListMyWork, work: DispatchStore, at: Moment) -> MyWorkReply:
        return queries.list_my_work(work, request, at)

    @rpc(requests.GetDesk, replies.DeskReply, roles=READERS, reads=True)
    def get_desk(self, request: requests.GetDesk, work: DispatchStore, at: Moment) -> replies.DeskReply:
        return queries.get_desk(work, request, at)
