"""What may happen in the life of orders, and how likely it is: what callers, hotline, clerks and units may do.

Each act says what it was about, or nothing where there is nothing to do it with.
"""

from collections.abc import Callable
from datetime import timedelta

from shared.auth import Role
from shared.contracts.hotline import OrderRecalledV1, OrderRedispatchedV1, OrderWithdrawnV1, PlacePart
from shared.contracts.vocabulary import SlaClass
from tests.scenarios.lives import COMMUNITY, ELSEWHERE, NO, YES, Life
from tests.told import DISTRICT

Act = Callable[[Life], str]
WHY = "情况有变"


def general_order_is_filed(life: Life) -> str:
    return life.file(SlaClass.GENERAL)


def emergency_is_filed(life: Life) -> str:
    return life.file(SlaClass.EMERGENCY)


def caller_calls_again(life: Life) -> str:
    order = life.dice.choice(life.orders())
    return f"{life.file(SlaClass.GENERAL, caller_of=order.order_no)} by the caller of {order.order_no}"


def task_is_done(life: Life) -> str:
    if not (tasks := life.open_tasks()):
        return ""
    task = life.dice.choice(tasks)
    life.work_on(task)
    return str(task.id)


def task_is_done_and_accepted(life: Life) -> str:
    if not (tasks := life.open_tasks()):
        return ""
    task = life.dice.choice(tasks)
    life.work_on(task)
    life.accept(task)
    return str(task.id)


def task_fails(life: Life) -> str:
    """What can't be solved by handling is for a council."""
    if not (tasks := life.open_tasks()):
        return ""
    task = life.dice.choice(tasks)
    life.ask("dispatch", "fail_task", Role.LEADER, task_id=task.id, reason=WHY)
    return str(task.id)


def holder_takes_over(life: Life) -> str:
    if not (tasks := life.open_tasks()):
        return ""
    task = life.dice.choice(tasks)
    life.ask("dispatch", "take_over_task", Role.LEADER, task_id=task.id, reason=WHY)
    return str(task.id)


def caller_says_yes(life: Life) -> str:
    order = life.dice.choice(life.dispatched_orders())
    life.call(order, YES)
    return str(order.order_no)


def caller_says_no(life: Life) -> str:
    order = life.dice.choice(life.dispatched_orders())
    life.call(order, NO)
    return str(order.order_no)


def order_is_dispatched_again(life: Life) -> str:
    return _dispatch_again(life, None)


def order_is_dispatched_again_as_an_emergency(life: Life) -> str:
    return _dispatch_again(life, SlaClass.EMERGENCY)


def _dispatch_again(life: Life, sla_class: SlaClass | None) -> str:
    """Mostly to where it was."""
    order = life.dice.choice(life.dispatched_orders())
    unit = life.dice.choice([COMMUNITY, COMMUNITY, ELSEWHERE])
    life.hotline_tells(
        OrderRedispatchedV1(
            order_no=order.order_no,
            dispatch_no=order.dispatch_no + 1,
            reason=WHY,
            dispatched_at=life.clock.now(),
            sla_class=sla_class,
            place=PlacePart(unit_codes=[unit]),
        )
    )
    return f"{order.order_no} to {unit}"


def order_is_recalled(life: Life) -> str:
    order = life.dice.choice(life.dispatched_orders())
    told = {"order_no": order.order_no, "dispatch_no": order.dispatch_no}
    life.hotline_tells(OrderRecalledV1(**told, reason=WHY, recalled_at=life.clock.now()))
    return str(order.order_no)


def order_is_withdrawn(life: Life) -> str:
    order = life.dice.choice(life.orders())
    life.hotline_tells(OrderWithdrawnV1(order_no=order.order_no, withdrawn_at=life.clock.now()))
    return str(order.order_no)


def order_is_unlinked(life: Life) -> str:
    order = life.dice.choice(life.orders())
    life.ask("intake", "unlink_complaint", Role.CLERK, order_no=order.order_no, reason=WHY)
    return str(order.order_no)


def order_is_for_another_unit(life: Life) -> str:
    order, unit = life.dice.choice(life.orders()), life.dice.choice([ELSEWHERE, COMMUNITY])
    life.ask("intake", "correct_order", Role.CLERK, order_no=order.order_no, unit_code=unit, reason=WHY)
    return f"{order.order_no} for {unit}"


def order_is_of_another_class(life: Life) -> str:
    order, sla_class = life.dice.choice(life.orders()), life.dice.choice([SlaClass.EMERGENCY, SlaClass.GENERAL])
    life.ask("intake", "correct_order", Role.CLERK, order_no=order.order_no, sla_class=sla_class, reason=WHY)
    return f"{order.order_no} {sla_class}"


def order_is_referred(life: Life) -> str:
    order = life.dice.choice(life.orders())
    where = {"channel": "court", "reference": "京0105", "entered_on": life.clock.now().date().isoformat()}
    life.ask("intake", "refer_order", Role.CLERK, order_no=order.order_no, **where)
    return str(order.order_no)


def issue_is_escalated(life: Life) -> str:
    case, reason = life.dice.choice(life.cases()), life.dice.choice(["over_level", "over_duty"])
    told = {"issue_id": case.issue_id, "from_unit": case.unit_code, "reason": reason}
    life.ask("escalation", "escalate", Role.STREET_SYSTEM, case.unit_code, **told, explanation=WHY, tried="已多次协调")
    return f"{case.issue_id} from {case.unit_code}"


def issue_is_returned_down(life: Life) -> str:
    case = life.dice.choice(life.cases())
    life.ask("supervision", "return_down", Role.SUPERVISOR, issue_id=case.issue_id, reason=WHY)
    return str(case.issue_id)


def issue_gets_more_time(life: Life) -> str:
    case = life.dice.choice(life.cases())
    told = {"issue_id": case.issue_id, "reason": "weather", "words": "连日降雨"}
    _grant(life, life.ask("supervision", "ask_extension", Role.LEADER, case.unit_code, **told))
    return str(case.issue_id)


def issue_is_put_on_the_pending_list(life: Life) -> str:
    case = life.dice.choice(life.cases())
    review_on = (life.clock.now() + timedelta(days=20)).date().isoformat()
    told = {"issue_id": case.issue_id, "reason": "planning", "words": "列入改造计划", "plan": "先报规划"}
    owner = {"owner": f"{DISTRICT}/区城市管理委员会", "interim_reply": "已列入计划", "review_on": review_on}
    _grant(life, life.ask("supervision", "ask_pending", Role.LEADER, case.unit_code, **told, **owner))
    return str(case.issue_id)


def issue_is_taken_off_the_pending_list(life: Life) -> str:
    case = life.dice.choice(life.cases())
    told = {"issue_id": case.issue_id, "words": WHY}
    life.ask("supervision", "review_pending", Role.SUPERVISOR, **told, stays=False, subject="supervisor-2")
    return str(case.issue_id)


def _grant(life: Life, asked: dict[str, str] | None) -> None:
    if asked is not None:
        told = {"request_id": asked["request_id"], "reason": WHY}
        life.ask("supervision", "decide_request", Role.SUPERVISOR, **told, grant=True, subject="supervisor-2")


def council_resolves(life: Life) -> str:
    if not (issues := life.awaiting_a_council()):
        return ""
    issue = life.dice.choice(issues)
    life.resolve(issue, leaves_as_is=life.dice.random() < 0.5)
    return str(issue.id)


def hours_pass(life: Life) -> str:
    hours = life.dice.choice([0.2, 0.5, 1, 2, 6])
    life.pass_time(timedelta(hours=hours))
    return f"{hours}"


def days_pass(life: Life) -> str:
    days = life.dice.choice([1, 3, 8])
    life.pass_time(timedelta(days=days))
    return f"{days}"


ACTS: dict[Act, int] = {
    general_order_is_filed: 6,
    emergency_is_filed: 8,
    caller_calls_again: 3,
    task_is_done: 6,
    task_is_done_and_accepted: 14,
    task_fails: 5,
    holder_takes_over: 3,
    caller_says_yes: 6,
    caller_says_no: 8,
    order_is_dispatched_again: 3,
    order_is_dispatched_again_as_an_emergency: 2,
    order_is_recalled: 2,
    order_is_withdrawn: 2,
    order_is_unlinked: 2,
    order_is_for_another_unit: 2,
    order_is_of_another_class: 1,
    order_is_referred: 1,
    issue_is_escalated: 4,
    issue_is_returned_down: 2,
    issue_gets_more_time: 2,
    issue_is_put_on_the_pending_list: 2,
    issue_is_taken_off_the_pending_list: 1,
    council_resolves: 4,
    hours_pass: 8,
    days_pass: 2,
}
"""Out of all of these together."""


def something_happens(life: Life) -> None:
    """One act, a second after what was before."""
    life.clock.instant += timedelta(seconds=1)
    (act,) = life.dice.choices(list(ACTS), list(ACTS.values()))
    life.note(f"== {act.__name__}")
    life.note(f"   {act(life) or 'nothing to do it with'}")
