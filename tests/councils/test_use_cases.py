"""What councils do with what they hear: once, however often, early or late it comes."""

from datetime import timedelta

import pytest

from services.councils.domain.errors import UnknownSession
from services.councils.domain.listing import ListingState
from services.councils.domain.session import SessionState
from services.councils.use_cases import events, sessions
from shared.bus.timers.timers import Due
from shared.contracts.councils import (
    NoticePublishedV1,
    SessionLapsedV1,
    SessionMovedUpV1,
    SessionScheduledV1,
    SessionUnschedulableV1,
)
from shared.contracts.vocabulary import FailureReason, Obstacle, Route, SessionKind
from tests.councils.builders import (
    COMMUNITY,
    DAY,
    DISTRICT,
    GRID,
    HOUR,
    ISSUE,
    MONDAY_9AM,
    STREET,
    a_work,
    adopted,
    closed_case,
    ended,
    escalated,
    failed,
    inquorate,
    listed,
    opened,
    reopened,
    returned_down,
    the_book,
    the_policy,
    undone,
)
from tests.fakes import a_moment


@pytest.fixture
def work():
    return a_work()


def plan(work, now=MONDAY_9AM):
    """Fire the timer, if it is set, as the bus would."""
    if work.timers.due.pop(("plan", ISSUE), None) is None:
        return None
    before = work.sessions.of(issue_id=ISSUE)
    sessions.plan_session(work, Due("plan", ISSUE, now), a_moment(now))
    planned = work.sessions.of(issue_id=ISSUE)
    return planned[-1] if len(planned) > len(before) else None


def list_issue(work, event, now=MONDAY_9AM):
    events.list_issue(work, event, a_moment(now))


def listed_and_planned(work, unit=COMMUNITY):
    list_issue(work, listed(unit=unit))
    return plan(work)


def open_session(work, session):
    events.open_session(work, opened(session), a_moment(session.starts_at))


def call_inquorate(work, session, now=None):
    now = now or session.starts_at + HOUR
    events.end_inquorate_session(work, inquorate(session), a_moment(now))
    return plan(work, now)


def let_fail(work, session, failures, reason=FailureReason.NO_MAJORITY):
    now = session.starts_at + HOUR
    events.fail_deliberation(work, failed(session, failures, reason), a_moment(now))
    return plan(work, now)


def resolve(work, session, now=None):
    events.resolve_issue(work, adopted(session), a_moment(now or session.starts_at))


def move(work, event, at):
    events.move_issue(work, event, a_moment(at))


@pytest.mark.parametrize("unit", [GRID, COMMUNITY, STREET, DISTRICT])
def test_a_listed_issue_gets_a_session_with_hall_deputies_and_notice(work, unit):
    session = listed_and_planned(work, unit)

    notice = the_policy().notice.for_session({15: "grid", 12: "community", 9: "street", 6: "district"}[len(unit)])
    assert session.starts_at >= notice.ends_at(MONDAY_9AM, the_book().calendar)
    assert len(session.deputies) == the_book().mix.deputies
    scheduled, published = work.outbox.events
    assert isinstance(scheduled, SessionScheduledV1)
    assert isinstance(published, NoticePublishedV1)
    assert scheduled.session_id == published.session_id == f"{ISSUE}/S1"
    assert {invitee.person_id for invitee in scheduled.deputies} == {one.person_id for one in session.deputies}
    assert (published.published_at, published.starts_at) == (MONDAY_9AM, session.starts_at)


def test_listed_twice_it_is_planned_once(work):
    listed_and_planned(work)

    list_issue(work, listed(), MONDAY_9AM + DAY)

    assert plan(work, MONDAY_9AM + DAY) is None
    assert len(work.sessions.of(issue_id=ISSUE)) == 1


def test_a_timer_that_fires_again_plans_nothing_more(work):
    listed_and_planned(work)
    work.timers.set("plan", ISSUE, MONDAY_9AM)

    assert plan(work) is None


def test_a_timer_for_an_issue_that_is_not_there_does_nothing(work):
    work.timers.set("plan", ISSUE, MONDAY_9AM)

    assert plan(work) is None
    assert not work.outbox.events


def test_the_same_events_give_the_same_sessions(work):
    other = a_work()

    first, second = listed_and_planned(work), listed_and_planned(other)

    assert (first.hall_id, first.starts_at, first.deputies) == (second.hall_id, second.starts_at, second.deputies)


def test_many_issues_of_one_grid_take_halls_and_people_in_turn(work):
    for number in range(40):
        list_issue(work, listed(unit=GRID, issue=f"I-{number}"))
        sessions.plan_session(work, Due("plan", f"I-{number}", MONDAY_9AM), a_moment(MONDAY_9AM))

    planned = [work.sessions.get(f"I-{number}/S1") for number in range(40)]
    taken = [(one, session.starts_at) for session in planned for one in (session.hall_id, *session.people_ids)]
    assert len(taken) == len(set(taken))


def test_where_no_hour_is_free_it_is_tried_again_a_day_later(work):
    work.bookings.halls_taken = lambda halls, start, end: set(_everything(halls, start, end))
    list_issue(work, listed())

    assert plan(work) is None
    assert work.timers.due[("plan", ISSUE)] == MONDAY_9AM + DAY
    (told,) = work.outbox.of(SessionUnschedulableV1)
    assert (told.obstacle, told.again_at) == (Obstacle.NO_FREE_HOUR, MONDAY_9AM + DAY)
    assert plan(work, MONDAY_9AM + DAY) is None
    assert len(work.outbox.of(SessionUnschedulableV1)) == 1


def _everything(halls, start, end):
    minute = start.replace(minute=0, second=0, microsecond=0)
    while minute <= end:
        yield from ((hall, minute) for hall in halls)
        minute += timedelta(hours=1)


def test_an_opened_session_is_open_and_a_closed_one_closed_also_in_the_wrong_order(work):
    session = listed_and_planned(work)
    for event in (opened(session), opened(session)):
        events.open_session(work, event, a_moment(session.starts_at))
    assert session.state is SessionState.OPEN

    events.close_session(work, ended(session), a_moment(session.starts_at))
    open_session(work, session)

    assert session.state is SessionState.CLOSED


def test_a_report_about_a_session_that_is_not_ours_is_not_swallowed(work):
    session = listed_and_planned(a_work())

    with pytest.raises(UnknownSession):
        open_session(work, session)


@pytest.mark.parametrize("unit", [COMMUNITY, STREET])
def test_after_too_few_came_a_second_call_follows_within_the_policys_days(work, unit):
    first = listed_and_planned(work, unit)

    second = call_inquorate(work, first)

    assert second.kind is SessionKind.SECOND_CALL
    assert second.starts_at <= first.starts_at + the_policy().inquorate.second_call_within
    assert second.starts_at - second.scheduled_at >= the_policy().notice.urgent
    assert call_inquorate(work, first) is None


def test_after_two_that_were_inquorate_the_failure_decides_what_comes_next(work):
    second = call_inquorate(work, listed_and_planned(work))

    assert call_inquorate(work, second) is None
    third = let_fail(work, second, 1, FailureReason.INQUORATE_TWICE)

    assert (third.kind, third.number) == (SessionKind.ORDINARY, 3)
    assert second.state is SessionState.INQUORATE


def test_two_failures_lead_to_mediation_with_experts_and_a_third_to_nothing(work):
    first = listed_and_planned(work)
    second = let_fail(work, first, 1)
    mediation = let_fail(work, second, 2)

    assert mediation.kind is SessionKind.MEDIATION
    assert len(mediation.experts) == the_book().mix.mediation_experts
    assert let_fail(work, second, 2) is None
    assert let_fail(work, mediation, 3) is None


def test_a_resolution_takes_the_issue_off_the_list_once(work):
    session = listed_and_planned(work)
    open_session(work, session)

    for _ in range(2):
        resolve(work, session)
    list_issue(work, listed(), session.starts_at)

    assert work.listings.find(ISSUE).state is ListingState.RESOLVED
    assert ("plan", ISSUE) not in work.timers.due
    assert not work.outbox.of(SessionMovedUpV1)


def test_failed_handling_brings_a_resolved_issue_back(work):
    session = listed_and_planned(work)
    resolve(work, session)
    later = session.starts_at + 9 * DAY

    list_issue(work, listed(later), later)

    assert plan(work, later).number == 2


def test_a_resolution_of_an_issue_nobody_listed_changes_nothing(work):
    session = listed_and_planned(a_work())

    resolve(work, session)

    assert work.listings.find(ISSUE) is None


def test_when_the_issue_climbs_the_next_holder_calls_a_session_and_the_hour_is_free_again(work):
    first = listed_and_planned(work)
    for _ in range(2):
        move(work, escalated(MONDAY_9AM + DAY), MONDAY_9AM + DAY)

    second = plan(work, MONDAY_9AM + DAY)

    assert (second.unit_code, second.number, first.state) == (STREET, 2, SessionState.MOVED_UP)
    assert [event.session_id for event in work.outbox.of(SessionMovedUpV1)] == [first.id]
    assert not work.bookings.taken([first.hall_id], [], first.starts_at, first.starts_at)


def test_what_becomes_of_an_open_session_of_the_old_holder_no_longer_calls_another(work):
    first = listed_and_planned(work)
    open_session(work, first)
    move(work, escalated(first.starts_at), first.starts_at)
    second = plan(work, first.starts_at)

    assert let_fail(work, first, 1) is None
    assert not work.outbox.of(SessionMovedUpV1)
    assert second.is_ahead


def test_a_resolution_of_the_old_holder_gives_up_the_session_of_the_new_one(work):
    first = listed_and_planned(work)
    open_session(work, first)
    move(work, escalated(first.starts_at), first.starts_at)
    second = plan(work, first.starts_at)

    resolve(work, first, first.starts_at + HOUR)

    assert second.state is SessionState.MOVED_UP


def test_an_escalation_that_comes_before_the_listing_is_remembered(work):
    move(work, escalated(MONDAY_9AM + HOUR, route=Route.HANDLE), MONDAY_9AM + HOUR)
    assert not work.timers.due

    list_issue(work, listed(MONDAY_9AM + DAY), MONDAY_9AM + DAY)

    assert plan(work, MONDAY_9AM + DAY).unit_code == STREET


def test_a_listing_that_comes_after_the_escalation_it_preceded_moves_nothing_back(work):
    move(work, escalated(MONDAY_9AM + HOUR), MONDAY_9AM + HOUR)
    session = plan(work, MONDAY_9AM + HOUR)

    list_issue(work, listed(), MONDAY_9AM + DAY)

    assert plan(work) is None
    assert session.unit_code == STREET


def test_when_a_climb_is_undone_the_session_of_the_next_holder_is_given_up_and_nobody_meets(work):
    listed_and_planned(work)
    move(work, escalated(MONDAY_9AM + DAY), MONDAY_9AM + DAY)
    second = plan(work, MONDAY_9AM + DAY)

    for _ in range(2):
        events.undo_escalation(work, undone(MONDAY_9AM + 2 * DAY), a_moment(MONDAY_9AM + 2 * DAY))

    assert second.state is SessionState.MOVED_UP
    assert plan(work, MONDAY_9AM + 2 * DAY) is None


def test_an_issue_given_back_down_is_called_by_the_lower_unit(work):
    listed_and_planned(work)
    move(work, escalated(MONDAY_9AM + DAY), MONDAY_9AM + DAY)
    plan(work, MONDAY_9AM + DAY)
    move(work, returned_down(MONDAY_9AM + 2 * DAY), MONDAY_9AM + 2 * DAY)

    third = plan(work, MONDAY_9AM + 2 * DAY)

    assert (third.unit_code, third.number) == (COMMUNITY, 3)
    assert len(work.outbox.of(SessionMovedUpV1)) == 2


def test_a_move_on_the_handling_route_ends_the_listing(work):
    session = listed_and_planned(work)

    move(work, escalated(MONDAY_9AM + DAY, route=Route.HANDLE), MONDAY_9AM + DAY)

    assert not work.timers.due
    assert session.state is SessionState.MOVED_UP


def test_a_closed_case_ends_the_listing_and_a_relapse_begins_anew(work):
    session = listed_and_planned(work)
    for _ in range(2):
        events.close_listing(work, closed_case(MONDAY_9AM + DAY), a_moment(MONDAY_9AM + DAY))
    assert session.state is SessionState.MOVED_UP
    assert len(work.outbox.of(SessionMovedUpV1)) == 1

    move(work, reopened(MONDAY_9AM + 40 * DAY), MONDAY_9AM + 40 * DAY)

    assert plan(work, MONDAY_9AM + 40 * DAY).unit_code == STREET


def test_a_closing_that_the_issue_has_outlived_gives_up_no_session_and_the_next_one_does(work):
    listed_and_planned(work)
    move(work, reopened(MONDAY_9AM + DAY), MONDAY_9AM + DAY)
    second = plan(work, MONDAY_9AM + DAY)

    events.close_listing(work, closed_case(MONDAY_9AM + HOUR), a_moment(MONDAY_9AM + DAY))
    was_ahead = second.is_ahead
    events.close_listing(work, closed_case(MONDAY_9AM + 2 * DAY), a_moment(MONDAY_9AM + 2 * DAY))

    assert was_ahead
    assert second.state is SessionState.MOVED_UP


def test_a_listing_that_comes_after_the_closing_it_preceded_calls_nobody(work):
    events.close_listing(work, closed_case(MONDAY_9AM + DAY), a_moment(MONDAY_9AM + DAY))

    list_issue(work, listed(), MONDAY_9AM + DAY)

    assert not work.timers.due


def lapse(work, session):
    due_at = session.due_at
    sessions.pass_due(work, Due("due", session.id, due_at), a_moment(due_at))
    return work.sessions.of(issue_id=ISSUE)[-1]


def test_a_session_that_nobody_opens_lapses_and_has_a_new_date_at_once(work):
    first = listed_and_planned(work)

    second = lapse(work, first)

    (told,) = work.outbox.of(SessionLapsedV1)
    assert (told.session_id, told.next_session_id, told.next_starts_at) == (first.id, second.id, second.starts_at)
    assert (first.state, second.kind, second.replaces) == (SessionState.LAPSED, first.kind, first.id)


def test_one_that_was_opened_in_time_as_is_heard_late_is_held_and_its_new_date_given_up(work):
    first = listed_and_planned(work)
    second = lapse(work, first)

    open_session(work, first)

    assert (first.state, second.state) == (SessionState.OPEN, SessionState.MOVED_UP)
    assert work.listings.find(ISSUE).session_id == first.id
