"""What people and street systems may ask supervision to do, and how it refuses."""

from typing import Any

import pytest

from services.supervision.domain import errors
from services.supervision.domain.case import CaseState
from services.supervision.domain.clock import ClockState
from services.supervision.domain.incident import Decision
from services.supervision.schemas.requests import (
    Escalate,
    PauseClock,
    Preview,
    RecordLookBack,
    ResumeClock,
    ReturnDown,
    SettleIncident,
    Status,
    Withdraw,
)
from services.supervision.use_cases import clocks, escalations, events, look_backs, queries, settlements
from shared.auth import Caller, Role
from shared.bus.rpc.messages import read_request
from shared.bus.timers.timers import Due
from shared.contracts import supervision as told
from shared.contracts.alarms import IncidentSettledV1
from shared.contracts.dispatch import EvidencePart
from shared.contracts.vocabulary import EscalationReason, Outcome, SessionKind
from shared.errors import BadRequest
from tests.fakes import a_moment
from tests.supervision.builders import (
    COMMUNITY,
    DISTRICT,
    DISTRICT_SUPERVISOR,
    ISSUE,
    MONDAY,
    OTHER_STREET,
    STREET,
    STREET_SUPERVISOR,
    STREET_SYSTEM,
    complaint_urged,
    days,
    deliberation_failed,
    hours,
    issue_evaluated,
    issue_handled,
    issue_raised,
    task_signed_for,
)
from tests.supervision.fakes import a_work

RESIDENT, TIER_1 = f"{ISSUE}/resident", f"{ISSUE}/tier-1"
LATER = MONDAY + days(1)


def an_open_case(**given: Any) -> Any:
    work = a_work()
    events.open_case(work, issue_raised(**given), a_moment(MONDAY))
    return work


def an_escalation(**given: Any) -> Escalate:
    values: dict[str, Any] = {
        "issue_id": ISSUE,
        "from_unit": COMMUNITY,
        "reason": EscalationReason.OVER_DUTY,
        "explanation": "归口区级部门",
        "evidence": [EvidencePart(uri="https://example.org/photo.jpg", sha256="a" * 64)],
        "idempotency_key": "k1",
    }
    return Escalate(**(values | given))


def escalate(work: Any, *, by: Caller = STREET_SYSTEM, at: Any = LATER, **given: Any) -> Any:
    request = an_escalation(**given)
    return escalations.escalate(work, request, a_moment(at, asked_by=by))


def preview(work: Any, *, by: Caller = STREET_SYSTEM, at: Any = LATER, **given: Any) -> Any:
    values: dict[str, Any] = {"issue_id": ISSUE, "from_unit": COMMUNITY, "reason": EscalationReason.OVER_DUTY}
    request = Preview(**(values | given))
    return escalations.preview(work, request, a_moment(at, asked_by=by))


def command(which: Any, work: Any, request: Any, *, by: Caller = DISTRICT_SUPERVISOR, at: Any = LATER) -> Any:
    return which(work, request, a_moment(at, asked_by=by))


def test_a_street_sends_an_issue_up_and_hears_who_has_it_and_until_when():
    work = an_open_case()

    answer = escalate(work)

    assert (answer.escalation_id, answer.to_unit, answer.to_tier) == (f"{ISSUE}/E1", STREET, "street")
    assert answer.due_at == MONDAY + days(7), "no longer than its order"
    assert [(line.clock_id, line.state) for line in answer.clocks] == [
        (RESIDENT, "counting"),
        (TIER_1, "ended"),
        (f"{ISSUE}/tier-2", "counting"),
    ]
    assert answer.case_url == f"/cases/{ISSUE}"
    assert work.outbox.of(told.IssueEscalatedV1)[0].evidence == an_escalation().evidence


def test_a_preview_answers_as_the_real_thing():
    seen, real = preview(an_open_case()), escalate(an_open_case())

    assert (seen.to_unit, seen.to_tier, seen.due_at, seen.case_url) == (
        real.to_unit,
        real.to_tier,
        real.due_at,
        real.case_url,
    )
    assert seen.escalation_id == ""
    assert seen.clocks == [line for line in real.clocks if line.state != "ended"]


def test_across_areas_the_unit_that_covers_all_is_next():
    work = an_open_case()

    answer = escalate(work, reason=EscalationReason.CROSS_AREA, units_concerned=[OTHER_STREET])

    assert answer.to_unit == DISTRICT
    assert answer.due_at == MONDAY + days(7)


def closed() -> Any:
    work = an_open_case()
    events.await_evaluation(work, issue_handled(MONDAY + hours(1)), a_moment(MONDAY + hours(1)))
    solved = issue_evaluated(Outcome.SOLVED, MONDAY + hours(2))
    events.take_evaluation(work, solved, a_moment(MONDAY + hours(2)))
    return work


OTHERS = Caller(subject="other", roles=frozenset({Role.STREET_SYSTEM}), unit=OTHER_STREET)
REFUSALS: list[Any] = [
    (an_open_case, {"by": OTHERS}, errors.OutsideYourUnit, "outside_your_unit"),
    (an_open_case, {"issue_id": "I-9"}, errors.UnknownIssue, "unknown_issue"),
    (an_open_case, {"from_unit": STREET}, errors.NotTheHolder, "not_the_holder"),
    (closed, {}, errors.IssueClosed, "issue_closed"),
    (
        lambda: an_open_case(category="noise"),
        {"reason": EscalationReason.UNRESOLVED},
        errors.CommunityMustTryFirst,
        "community_must_try_first",
    ),
    (
        lambda: an_open_case(unit_code=DISTRICT),
        {"from_unit": DISTRICT, "by": DISTRICT_SUPERVISOR},
        errors.AlreadyAtDistrict,
        "already_at_district",
    ),
]


@pytest.mark.parametrize(("situation", "asked", "refusal", "code"), REFUSALS, ids=[one[3] for one in REFUSALS])
@pytest.mark.parametrize("ask", [escalate, preview])
def test_it_is_refused_with_a_code_that_says_why(ask, situation, asked, refusal, code):
    work = situation()

    with pytest.raises(refusal) as refused:
        ask(work, **asked)

    assert refused.value.code == code
    assert not work.outbox.of(told.IssueEscalatedV1)


def test_at_the_district_the_refusal_leaves_an_incident_and_the_preview_does_not():
    work = an_open_case(unit_code=DISTRICT)
    with pytest.raises(errors.AlreadyAtDistrict):
        preview(work, from_unit=DISTRICT, by=DISTRICT_SUPERVISOR)
    assert not work.incidents.of(issue_id=ISSUE)

    with pytest.raises(errors.AlreadyAtDistrict) as refused:
        escalate(work, from_unit=DISTRICT, by=DISTRICT_SUPERVISOR)

    assert refused.value.keeps_work
    assert [one.id for one in work.incidents.of(issue_id=ISSUE)] == [f"{ISSUE}/B1"]


def test_what_a_community_has_tried_may_climb():
    work = an_open_case(category="noise")
    events.follow_trial(work, task_signed_for(), a_moment(MONDAY))

    assert escalate(work, reason=EscalationReason.OVER_LEVEL, tried="已协商两次").to_unit == STREET


def test_status_is_for_units_the_issue_has_been_in():
    work = an_open_case()

    assert queries.get_case(work, Status(issue_id=ISSUE), a_moment(LATER, asked_by=STREET_SYSTEM)).order_no == "1001"
    with pytest.raises(errors.OutsideYourUnit):
        queries.get_case(work, Status(issue_id=ISSUE), a_moment(LATER, asked_by=OTHERS))


def test_a_street_takes_back_its_escalation_until_the_next_holder_begins():
    work = an_open_case()
    escalate(work)
    request = Withdraw(escalation_id=f"{ISSUE}/E1", reason="误报", idempotency_key="k")

    file = command(escalations.withdraw, work, request, by=STREET_SYSTEM)

    assert file.case.unit_code == COMMUNITY
    assert work.outbox.of(told.IssueReturnedDownV1)[0].due_at == MONDAY + days(7)
    with pytest.raises(errors.NotWithdrawable):
        command(escalations.withdraw, work, request, by=STREET_SYSTEM)
    assert escalate(work).escalation_id == f"{ISSUE}/E2"


def test_what_the_next_holder_has_begun_is_not_taken_back():
    work = an_open_case()
    escalate(work)
    events.follow_trial(work, task_signed_for(STREET, MONDAY + days(1)), a_moment(MONDAY + days(1)))

    with pytest.raises(errors.NotWithdrawable):
        command(escalations.withdraw, work, Withdraw(escalation_id=f"{ISSUE}/E1", reason="误报", idempotency_key="k"))


def test_a_clock_is_paused_and_resumed_by_the_unit_above():
    work = an_open_case()
    pause = PauseClock(clock_id=TIER_1, reason="等待鉴定", idempotency_key="k")

    command(clocks.pause_clock, work, pause, by=STREET_SUPERVISOR, at=MONDAY + days(1))
    command(clocks.pause_clock, work, pause, by=STREET_SUPERVISOR, at=MONDAY + days(2))
    assert ("clock", TIER_1) not in work.timers.due
    answer = command(clocks.resume_clock, work, ResumeClock(clock_id=TIER_1, idempotency_key="k"), at=MONDAY + days(4))

    assert answer.clock.due_at == MONDAY + days(7 + 3)
    assert len(work.outbox.of(told.ClockPausedV1)) == len(work.outbox.of(told.ClockResumedV1)) == 1


def test_no_unit_changes_its_own_time():
    work = an_open_case(unit_code=STREET)

    with pytest.raises(errors.OutsideYourUnit):
        command(
            clocks.pause_clock,
            work,
            PauseClock(clock_id=TIER_1, reason="等", idempotency_key="k"),
            by=STREET_SUPERVISOR,
        )


def test_a_clock_that_waits_for_the_residents_is_not_resumed_by_hand():
    work = an_open_case()
    events.await_evaluation(work, issue_handled(LATER), a_moment(LATER))

    with pytest.raises(errors.ClockForbids):
        command(clocks.resume_clock, work, ResumeClock(clock_id=RESIDENT, idempotency_key="k"))


def test_what_a_supervisor_put_on_hold_stays_on_hold_when_the_holder_changes():
    work = an_open_case()
    command(clocks.pause_clock, work, PauseClock(clock_id=RESIDENT, reason="等待鉴定", idempotency_key="k"))

    escalate(work)

    assert work.clocks.find(RESIDENT).state is ClockState.PAUSED


def test_an_unknown_clock_is_named():
    with pytest.raises(errors.UnknownClock, match=r"I-9/resident.*get_case names those of an issue"):
        command(clocks.pause_clock, a_work(), PauseClock(clock_id="I-9/resident", reason="等", idempotency_key="k"))


def test_a_higher_unit_gives_the_issue_back_with_advice():
    work = an_open_case()
    escalate(work)

    file = command(
        escalations.return_down,
        work,
        ReturnDown(issue_id=ISSUE, reason="社区职责内", idempotency_key="k"),
        by=STREET_SUPERVISOR,
    )

    assert (file.case.unit_code, file.came_from) == (COMMUNITY, [])
    with pytest.raises(errors.NothingToReturnTo):
        command(escalations.return_down, work, ReturnDown(issue_id=ISSUE, reason="再退", idempotency_key="k"))


def an_incident() -> Any:
    work = an_open_case(unit_code=DISTRICT)
    with pytest.raises(errors.AlreadyAtDistrict):
        escalate(work, from_unit=DISTRICT, by=DISTRICT_SUPERVISOR)
    return work


def settlement(decision: Decision) -> SettleIncident:
    return SettleIncident(incident_id=f"{ISSUE}/B1", decision=decision, reason="区级专班", idempotency_key="k")


def test_the_district_starts_over_and_the_resident_keeps_the_same_clock():
    work = an_incident()

    command(settlements.settle_incident, work, settlement(Decision.AGAIN), at=MONDAY + days(2))

    reopened = work.outbox.of(told.IssueReopenedV1)[0]
    assert (reopened.from_unit, reopened.to_unit, reopened.due_at) == (DISTRICT, DISTRICT, MONDAY + days(7))
    assert work.clocks.find(RESIDENT).due_at == MONDAY + days(7)
    assert work.cases.find(ISSUE).held_since == MONDAY + days(2)
    with pytest.raises(errors.AlreadySettled):
        command(settlements.settle_incident, work, settlement(Decision.AGAIN))


def test_closed_as_unsolved_no_clock_is_met():
    work = an_incident()

    file = command(settlements.settle_incident, work, settlement(Decision.CLOSE_UNSOLVED))

    assert (file.case.state, file.case.outcome) == (CaseState.CLOSED, Outcome.UNSOLVED)
    assert not work.outbox.of(told.ClockMetV1)
    assert [one.clock_id for one in work.outbox.of(told.ClockEndedV1)] == [RESIDENT, TIER_1]


def test_an_incident_that_is_settled_is_told_with_its_decision_and_by_whom():
    work = an_incident()

    command(settlements.settle_incident, work, settlement(Decision.NOTED))

    (over,) = work.outbox.of(IncidentSettledV1)
    by = (over.incident_id, over.decision, over.remark, over.settled_by)
    assert by == (f"{ISSUE}/B1", "noted", "区级专班", DISTRICT_SUPERVISOR.subject)


def test_only_the_district_settles():
    with pytest.raises(errors.OutsideYourUnit):
        command(settlements.settle_incident, an_incident(), settlement(Decision.AGAIN), by=STREET_SUPERVISOR)


def test_a_look_back_that_finds_the_matter_again_reopens_it():
    work = closed()
    found = RecordLookBack(issue_id=ISSUE, relapsed=True, remark="又堆满了", idempotency_key="k")
    with pytest.raises(errors.NoLookBackDue):
        command(look_backs.record_look_back, work, found)

    look_backs.announce_look_back(work, Due("look_back", f"{ISSUE}/L1.1", MONDAY), a_moment(MONDAY + days(31)))
    file = command(look_backs.record_look_back, work, found, at=MONDAY + days(32))

    assert (file.case.unit_code, file.case.relapses) == (STREET, 1)
    assert work.look_backs.find(f"{ISSUE}/L1.1").has_relapsed
    with pytest.raises(errors.IssueOpen):
        command(look_backs.record_look_back, work, found, at=MONDAY + days(33))


def test_a_failed_mediation_after_an_incident_was_settled_opens_the_next_incident():
    work = an_incident()
    command(settlements.settle_incident, work, settlement(Decision.AGAIN))

    failed = deliberation_failed(SessionKind.MEDIATION, 3, DISTRICT, LATER)
    events.take_failed_deliberation(work, failed, a_moment(MONDAY + days(9)))

    assert [one.id for one in work.incidents.of(issue_id=ISSUE)] == [f"{ISSUE}/B1", f"{ISSUE}/B2"]


def test_an_urge_on_an_open_case_changes_nothing():
    work = an_open_case()
    said = list(work.outbox.events)

    events.take_urge(work, complaint_urged(LATER), a_moment(LATER))

    assert work.outbox.events == said


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"from_unit": "1101"}, "from_unit"),
        ({"reason": "tired"}, "reason"),
        ({"explanation": ""}, "explanation"),
        ({"evidence": [{"uri": "x", "sha256": "short"}]}, "evidence.0.sha256"),
        ({"units_concerned": ["moon"]}, "units_concerned"),
        ({"shout": True}, "shout"),
    ],
)
def test_bad_input_is_refused_with_the_name_of_the_field(wrong: dict[str, Any], field: str):
    wire = {
        "issue_id": ISSUE,
        "from_unit": COMMUNITY,
        "reason": "over_duty",
        "explanation": "x",
        "idempotency_key": "k",
    }

    with pytest.raises(BadRequest) as refused:
        read_request(Escalate, wire | wrong)

    assert list(refused.value.fields) == [field]
