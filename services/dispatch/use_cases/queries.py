"""What dispatch is asked. Nothing here changes anything."""

from services.dispatch.domain.task import OPEN, Task, TaskState
from services.dispatch.domain.waits import WAITS
from services.dispatch.schemas.replies import DeskReply, TaskReply, TasksReply, desk_reply, task_reply, tasks_reply
from services.dispatch.schemas.requests import GetDesk, GetTask, ListTasks
from services.dispatch.storage.repository import DispatchStore
from shared.auth import Role
from shared.bus.moment import Moment
from shared.bus.rpc.my_work import ListMyWork, MyWorkReply, WaitPart, my_work, waits_for
from shared.errors import BadRequest
from shared.units import tier_of


def get_task(work: DispatchStore, request: GetTask, at: Moment) -> TaskReply:
    task = work.tasks.get(request.task_id)
    if not task.is_for(at.caller):
        raise work.tasks.unknown(task.id)
    return task_reply(task)


def list_tasks(work: DispatchStore, request: ListTasks, at: Moment) -> TasksReply:
    """All of an issue, or a page of those of a unit and the units inside it."""
    if bool(request.issue_id) == bool(request.unit_code):
        raise BadRequest("name either an issue or a unit", {"unit_code": ["Give this or issue_id."]})
    if request.issue_id:
        return tasks_reply([one for one in work.issues.get(request.issue_id).tasks if one.is_for(at.caller)])
    tier_of(request.unit_code)
    units = work.units(at.now).ever_inside(request.unit_code)
    states = tuple(TaskState) if request.ended_too else OPEN
    found = work.tasks.list_in(units, states, after=request.after, most=request.most)
    shown = [one for one in found if one.is_for(at.caller)]
    return tasks_reply(shown, next_after=found[-1].id if len(found) == request.most else "")


def list_my_work(work: DispatchStore, request: ListMyWork, at: Moment) -> MyWorkReply:
    """A handler's organisation's tasks; a leader's those that wait to be accepted in their unit and inside it."""
    caller = at.caller
    states = [state for state, wait in WAITS.items() if caller.is_any_of(wait.roles)]
    units = work.units(at.now).ever_inside(caller.unit or "")
    handled = caller.organisation if Role.LEADER not in caller.roles else ""
    found = work.tasks.list_waiting(units, states, organisation=handled, most=request.most)
    return my_work([_waiting(task) for task in found], request.most)


def _waiting(task: Task) -> WaitPart:
    return waits_for(
        WAITS[task.state],
        about=task.id,
        title=task.what,
        unit_code=task.unit_code,
        state=task.state.value,
        due_at=task.due_at,
    )


def get_desk(work: DispatchStore, request: GetDesk, at: Moment) -> DeskReply:
    """Who would do it now: the unit that would lead, and who sits at its desks, in order of competence."""
    offices = work.offices(at.now)
    first = offices.lead_post(request.unit_code, request.category)
    return desk_reply(first, offices.posts(first.unit_code, request.category))
