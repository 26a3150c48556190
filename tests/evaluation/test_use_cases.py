"""Following an issue from its first link to its evaluation, without a database."""

from functools import partial
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.evaluation.domain.errors import NoCallbackOpen, UnknownOrder
from services.evaluation.domain.survey import SurveyState
from services.evaluation.use_cases import callbacks, events
from shared.auth import Caller, Role
from shared.bus.timers.timers import Due
from shared.contracts.dispatch import IssueHandledV1
from shared.contracts.evaluation import CallbackCompletedV1, CallbackStartedV1, IssueEvaluatedV1, RedoOrderedV1
from shared.contracts.intake import ComplaintCorrectedV1, ComplaintLinkedV1, ComplaintUnlinkedV1
from shared.contracts.supervision import (
    EscalationUndoneV1,
    IssueClosedV1,
    IssueEscalatedV1,
    IssueReassignedV1,
    IssueReopenedV1,
    IssueReturnedDownV1,
)
from shared.contracts.vocabulary import Outcome, Solved
from shared.errors import NotAllowed
from tests.evaluation.builders import (
    AGENT,
    COMMUNITY,
    LIMIT_OVER,
    MONDAY,
    STREET,
    closed,
    days,
    escalated,
    handled,
    hours,
    linked,
    nobody_answered,
    reopened,
    returned_down,
    said,
    undone,
    unlinked,
)
from tests.evaluation.fakes import a_work, fire_due
from tests.fakes import a_moment

HEARD_BY = {
    ComplaintLinkedV1: events.follow_link,
    ComplaintUnlinkedV1: events.follow_unlink,
    ComplaintCorrectedV1: events.follow_correction,
    IssueHandledV1: events.take_handling,
    IssueEscalatedV1: events.move_issue,
    IssueReturnedDownV1: events.move_issue,
    IssueReassignedV1: events.move_issue,
    EscalationUndoneV1: events.undo_escalation,
    IssueReopenedV1: events.move_issue,
    IssueClosedV1: events.close_issue,
}


def hear(work, event, now=MONDAY):
    HEARD_BY[type(event)](work, event, a_moment(now))


def record(work, answer, now, by=AGENT):
    return callbacks.record_callback(work, answer, a_moment(now, asked_by=by))


def heard(*events):
    work = a_work()
    for event in events:
        hear(work, event)
    return work


def asked_and_answered(work, *answers, at=LIMIT_OVER):
    fire_due(work, at)
    for answer in answers:
        record(work, answer, at)


def test_a_linked_order_is_asked_about_when_its_limit_expires():
    work = heard(linked())
    fire_due(work, LIMIT_OVER - hours(1))
    assert work.outbox.of(CallbackStartedV1) == []

    fire_due(work, LIMIT_OVER)

    (started,) = work.outbox.of(CallbackStartedV1)
    assert (started.order_no, started.unit_code, started.round, started.attempt) == ("A", COMMUNITY, 1, 1)


def test_the_same_link_twice_is_one_survey():
    work = heard(linked(), linked())
    fire_due(work, LIMIT_OVER)
    callbacks.go_on(work, Due("callback", "A", LIMIT_OVER), a_moment(LIMIT_OVER))

    assert len(work.outbox.of(CallbackStartedV1)) == 1


def test_a_link_after_its_limit_is_asked_about_at_once():
    work = a_work()
    hear(work, linked(), now=LIMIT_OVER + days(2))
    fire_due(work, LIMIT_OVER + days(2))

    assert len(work.outbox.of(CallbackStartedV1)) == 1


def test_an_answer_is_kept_and_told():
    work = heard(linked())
    asked_and_answered(work, said(Solved.PARTLY, satisfaction=3))

    (told,) = work.outbox.of(CallbackCompletedV1)
    (kept,) = work.callbacks.of(order_no="A")
    assert (told.reached, told.solved, told.satisfaction) == (True, Solved.PARTLY, 3)
    assert (kept.id, kept.period_id, kept.recorded_by) == ("A/C1", "2026-03", "agent-1")


def test_who_is_not_reached_is_tried_three_times_in_three_days_and_then_let_be():
    work = heard(linked())
    for day in range(3):
        asked_and_answered(work, nobody_answered(), at=LIMIT_OVER + days(day))
    fire_due(work, LIMIT_OVER + days(10))

    assert [event.attempt for event in work.outbox.of(CallbackStartedV1)] == [1, 2, 3]
    assert [event.reached for event in work.outbox.of(CallbackCompletedV1)] == [False]


def test_an_answer_nobody_asked_for_is_refused():
    work = heard(linked())
    with pytest.raises(NoCallbackOpen):
        record(work, said(), MONDAY)
    with pytest.raises(UnknownOrder):
        record(work, said(order_no="Z"), MONDAY)


def test_about_an_order_that_is_nowhere_for_a_moment_nothing_is_taken_down():
    work = heard(linked())
    fire_due(work, LIMIT_OVER)
    hear(work, unlinked(at=LIMIT_OVER), now=LIMIT_OVER)
    with pytest.raises(NoCallbackOpen):
        record(work, said(), LIMIT_OVER)

    hear(work, linked(issue_id="I-B", linked_at=LIMIT_OVER), now=LIMIT_OVER)
    record(work, said(), LIMIT_OVER)

    assert [event.issue_id for event in work.outbox.of(CallbackCompletedV1)] == ["I-B"]


def test_an_agent_of_another_street_may_not_answer():
    work = heard(linked())
    fire_due(work, LIMIT_OVER)
    with pytest.raises(NotAllowed):
        record(work, said(), LIMIT_OVER, by=Caller("agent-2", frozenset({Role.CALLBACK_AGENT}), "110105018"))


def test_a_handled_issue_is_evaluated_when_its_caller_was_asked():
    work = heard(linked(), handled(MONDAY + days(2)))
    asked_and_answered(work, said())

    (evaluated,) = work.outbox.of(IssueEvaluatedV1)
    assert (evaluated.outcome, evaluated.asked, evaluated.reached, evaluated.solved) == (Outcome.SOLVED, 1, 1, 1)


def test_an_issue_that_is_not_handled_yet_is_not_judged_by_an_answer():
    work = heard(linked())
    asked_and_answered(work, said(Solved.NO))

    assert work.outbox.of(RedoOrderedV1) == work.outbox.of(IssueEvaluatedV1) == []


def test_who_was_asked_before_it_was_handled_is_asked_again():
    work = heard(linked())
    asked_and_answered(work, said(Solved.NO))
    late = LIMIT_OVER + days(3)
    hear(work, handled(late), now=late)
    hear(work, handled(late), now=late)
    asked_and_answered(work, said(), at=late)

    assert [event.round for event in work.outbox.of(CallbackStartedV1)] == [1, 2]
    assert [event.outcome for event in work.outbox.of(IssueEvaluatedV1)] == [Outcome.SOLVED]


def test_an_answer_to_a_question_asked_before_it_was_handled_is_followed_by_another_question():
    work = heard(linked())
    fire_due(work, LIMIT_OVER)
    hear(work, handled(LIMIT_OVER + hours(1)), now=LIMIT_OVER + hours(1))
    record(work, said(Solved.NO), LIMIT_OVER + hours(2))
    assert work.outbox.of(RedoOrderedV1) == []

    asked_and_answered(work, said(), at=LIMIT_OVER + hours(3))

    assert [event.outcome for event in work.outbox.of(IssueEvaluatedV1)] == [Outcome.SOLVED]


def test_orders_whose_limit_still_runs_are_waited_for():
    work = heard(linked(), linked("B", due_at=LIMIT_OVER + days(5)), handled(MONDAY + days(2)))
    asked_and_answered(work, said())
    assert work.outbox.of(IssueEvaluatedV1) == []

    asked_and_answered(work, said(order_no="B"), at=LIMIT_OVER + days(5))

    assert [event.asked for event in work.outbox.of(IssueEvaluatedV1)] == [2]


def test_not_solved_is_done_again_once_at_half_the_limit():
    work = heard(linked(), handled(MONDAY + days(2)))
    asked_and_answered(work, said(Solved.NO))

    (redo,) = work.outbox.of(RedoOrderedV1)
    assert (redo.order_no, redo.due_at) == ("A", LIMIT_OVER + days(3.5))
    assert work.outbox.of(IssueEvaluatedV1) == []


def test_not_solved_after_the_redo_is_unsolved():
    work = heard(linked(), handled(MONDAY + days(2)))
    asked_and_answered(work, said(Solved.NO))
    again = LIMIT_OVER + days(3)
    hear(work, handled(again), now=again)
    asked_and_answered(work, said(Solved.NO), at=again)

    assert len(work.outbox.of(RedoOrderedV1)) == 1
    assert [event.outcome for event in work.outbox.of(IssueEvaluatedV1)] == [Outcome.UNSOLVED]


def test_the_next_holder_has_a_redo_of_its_own():
    work = heard(linked(), handled(MONDAY + days(2)))
    asked_and_answered(work, said(Solved.NO))
    climbed = LIMIT_OVER + days(1)
    hear(work, escalated(climbed, was_handled=True), now=climbed)
    hear(work, handled(climbed + days(1), STREET), now=climbed + days(1))
    asked_and_answered(work, said(Solved.NO), at=climbed + days(1))

    assert [event.unit_code for event in work.outbox.of(RedoOrderedV1)] == [COMMUNITY, STREET]
    assert work.outbox.of(CallbackStartedV1)[-1].unit_code == STREET


@pytest.mark.parametrize("handled_first", [True, False])
def test_what_was_handled_before_a_climb_is_judged_under_the_new_holder(handled_first):
    news = [handled(MONDAY + days(2)), escalated(MONDAY + days(3))]
    work = heard(linked(), *(news if handled_first else reversed(news)))
    asked_and_answered(work, said())

    assert [event.unit_code for event in work.outbox.of(IssueEvaluatedV1)] == [STREET]


def test_what_was_handled_before_a_climb_that_is_undone_is_judged_where_it_was_handled():
    done, climbed = MONDAY + days(2), MONDAY + days(3)
    work = heard(linked(), escalated(climbed), handled(done), undone(climbed + days(1), done))
    asked_and_answered(work, said())

    assert [event.unit_code for event in work.outbox.of(IssueEvaluatedV1)] == [COMMUNITY]


def test_nobody_reached_is_no_solution():
    work = heard(linked(), handled(MONDAY + days(2)))
    for day in range(3):
        asked_and_answered(work, nobody_answered(), at=LIMIT_OVER + days(day))

    assert [event.outcome for event in work.outbox.of(IssueEvaluatedV1)] == [Outcome.NOT_REACHED]


def test_a_handling_known_before_its_orders_waits_for_them():
    work = heard(handled(MONDAY + days(2)))
    assert work.outbox.events == []
    hear(work, linked())
    asked_and_answered(work, said())

    assert len(work.outbox.of(IssueEvaluatedV1)) == 1


def test_a_handling_heard_before_the_climb_it_follows_counts():
    climbed, done = MONDAY + days(1), MONDAY + days(2)
    work = heard(linked(), handled(done, STREET))
    asked_and_answered(work, said())
    assert work.outbox.of(IssueEvaluatedV1) == []

    hear(work, escalated(climbed), now=LIMIT_OVER)

    assert [event.unit_code for event in work.outbox.of(IssueEvaluatedV1)] == [STREET]


@pytest.mark.parametrize("moved", [returned_down, partial(escalated, was_handled=True)])
def test_what_was_handled_before_it_was_given_back_or_climbed_because_of_it_is_not_judged(moved):
    work = heard(linked(), handled(MONDAY + days(1)), moved(MONDAY + days(2)))
    asked_and_answered(work, said())

    assert work.outbox.of(IssueEvaluatedV1) == []


def test_a_closed_issue_is_not_judged_but_its_caller_is_still_asked():
    work = heard(linked(), handled(MONDAY + days(1)), closed(MONDAY + days(2)))
    asked_and_answered(work, said())

    assert len(work.outbox.of(CallbackCompletedV1)) == 1
    assert work.outbox.of(IssueEvaluatedV1) == []


def test_a_relapse_is_asked_about_and_judged_from_new():
    work = heard(linked(), handled(MONDAY + days(1)))
    asked_and_answered(work, said())
    back, done = LIMIT_OVER + days(10), LIMIT_OVER + days(12)
    hear(work, closed(LIMIT_OVER))
    hear(work, reopened(back), now=back)
    hear(work, handled(done, STREET), now=done)
    asked_and_answered(work, said(Solved.NO), at=done)

    assert [event.unit_code for event in work.outbox.of(RedoOrderedV1)] == [STREET]


def test_an_order_taken_out_is_not_waited_for():
    work = heard(linked(), linked("B", due_at=LIMIT_OVER + days(5)), handled(MONDAY + days(1)))
    asked_and_answered(work, said())
    hear(work, unlinked("B"), now=LIMIT_OVER)

    assert [event.asked for event in work.outbox.of(IssueEvaluatedV1)] == [1]


def test_an_order_linked_elsewhere_keeps_its_survey_and_limit():
    work = heard(linked(), unlinked(at=MONDAY + days(1)), linked(issue_id="I-B", linked_at=MONDAY + days(1)))
    fire_due(work, LIMIT_OVER)

    assert [event.issue_id for event in work.outbox.of(CallbackStartedV1)] == ["I-B"]


def test_the_end_of_an_old_link_that_is_heard_late_changes_nothing():
    moved = MONDAY + days(1)
    work = heard(linked(), linked(issue_id="I-B", linked_at=moved), unlinked(at=moved), linked())

    assert work.surveys.find("A").issue_id == "I-B"


def test_an_order_that_is_nowhere_for_a_moment_is_asked_about_once_it_is_linked():
    work = heard(linked(), unlinked())
    fire_due(work, LIMIT_OVER)
    assert work.outbox.events == []
    hear(work, linked(issue_id="I-B", linked_at=LIMIT_OVER), now=LIMIT_OVER)
    fire_due(work, LIMIT_OVER)

    assert [event.issue_id for event in work.outbox.of(CallbackStartedV1)] == ["I-B"]


def test_an_order_that_moves_to_a_handled_issue_is_a_newcomer_there_whatever_was_answered_elsewhere():
    work = heard(linked(), linked("B", "I-B"), handled(MONDAY + days(1), issue_id="I-B"))
    asked_and_answered(work, said())
    hear(work, linked(issue_id="I-B", linked_at=LIMIT_OVER), now=LIMIT_OVER)
    record(work, said(order_no="B"), LIMIT_OVER)

    (evaluated,) = work.outbox.of(IssueEvaluatedV1)
    assert ([one.order_no for one in evaluated.orders], evaluated.newcomers) == (["B"], 1)


STORY = [
    linked(),
    linked("B", linked_at=MONDAY + hours(1)),
    handled(MONDAY + days(2), STREET),
    escalated(MONDAY + days(1)),
]


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_news_in_any_order_lead_to_the_same_evaluation(order):
    work = heard(*(STORY[position] for position in order))
    asked_and_answered(work, said(), said(order_no="B"))

    (evaluated,) = work.outbox.of(IssueEvaluatedV1)
    assert (evaluated.unit_code, evaluated.asked) == (STREET, 2)


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(["A", "B", "C"]), min_size=1, max_size=3, unique=True),
    st.lists(st.sampled_from(list(Solved)), min_size=30, max_size=30),
    st.lists(st.booleans(), min_size=30, max_size=30),
)
def test_only_who_said_no_is_asked_again_and_a_holder_does_it_again_at_most_once(orders, answers, repeats):
    work, now = heard(*(linked(order_no) for order_no in orders)), LIMIT_OVER
    moods, twice, unsolved = iter(answers), iter(repeats), set(orders)
    for _ in range(4):
        now += days(1)
        for _ in range(1 + next(twice)):
            hear(work, handled(now), now=now)
        fire_due(work, now)
        asked = {one.order_no for one in work.surveys.of(issue_id="I-A") if one.state is SurveyState.ASKING}
        assert asked == unsolved
        said_now = {order_no: next(moods) for order_no in sorted(asked)}
        for order_no, mood in said_now.items():
            record(work, said(mood, order_no), now)
        unsolved = {order_no for order_no, mood in said_now.items() if mood is Solved.NO}

        assert len({one.handled_at for one in work.outbox.of(RedoOrderedV1)}) <= 1
        ended = [one.order_no for event in work.outbox.of(IssueEvaluatedV1) for one in event.orders]
        assert len(ended) == len(set(ended))
