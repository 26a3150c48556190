"""What answers come to."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.evaluation.domain.judgement import judge, sets_the_limit
from services.evaluation.domain.survey import SurveyState
from shared.contracts.vocabulary import Outcome, Solved
from shared.policy.fields import Threshold
from tests.evaluation.builders import LIMIT_OVER, MONDAY, POLICY, a_survey, days, hours

HANDLED = MONDAY + days(1)
HALF = replace(POLICY.redo, unsolved=Threshold(POLICY.quorum.council.share, strict=True))


def a_concerned_survey(order_no="A", **changes):
    """Its caller is asked about what was handled on Tuesday."""
    return a_survey(**({"order_no": order_no, "handled_at": HANDLED} | changes))


def an_asked_survey(solved, order_no="A", *, asked_at=LIMIT_OVER, **changes):
    """`solved` None: nobody was reached."""
    return a_concerned_survey(
        order_no,
        state=SurveyState.ASKED,
        asked_at=asked_at,
        asks_at=None,
        reached=solved is not None,
        solved=solved,
        **changes,
    )


def one_who_is_being_asked(order_no):
    return a_concerned_survey(order_no, state=SurveyState.ASKING, asked_at=LIMIT_OVER, asks_at=None)


def judged(*surveys, rule=POLICY.redo, is_sent_back=False):
    return judge(surveys, rule, handled_at=HANDLED, judged_since=None, is_sent_back=is_sent_back)


def test_a_verdict_of_solved_waits_for_whom_the_handling_concerns():
    assert judged(an_asked_survey(Solved.YES), a_concerned_survey("B")) is None
    assert judged(an_asked_survey(Solved.YES), one_who_is_being_asked("B")) is None


def test_who_was_asked_before_it_was_handled_was_not_asked():
    assert judged(an_asked_survey(Solved.YES, asked_at=HANDLED - hours(1))) is None


def test_an_issue_without_known_orders_is_not_judged():
    assert judged() is None


def test_yes_is_solved_and_partly_is_not_unsolved():
    judgement = judged(an_asked_survey(Solved.YES), an_asked_survey(Solved.PARTLY, "B"), an_asked_survey(None, "C"))

    assert (judgement.outcome, judgement.sent_back) == (Outcome.SOLVED, [])
    assert (judgement.asked, judgement.reached, judgement.solved) == (3, 2, 1)
    assert [one.outcome for one in judgement.ended] == [Outcome.SOLVED, Outcome.SOLVED, Outcome.NOT_REACHED]


def test_one_no_is_enough_and_ends_the_others_by_what_they_said():
    judgement = judged(an_asked_survey(Solved.YES), an_asked_survey(Solved.NO, "B"))

    assert (judgement.outcome, [one.order_no for one in judgement.sent_back]) == (Outcome.UNSOLVED, ["B"])
    assert [one.order_no for one in judgement.ended] == ["A"]


def test_twenty_noes_wait_neither_for_a_newcomer_nor_for_who_is_still_being_asked():
    noes = [an_asked_survey(Solved.NO, f"O-{number}") for number in range(20)]
    newcomer = a_survey(order_no="Z", linked_at=HANDLED + days(1))
    judgement = judged(*noes, newcomer, one_who_is_being_asked("Y"), a_concerned_survey("X"))

    assert (judgement.outcome, judgement.sent_back, judgement.newcomers) == (Outcome.UNSOLVED, noes, 1)


def test_where_the_policy_wants_half_of_those_asked_one_no_of_three_ends_only_its_own_order():
    no = an_asked_survey(Solved.NO)
    assert judged(no, an_asked_survey(Solved.YES, "B"), one_who_is_being_asked("C"), rule=HALF) is None

    judgement = judged(no, an_asked_survey(Solved.YES, "B"), an_asked_survey(Solved.YES, "C"), rule=HALF)

    assert judgement.outcome is Outcome.SOLVED
    assert [one.outcome for one in judgement.ended] == [Outcome.UNSOLVED, Outcome.SOLVED, Outcome.SOLVED]


def test_while_it_is_done_again_one_no_joins_whatever_the_policy_wants():
    no = an_asked_survey(Solved.NO)

    judgement = judged(no, an_asked_survey(Solved.YES, "B"), rule=HALF, is_sent_back=True)

    assert (judgement.outcome, judgement.sent_back, no.outcome) == (Outcome.UNSOLVED, [no], None)


def test_nobody_asked_is_neither_solved_nor_not_reached():
    forgotten = a_concerned_survey(state=SurveyState.NOT_ASKED, asked_at=LIMIT_OVER, asks_at=None)
    judgement = judged(forgotten)

    assert (judgement.outcome, judgement.asked) == (Outcome.NOT_ASKED, 0)


def test_of_several_the_shortest_limit_sets_the_redo():
    slow, quick = an_asked_survey(Solved.NO), an_asked_survey(Solved.NO, "B", due_at=MONDAY + days(1))

    assert sets_the_limit(judged(slow, quick).sent_back) is quick


answers = st.lists(st.sampled_from([None, *Solved]), min_size=1, max_size=8)


@given(answers, st.randoms(use_true_random=False))
def test_nobody_reached_is_never_solved_and_the_order_of_answers_does_not_matter(given_answers, random):
    surveys = [an_asked_survey(solved, f"O-{number}") for number, solved in enumerate(given_answers)]
    judgement = judged(*surveys)
    random.shuffle(surveys)
    again = judged(*surveys)

    assert (again.outcome, again.reached, again.solved) == (judgement.outcome, judgement.reached, judgement.solved)
    assert (judgement.outcome is Outcome.NOT_REACHED) == (judgement.reached == 0)
    assert (judgement.outcome is Outcome.UNSOLVED) == (Solved.NO in given_answers)
    assert judgement.solved <= judgement.reached <= judgement.asked == len(surveys)
