"""An issue on its unit's list, however the events of the three publishers overtake each other."""

import itertools

import pytest

from services.councils.domain.listing import ListingState
from shared.contracts.vocabulary import Route, SessionKind
from tests.councils.builders import COMMUNITY, DAY, DISTRICT, HOUR, MONDAY_9AM, STREET, a_listed, a_listing

LISTED_AT, MOVED_AT, RESOLVED_AT = MONDAY_9AM, MONDAY_9AM + DAY, MONDAY_9AM + 2 * DAY


def enlist(listing, at=LISTED_AT, unit=COMMUNITY):
    return listing.enlist(unit, at)


def move(listing, route=Route.DELIBERATE, at=MOVED_AT, unit=STREET):
    return listing.move(unit, route, at)


def in_every_order(*steps):
    """Each order in which the steps can arrive, applied to a listing that knows nothing yet."""
    for order in itertools.permutations(steps):
        listing = a_listing()
        for step in order:
            step(listing)
        yield listing


def test_a_listed_issue_waits_for_a_session_until_one_is_called():
    listing = a_listed()
    assert listing.needs_session

    listing.called(listing.next_session_id())

    assert not listing.needs_session
    assert listing.next_session_id().endswith("/S2")


def test_heard_of_twice_it_is_listed_once():
    listing = a_listed()
    listing.called("S1")

    assert not enlist(listing)
    assert not listing.needs_session


@pytest.mark.parametrize("route", list(Route))
def test_a_move_after_the_listing_ends_the_same_in_every_order(route):
    expected = {Route.DELIBERATE: ListingState.LISTED, Route.HANDLE: ListingState.OFF}[route]

    for listing in in_every_order(enlist, lambda one: move(one, route)):
        assert (listing.unit_code, listing.state) == (STREET, expected)


def test_a_listing_after_a_move_stands_in_every_order():
    later = MOVED_AT + HOUR
    for listing in in_every_order(lambda one: move(one, Route.HANDLE), lambda one: enlist(one, later)):
        assert (listing.unit_code, listing.state, listing.needs_session) == (STREET, ListingState.LISTED, True)


def test_a_closing_after_the_listing_ends_it_in_every_order():
    for listing in in_every_order(enlist, lambda one: one.close(MOVED_AT)):
        assert listing.state is ListingState.CLOSED
        assert not listing.needs_session


def test_a_relapse_opens_a_closed_listing_again_also_if_the_listing_came_first():
    reopened_at, listed_at = RESOLVED_AT, RESOLVED_AT + HOUR
    for order in (
        [lambda one: move(one, Route.HANDLE, reopened_at), lambda one: enlist(one, listed_at)],
        [lambda one: enlist(one, listed_at), lambda one: move(one, Route.HANDLE, reopened_at)],
    ):
        listing = a_listed()
        listing.close(MOVED_AT)
        for step in order:
            step(listing)
        assert listing.needs_session
        assert listing.unit_code == STREET


def test_a_resolution_after_a_move_resolves_it_in_either_order():
    for order in (
        [move, lambda one: one.resolve(COMMUNITY, RESOLVED_AT)],
        [lambda one: one.resolve(COMMUNITY, RESOLVED_AT), move],
    ):
        listing = a_listed()
        for step in order:
            step(listing)
        assert (listing.unit_code, listing.state) == (STREET, ListingState.RESOLVED)


def test_a_resolution_before_a_move_leaves_the_matter_to_the_new_holder_in_either_order():
    resolved_at = MOVED_AT - HOUR
    for order in (
        [move, lambda one: one.resolve(COMMUNITY, resolved_at)],
        [lambda one: one.resolve(COMMUNITY, resolved_at), move],
    ):
        listing = a_listed()
        for step in order:
            step(listing)
        assert (listing.unit_code, listing.needs_session) == (STREET, True)


def test_moves_that_are_old_or_known_change_nothing():
    listing = a_listed()
    move(listing, at=RESOLVED_AT, unit=DISTRICT)

    assert not move(listing, at=RESOLVED_AT, unit=DISTRICT)
    assert not move(listing, at=MOVED_AT, unit=STREET)
    assert listing.unit_code == DISTRICT


def test_who_holds_the_issue_is_supervisions_to_say():
    listing = a_listed()
    move(listing)
    listing.resolve(STREET, RESOLVED_AT)

    assert enlist(listing, RESOLVED_AT + DAY, COMMUNITY)
    assert listing.unit_code == STREET


def test_what_was_resolved_and_is_taken_back_in_the_same_instant_is_met_on_again():
    listing = a_listed()
    listing.resolve(COMMUNITY, RESOLVED_AT)

    assert enlist(listing, RESOLVED_AT)
    assert listing.needs_session
    assert not enlist(listing, RESOLVED_AT)


def test_failures_lead_to_another_session_then_to_mediation_then_to_none():
    listing = a_listed()
    kinds = []
    for failures, kind in enumerate([SessionKind.ORDINARY, SessionKind.SECOND_CALL, SessionKind.MEDIATION], 1):
        called = listing.fail(kind, failures, mediate_from=2, is_mediated=True)
        kinds.append(listing.next_kind if called else None)

    assert kinds == [SessionKind.ORDINARY, SessionKind.MEDIATION, None]
    assert not listing.needs_session


def test_where_the_policy_knows_no_mediation_nothing_is_called_after_the_last_failure():
    assert not a_listed().fail(SessionKind.ORDINARY, 2, mediate_from=2, is_mediated=False)


@pytest.mark.parametrize(
    ("kind", "next_kind"),
    [
        (SessionKind.ORDINARY, SessionKind.SECOND_CALL),
        (SessionKind.MEDIATION, SessionKind.MEDIATION),
        (SessionKind.SECOND_CALL, None),
    ],
)
def test_after_too_few_came_there_is_one_second_call(kind, next_kind):
    listing = a_listed()
    listing.called("S1")

    assert listing.call_again(kind, RESOLVED_AT) == (next_kind is not None)
    assert listing.needs_session == (next_kind is not None)
    assert next_kind in (None, listing.next_kind)


def test_a_new_holder_begins_without_the_failures_of_the_old_one():
    listing = a_listed()
    listing.fail(SessionKind.ORDINARY, 2, mediate_from=2, is_mediated=True)

    move(listing)

    assert (listing.failures, listing.next_kind) == (0, SessionKind.ORDINARY)
