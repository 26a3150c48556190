"""What dispatch is asked. Nothing here changes anything."""

from services.dispatch.domain.task import OPEN, UNFINISHED, Task, TaskState
from services.dispatch.domain.waits import DECIDING, WAITS
from services.dispatch.schemas.replies import (
    DeskReply,
    TaskInSightReply,
    TasksReply,
    desk_reply,
    task_reply,
    tasks_reply,
)
from services.dispatch.schemas.requests import GetDesk, GetTask, ListTasks
from services.dispatch.storage.repository import DispatchStore
from services.dispatch.use_cases.hands import has
from shared.auth import Role
from shared.bus.moment import Moment
from shared.bus.rpc.my_work import ListMyWork, MyWorkReply, WaitPart, my_work, waits_for
from shared.errors import BadRequest
from shared.requests.request import RequestState
from shared.units import tier_of

WHOSE = ("issue_id", "person_id", "desk_id", "organisation_id", "unit_code")


def get_task(work: DispatchStore, request: GetTask, at: Moment) -> TaskInSightReply:
    task, caller = work.tasks.get(request.task_id), at.caller
    in_hand = has(work, task, at)
    if not in_hand and not task.is_for(caller):
        raise work.tasks.unknown(task.id)
    in_charge = caller.is_any_of({Role.LEADER}) and caller.may_act_in(task.unit_code)
    return TaskInSightReply(**vars(task_reply(task)), in_hand=in_hand, in_charge=in_charge)


def list_tasks(work: DispatchStore, request: ListTasks, at: Moment) -> TasksReply:
    """What the caller may know of: all of an issue, or a page of a person's, a desk's, an organisation's, a unit's."""
    whose = [name for name in WHOSE if getattr(request, name)]
    if len(whose) != 1:
        raise BadRequest("name one thing whose tasks are meant", {"unit_code": [f"Give one of {', '.join(WHOSE)}."]})
    (name,) = whose
    if name == "issue_id":
        return tasks_reply([one for one in work.issues.get(request.issue_id).tasks if one.is_for(at.caller)])
    if name == "unit_code":
        tier_of(request.unit_code)
    units = work.units(at.now)
    values = units.ever_inside(request.unit_code) if name == "unit_code" else [getattr(request, name)]
    states = tuple(TaskState) if request.ended_too else OPEN
    sight = work.tasks.seen_by(at.caller, units.ever_inside(at.caller.unit or ""))
    found = work.tasks.list_of(name, values, states, sight, after=request.after, most=request.most)
    return tasks_reply(found, next_after=found[-1].id if len(found) == request.most else "")


def list_my_work(work: DispatchStore, request: ListMyWork, at: Moment) -> MyWorkReply:
    """What is to be done by a handler's organisation, or at the desks of their unit at which the caller sits now;

    for a leader also what waits to be accepted in their unit and inside it; for who decides what is asked for there.
    """
    caller, most = at.caller, request.most
    found = work.tasks.list_waiting("desk_id", work.desks_with(caller, at.now), UNFINISHED, most=most)
    if caller.is_any_of({Role.HANDLER}):
        found += work.tasks.list_waiting("organisation_id", [caller.organisation], UNFINISHED, most=most)
    if caller.is_any_of({Role.LEADER}):
        units = work.units(at.now).ever_inside(caller.unit or "")
        found += work.tasks.list_waiting("unit_code", units, [TaskState.DONE], most=most)
    waits = [_waiting(task) for task in {task.id: task for task in found}.values()]
    if caller.is_any_of(DECIDING.roles):
        waits += _to_decide(work, at, most)
    return my_work(waits, most)


def _to_decide(work: DispatchStore, at: Moment, most: int) -> list[WaitPart]:
    """Objections in the caller's unit and inside it, but for their own and those of their organisation."""
    inside = work.units(at.now).ever_inside(at.caller.unit or "")
    asked = work.requests.list_in(inside, [RequestState.ASKED], most)
    work.tasks.load(one.about for one in asked)
    others = ((one, work.tasks.get(one.about)) for one in asked if not one.is_asked_by(at.caller))
    return [
        waits_for(
            DECIDING,
            about=one.id,
            title=task.what,
            unit_code=one.unit_code,
            state=one.state.value,
            due_at=one.decide_by,
        )
        for one, task in others
        if task.state is TaskState.ASSIGNED and not at.caller.acts_for_any([task.organisation_id])
    ]


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
