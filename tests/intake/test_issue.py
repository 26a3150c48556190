"""Issues: groups, lists, moves."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.issue import Issue, issue_id_of
from shared.contracts.vocabulary import ListingReason, Outcome, RequestKind, Route, SlaClass

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
MONTH = timedelta(days=30)


def an_issue() -> Issue:
    return Issue(
        id="I-1",
        first_order_no="1",
        origin_unit="110105017036",
        unit_code="110105017036",
        category="noise",
        title="扰民",
        gist_words="扰民\n",
        spots="",
        request_kind=RequestKind.COMPLAINT,
        sla_class=SlaClass.GENERAL,
        route=Route.HANDLE,
        raised_at=MONDAY,
    )


def test_five_callers_within_the_month_are_a_group_and_four_are_not():
    issue = an_issue()
    for number in range(4):
        issue.note_people([f"c{number}"], MONDAY + timedelta(days=number), group=5)
    assert not issue.is_group(group=5, within=MONTH)

    issue.note_people(["c4"], MONDAY + MONTH, group=5)

    assert issue.is_group(group=5, within=MONTH)


def test_one_caller_five_times_is_no_group():
    issue = an_issue()
    for day in range(5):
        issue.note_people(["c0"], MONDAY + timedelta(days=day), group=5)

    assert not issue.is_group(group=5, within=MONTH)


def test_callers_nobody_knows_are_not_counted():
    issue = an_issue()
    for day in range(9):
        issue.note_people([""], MONDAY + timedelta(days=day), group=5)

    assert issue.recent_callers == {}


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 90)), max_size=15))
def test_a_group_is_found_just_when_so_many_callers_lie_within_the_time(spoken):
    issue, latest = an_issue(), {}
    for caller, day in spoken:
        issue.note_people([f"c{caller}"], MONDAY + timedelta(days=day), group=3)
        latest[caller] = max(day, latest.get(caller, 0))

    days = latest.values()
    expected = any(sum(first <= day <= first + 30 for day in days) >= 3 for first in days)
    assert issue.is_group(group=3, within=MONTH) == expected


@given(st.integers(0, 200))
def test_what_is_remembered_of_callers_stays_small(many):
    issue = an_issue()
    for number in range(many):
        issue.note_people([f"c{number}"], MONDAY + timedelta(hours=number), group=5)

    assert len(issue.recent_callers) <= 20


def test_a_deliberation_climbs_onto_the_next_units_list_and_a_handling_onto_none():
    issue = an_issue()
    issue.list_at("110105017036", ListingReason.CATEGORY, at=MONDAY)

    issue.move("110105017", Route.DELIBERATE, at=MONDAY)
    assert issue.is_listed_at("110105017")
    issue.move("110105", Route.HANDLE, at=MONDAY)
    assert issue.listed_unit == ""


def test_a_move_keeps_the_reason_of_a_listing_and_without_one_handling_had_failed():
    listed, handled = an_issue(), an_issue()
    listed.list_at("110105017036", ListingReason.CATEGORY, at=MONDAY)

    for issue in (listed, handled):
        issue.move("110105017", Route.DELIBERATE, at=MONDAY)

    assert (listed.listing_reason, handled.listing_reason) == (ListingReason.CATEGORY, ListingReason.HANDLING_FAILED)


def test_a_closed_issue_is_on_no_list():
    issue = an_issue()
    issue.list_at("110105017036", ListingReason.GROUP, at=MONDAY)

    issue.close(Outcome.SOLVED, at=MONDAY)

    assert issue.listed_unit == ""
    assert not issue.is_open


def test_issue_ids_come_from_the_order_and_a_number():
    assert [issue_id_of("A1"), issue_id_of("A1", 2)] == ["I-A1", "I-A1-2"]
