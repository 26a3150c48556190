"""Who gets a task: a desk of the issue's lead unit, whom a resolution names, or after an objection who is next."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from services.dispatch.domain.assignment import FiveThings
from services.dispatch.domain.desk import Assisting, Offices, Post
from services.dispatch.domain.issue import Issue
from services.dispatch.domain.task import Task, orders_of
from services.dispatch.storage.repository import DispatchStore
from shared.bus.moment import Moment
from shared.contracts.deliberation import ResolutionAdoptedV1, ResolvedTaskPart
from shared.contracts.dispatch import TaskAssignedV1
from shared.contracts.intake import ComplaintLinkedV1, IssueRaisedV1
from shared.contracts.orders import ComplaintRedispatchedV1
from shared.contracts.vocabulary import SlaClass, TaskOrigin

Joining = ComplaintLinkedV1 | ComplaintRedispatchedV1


def assign_lead(
    work: DispatchStore,
    issue: Issue,
    at: Moment,
    *,
    origin: TaskOrigin,
    due_at: datetime,
    what: str = "",
    instead_of: Task | None = None,
    sla_class: SlaClass | None = None,
    order_nos: Sequence[str] = (),
    is_alone: bool = False,
) -> Task:
    """A task for the issue's lead unit; the department that did it there before does it again.

    What takes the place of another is about the same, for the same orders, by the same resolution and with the same
    money.
    """
    offices = work.offices(at.now).without(issue.respondents)
    before = {task.unit_code: task.department for task in issue.tasks}
    post = offices.lead_post(issue.unit_code, issue.category, before)
    task = issue.assign(
        _five_things(offices, issue, post, due_at),
        unit_code=post.unit_code,
        origin=origin,
        what=instead_of.what if instead_of else what or issue.title,
        returns=at.policy.returns,
        at=at.now,
        funding=instead_of.funding if instead_of else (),
        resolution_id=instead_of.resolution_id if instead_of else "",
        sla_class=instead_of.sla_class if instead_of else sla_class,
        order_nos=instead_of.order_nos if instead_of else order_nos,
        is_alone=instead_of.is_alone if instead_of else is_alone,
    )
    work.tasks.add(task)
    _announce(work, task, at)
    return task


def work_for(work: DispatchStore, issue: Issue, event: Joining, at: Moment) -> None:
    """An urgent order has what is being done already that is as urgent and due as soon; or else a task of its own."""
    at_work = issue.urgent_work_by(event.due_at) if event.sla_class.is_urgent else None
    if at_work is not None:
        at_work.answer([event.order_no])
        return
    assign_lead(
        work,
        issue,
        at,
        origin=TaskOrigin.COMPLAINT,
        due_at=due_with(event, at),
        sla_class=event.sla_class,
        order_nos=[event.order_no],
        is_alone=True,
    )


def assign_instead(
    work: DispatchStore, issue: Issue, ended: Sequence[Task], at: Moment, *, origin: TaskOrigin, due_at: datetime
) -> None:
    """A task for the lead unit instead of those that ended, and for the orders which these were for.

    While the rest waits for a resolution it is for these orders and nobody else.
    """
    assign_lead(
        work,
        issue,
        at,
        origin=origin,
        due_at=due_at,
        sla_class=next((task.sla_class for task in ended if task.order_nos), None),
        order_nos=orders_of(ended),
        is_alone=issue.is_awaiting_resolution,
    )


def assign_anew(work: DispatchStore, issue: Issue, ended: Iterable[Task], at: Moment, *, origin: TaskOrigin) -> None:
    """For the lead unit, what single orders had for themselves, each by its own limit; nothing is due in the past."""
    for task in ended:
        assign_lead(work, issue, at, origin=origin, due_at=max(task.due_at, at.now), instead_of=task)


def due_with(event: IssueRaisedV1 | Joining, at: Moment) -> datetime:
    """With the order; nothing is due in the past: of one whose limit was over on arrival, when its caller has heard."""
    if isinstance(event, ComplaintRedispatchedV1):
        unit_code, arrived_at = event.to_unit, event.redispatched_at
    else:
        unit_code, arrived_at = event.unit_code, event.received_at or at.now
    contact = at.policy_in(unit_code).first_contact
    return max(contact.due_at(event.due_at, event.dispatched_at, arrived_at, event.sla_class), at.now)


def assign_resolved(
    work: DispatchStore, issue: Issue, resolved: ResolvedTaskPart, at: Moment, *, by: ResolutionAdoptedV1
) -> None:
    """As the resolution names it; the desk is the directory's."""
    offices = work.offices(at.now).without(issue.respondents)
    lowest = min(offices.units.heir_of(by.unit_code), issue.unit_code, key=len)
    unit_code = offices.lead_units(lowest, issue.category)[0]
    post = offices.named_post(unit_code, issue.category, resolved.department)
    task = issue.assign(
        FiveThings(
            resolved.leader,
            resolved.department,
            resolved.person,
            resolved.co_units,
            resolved.due_at,
            organisation_id=post.organisation_id,
            desk_id=post.desk_id,
            person_id=post.person_id if post.person == resolved.person else "",
            assisting_ids=_ids_of(offices.known_as(unit_code, resolved.co_units)),
        ),
        unit_code=post.unit_code,
        origin=TaskOrigin.RESOLUTION,
        what=resolved.what,
        returns=at.policy.returns,
        at=at.now,
        funding=resolved.funding,
        resolution_id=by.resolution_id,
    )
    work.tasks.add(task)
    _announce(work, task, at)


def hand_on(work: DispatchStore, issue: Issue, task: Task, at: Moment) -> None:
    """To the department next in competence, which gets it by force where no return is left."""
    offices = work.offices(at.now).without(issue.respondents)
    post = offices.next_post(task.unit_code, issue.category, task.department)
    things = _five_things(offices, issue, post, task.due_at)
    issue.hand_over(task, things, unit_code=post.unit_code, returns=at.policy.returns, at=at.now)
    _announce(work, task, at)


def pass_on(work: DispatchStore, issue: Issue, task: Task, heir: str, at: Moment) -> None:
    """The task's unit has ended: to the same department of its heir, or whoever is competent there."""
    offices = work.offices(at.now).without(issue.respondents)
    post = offices.lead_post(heir, issue.category, {heir: task.department})
    things = _five_things(offices, issue, post, task.due_at)
    if issue.pass_on(task, things, unit_code=post.unit_code, returns=at.policy.returns, at=at.now):
        _announce(work, task, at)


def _five_things(offices: Offices, issue: Issue, post: Post, due_at: datetime) -> FiveThings:
    assisting = offices.assisting(post.unit_code, post.department, issue.category, helper=issue.unit_code)
    return FiveThings(
        post.leader,
        post.department,
        post.person,
        [one.name for one in assisting],
        due_at,
        organisation_id=post.organisation_id,
        desk_id=post.desk_id,
        person_id=post.person_id,
        assisting_ids=_ids_of(assisting),
    )


def of_task(task: Task) -> dict[str, str]:
    """What every event of a task says of it."""
    return {"task_id": task.id, "issue_id": task.issue_id, "unit_code": task.unit_code}


def _ids_of(assisting: Iterable[Assisting]) -> list[str]:
    return [one.organisation_id for one in assisting if one.organisation_id]


def _announce(work: DispatchStore, task: Task, at: Moment) -> None:
    event = TaskAssignedV1(
        task_id=task.id,
        issue_id=task.issue_id,
        unit_code=task.unit_code,
        origin=task.origin,
        what=task.what,
        leader=task.leader,
        department=task.department,
        person=task.person,
        organisation_id=task.organisation_id,
        desk_id=task.desk_id,
        person_id=task.person_id,
        co_units=list(task.co_units),
        assisting_ids=list(task.assisting_ids),
        due_at=task.due_at,
        sla_class=task.sla_class,
        attempt=task.attempt,
        forced=task.is_forced,
        assigned_at=task.assigned_at,
    )
    work.outbox.add(event, at=at.now)
