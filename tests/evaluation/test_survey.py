"""When a caller is asked, and how often it is tried."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.evaluation.domain.callback import Answer
from services.evaluation.domain.errors import IncompleteAnswer, NoCallbackOpen
from services.evaluation.domain.survey import SurveyState
from shared.contracts.vocabulary import Outcome, Solved
from tests.evaluation.builders import LIMIT_OVER, MONDAY, a_survey, days, hours

YES = Answer.of(reached=True, contacted=True, solved=Solved.YES, satisfaction=5)
NOBODY = Answer.of(reached=False, contacted=None, solved=None, satisfaction=None)
TRIES = {"tries": 3, "within": days(3)}


def a_started_survey():
    survey = a_survey()
    survey.start(within=days(3), now=LIMIT_OVER)
    return survey


def test_nobody_is_asked_before_the_limit_expires():
    survey = a_survey()

    assert not survey.start(within=days(3), now=LIMIT_OVER - hours(0.001))
    assert survey.state is SurveyState.WAITING


def test_asking_begins_when_the_limit_expires():
    survey = a_survey()

    assert survey.start(within=days(3), now=LIMIT_OVER)
    assert (survey.state, survey.round, survey.attempt) == (SurveyState.ASKING, 1, 1)


def test_an_attempt_begins_once():
    survey = a_started_survey()

    assert not survey.start(within=days(3), now=LIMIT_OVER + hours(1))


def test_an_answer_completes_the_round():
    survey = a_started_survey()

    assert survey.record(YES, **TRIES, now=LIMIT_OVER + hours(1))
    assert (survey.state, survey.reached, survey.solved) == (SurveyState.ASKED, True, Solved.YES)


def test_who_is_not_reached_is_tried_again_a_day_later():
    survey = a_started_survey()

    assert not survey.record(NOBODY, **TRIES, now=LIMIT_OVER + hours(1))
    assert survey.asks_at == LIMIT_OVER + days(1)
    assert not survey.start(within=days(3), now=LIMIT_OVER + hours(23))
    assert survey.start(within=days(3), now=LIMIT_OVER + days(1))
    assert (survey.round, survey.attempt) == (1, 2)


def test_the_third_try_is_the_last():
    survey, now = a_survey(), LIMIT_OVER
    for _ in range(3):
        assert survey.start(within=days(3), now=now)
        is_over = survey.record(NOBODY, **TRIES, now=now)
        now += days(1)

    assert is_over
    assert (survey.state, survey.reached, survey.asks_at) == (SurveyState.ASKED, False, None)


def test_a_missed_caller_who_rings_back_is_heard():
    survey = a_started_survey()
    survey.record(NOBODY, **TRIES, now=LIMIT_OVER)

    assert survey.record(YES, **TRIES, now=LIMIT_OVER + hours(3))
    assert survey.is_answered_since(LIMIT_OVER + hours(3))
    assert not survey.start(within=days(3), now=LIMIT_OVER + days(2))


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


def handled_again(survey, at):
    return survey.take_up(at, judged_since=None) and survey.ask_again(now=LIMIT_OVER + days(1))


def test_only_who_was_asked_before_is_asked_again():
    waiting, asked = a_survey(), a_started_survey()
    asked.record(YES, **TRIES, now=LIMIT_OVER + hours(9))

    assert not handled_again(waiting, LIMIT_OVER)
    assert not handled_again(a_survey(state=SurveyState.ASKED, asked_at=LIMIT_OVER), LIMIT_OVER)
    assert handled_again(asked, LIMIT_OVER + hours(1))
    assert not handled_again(asked, LIMIT_OVER + hours(1))
    assert asked.start(within=days(3), now=LIMIT_OVER + days(1))
    assert (asked.round, asked.attempt) == (2, 1)


def test_a_round_in_which_nobody_calls_ends_at_its_time_as_not_asked():
    survey = a_started_survey()
    assert survey.wakes_at == LIMIT_OVER + days(3)

    assert not survey.end_round(now=LIMIT_OVER + days(2))
    assert survey.end_round(now=LIMIT_OVER + days(3))
    assert (survey.state, survey.reached, survey.wakes_at) == (SurveyState.NOT_ASKED, None, None)


def test_a_round_with_one_recorded_attempt_ends_as_not_reached():
    survey = a_started_survey()
    survey.record(NOBODY, **TRIES, now=LIMIT_OVER)

    assert survey.end_round(now=LIMIT_OVER + days(3))
    assert (survey.state, survey.reached) == (SurveyState.ASKED, False)


def test_who_joined_after_the_handling_waits_for_the_next_one():
    newcomer = a_survey(linked_at=MONDAY + days(2))

    assert not newcomer.take_up(MONDAY + days(1), judged_since=None)
    assert newcomer.is_newcomer(MONDAY + days(1))
    assert newcomer.take_up(MONDAY + days(3), judged_since=None)


def test_another_handling_asks_nobody_who_was_asked_about_the_one_before_unless_it_was_sent_back():
    survey = a_survey(handled_at=MONDAY)
    assert not survey.take_up(MONDAY + days(1), judged_since=None)

    survey.send_back()

    assert not survey.take_up(MONDAY, judged_since=None)
    assert survey.take_up(MONDAY + days(1), judged_since=None)


def hotline_says(survey, answer, called_at, *, is_issue_open=True):
    return survey.take(answer, called_at=called_at, is_issue_open=is_issue_open, now=called_at + hours(1))


def test_what_the_hotline_heard_before_the_handling_ended_is_about_a_time_before():
    survey = a_survey(handled_at=LIMIT_OVER)

    assert not hotline_says(survey, YES, LIMIT_OVER - hours(1))
    assert hotline_says(survey, YES, LIMIT_OVER + hours(1))
    assert (survey.state, survey.solved, survey.wakes_at) == (SurveyState.ASKED, Solved.YES, None)


def test_an_order_that_ended_otherwise_is_judged_anew_by_the_hotline_while_its_issue_is_open():
    survey = a_survey(handled_at=MONDAY, state=SurveyState.NOT_ASKED, outcome=Outcome.NOT_ASKED, is_evaluated=True)
    closed = replace(survey)

    assert hotline_says(survey, YES, LIMIT_OVER)
    assert hotline_says(closed, YES, LIMIT_OVER, is_issue_open=False)
    assert (survey.outcome, closed.outcome) == (None, Outcome.SOLVED)


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
        survey.start(within=days(3), now=now)
        try:
            survey.record(YES if answers else NOBODY, tries=tries, within=days(3), now=now)
        except NoCallbackOpen:
            survey.send_back()
            if survey.take_up(now, judged_since=None):
                survey.ask_again(now=now)
        assert survey.attempt <= tries
        assert survey.asks_at is None or survey.state is not SurveyState.ASKING
        assert survey.reached is not False or survey.solved is None
