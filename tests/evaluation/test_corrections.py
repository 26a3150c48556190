"""A corrected order: whom it counts for, and when its caller is asked."""

from shared.contracts.evaluation import CallbackStartedV1
from shared.contracts.vocabulary import SlaClass
from tests.evaluation.builders import (
    COMMUNITY,
    MONDAY,
    corrected,
    days,
    handled,
    hours,
    linked,
    reassigned,
    said,
)
from tests.evaluation.fakes import fire_due
from tests.evaluation.test_use_cases import asked_and_answered, hear, heard


def test_a_corrected_order_counts_for_the_right_unit_from_the_start_and_for_the_wrong_one_nowhere():
    right = "110105018065"
    work = heard(linked(), corrected(MONDAY + days(2), right), reassigned(MONDAY + days(2), right))
    hear(work, handled(MONDAY + days(3), right))
    asked_and_answered(work, said())

    (survey,), (callback,) = work.surveys.of(issue_id="I-A"), work.callbacks.of(order_no="A")
    assert (survey.origin_unit, survey.rank_unit) == (right, "110105018")
    assert (callback.unit_code, callback.rank_unit) == (right, "110105018")


def test_a_caller_is_asked_when_the_limit_of_the_right_class_expires():
    work = heard(linked(), corrected(MONDAY, COMMUNITY, sla_class=SlaClass.EMERGENCY, due_at=MONDAY + hours(2)))

    fire_due(work, MONDAY + hours(2))

    assert len(work.outbox.of(CallbackStartedV1)) == 1


def test_another_category_leaves_a_handling_as_it_was():
    work = heard(linked(), handled(MONDAY + days(1)), reassigned(MONDAY + days(2), COMMUNITY))

    assert work.issues.find("I-A").handling == MONDAY + days(1)
