"""A climb is taken back only as the latest move, and only before the next holder has begun."""

from typing import Any

import pytest

from services.supervision.domain.case import Case
from services.supervision.domain.errors import NotWithdrawable
from services.supervision.domain.escalation import Escalation, check_withdrawable
from shared.contracts.vocabulary import EscalationReason, Outcome
from tests.supervision.builders import COMMUNITY, DISTRICT, ISSUE, MONDAY, STREET, a_case, days, hours


def a_climb(**given: Any) -> Escalation:
    values: dict[str, Any] = {
        "id": f"{ISSUE}/E1",
        "issue_id": ISSUE,
        "rung": 1,
        "from_unit": COMMUNITY,
        "to_unit": STREET,
        "reason": EscalationReason.OVER_DUTY,
        "explanation": "归口区级部门",
        "escalated_by": "balizhuang-system",
        "escalated_at": MONDAY,
        "due_at": MONDAY + days(30),
    }
    return Escalation(**(values | given))


def a_climbed_case() -> Case:
    case = a_case()
    case.climb(STREET, at=MONDAY)
    return case


def test_the_latest_climb_is_taken_back_while_nothing_has_begun():
    check_withdrawable(a_climbed_case(), a_climb())


@pytest.mark.parametrize(
    ("changed", "climb"),
    [
        ({}, {"withdrawn_at": MONDAY + hours(1)}),
        ({"rung": 2}, {}),
        ({"held_since": MONDAY + hours(1)}, {}),
        ({"unit_code": DISTRICT}, {}),
        ({"has_tried": True}, {}),
    ],
    ids=["withdrawn before", "another rung since", "another holding since", "in another unit", "the holder has begun"],
)
def test_any_one_thing_stands_against_taking_it_back(changed: dict[str, Any], climb: dict[str, Any]):
    case = a_climbed_case()
    for name, value in changed.items():
        setattr(case, name, value)

    with pytest.raises(NotWithdrawable):
        check_withdrawable(case, a_climb(**climb))


def test_from_a_closed_case_nothing_is_taken_back():
    case = a_climbed_case()
    case.close(Outcome.SOLVED, at=MONDAY)

    with pytest.raises(NotWithdrawable, match="has moved on"):
        check_withdrawable(case, a_climb())
