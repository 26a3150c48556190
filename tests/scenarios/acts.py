"""What may happen in the life of orders, and how likely it is: what callers, hotline, clerks and units may do.

Each act says what it was about, or nothing where there is nothing to do it with.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from sqlalchemy import Row

from shared.auth import Role
from shared.contracts.hotline import OrderRecalledV1, OrderRedispatchedV1, OrderWithdrawnV1, PlacePart
from shared.contracts.vocabulary import SlaClass
from tests.scenarios.lives import COMMUNITY, ELSEWHERE, NO, YES, Life
from tests.told import DISTRICT

Act = Callable[[Life], str]
Deed = Callable[[Life, Row[Any]], str | None]
WHY = "情况有变"


def about(those: Callable[[Life], list[Row[Any]]], name: str) -> Callable[[Deed], Act]:
    """An act with one of those, which may be none; it says which it was, and what more the deed says of it."""

    def about_one(deed: Deed) -> Act:
        @wraps(deed)
        def act(life: Life) -> str:
            if not (some := those(life)):
                return ""
            one = life.dice.choice(some)
            return " ".join(filter(None, (str(getattr(one, name)), deed(life, one))))

        return act

    return about_one


a_task, an_issue, a_case = (
    about(Life.open_tasks, "id"),
    about(Life.awaiting_a_council, "id"),
    about(Life.cases, "issue_id"),
)
an_order, a_dispatched_order = about(Life.orders, "order_no"), about(Life.dispatched_orders, "order_no")


def general_order_is_filed(life: Life) -> str:
    return life.file(SlaClass.GENERAL)


def emergency_is_filed(life: Life) -> str:
    return life.file(SlaClass.EMERGENCY)


def caller_calls_again(life: Life) -> str:
    order = life.dice.choice(life.orders())
    return f"{life.file(SlaClass.GENERAL, caller_of=order.order_no)} by the caller of {order.order_no}"


@a_task
def task_is_done(life: Life, task: Row[Any]) -> None:
    life.work_on(task)


@a_task
def task_is_done_and_accepted(life: Life, task: Row[Any]) -> None:
    life.work_on(task)
    life.accept(task)


@a_task
def task_fails(life: Life, task: Row[Any]) -> None:
    """What can't be solved by handling is for a council."""
    life.ask("dispatch", "fail_task", Role.LEADER, task_id=task.id, reason=WHY)


@a_task
def holder_takes_over(life: Life, task: Row[Any]) -> None:
    life.ask("dispatch", "take_over_task", Role.LEADER, task_id=task.id, reason=WHY)


@a_dispatched_order
def caller_says_yes(life: Life, order: Row[Any]) -> None:
    life.call(order, YES)


@a_dispatched_order
def caller_says_no(life: Life, order: Row[Any]) -> None:
    life.call(order, NO)


@a_dispatched_order
def order_is_dispatched_again(life: Life, order: Row[Any]) -> str:
    return _dispatch_again(life, order, None)


@a_dispatched_order
def order_is_dispatched_again_as_an_emergency(life: Life, order: Row[Any]) -> str:
    return _dispatch_again(life, order, SlaClass.EMERGENCY)


def _dispatch_again(life: Life, order: Row[Any], sla_class: SlaClass | None) -> str:
    """Mostly to where it was."""
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
    return f"to {unit}"


@a_dispatched_order
def order_is_recalled(life: Life, order: Row[Any]) -> None:
    told = {"order_no": order.order_no, "dispatch_no": order.dispatch_no}
    life.hotline_tells(OrderRecalledV1(**told, reason=WHY, recalled_at=life.clock.now()))


@an_order
def order_is_withdrawn(life: Life, order: Row[Any]) -> None:
    life.hotline_tells(OrderWithdrawnV1(order_no=order.order_no, withdrawn_at=life.clock.now()))


@an_order
def order_is_unlinked(life: Life, order: Row[Any]) -> None:
    life.ask("intake", "unlink_complaint", Role.CLERK, order_no=order.order_no, reason=WHY)


@an_order
def order_is_for_another_unit(life: Life, order: Row[Any]) -> str:
    unit = life.dice.choice([ELSEWHERE, COMMUNITY])
    life.ask("intake", "correct_order", Role.CLERK, order_no=order.order_no, unit_code=unit, reason=WHY)
    return f"for {unit}"


@an_order
def order_is_of_another_class(life: Life, order: Row[Any]) -> str:
    sla_class = life.dice.choice([SlaClass.EMERGENCY, SlaClass.GENERAL])
    life.ask("intake", "correct_order", Role.CLERK, order_no=order.order_no, sla_class=sla_class, reason=WHY)
    return str(sla_class)


@an_order
def order_is_referred(life: Life, order: Row[Any]) -> None:
    where = {"channel": "court", "reference": "京0105", "entered_on": life.clock.now().date().isoformat()}
    life.ask("intake", "refer_order", Role.CLERK, order_no=order.order_no, **where)


@a_case
def issue_is_escalated(life: Life, case: Row[Any]) -> str:
    reason = life.dice.choice(["over_level", "over_duty"])
    told = {"issue_id": case.issue_id, "from_unit": case.unit_code, "reason": reason}
    life.ask("escalation", "escalate", Role.STREET_SYSTEM, case.unit_code, **told, explanation=WHY, tried="已多次协调")
    return f"from {case.unit_code}"


@a_case
def issue_is_returned_down(life: Life, case: Row[Any]) -> None:
    life.ask("supervision", "return_down", Role.SUPERVISOR, issue_id=case.issue_id, reason=WHY)


@a_case
def issue_gets_more_time(life: Life, case: Row[Any]) -> None:
    told = {"issue_id": case.issue_id, "reason": "weather", "words": "连日降雨"}
    _grant(life, life.ask("supervision", "ask_extension", Role.LEADER, case.unit_code, **told))


@a_case
def issue_is_put_on_the_pending_list(life: Life, case: Row[Any]) -> None:
    review_on = (life.clock.now() + timedelta(days=20)).date().isoformat()
    told = {"issue_id": case.issue_id, "reason": "planning", "words": "列入改造计划", "plan": "先报规划"}
    owner = {"owner": f"{DISTRICT}/区城市管理委员会", "interim_reply": "已列入计划", "review_on": review_on}
    _grant(life, life.ask("supervision", "ask_pending", Role.LEADER, case.unit_code, **told, **owner))


@a_case
def issue_is_taken_off_the_pending_list(life: Life, case: Row[Any]) -> None:
    told = {"issue_id": case.issue_id, "words": WHY}
    life.ask("supervision", "review_pending", Role.SUPERVISOR, **told, stays=False, subject="supervisor-2")


def _grant(life: Life, asked: dict[str, str] | None) -> None:
    if asked is not None:
        told = {"request_id": asked["request_id"], "reason": WHY}
        life.ask("supervision", "decide_request", Role.SUPERVISOR, **told, grant=True, subject="supervisor-2")


@an_issue
def council_resolves(life: Life, issue: Row[Any]) -> None:
    life.resolve(issue, leaves_as_is=life.dice.random() < 0.5)


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
