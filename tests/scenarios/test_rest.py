"""Reconciling while timers may fire: what was said while the books were read is no difference, a lost event is one."""

from functools import partial

import pytest

from services.cli.proof.drain import Drain
from services.cli.proof.reconcile import reconcile
from services.cli.proof.rest import reconcile_at_rest

HEARD = "dispatch heard issue_raised.v1 of intake"
PATIENCE = 20.0


def test_what_is_said_while_the_books_are_read_is_no_difference(suite):
    looks = []

    def compare_while_a_timer_fires():
        found = reconcile({})
        if not looks:
            found.expect_equal(HEARD, [], [suite.tell_all("intake", "issue_raised.v1")])
        looks.append(found)
        return found

    assert reconcile_at_rest(Drain(), 0, compare_while_a_timer_fires, PATIENCE).is_whole
    assert [one.is_whole for one in looks] == [False, True]


@pytest.fixture
def lost(suite):
    """An event that one listener did not hear, but another one instead, so that the numbers agree."""
    event_id = suite.tell_all("intake", "issue_raised.v1")
    suite.run("dispatch", "UPDATE inbox SET event_id = 'stray'")
    return {f"{HEARD}: missing": [event_id], f"{HEARD}: too many": ["stray"]}


def test_what_differs_while_nothing_moves_is_told_at_once(lost):
    assert reconcile_at_rest(Drain(), 0, partial(reconcile, {}), PATIENCE).differences == lost


def test_what_differs_in_a_suite_that_always_moves_is_told_when_patience_ends(suite, lost):
    def compare_while_timers_fire():
        suite.tell_all("intake", "issue_raised.v1")
        return reconcile({})

    assert reconcile_at_rest(Drain(), 0, compare_while_timers_fire, 0.5).differences == lost
