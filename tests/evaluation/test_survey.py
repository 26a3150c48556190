"""When a caller is asked, and how often it is tried."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.evaluation.domain.callback import Answer
from services.evaluation.domain.errors import IncompleteAnswer, NoCallbackOpen
from services.evaluation.domain.survey import SurveyState
from shared.contracts.vocabulary import Solved
from tests.evaluation.builders import LIMIT_OVER, MONDAY, a_survey, days, hours

YES = Answer.of(reached=True, contacted=True, solved=Solved.YES, satisfaction=5)
NOBODY = Answer.of(reached=False, contacted=None, solved=None, satisfaction=None)
TRIES = {"tries": 3, "within": days(3)}


def a_started_survey():
    survey = a_survey()
    survey.start(now=LIMIT_OVER)
    return survey


def test_nobody_is_asked_before_the_limit_expires():
    survey = a_survey()

    assert not survey.start(now=LIMIT_OVER - hours(0.001))
    assert survey.state is SurveyState.WAITING


def test_asking_begins_when_the_limit_expires():
    survey = a_survey()

    assert survey.start(now=LIMIT_OVER)
    assert (survey.state, survey.round, survey.attempt) == (SurveyState.ASKING, 1, 1)


def test_an_attempt_begins_once():
    survey = a_started_survey()

    assert not survey.start(now=LIMIT_OVER + hours(1))


def test_an_answer_completes_the_round():
    survey = a_started_survey()

    assert survey.record(YES, **TRIES, now=LIMIT_OVER + hours(1))
    assert (survey.state, survey.reached, survey.solved) == (SurveyState.ASKED, True, Solved.YES)


def test_who_is_not_reached_is_tried_again_a_day_later():
    survey = a_started_survey()

    assert not survey.record(NOBODY, **TRIES, now=LIMIT_OVER + hours(1))
    assert survey.asks_at == LIMIT_OVER + days(1)
    assert not survey.start(now=LIMIT_OVER + hours(23))
    assert survey.start(now=LIMIT_OVER + days(1))
    assert (survey.round, survey.attempt) == (1, 2)


def test_the_third_try_is_the_last():
    survey, now = a_survey(), LIMIT_OVER
    for _ in range(3):
        assert survey.start(now=now)
        is_over = survey.record(NOBODY, **TRIES, now=now)
        now += days(1)

    assert is_over
    assert (survey.state, survey.reached, survey.asks_at) == (SurveyState.ASKED, False, None)


def test_a_missed_caller_who_rings_back_is_heard():
    survey = a_started_survey()
    survey.record(NOBODY, **TRIES, now=LIMIT_OVER)

    assert survey.record(YES, **TRIES, now=LIMIT_OVER + hours(3))
    assert survey.was_asked_since(LIMIT_OVER + hours(3))
    assert not survey.start(now=LIMIT_OVER + days(2))


@pytest.mark.parametrize("answer", [YES, NOBODY])
def test_an_answer_to_no_question_is_refused(answer):
    with pytest.raises(NoCallbackOpen):
        a_survey().record(answer, **TRIES, now=MONDAY)
    survey = a_started_survey()
    survey.record(YES, **TRIES, now=LIMIT_OVER)
    with pytest.raises(NoCallbackOpen):
        survey.record(answer, **TRIES, now=LIMIT_OVER)


def test_an_attempt_is_not_missed_twice():
    survey = a_started_survey()
    survey.record(NOBODY, **TRIES, now=LIMIT_OVER)
    with pytest.raises(NoCallbackOpen):
        survey.record(NOBODY, **TRIES, now=LIMIT_OVER)


@pytest.mark.parametrize(
    ("given_fields", "named"),
    [
        ({"reached": True, "contacted": True, "solved": Solved.NO, "satisfaction": None}, {"satisfaction"}),
        ({"reached": True, "contacted": None, "solved": None, "satisfaction": 1}, {"contacted", "solved"}),
        ({"reached": False, "contacted": None, "solved": Solved.YES, "satisfaction": 5}, {"solved", "satisfaction"}),
        ({"reached": False, "contacted": False, "solved": None, "satisfaction": None}, {"contacted"}),
    ],
)
def test_an_answer_is_whole_or_not_at_all(given_fields, named):
    with pytest.raises(IncompleteAnswer) as refused:
        Answer.of(**given_fields)

    assert set(refused.value.fields) == named


def test_only_who_was_asked_before_is_asked_again():
    waiting, asked = a_survey(), a_started_survey()
    asked.record(YES, **TRIES, now=LIMIT_OVER + hours(9))

    assert not waiting.ask_again(since=LIMIT_OVER, now=LIMIT_OVER)
    assert not asked.ask_again(since=LIMIT_OVER, now=LIMIT_OVER + days(1))
    assert asked.ask_again(since=LIMIT_OVER + hours(1), now=LIMIT_OVER + days(1))
    assert not asked.ask_again(since=LIMIT_OVER + hours(1), now=LIMIT_OVER + days(1))
    assert asked.start(now=LIMIT_OVER + days(1))
    assert (asked.round, asked.attempt) == (2, 1)


def test_an_order_moves_to_another_issue_with_its_survey_and_old_news_are_no_move():
    survey = a_started_survey()

    assert survey.link("I-B", at=MONDAY + hours(2))
    assert not survey.unlink("I-A")
    assert not survey.link("I-A", at=MONDAY)
    assert (survey.issue_id, survey.state) == ("I-B", SurveyState.ASKING)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 100)), max_size=12), st.integers(1, 5))
def test_a_round_never_has_more_attempts_than_the_policy_grants_and_silence_is_never_an_answer(steps, tries):
    survey, now = a_survey(), LIMIT_OVER
    for answers, waited in steps:
        now += hours(waited)
        survey.start(now=now)
        try:
            survey.record(YES if answers else NOBODY, tries=tries, within=days(3), now=now)
        except NoCallbackOpen:
            survey.ask_again(since=now + hours(1), now=now)
        assert survey.attempt <= tries
        assert survey.asks_at is None or survey.state is not SurveyState.ASKING
        assert survey.reached is not False or survey.solved is None
