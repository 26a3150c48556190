"""Which handling of an issue is to be judged, whatever order the news come in."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from services.evaluation.domain.issue import Issue
from tests.evaluation.builders import COMMUNITY, DISTRICT, MONDAY, STREET, hours


def an_issue(**changes):
    return Issue("I-A", COMMUNITY, **changes)


def test_what_its_holder_handled_is_judged():
    issue = an_issue()
    issue.handle(COMMUNITY, at=MONDAY)

    assert issue.handling == MONDAY


def test_a_handling_is_sent_back_once():
    issue = an_issue()
    issue.handle(COMMUNITY, at=MONDAY)
    issue.send_back()
    issue.handle(COMMUNITY, at=MONDAY)

    assert (issue.is_sent_back, issue.redos) == (True, 1)


def test_a_later_handling_is_judged_again():
    issue = an_issue()
    issue.handle(COMMUNITY, at=MONDAY)
    issue.send_back()
    issue.handle(COMMUNITY, at=MONDAY + hours(5))

    assert (issue.handling, issue.is_sent_back) == (MONDAY + hours(5), False)


def test_what_the_last_holder_did_is_not_judged_after_it_lost_the_issue():
    issue = an_issue()
    issue.handle(COMMUNITY, at=MONDAY)
    issue.move(STREET, at=MONDAY + hours(1))

    assert issue.handling is None


def test_a_holder_that_had_not_heard_of_losing_it_is_not_judged():
    issue = an_issue()
    issue.move(STREET, at=MONDAY)
    issue.handle(COMMUNITY, at=MONDAY + hours(1))

    assert issue.handling is None


def test_what_was_handled_when_it_was_given_up_is_not_judged_under_the_holder_after_next():
    issue = an_issue()
    issue.handle(COMMUNITY, at=MONDAY)
    issue.move(STREET, at=MONDAY)
    issue.move(DISTRICT, at=MONDAY + hours(1), work_goes_on=True)

    assert issue.handling is None


def test_a_move_allows_a_redo_again_and_opens_what_was_closed():
    issue = an_issue(redos=1, closed_at=MONDAY)
    issue.move(STREET, at=MONDAY + hours(1))

    assert (issue.redos, issue.closed_at, issue.unit_code) == (0, None, STREET)


def test_the_same_move_twice_is_one():
    issue = an_issue()
    issue.move(STREET, at=MONDAY)
    issue.redos = 1
    issue.move(STREET, at=MONDAY)

    assert issue.redos == 1


def test_nothing_is_judged_after_the_end():
    issue = an_issue()
    issue.handle(COMMUNITY, at=MONDAY)
    issue.close(at=MONDAY)

    assert issue.handling is None


def test_the_district_that_keeps_a_relapse_starts_from_new():
    issue = Issue("I-A", DISTRICT)
    issue.handle(DISTRICT, at=MONDAY)
    issue.close(at=MONDAY + hours(1))
    issue.move(DISTRICT, at=MONDAY + hours(2))

    assert issue.handling is None
    issue.handle(DISTRICT, at=MONDAY + hours(3))
    assert issue.handling == MONDAY + hours(3)


def test_a_move_that_is_older_than_the_last_changes_nothing():
    issue = an_issue()
    issue.move(DISTRICT, at=MONDAY + hours(2))
    issue.move(STREET, at=MONDAY)

    assert issue.unit_code == DISTRICT


@given(st.integers(-2, 2), st.sampled_from([COMMUNITY, STREET]))
def test_it_does_not_matter_whether_a_handling_or_a_move_is_heard_first(later, by_unit):
    news = [
        lambda issue: issue.move(STREET, at=MONDAY),
        lambda issue: issue.handle(by_unit, at=MONDAY + hours(later)),
    ]
    seen = set()
    for order in permutations(news):
        issue = an_issue()
        for hear in order:
            hear(issue)
        seen.add(issue.handling)

    assert seen == {MONDAY + hours(later) if by_unit == STREET and later >= 0 else None}
