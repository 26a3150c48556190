"""An order has more time: its caller is asked when that is over, and a redo is still half the original limit."""

from services.evaluation.domain.survey import SurveyState
from shared.contracts.evaluation import CallbackStartedV1
from shared.contracts.requests import RequestReason
from shared.contracts.supervision import IssueExtendedV1, OrderDuePart
from tests.evaluation.builders import COMMUNITY, LIMIT_OVER, days, hours, linked
from tests.evaluation.fakes import fire_due
from tests.evaluation.test_use_cases import hear, heard

BEFORE, LATER = LIMIT_OVER - hours(1), LIMIT_OVER + days(7)


def extended():
    return IssueExtendedV1(
        request_id="I-A/Q1",
        issue_id="I-A",
        unit_code=COMMUNITY,
        orders=[OrderDuePart(order_no="A", dispatch_no=1, due_at=LATER)],
        added_seconds=7 * 86400,
        reason=RequestReason.WEATHER,
        words="连日降雨",
        extended_by="wang",
        extended_at=BEFORE,
    )


def test_the_caller_is_asked_when_the_longer_limit_is_over_and_not_before():
    work = heard(linked(), extended(), extended())

    fire_due(work, LIMIT_OVER)
    assert work.outbox.of(CallbackStartedV1) == []
    fire_due(work, LIMIT_OVER + days(7))
    assert [one.round for one in work.outbox.of(CallbackStartedV1)] == [1]
    assert work.surveys.find("A").limit == days(7)


def test_news_of_it_that_come_after_asking_began_put_it_off_while_nobody_has_answered():
    work = heard(linked())
    fire_due(work, LIMIT_OVER)

    hear(work, extended())

    survey = work.surveys.find("A")
    assert (survey.state, survey.round, survey.asks_at) == (SurveyState.WAITING, 0, LIMIT_OVER + days(7))
