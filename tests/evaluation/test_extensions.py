"""An order has more time: its caller is asked when that is over, and a redo is still half the original limit."""

from services.evaluation.domain.survey import SurveyState
from services.evaluation.use_cases import events
from shared.contracts.evaluation import CallbackStartedV1
from shared.contracts.requests import RequestReason
from shared.contracts.supervision import IssueExtendedV1, IssuePendedV1, IssueUnpendedV1, OrderDuePart
from tests.evaluation.builders import COMMUNITY, LIMIT_OVER, days, handled, hours, linked
from tests.evaluation.fakes import a_work, fire_due
from tests.evaluation.test_use_cases import HEARD_BY
from tests.fakes import a_moment

BEFORE, LATER, AWHILE = LIMIT_OVER - hours(1), LIMIT_OVER + days(7), LIMIT_OVER + days(20)
FOLLOWED = {
    IssueExtendedV1: events.follow_extension,
    IssuePendedV1: events.put_off,
    IssueUnpendedV1: events.ask_after_all,
}


def hear(work, event, now=BEFORE):
    (HEARD_BY | FOLLOWED)[type(event)](work, event, a_moment(now))


def heard(*told):
    work = a_work()
    for event in told:
        hear(work, event)
    return work


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


def pended():
    return IssuePendedV1(
        request_id="I-A/Q1",
        issue_id="I-A",
        unit_code=COMMUNITY,
        reason=RequestReason.PLANNING,
        plan="先报规划",
        owner="O-1",
        interim_reply="已列入计划",
        order_nos=["A"],
        review_at=LATER,
        approved_by="wang",
        pended_at=BEFORE,
    )


def unpended(at):
    return IssueUnpendedV1(issue_id="I-A", unit_code=COMMUNITY, reason="逾期未复核", unpended_by="x", unpended_at=at)


def test_what_is_on_the_pending_list_is_asked_about_once_it_is_handled():
    work = heard(linked(), pended())
    fire_due(work, AWHILE)
    assert work.outbox.of(CallbackStartedV1) == []

    hear(work, handled(AWHILE), AWHILE)
    fire_due(work, AWHILE)

    assert [one.round for one in work.outbox.of(CallbackStartedV1)] == [1]


def test_what_comes_off_the_pending_list_is_asked_about_when_its_limit_is_over():
    work = heard(linked(), pended())
    hear(work, unpended(BEFORE), BEFORE)

    fire_due(work, LIMIT_OVER)

    assert len(work.outbox.of(CallbackStartedV1)) == 1
