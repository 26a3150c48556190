"""Callers in several grids and in their community with one matter are one group, counted by people."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from services.intake.domain.issue import IssueState
from services.intake.service import IntakeService
from shared.contracts import intake as told
from shared.contracts.vocabulary import ListingReason, Outcome
from tests.harness import Bus, statements_of
from tests.intake.builders import NOW, an_order
from tests.told import changed, few_units, tell

COMMUNITY, GRID, OTHER_GRID, NEIGHBOUR = "110105017003", "110105017003001", "110105017003002", "110105017004"
STREET, FAR, FAR_STREET = "110105017", "110105015003", "110105015"
NINE = [(f"A{number}", unit) for number, unit in enumerate([GRID, OTHER_GRID, COMMUNITY] * 3)]


@pytest.fixture
def bus(engine):
    tell(engine)
    return Bus(engine, IntakeService, NOW)


def file(bus, *orders, together=False, **more):
    filed = [an_order(number, units=[unit], **more) for number, unit in orders]
    for some in [filed] if together else [[one] for one in filed]:
        bus.hear(*some)


def open_issues(bus):
    """Each open issue with where it is held, where it is listed, and its orders."""
    with bus.begin(reads=True) as work:
        issues = {one.issue_id for number in range(9) if (one := work.complaints.find(f"A{number}")) is not None}
        found = [work.issues.get(one) for one in sorted(issues) if one]
        return [
            (one.unit_code, one.listed_unit, [order.order_no for order in work.complaints.linked_to(one.id)])
            for one in found
            if one.state is IssueState.OPEN
        ]


@pytest.mark.parametrize("together", [False, True], ids=["one by one", "in one batch"])
def test_nine_callers_in_two_grids_and_their_community_become_one_group_that_is_listed(bus, together):
    file(bus, *NINE, together=together)

    assert open_issues(bus) == [(COMMUNITY, COMMUNITY, [number for number, _ in NINE])]
    (listed,) = bus.told(told.IssueListedV1)
    assert (listed.unit_code, listed.reason) == (COMMUNITY, ListingReason.GROUP)


def test_two_grids_alone_become_an_issue_of_their_community(bus):
    file(bus, *[(f"A{number}", (GRID, OTHER_GRID)[number % 2]) for number in range(5)])

    assert open_issues(bus) == [(COMMUNITY, COMMUNITY, [f"A{number}" for number in range(5)])]
    (listed,) = bus.told(told.IssueListedV1)
    assert "第3社区" in listed.title


def test_what_was_left_without_orders_is_withdrawn_and_every_order_is_told_to_be_in_one_issue(bus):
    file(bus, *NINE)

    where = {}
    for event in bus.told(told.ComplaintLinkedV1, told.ComplaintUnlinkedV1):
        if isinstance(event, told.ComplaintLinkedV1):
            assert event.order_no not in where
            where[event.order_no] = event.issue_id
        else:
            assert where.pop(event.order_no) == event.issue_id
    assert len(set(where.values())) == 1
    assert len(where) == len(NINE)
    withdrawn = {one.issue_id for one in bus.told(told.IssueWithdrawnV1)}
    assert withdrawn == {one.issue_id for one in bus.told(told.IssueRaisedV1)} - set(where.values())
    with bus.begin(reads=True) as work:
        assert {work.issues.get(one).outcome for one in withdrawn} == {Outcome.WITHDRAWN}


def test_one_person_who_calls_from_everywhere_is_no_group(bus):
    file(bus, *NINE, caller="one-person", filed_at=NOW - timedelta(hours=1))

    assert bus.told(told.IssueListedV1) == []


@pytest.mark.parametrize("together", [False, True], ids=["one by one", "in one batch"])
def test_callers_in_several_communities_of_a_street_are_one_group_which_the_street_meets_on(bus, together):
    file(bus, *[(f"A{number}", (GRID, NEIGHBOUR, STREET)[number % 3]) for number in range(5)], together=together)

    assert open_issues(bus) == [(STREET, STREET, [f"A{number}" for number in range(5)])]
    (listed,) = bus.told(told.IssueListedV1)
    assert (listed.unit_code, listed.reason) == (STREET, ListingReason.GROUP)


def test_who_calls_later_from_any_community_of_the_street_joins_its_group(bus):
    file(bus, *[(f"A{number}", (GRID, NEIGHBOUR)[number % 2]) for number in range(5)])
    file(bus, ("A5", NEIGHBOUR), ("A6", COMMUNITY))

    assert open_issues(bus) == [(STREET, STREET, [f"A{number}" for number in range(7)])]


def test_where_a_community_has_enough_callers_itself_it_meets_and_those_of_the_next_are_no_part_of_it(bus):
    file(bus, *[(f"A{number}", (GRID, OTHER_GRID)[number % 2]) for number in range(5)], ("A5", NEIGHBOUR))

    assert open_issues(bus) == [
        (COMMUNITY, COMMUNITY, [f"A{number}" for number in range(5)]),
        (NEIGHBOUR, "", ["A5"]),
    ]


def test_callers_of_another_street_are_not_counted(bus):
    file(bus, *[(f"A{number}", (GRID, FAR)[number % 2]) for number in range(8)])

    assert bus.told(told.IssueListedV1) == []


@pytest.mark.parametrize("told_ahead", [True, False], ids=["told ahead", "told afterwards"])
def test_a_community_that_comes_to_another_street_takes_along_what_is_open_and_is_counted_there(bus, told_ahead):
    moves_at = NOW + timedelta(days=1)
    file(bus, ("A0", GRID), ("A1", COMMUNITY), ("A2", COMMUNITY), ("A3", NEIGHBOUR))
    if told_ahead:
        comes_to(bus, FAR_STREET, moves_at)
    bus.move(moves_at)
    if not told_ahead:
        comes_to(bus, FAR_STREET, moves_at)
        bus.move(moves_at)

    file(bus, ("A4", STREET), ("A5", NEIGHBOUR))
    assert bus.told(told.IssueListedV1) == []
    file(bus, ("A6", FAR), ("A7", FAR))

    gathered = {unit: numbers for unit, listed, numbers in open_issues(bus) if listed}
    assert gathered == {FAR_STREET: ["A0", "A1", "A2", "A6", "A7"]}


def comes_to(bus, street, at):
    unit = next(one for one in few_units() if one.id == COMMUNITY)
    bus.hear(changed(replace(unit, revision=2, valid_to=at), replace(unit, revision=2, valid_from=at, parent=street)))


@pytest.mark.parametrize(
    "said",
    [
        {"title": "3号楼门禁损坏", "content": "3号楼的门禁坏了半个月"},
        {"title": "{}东门乱停车堵住通道"},
        {"content": "{}的事情要解决,具体情况是{}那里一直没有人来管理"},
    ],
    ids=["a building of each", "another compound in the title", "about something else in fact"],
)
def test_what_each_community_has_of_its_own_is_no_group_of_the_street(bus, said):
    for number in range(8):
        name = ("枣香园", "和平里五区")[number % 2] * (1 + 3 * (number % 2))
        words = {field: words.format(name, name) for field, words in said.items()}
        file(bus, (f"A{number}", (GRID, NEIGHBOUR)[number % 2]), **words)

    assert all(one.unit_code != STREET for one in bus.told(told.IssueListedV1))
    assert {unit for unit, *_ in open_issues(bus)} == {GRID, NEIGHBOUR}


def test_the_same_words_about_other_buildings_are_no_group(bus):
    for number, unit in NINE:
        file(bus, (number, unit), title=f"{number[1:]}号楼门禁损坏", content=f"{number[1:]}号楼的门禁坏了半个月")

    assert bus.told(told.IssueListedV1) == []


def test_an_urgent_order_waits_for_no_group(bus):
    file(bus, *NINE[:4])
    file(bus, ("A8", GRID), sla_class="emergency")
    file(bus, *NINE[4:8])

    assert open_issues(bus) == [
        (GRID, "", ["A0", "A3", "A6", "A8"]),
        (COMMUNITY, COMMUNITY, ["A1", "A2", "A4", "A5", "A7"]),
    ]


def test_looking_in_all_grids_of_a_community_costs_no_more_statements(bus):
    seen = []
    for number, unit in (("A0", NEIGHBOUR), ("A1", NEIGHBOUR), ("A2", GRID)):
        with statements_of(bus.engine) as made:
            file(bus, (number, unit), title=f"完全不同的事{number * 5}", content=f"{number}说的是别的事情")
        seen.append(len(made))

    assert all(later <= earlier for earlier, later in pairwise(seen))
