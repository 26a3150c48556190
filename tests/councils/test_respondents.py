"""Whom an issue is against goes with it into every session that is called on it."""

from dataclasses import replace

from services.councils.use_cases import events, sessions
from shared.bus.timers.timers import Due
from shared.contracts.councils import SessionScheduledV1
from tests.councils.builders import HOUR, ISSUE, MONDAY_9AM, a_work, escalated, listed
from tests.fakes import a_moment

AT, LATER = a_moment(MONDAY_9AM), a_moment(MONDAY_9AM + HOUR)


def scheduled(work):
    return [event.respondents for event in work.outbox.of(SessionScheduledV1)]


def test_a_session_names_the_respondents_that_the_listing_named():
    work = a_work()
    events.list_issue(work, replace(listed(), respondents=["O-1"]), AT)
    sessions.plan_session(work, Due("plan", ISSUE, MONDAY_9AM), AT)

    assert scheduled(work) == [["O-1"]]


def test_so_does_one_on_an_issue_that_climbed_there_and_nobody_once_named_is_forgotten():
    work = a_work()
    events.list_issue(work, replace(listed(), respondents=["O-1"]), AT)
    events.move_issue(work, replace(escalated(MONDAY_9AM + HOUR), respondents=["O-2"]), LATER)
    sessions.plan_session(work, Due("plan", ISSUE, MONDAY_9AM + HOUR), LATER)

    assert scheduled(work) == [["O-1", "O-2"]]
