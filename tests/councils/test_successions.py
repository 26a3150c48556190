"""A unit ends: what it deliberates goes on at what came after it, and nobody meets where nobody is any more."""

import pytest

from services.councils.domain.listing import ListingState
from services.councils.domain.session import SessionState
from services.councils.schemas.requests import GetSession
from services.councils.service import CouncilsService
from services.councils.use_cases import events, queries, successions
from shared.auth import Caller, Role
from shared.bus.inbox.reading import NotYet
from shared.bus.tables import EventStatus
from shared.contracts.councils import SessionMovedUpV1, SessionScheduledV1
from shared.contracts.intake import IssuePlacedV1
from shared.contracts.vocabulary import SessionKind
from tests.councils.builders import (
    COMMUNITY,
    DAY,
    DISTRICT,
    HOUR,
    ISSUE,
    MONDAY_9AM,
    STREET,
    adopted,
    escalated,
    failed,
    listed,
    opened,
    some_deputies,
    the_directory,
    units_where,
)
from tests.databases import engine_of
from tests.fakes import a_moment
from tests.harness import Bus
from tests.told import changed, few_units, tell

CLERK = Caller("clerk-1", frozenset({Role.CLERK}), STREET)

HEIR, OTHER_HEIR = f"{STREET}003", f"{STREET}004"
TUESDAY = MONDAY_9AM + DAY

empty = engine_of("councils")


@pytest.fixture
def bus(engine):
    tell(engine, *(one for unit in (HEIR, OTHER_HEIR) for one in some_deputies(30, unit_code=unit)))
    return Bus(engine, CouncilsService, MONDAY_9AM)


def let_end(bus, *successors, at=TUESDAY):
    (ended,) = [one for one in units_where(COMMUNITY, at, *successors) if one.id == COMMUNITY]
    bus.hear(changed(ended))


def listing(bus):
    with bus.begin(reads=True) as work:
        return work.listings.find(ISSUE)


def session(bus, number):
    with bus.begin(reads=True) as work:
        return work.sessions.get(f"{ISSUE}/S{number}")


def planned(bus):
    bus.hear(listed())
    bus.move(MONDAY_9AM)
    return session(bus, 1)


def test_a_session_called_in_a_unit_is_called_by_its_successor_from_the_instant_of_its_end(bus):
    planned(bus)
    let_end(bus, HEIR)

    bus.move(TUESDAY - HOUR)
    assert session(bus, 1).is_ahead
    bus.move(TUESDAY)

    assert session(bus, 1).state is SessionState.MOVED_UP
    assert session(bus, 2).unit_code == HEIR
    assert {one.person_id for one in session(bus, 2).deputies} <= {
        one.person for one in some_deputies(30, unit_code=HEIR)
    }
    assert [one.session_id for one in bus.told(SessionMovedUpV1)] == [f"{ISSUE}/S1"]


@pytest.mark.parametrize(
    ("successors", "heir"), [([HEIR, OTHER_HEIR], STREET), ([], STREET), ([HEIR, "110105002001"], DISTRICT)]
)
def test_of_several_successors_or_none_the_unit_above_goes_on(bus, successors, heir):
    planned(bus)
    let_end(bus, *successors)

    bus.move(TUESDAY + HOUR)

    assert session(bus, 2).unit_code == heir


def test_of_a_unit_that_was_split_the_part_that_intake_names_meets(bus):
    planned(bus)
    let_end(bus, HEIR, OTHER_HEIR)
    bus.move(TUESDAY)
    bus.hear(IssuePlacedV1(issue_id=ISSUE, from_unit=COMMUNITY, to_unit=OTHER_HEIR, placed_at=TUESDAY), times=2)
    bus.move(TUESDAY + DAY)

    assert [session(bus, number).unit_code for number in (1, 2)] == [COMMUNITY, OTHER_HEIR]
    assert listing(bus).unit_code == OTHER_HEIR


def test_it_is_on_record_where_a_listing_stood_and_where_it_went_on(bus):
    planned(bus)
    let_end(bus, HEIR)
    bus.move(TUESDAY)

    with bus.begin(reads=True) as work:
        answer = queries.get_session(work, GetSession(session_id=f"{ISSUE}/S2"), a_moment(TUESDAY, asked_by=CLERK))
    (passed,) = answer.passed_on

    assert (passed.from_unit, passed.to_unit, passed.at) == (COMMUNITY, HEIR, TUESDAY)


def test_the_directory_told_again_passes_nothing_on_a_second_time(bus):
    planned(bus)
    for _ in range(2):
        let_end(bus, HEIR)
        bus.move(TUESDAY)

    assert len(listing(bus).passed_on) == 1
    assert len(bus.told(SessionScheduledV1)) == 2


def test_a_unit_with_many_listings_leaves_them_some_at_a_time_until_none_is_left(bus, monkeypatch):
    monkeypatch.setattr(successions, "MOST_AT_ONCE", 2)
    bus.hear(*(listed(issue=f"I-{number}") for number in range(5)))
    bus.move(MONDAY_9AM)
    let_end(bus, HEIR)

    bus.move(TUESDAY)

    with bus.begin(reads=True) as work:
        assert [work.listings.find(f"I-{number}").unit_code for number in range(5)] == [HEIR] * 5


def test_an_end_that_is_taken_back_passes_nothing_on(bus):
    planned(bus)
    let_end(bus, HEIR)
    (holding,) = [one for one in few_units() if one.id == COMMUNITY]
    bus.hear(changed(type(holding)(**vars(holding) | {"revision": 3})))

    bus.move(TUESDAY)

    assert session(bus, 1).is_ahead
    assert not listing(bus).passed_on


def test_an_end_that_is_heard_of_late_counts_at_once(bus):
    planned(bus)
    let_end(bus, HEIR, at=MONDAY_9AM - DAY)

    bus.move(MONDAY_9AM)

    assert session(bus, 2).unit_code == HEIR


def test_what_is_listed_in_or_moved_to_a_unit_that_has_ended_is_called_by_its_successor(bus):
    let_end(bus, HEIR, at=MONDAY_9AM - DAY)
    bus.hear(listed(), escalated(MONDAY_9AM + HOUR, to=COMMUNITY, issue="I-moved"))

    bus.move(MONDAY_9AM + HOUR)

    assert session(bus, 1).unit_code == HEIR
    with bus.begin(reads=True) as work:
        assert work.sessions.get("I-moved/S1").unit_code == HEIR


def test_a_session_that_is_open_when_its_unit_ends_is_held_and_what_comes_of_it_counts(bus):
    held = planned(bus)
    bus.hear(opened(held))
    let_end(bus, HEIR)
    bus.move(TUESDAY)
    assert session(bus, 1).state is SessionState.OPEN

    bus.hear(failed(held))
    bus.move(held.starts_at + 2 * HOUR)

    assert (session(bus, 2).unit_code, session(bus, 2).kind) == (HEIR, SessionKind.ORDINARY)
    bus.hear(adopted(held, held.starts_at + 3 * HOUR))
    assert listing(bus).state is ListingState.RESOLVED


def test_a_listing_that_is_over_stays_where_it_was(bus):
    held = planned(bus)
    bus.hear(adopted(held))
    let_end(bus, HEIR)

    bus.move(held.starts_at + DAY)

    assert listing(bus).unit_code == COMMUNITY


def test_a_listing_waits_for_the_directory_and_is_done_when_it_is_told(empty):
    bus = Bus(empty, CouncilsService, MONDAY_9AM)
    bus.hear(listed())
    bus.move(MONDAY_9AM)
    assert bus.inbox_statuses() == [EventStatus.EARLY]

    tell(empty, *the_directory())
    bus.try_kept()
    bus.move(MONDAY_9AM)

    assert bus.inbox_statuses() == [EventStatus.HANDLED]
    assert len(bus.told(SessionScheduledV1)) == 1


@pytest.mark.parametrize(
    ("hear", "event"),
    [(events.list_issue, listed()), (events.move_issue, escalated(MONDAY_9AM))],
    ids=["listed", "moved"],
)
def test_what_comes_before_the_directory_was_told_leaves_no_trace(empty, hear, event):
    with Bus(empty, CouncilsService, MONDAY_9AM).begin() as work:
        with pytest.raises(NotYet):
            hear(work, event, a_moment(MONDAY_9AM))
        assert work.listings.find(ISSUE) is None
