"""A case moves one holder at a time, keeps its trail, and is closed and reopened in order."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.supervision.domain.case import CaseState
from services.supervision.domain.errors import (
    AlreadyAtDistrict,
    IssueClosed,
    IssueOpen,
    NothingToReturnTo,
    NotTheHolder,
)
from shared.contracts.vocabulary import EscalationReason, Outcome
from shared.directory.units import units_from
from shared.units import Tier, ancestors_of, parent_of
from tests.supervision.builders import (
    COMMUNITY,
    DISTRICT,
    GRID,
    MONDAY,
    OTHER_STREET,
    STREET,
    UNITS,
    a_case,
    days,
    hours,
)
from tests.told import few_units

LOCAL = [reason for reason in EscalationReason if reason is not EscalationReason.CROSS_AREA]
HOLDERS = st.sampled_from([GRID, COMMUNITY, STREET, DISTRICT])


@given(unit=HOLDERS, reasons=st.lists(st.sampled_from(LOCAL), max_size=6))
def test_climbing_is_one_holder_at_a_time_and_once_per_rung(unit: str, reasons: list[EscalationReason]):
    case, rungs = a_case(unit_code=unit), []
    for reason in reasons:
        before = case.unit_code
        if case.tier is Tier.DISTRICT:
            with pytest.raises(AlreadyAtDistrict):
                case.next_holder(reason, UNITS)
            break
        rungs.append(case.climb(case.next_holder(reason, UNITS), at=MONDAY))
        assert case.unit_code == parent_of(before)
    assert rungs == list(range(1, len(rungs) + 1))


@given(unit=HOLDERS.filter(lambda unit: unit != DISTRICT), also=st.lists(HOLDERS | st.just(OTHER_STREET), max_size=4))
def test_across_areas_the_next_holder_is_above_and_covers_all_units_concerned(unit: str, also: list[str]):
    case = a_case(unit_code=unit)

    to_unit = case.next_holder(EscalationReason.CROSS_AREA, UNITS, also)

    assert to_unit in ancestors_of(unit)
    assert all(other.startswith(to_unit) or to_unit == parent_of(unit) for other in also)
    assert to_unit == DISTRICT or OTHER_STREET not in also


def test_across_areas_linked_complaints_of_other_units_count_too():
    case = a_case(unit_code=COMMUNITY)
    case.concerns("110105018002")

    assert case.next_holder(EscalationReason.CROSS_AREA, UNITS) == DISTRICT
    assert case.next_holder(EscalationReason.OVER_LEVEL, UNITS) == STREET


def test_what_climbed_can_be_given_back_the_same_way():
    case = a_case(unit_code=COMMUNITY)
    case.climb(STREET, at=MONDAY)
    case.climb(DISTRICT, at=MONDAY)

    assert [case.return_down(UNITS, at=MONDAY), case.return_down(UNITS, at=MONDAY)] == [STREET, COMMUNITY]
    with pytest.raises(NothingToReturnTo):
        case.return_down(UNITS, at=MONDAY)


def test_a_rung_is_not_used_again_after_a_return():
    case = a_case(unit_code=COMMUNITY)
    case.climb(STREET, at=MONDAY)
    case.return_down(UNITS, at=MONDAY)

    assert case.climb(STREET, at=MONDAY) == 2


def test_only_the_holder_of_an_open_case_is_the_holder():
    case = a_case(unit_code=COMMUNITY)

    with pytest.raises(NotTheHolder):
        case.must_be_held_by(STREET)
    case.close(Outcome.SOLVED, at=MONDAY)
    with pytest.raises(IssueClosed):
        case.must_be_held_by(COMMUNITY)


@pytest.mark.parametrize(("urged_at", "has_relapsed"), [(hours(-1), False), (hours(0), False), (hours(1), True)])
def test_hearing_of_it_again_is_a_relapse_only_after_the_closing(urged_at, has_relapsed):
    case = a_case()
    case.close(Outcome.SOLVED, at=MONDAY)

    assert case.has_relapsed(MONDAY + urged_at) is has_relapsed


@pytest.mark.parametrize(("unit", "reopened_at"), [(GRID, COMMUNITY), (STREET, DISTRICT), (DISTRICT, DISTRICT)])
def test_a_relapse_opens_one_tier_up_and_the_district_keeps_its_own(unit: str, reopened_at: str):
    case = a_case(unit_code=unit)
    case.close(Outcome.SOLVED, at=MONDAY)

    assert case.reopen(UNITS, tiers_up=1, at=MONDAY + days(40)) == unit

    assert (case.unit_code, case.relapses, case.state) == (reopened_at, 1, CaseState.OPEN)
    with pytest.raises(IssueOpen):
        case.reopen(UNITS, tiers_up=1, at=MONDAY + days(41))


def test_news_from_a_former_holder_of_before_it_lost_the_issue_are_no_news():
    case = a_case(unit_code=COMMUNITY)
    case.climb(STREET, at=MONDAY)

    assert not case.is_about_now(COMMUNITY, MONDAY)
    assert case.is_about_now(STREET, MONDAY)
    assert case.is_about_now(COMMUNITY, MONDAY + hours(1))


def units_where(**changes):
    """The few units, some of them changed: `c110105017003={"parent": "110105018"}`."""
    return units_from([replace(one, **changes.get(f"c{one.id}", {})) for one in few_units()], MONDAY)


def test_a_community_that_came_to_another_street_climbs_to_that_one():
    moved = units_where(**{f"c{COMMUNITY}": {"parent": OTHER_STREET}})
    case = a_case(unit_code=GRID)

    case.climb(case.next_holder(EscalationReason.UNRESOLVED, moved), at=MONDAY)
    case.climb(case.next_holder(EscalationReason.UNRESOLVED, moved), at=MONDAY)

    assert (case.unit_code, case.came_from) == (OTHER_STREET, [GRID, COMMUNITY])


def test_what_came_from_a_unit_that_has_ended_is_given_back_to_its_successor():
    after = units_where(**{f"c{COMMUNITY}": {"valid_to": MONDAY, "replaced_by": ["110105017004"]}})
    case = a_case(unit_code=COMMUNITY)
    case.climb(STREET, at=MONDAY)

    assert case.return_down(after, at=MONDAY) == "110105017004"


def test_what_came_from_a_unit_that_was_split_stays_with_the_unit_above():
    after = units_where(**{f"c{COMMUNITY}": {"valid_to": MONDAY, "replaced_by": ["110105017004", "110105017005"]}})
    case = a_case(unit_code=COMMUNITY)
    case.climb(STREET, at=MONDAY)

    with pytest.raises(NothingToReturnTo, match=f"{COMMUNITY} has ended"):
        case.return_down(after, at=MONDAY)
    assert (case.unit_code, case.came_from) == (STREET, [COMMUNITY])
