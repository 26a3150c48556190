"""Every way into dispatch: the events it listens to, the commands of handlers and leaders, and what it can be asked."""

from functools import cache
from typing import Any

from services.dispatch import schemas, use_cases
from services.dispatch.domain.desk import DeskDirectory
from services.dispatch.storage.duty_file import read_duties
from services.dispatch.storage.repository import DispatchStore
from shared.auth import Role
from shared.bus import Moment, UnitOfWork, rpc, subscribe
from shared.contracts.deliberation import ResolutionAdoptedV1
from shared.contracts.evaluation import RedoOrderedV1
from shared.contracts.intake import IssueListedV1, IssueRaisedV1
from shared.contracts.supervision import IssueClosedV1, IssueEscalatedV1, IssueReopenedV1, IssueReturnedDownV1

READERS = [Role.HANDLER, Role.LEADER, Role.CLERK, Role.CHAIR, Role.SUPERVISOR, Role.STREET_SYSTEM]


@cache
def desk_directory() -> DeskDirectory:
    """The desks of the shipped duty list; made at first use."""
    return DeskDirectory(read_duties())


class DispatchService:
    """Gives every issue its tasks, follows them to acceptance, and says when the issue is handled."""

    name = "dispatch"
    work = UnitOfWork(DispatchStore)

    def prepare(self, events: list[Any], work: Any, at: Moment) -> None:
        use_cases.prepare(work, events)

    @subscribe(IssueRaisedV1)
    def open_issue(self, event: Any, work: Any, at: Moment) -> None:
        use_cases.open_issue(work, event, **_rules(at))

    @subscribe(IssueListedV1)
    def await_resolution(self, event: Any, work: Any, at: Moment) -> None:
        use_cases.await_resolution(work, event)

    @subscribe(ResolutionAdoptedV1)
    def carry_out_resolution(self, event: Any, work: Any, at: Moment) -> None:
        use_cases.carry_out_resolution(work, event, **_rules(at))

    @subscribe(RedoOrderedV1)
    def do_again(self, event: Any, work: Any, at: Moment) -> None:
        use_cases.do_again(work, event, **_rules(at))

    @subscribe(IssueEscalatedV1)
    def climb(self, event: Any, work: Any, at: Moment) -> None:
        use_cases.move_issue(work, event, **_rules(at))

    @subscribe(IssueReturnedDownV1)
    def come_down(self, event: Any, work: Any, at: Moment) -> None:
        use_cases.move_issue(work, event, **_rules(at))

    @subscribe(IssueReopenedV1)
    def open_again(self, event: Any, work: Any, at: Moment) -> None:
        use_cases.move_issue(work, event, **_rules(at))

    @subscribe(IssueClosedV1)
    def close_issue(self, event: Any, work: Any, at: Moment) -> None:
        use_cases.close_issue(work, event)

    @rpc(schemas.SignForTask, schemas.TaskReply, roles=[Role.HANDLER])
    def sign_for_task(self, request: Any, work: Any, at: Moment) -> Any:
        return use_cases.sign_for_task(work, request, by=at.caller, now=at.now)

    @rpc(schemas.ReturnTask, schemas.TaskReply, roles=[Role.HANDLER])
    def return_task(self, request: Any, work: Any, at: Moment) -> Any:
        return use_cases.return_task(work, request, by=at.caller, **_rules(at))

    @rpc(schemas.ExtendTask, schemas.TaskReply, roles=[Role.LEADER])
    def extend_task(self, request: Any, work: Any, at: Moment) -> Any:
        return use_cases.extend_task(work, request, policy=at.policy, by=at.caller, now=at.now)

    @rpc(schemas.BlockTask, schemas.TaskReply, roles=[Role.HANDLER])
    def block_task(self, request: Any, work: Any, at: Moment) -> Any:
        return use_cases.block_task(work, request, by=at.caller, now=at.now)

    @rpc(schemas.ReachMilestone, schemas.TaskReply, roles=[Role.HANDLER])
    def reach_milestone(self, request: Any, work: Any, at: Moment) -> Any:
        return use_cases.reach_milestone(work, request, by=at.caller, now=at.now)

    @rpc(schemas.FinishTask, schemas.TaskReply, roles=[Role.HANDLER])
    def finish_task(self, request: Any, work: Any, at: Moment) -> Any:
        return use_cases.finish_task(work, request, by=at.caller, now=at.now)

    @rpc(schemas.AcceptTask, schemas.TaskReply, roles=[Role.LEADER])
    def accept_task(self, request: Any, work: Any, at: Moment) -> Any:
        return use_cases.accept_task(work, request, by=at.caller, now=at.now)

    @rpc(schemas.SendBackTask, schemas.TaskReply, roles=[Role.LEADER])
    def send_back_task(self, request: Any, work: Any, at: Moment) -> Any:
        return use_cases.send_back_task(work, request, by=at.caller, now=at.now)

    @rpc(schemas.FailTask, schemas.TaskReply, roles=[Role.HANDLER, Role.LEADER])
    def fail_task(self, request: Any, work: Any, at: Moment) -> Any:
        return use_cases.fail_task(work, request, by=at.caller, now=at.now)

    @rpc(schemas.GetTask, schemas.TaskReply, roles=READERS, reads=True)
    def get_task(self, request: Any, work: Any, at: Moment) -> Any:
        return use_cases.get_task(work, request)

    @rpc(schemas.ListTasks, schemas.TasksReply, roles=READERS, reads=True)
    def list_tasks(self, request: Any, work: Any, at: Moment) -> Any:
        return use_cases.list_tasks(work, request)

    @rpc(schemas.GetDesk, schemas.DeskReply, roles=READERS, reads=True)
    def get_desk(self, request: Any, work: Any, at: Moment) -> Any:
        return use_cases.get_desk(request, desks=desk_directory())


def _rules(at: Moment) -> dict[str, Any]:
    return {"desks": desk_directory(), "policy": at.policy, "now": at.now}
