"""What supervision does with each event and timer: its job; twice, once; early or late, no harm."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.supervision.domain.case import CaseState
from services.supervision.domain.clock import ClockState
from services.supervision.use_cases import escalations, events, look_backs, orders
from shared.bus.inbox.reading import NotYet
from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.contracts import supervision as told
from shared.contracts.alarms import IncidentOpenedV1, LookBackDueV1, SupervisionOrderedV1
from shared.contracts.vocabulary import EscalationReason, Outcome, Route, SessionKind, WarningLevel
from shared.policy import PolicyBook
from tests.fakes import a_moment
from tests.supervision.builders import (
    COMMUNITY,
    DISTRICT,
    GRID,
    ISSUE,
    MONDAY,
    STREET,
    complaint_linked,
    complaint_urged,
    days,
    deliberation_failed,
    handling_failed,
    hours,
    issue_evaluated,
    issue_handled,
    issue_listed,
    issue_raised,
    redo_ordered,
    resolution_adopted,
    session_scheduled,
    task_signed_for,
)
from tests.supervision.fakes import WithoutMediation, a_work

RESIDENT, TIER_1, TIER_2 = f"{ISSUE}/resident", f"{ISSUE}/tier-1", f"{ISSUE}/tier-2"
ON_CASE = {
    "session_scheduled": (events.wait_for_session, session_scheduled(MONDAY + days(4))),
    "resolution_adopted": (events.carry_out_resolution, resolution_adopted(MONDAY + days(4))),
    "deliberation_failed": (events.take_failed_deliberation, deliberation_failed(SessionKind.ORDINARY)),
    "issue_handled": (events.await_evaluation, issue_handled(MONDAY + days(2))),
    "redo_ordered": (events.resume_work, redo_ordered(MONDAY + days(3))),
    "handling_failed": (events.resume_work, handling_failed(MONDAY + days(3))),
    "issue_evaluated": (events.take_evaluation, issue_evaluated(Outcome.SOLVED, MONDAY + days(7))),
    "complaint_urged": (events.take_urge, complaint_urged(MONDAY + days(9))),
}


def an_open_case(**given: Any) -> Any:
    work = a_work()
    events.open_case(work, issue_raised(**given), a_moment(MONDAY))
    return work


def hear(work: Any, name: str, event: Any, *, at: Any) -> None:
    ON_CASE[name][0](work, event, a_moment(at))


def a_closed_case(unit: str = COMMUNITY) -> Any:
    work = an_open_case(unit_code=unit)
    hear(work, "issue_handled", issue_handled(MONDAY + days(2), unit), at=MONDAY + days(2))
    hear(work, "issue_evaluated", issue_evaluated(Outcome.SOLVED, MONDAY + days(7), unit), at=MONDAY + days(7))
    return work


def test_a_raised_issue_gets_a_case_and_two_clocks():
    work = an_open_case(unit_code=COMMUNITY)

    resident, tier = work.clocks.find(RESIDENT), work.clocks.find(TIER_1)
    assert (resident.due_at, tier.due_at) == (MONDAY + days(7), MONDAY + days(7))
    assert [event.clock_id for event in work.outbox.of(told.ClockStartedV1)] == [RESIDENT, TIER_1]
    assert work.timers.due[("clock", RESIDENT)] == MONDAY + days(7) * 0.75


def test_an_issue_raised_twice_has_one_case_and_at_the_district_a_clock_too():
    work = an_open_case(unit_code=DISTRICT)
    events.open_case(work, issue_raised(unit_code=DISTRICT), a_moment(MONDAY + hours(1)))

    assert [one.id for one in work.clocks.of(issue_id=ISSUE)] == [RESIDENT, f"{ISSUE}/tier-1"]
    assert len(work.outbox.events) == 2


@pytest.mark.parametrize("name", ON_CASE)
def test_what_changes_a_case_waits_for_it_and_has_no_effect_before(name: str):
    work = a_work()

    with pytest.raises(NotYet):
        hear(work, name, ON_CASE[name][1], at=MONDAY)

    assert not work.outbox.events
    assert not work.timeline.kept


@pytest.mark.parametrize("name", ON_CASE)
def test_what_is_heard_twice_has_its_effect_once(name: str):
    work = an_open_case()
    if name == "issue_evaluated":
        hear(work, "issue_handled", issue_handled(MONDAY + days(2)), at=MONDAY + days(2))
    hear(work, name, ON_CASE[name][1], at=MONDAY + days(7))
    said, kinds = list(work.outbox.events), work.timeline.kinds

    hear(work, name, ON_CASE[name][1], at=MONDAY + days(7))

    assert work.outbox.events == said
    assert work.timeline.kinds == kinds


@pytest.mark.parametrize("name", [name for name in ON_CASE if name != "complaint_urged"])
def test_after_the_end_it_only_enters_the_timeline(name: str):
    work = a_closed_case()
    said = list(work.outbox.events)

    hear(work, name, ON_CASE[name][1], at=MONDAY + days(8))

    assert work.outbox.events == said
    assert ON_CASE[name][1].wire_type in work.timeline.kinds


def test_a_link_before_the_case_is_kept_in_the_timeline_and_later_ones_add_their_unit():
    work = a_work()
    orders.follow_link(work, complaint_linked(), a_moment(MONDAY))
    events.open_case(work, issue_raised(), a_moment(MONDAY))
    orders.follow_link(work, complaint_linked("110105018002", "1002"), a_moment(MONDAY))

    assert work.cases.find(ISSUE).concerned == [COMMUNITY, "110105018002"]
    assert work.timeline.kinds.count("complaint_linked.v1") == 2


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("session_scheduled", session_scheduled(MONDAY + days(16), GRID)),
        ("resolution_adopted", resolution_adopted(MONDAY + days(60), GRID)),
        ("deliberation_failed", deliberation_failed(SessionKind.MEDIATION, 3, GRID)),
        ("issue_handled", issue_handled(MONDAY, GRID)),
    ],
)
def test_late_news_of_a_former_holder_change_nothing_of_an_open_case(name: str, event: Any):
    work = an_open_case(route=Route.DELIBERATE)
    said = list(work.outbox.events)

    hear(work, name, event, at=MONDAY + days(1))

    case = work.cases.find(ISSUE)
    assert (case.unit_code, case.route, case.has_tried) == (COMMUNITY, Route.DELIBERATE, False)
    assert work.outbox.events == said
    assert event.wire_type in work.timeline.kinds


def test_a_listing_by_the_holder_makes_it_deliberate_and_one_by_a_former_holder_does_not():
    work = an_open_case()
    events.follow_listing(work, issue_listed(GRID), a_moment(MONDAY))
    assert work.cases.find(ISSUE).route is Route.HANDLE

    events.follow_listing(work, issue_listed(COMMUNITY), a_moment(MONDAY))
    assert work.cases.find(ISSUE).route is Route.DELIBERATE


def test_a_called_meeting_is_held_before_the_tiers_clock_ends():
    work = an_open_case()

    hear(work, "session_scheduled", session_scheduled(MONDAY + days(16)), at=MONDAY + days(13))

    assert work.clocks.find(TIER_1).due_at == MONDAY + days(17)
    assert work.outbox.of(told.ClockExtendedV1)[0].due_at == MONDAY + days(17)


def test_a_resolution_gives_time_until_its_last_task_is_due_and_is_then_handled():
    work = an_open_case(route=Route.DELIBERATE)

    hear(work, "resolution_adopted", resolution_adopted(MONDAY + days(60)), at=MONDAY + days(10))

    assert work.clocks.find(TIER_1).due_at == MONDAY + days(60)
    assert work.cases.find(ISSUE).route is Route.HANDLE


def test_a_failed_meeting_is_mediated_first_and_a_failed_mediation_climbs():
    work = an_open_case()
    hear(work, "deliberation_failed", deliberation_failed(SessionKind.ORDINARY, 2), at=MONDAY + days(5))
    assert not work.outbox.of(told.IssueEscalatedV1)
    assert "not_escalated" in work.timeline.kinds

    hear(work, "deliberation_failed", deliberation_failed(SessionKind.MEDIATION, 3), at=MONDAY + days(9))
    assert work.outbox.of(told.IssueEscalatedV1)[0].to_unit == STREET
    assert set(work.timers.due) == {("clock", RESIDENT), ("clock", TIER_2)}


@pytest.mark.parametrize(("failures", "climbs"), [(1, 0), (2, 1)])
def test_where_mediation_does_not_come_first_the_second_failure_climbs(failures: int, climbs: int):
    work, failed = an_open_case(), deliberation_failed(SessionKind.ORDINARY, failures)

    events.take_failed_deliberation(work, failed, Moment(MONDAY + days(5), WithoutMediation(PolicyBook.load())))

    assert len(work.outbox.of(told.IssueEscalatedV1)) == climbs


def test_while_the_residents_are_asked_both_clocks_rest_and_a_redo_lets_them_go_on():
    work = an_open_case()
    hear(work, "issue_handled", issue_handled(MONDAY + days(2)), at=MONDAY + days(2))
    assert {work.clocks.find(name).state for name in (RESIDENT, TIER_1)} == {ClockState.PAUSED}
    assert not work.timers.due

    hear(work, "redo_ordered", redo_ordered(MONDAY + days(7)), at=MONDAY + days(7))

    assert work.clocks.find(RESIDENT).due_at == MONDAY + days(12)
    assert work.clocks.find(TIER_1).due_at == MONDAY + days(12)


def test_a_solved_issue_is_closed_its_clocks_are_met_and_look_backs_planned():
    work = a_closed_case()

    assert work.outbox.of(told.IssueClosedV1)[0].outcome is Outcome.SOLVED
    assert {event.clock_id for event in work.outbox.of(told.ClockMetV1)} == {RESIDENT, TIER_1}
    planned = {due_at - MONDAY - days(7) for (kind, _), due_at in work.timers.due.items() if kind == "look_back"}
    assert planned == {days(30), days(90), days(180)}


def test_an_unsolved_issue_climbs_one_rung_with_a_new_tier_clock():
    work = an_open_case()
    hear(work, "issue_handled", issue_handled(MONDAY + days(2)), at=MONDAY + days(2))

    hear(work, "issue_evaluated", issue_evaluated(Outcome.UNSOLVED, MONDAY + days(7)), at=MONDAY + days(7))

    climbed = work.outbox.of(told.IssueEscalatedV1)[0]
    assert (climbed.rung, climbed.from_unit, climbed.to_unit) == (1, COMMUNITY, STREET)
    assert climbed.due_at == work.clocks.find(TIER_2).due_at == MONDAY + days(12)
    assert work.clocks.find(TIER_1).state is ClockState.ENDED
    assert [one.clock_id for one in work.outbox.of(told.ClockEndedV1)] == [TIER_1]
    assert work.clocks.find(RESIDENT).due_at == MONDAY + days(12)


def test_an_evaluation_heard_again_after_the_climb_it_caused_waits_for_nothing():
    work = an_open_case()
    hear(work, "issue_handled", issue_handled(MONDAY + days(2)), at=MONDAY + days(2))

    for _ in range(2):
        hear(work, "issue_evaluated", issue_evaluated(Outcome.UNSOLVED, MONDAY + days(7)), at=MONDAY + days(7))

    assert work.cases.find(ISSUE).held_since == MONDAY + days(7)
    assert len(work.outbox.of(told.IssueEscalatedV1)) == 1


def test_an_evaluation_that_overtakes_the_handling_waits_for_it():
    work = an_open_case()

    with pytest.raises(NotYet):
        hear(work, "issue_evaluated", issue_evaluated(Outcome.SOLVED, MONDAY + days(7)), at=MONDAY + days(7))


def test_a_tier_that_runs_out_of_time_hands_on_exactly_once():
    work = an_open_case(unit_code=GRID)
    for _ in range(3):
        escalations.ring(work, Due("clock", TIER_1, MONDAY), a_moment(MONDAY + days(7)))

    assert [event.to_unit for event in work.outbox.of(told.IssueEscalatedV1)] == [COMMUNITY]
    assert work.escalations.find(f"{ISSUE}/E1").reason is EscalationReason.UNRESOLVED
    assert "not_rung" in work.timeline.kinds


def test_the_resident_is_warned_of_and_its_breach_does_not_climb():
    work = an_open_case()
    for day in (5.25, 7, 14):
        escalations.ring(work, Due("clock", RESIDENT, MONDAY), a_moment(MONDAY + days(day)))

    assert [event.level for event in work.outbox.of(told.ClockWarnedV1)] == [WarningLevel.YELLOW, WarningLevel.RED]
    assert work.outbox.of(told.ClockBreachedV1)[0].breached_at == MONDAY + days(7)
    assert work.outbox.of(SupervisionOrderedV1)[0].overdue_since == MONDAY + days(7)
    assert not work.outbox.of(told.IssueEscalatedV1)
    assert ("clock", RESIDENT) not in work.timers.due


def test_a_clock_that_rings_for_nothing_leaves_the_reason_in_the_timeline():
    work = an_open_case()
    escalations.ring(work, Due("clock", RESIDENT, MONDAY), a_moment(MONDAY + days(6)))
    assert "not_rung" not in work.timeline.kinds

    escalations.ring(work, Due("clock", RESIDENT, MONDAY), a_moment(MONDAY + days(6)))

    assert work.timeline.kinds.count("not_rung") == 1


def test_a_clock_that_is_not_there_says_nothing():
    work = a_work()

    escalations.ring(work, Due("clock", RESIDENT, MONDAY), a_moment(MONDAY))

    assert not work.outbox.events


def test_at_the_district_an_incident_opens_once_and_the_case_stays():
    work = an_open_case(unit_code=DISTRICT)
    for attempt in (3, 4):
        failed = deliberation_failed(SessionKind.MEDIATION, attempt, DISTRICT)
        hear(work, "deliberation_failed", failed, at=MONDAY + days(attempt))

    assert [event.incident_id for event in work.outbox.of(IncidentOpenedV1)] == [f"{ISSUE}/B1"]
    assert work.cases.find(ISSUE).unit_code == DISTRICT
    assert "not_escalated" in work.timeline.kinds


def test_a_relapse_opens_one_tier_up_and_the_closed_time_does_not_count():
    work = a_closed_case()
    resident = work.clocks.find(RESIDENT)

    hear(work, "complaint_urged", complaint_urged(MONDAY + days(27)), at=MONDAY + days(27))

    reopened = work.outbox.of(told.IssueReopenedV1)[0]
    assert (reopened.from_unit, reopened.to_unit, reopened.relapse) == (COMMUNITY, STREET, 1)
    assert reopened.due_at == MONDAY + days(32)
    assert resident.started_at == MONDAY
    assert resident.due_at == MONDAY + days(32)
    assert not [ref for kind, ref in work.timers.due if kind == "look_back"]


def test_an_urge_from_before_the_closing_that_comes_late_is_no_relapse():
    work = a_closed_case()

    hear(work, "complaint_urged", complaint_urged(MONDAY + days(6)), at=MONDAY + days(8))

    assert work.cases.find(ISSUE).state is CaseState.CLOSED


def test_a_look_back_is_announced_once_and_not_after_a_relapse():
    work = a_closed_case()
    first, second = f"{ISSUE}/L1.1", f"{ISSUE}/L1.2"
    for _ in range(2):
        look_backs.announce_look_back(work, Due("look_back", first, MONDAY), a_moment(MONDAY + days(37)))
    hear(work, "complaint_urged", complaint_urged(MONDAY + days(40)), at=MONDAY + days(40))
    look_backs.announce_look_back(work, Due("look_back", second, MONDAY), a_moment(MONDAY + days(97)))

    assert [event.number for event in work.outbox.of(LookBackDueV1)] == [1]


def test_a_trial_at_the_holder_is_remembered_and_forgotten_with_the_next_holder():
    work = an_open_case(unit_code=GRID)
    events.follow_trial(work, task_signed_for(GRID), a_moment(MONDAY))
    assert work.cases.find(ISSUE).has_tried

    escalations.ring(work, Due("clock", TIER_1, MONDAY), a_moment(MONDAY + days(7)))
    case = work.cases.find(ISSUE)
    assert (case.unit_code, case.has_tried, case.tried_by) == (COMMUNITY, False, [GRID])


def any_news(unit: str, at: Any) -> list[tuple[str, Any]]:
    return [
        ("issue_handled", issue_handled(at, unit)),
        ("redo_ordered", redo_ordered(at, unit)),
        ("handling_failed", handling_failed(at, unit)),
        ("issue_evaluated", issue_evaluated(Outcome.SOLVED, at, unit)),
        ("issue_evaluated", issue_evaluated(Outcome.UNSOLVED, at, unit)),
        ("complaint_urged", complaint_urged(at)),
        ("session_scheduled", session_scheduled(at + days(5), unit)),
        ("resolution_adopted", resolution_adopted(at + days(9), unit)),
        ("deliberation_failed", deliberation_failed(SessionKind.MEDIATION, 3, unit, at)),
    ]


@settings(deadline=None, max_examples=60)
@given(
    story=st.lists(st.tuples(st.integers(0, 10), st.sampled_from([GRID, COMMUNITY, STREET, DISTRICT])), max_size=25),
    step=st.timedeltas(hours(1), days(6)),
)
def test_whatever_happens_the_residents_clock_never_resets_and_rungs_are_climbed_one_by_one(story, step):
    work, now = an_open_case(unit_code=GRID), MONDAY
    resident, counted = work.clocks.find(RESIDENT), hours(0)
    for which, unit in story:
        now += step
        holder = work.cases.find(ISSUE).unit_code
        try:
            if which >= 9:
                for _, ref in sorted(key for key, due_at in work.timers.due.items() if due_at <= now):
                    escalations.ring(work, Due("clock", ref, MONDAY), a_moment(now))
            else:
                name, event = any_news(holder if which % 2 else unit, now)[which]
                hear(work, name, event, at=now)
        except NotYet:
            pass
        assert work.clocks.find(RESIDENT) is resident
        assert (resident.started_at, resident.ledger.budget) == (MONDAY, days(7))
        assert resident.ledger.counted(now) >= counted
        counted = resident.ledger.counted(now)

    climbs = work.outbox.of(told.IssueEscalatedV1)
    assert [event.rung for event in climbs] == list(range(1, len(climbs) + 1))
    assert all(event.to_unit == event.from_unit[:-3] for event in climbs)
