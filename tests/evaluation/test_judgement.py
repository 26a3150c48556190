"""What answers come to."""

from hypothesis import given
from hypothesis import strategies as st

from services.evaluation.domain.judgement import judge
from services.evaluation.domain.survey import SurveyState
from shared.contracts.vocabulary import Outcome, Solved
from tests.evaluation.builders import LIMIT_OVER, MONDAY, a_survey, days, hours


def an_asked_survey(solved, order_no="A", *, asked_at=LIMIT_OVER, **changes):
    """`solved` None: nobody was reached."""
    return a_survey(
        order_no=order_no,
        state=SurveyState.ASKED,
        asked_at=asked_at,
        asks_at=None,
        reached=solved is not None,
        solved=solved,
        **changes,
    )


def judged(*surveys, may_redo=True):
    return judge(surveys, handled_at=MONDAY, may_redo=may_redo)


def test_all_callers_are_waited_for():
    assert judged(an_asked_survey(Solved.YES), a_survey(order_no="B")) is None


def test_who_was_asked_before_it_was_handled_was_not_asked():
    assert judged(an_asked_survey(Solved.YES, asked_at=MONDAY - hours(1))) is None


def test_an_issue_without_known_orders_is_not_judged():
    assert judged() is None


def test_yes_is_solved_and_partly_is_not_unsolved():
    judgement = judged(an_asked_survey(Solved.YES), an_asked_survey(Solved.PARTLY, "B"), an_asked_survey(None, "C"))

    assert (judgement.outcome, judgement.redo_for) == (Outcome.SOLVED, None)
    assert (judgement.asked, judgement.reached, judgement.solved) == (3, 2, 1)


def test_one_no_is_enough():
    judgement = judged(an_asked_survey(Solved.YES), an_asked_survey(Solved.NO, "B"))

    assert (judgement.outcome, judgement.redo_for.order_no) == (Outcome.UNSOLVED, "B")


def test_of_several_the_shortest_limit_sets_the_redo():
    slow, quick = an_asked_survey(Solved.NO), an_asked_survey(Solved.NO, "B", due_at=MONDAY + days(1))

    assert judged(slow, quick).redo_for is quick


def test_without_a_redo_left_it_is_unsolved():
    assert judged(an_asked_survey(Solved.NO), may_redo=False).redo_for is None


answers = st.lists(st.sampled_from([None, *Solved]), min_size=1, max_size=8)


@given(answers, st.booleans(), st.randoms(use_true_random=False))
def test_nobody_reached_is_never_solved_and_the_order_of_answers_does_not_matter(given_answers, may_redo, random):
    surveys = [an_asked_survey(solved, f"O-{number}") for number, solved in enumerate(given_answers)]
    judgement = judged(*surveys, may_redo=may_redo)
    random.shuffle(surveys)

    assert judged(*surveys, may_redo=may_redo) == judgement
    assert (judgement.outcome is Outcome.NOT_REACHED) == (judgement.reached == 0)
    assert (judgement.outcome is Outcome.UNSOLVED) == (Solved.NO in given_answers)
    assert judgement.solved <= judgement.reached <= judgement.asked == len(surveys)
