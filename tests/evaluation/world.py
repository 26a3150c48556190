"""One request for every call of evaluation, after three months of which one is published, and amid a fourth."""

from dataclasses import replace
from datetime import datetime

from services.evaluation.domain.period import Period
from services.evaluation.service import EvaluationService
from shared.auth import Role
from tests.evaluation.builders import COMMUNITY, MONDAY, days, handled, linked, said
from tests.harness import Bus, Request
from tests.told import DISTRICT, tell

SERVICES = (EvaluationService,)
BEGIN = MONDAY
SECRET, TO_PUBLISH, PUBLIC = "2026-03", "2026-04", "2026-05"
NOW = MONDAY + days(96)


def waits_for_answer(bus: Bus, order_no: str, at: datetime) -> str:
    issue_id, over = f"I-{order_no}", at + days(7)
    bus.move(at)
    bus.hear(linked(order_no, issue_id, dispatched_at=at, due_at=over, linked_at=at))
    bus.hear(handled(at + days(1), issue_id=issue_id))
    bus.move(over)
    return order_no


def begun_and_over(bus: Bus) -> str:
    """A period whose timer has not fired yet."""
    period = Period.around(MONDAY - days(31), 1)
    with bus.begin() as work:
        work.periods.add(period)
    return period.id


def requests(bus: Bus) -> dict[str, Request]:
    tell(bus.engine)
    for number in range(3):
        order_no = waits_for_answer(bus, f"A{number}", MONDAY + days(31 * number))
        bus.ask("record_callback", replace(said(order_no=order_no), idempotency_key=order_no), Role.CALLBACK_AGENT)
    waiting, answered = (waits_for_answer(bus, order_no, NOW) for order_no in ("W", "B"))
    bus.ask("publish_period", {"period_id": PUBLIC, "idempotency_key": "k"}, Role.EVALUATOR)
    secret = Request(COMMUNITY, {"period_id": SECRET})
    yes = {"reached": True, "contacted": True, "solved": "yes", "satisfaction": 5}
    wrong = {"reason": "少算一单", "correction": "应为二单"}
    return {
        "get_survey": Request(COMMUNITY, {"order_no": waiting}),
        "list_callbacks_due": Request(COMMUNITY, {"unit_code": COMMUNITY}),
        "list_my_work": Request(COMMUNITY, {}),
        "record_callback": Request(COMMUNITY, yes | {"order_no": answered}),
        "get_rates": secret,
        "get_ranking": secret,
        "get_period": secret,
        "verify_period": secret,
        "list_periods": Request(COMMUNITY, {}),
        "freeze_period": Request(DISTRICT, {"period_id": begun_and_over(bus)}),
        "publish_period": Request(DISTRICT, {"period_id": TO_PUBLISH}),
        "issue_erratum": Request(DISTRICT, wrong | {"period_id": PUBLIC}),
    }
