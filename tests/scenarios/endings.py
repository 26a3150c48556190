"""How a life ends, and what is over then: everybody does their part, and nobody has anything left to do or wait for."""

from collections.abc import Iterator
from datetime import timedelta

from services.dispatch.domain.issue import IssueState as IssueHandled
from services.dispatch.storage import tables as dispatch
from services.evaluation.storage import tables as evaluation
from services.intake.domain.complaint import ComplaintState
from services.intake.domain.issue import IssueState as IssueRaised
from services.intake.domain.waits import ENDS
from services.intake.storage import tables as intake
from services.supervision.domain.case import CaseState
from services.supervision.domain.ledger import SegmentKind
from services.supervision.storage import tables as supervision
from shared.auth import Role
from shared.bus.tables import EventStatus
from tests.scenarios.lives import COMMUNITY, YES, Life

SETTLED = frozenset({EventStatus.HANDLED, EventStatus.DROPPED})


def everybody_does_their_part(life: Life) -> None:
    """Councils resolve, clerks settle, desks work, leaders accept, and whoever is asked says yes, for two months."""
    for _ in range(50):
        life.streams.deliver()
        for issue in life.awaiting_a_council():
            life.resolve(issue, leaves_as_is=life.dice.random() < 0.3)
        for order in life.orders(intake.complaints.c.state == ComplaintState.TO_SETTLE):
            where = {"order_no": order.order_no, "unit_code": COMMUNITY}
            life.ask("intake", "settle_order", Role.CLERK, **where, reason="经核实属本社区")
        life.streams.deliver()
        for task in life.open_tasks():
            life.work_on(task)
            life.accept(task)
        life.streams.deliver()
        life.pass_time(timedelta(hours=30))
        life.streams.deliver()
        for order in life.orders_to_call_about():
            life.call(order, YES)
        life.streams.deliver()
        if not any(left_over(life)):
            return


def left_over(life: Life) -> Iterator[str]:
    """What somebody still has to do with, or waits for: of a life that is over there is nothing.

    An order is over when it is closed with a reply, or for another reason is no longer ours: it was taken back,
    merged, referred, returned, answered on the spot, or urges another one.
    """
    for case in life.cases(supervision.cases.c.state != CaseState.CLOSED):
        yield f"case {case.issue_id} is {case.state} with {case.unit_code}"
    for clock in life.rows("supervision", supervision.clocks):
        if clock.ledger.current.kind is not SegmentKind.CLOSED:
            yield f"clock {clock.id} of {clock.issue_id} is {clock.ledger.current.kind}"
    for order in life.orders(intake.complaints.c.state.not_in(ENDS)):
        yield f"order {order.order_no} of {order.issue_id} is {order.state}"
    for order in life.orders(intake.complaints.c.state == ComplaintState.CLOSED, intake.complaints.c.reply == ""):
        yield f"order {order.order_no} of {order.issue_id} is closed without a reply"
    for task in life.open_tasks():
        yield f"task {task.id} is {task.state}"
    for order in life.orders_to_call_about():
        yield f"the caller of order {order.order_no} of {order.issue_id} is to be asked"
    yield from _open_issues(life)
    for name, bus in life.buses.items():
        if unsettled := set(bus.inbox_statuses()) - SETTLED:
            yield f"in the inbox of {name} something is {', '.join(sorted(unsettled))}"


def _open_issues(life: Life) -> Iterator[str]:
    """In a service that still holds it open: each has its own word for the end of an issue."""
    for service, table, is_open in (
        ("intake", intake.issues, intake.issues.c.state != IssueRaised.CLOSED),
        ("dispatch", dispatch.issues, dispatch.issues.c.state != IssueHandled.CLOSED),
        ("evaluation", evaluation.issues, evaluation.issues.c.closed_at.is_(None)),
    ):
        for issue in life.rows(service, table, is_open):
            yield f"issue {issue.id} is open in {service}"
