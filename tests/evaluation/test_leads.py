"""Who answers for an order: segments over time, shares, and in whose ranks its caller's answer counts."""

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.evaluation.domain.lead import ALL, Lead, LeadEnd, shares_of
from services.evaluation.domain.period import Period
from services.evaluation.service import EvaluationService
from shared.auth import Role
from shared.contracts import dispatch
from shared.contracts.directory_words import OrganisationKind
from shared.contracts.vocabulary import SlaClass, Solved, TaskOrigin
from tests.evaluation.builders import (
    COMMUNITY,
    DISTRICT,
    LIMIT_OVER,
    MONDAY,
    STREET,
    corrected,
    days,
    escalated,
    hours,
    linked,
    said,
)
from tests.harness import Bus
from tests.told import office, tell

MARCH = Period.around(MONDAY, 1)
HOUSING, POWER = f"{DISTRICT}/区住建委", f"{STREET}/供电公司"
KINDS = {HOUSING: OrganisationKind.DEPARTMENT, POWER: OrganisationKind.ENTERPRISE}


def a_charge(organisation: str = HOUSING, number: int = 1, **changes) -> Lead:
    plain = {"assisting_ids": [], "from_at": MONDAY + hours(number)}
    return Lead(f"T{number}#1", "I-A", f"T{number}", COMMUNITY, organisation, **(plain | changes))


def borne(*leads, since=MONDAY):
    return {one: str(share) for one, share in shares_of(leads, 0.7, since=since).items()}


def test_who_leads_bears_the_policys_share_and_who_assists_the_rest_in_equal_parts():
    assert borne(a_charge("A")) == {"A": "1"}
    assert borne(a_charge("A", assisting_ids=["B", "C"])) == {"A": "7/10", "B": "3/20", "C": "3/20"}


@pytest.mark.parametrize("ended_as", [LeadEnd.RETURNED, LeadEnd.WITHDRAWN, LeadEnd.PASSED_ON])
def test_what_was_rightly_given_back_is_borne_by_who_had_it_next(ended_as):
    first = a_charge("A", until=MONDAY + hours(2), ended_as=ended_as)

    assert borne(first, a_charge("B", 2)) == {"B": "1"}


def test_what_went_on_higher_up_is_borne_by_who_had_it_first():
    first = a_charge("A", until=MONDAY + days(6), ended_as=LeadEnd.MOVED_UP)

    assert borne(first, a_charge("B", 2)) == {"A": "1"}


def test_nobody_bears_what_was_over_before_the_order_was_dispatched():
    first = a_charge("A", until=MONDAY + days(1), ended_as=LeadEnd.MOVED_UP)

    assert borne(first, a_charge("B", 2), since=MONDAY + days(2)) == {"B": "1"}


NAMES = some.sampled_from("ABC")
ENDS = some.one_of(some.none(), some.sampled_from(LeadEnd))


@given(some.lists(some.tuples(NAMES, some.integers(0, 3), some.sets(NAMES), ENDS)))
def test_an_answer_is_borne_once_whole_or_by_nobody(made):
    leads = [
        a_charge(who, number, assisting_ids=sorted(helpers), from_at=MONDAY + timedelta(hours=hour), ended_as=ended_as)
        for number, (who, hour, helpers, ended_as) in enumerate(made)
    ]

    shares = shares_of(leads, 0.7, since=MONDAY)
    assert sum(shares.values(), Fraction(0)) == (ALL if any(not one.is_released for one in leads) else 0)


@pytest.fixture
def bus(engine):
    offices = [office(one[: one.index("/")], one.partition("/")[2], kind=kind) for one, kind in KINDS.items()]
    tell(engine, *offices)
    return Bus(engine, EvaluationService, MONDAY)


def assigned(organisation=HOUSING, *, attempt=1, at=MONDAY, assisting=(), number=1):
    return dispatch.TaskAssignedV1(
        task_id=f"I-A/T{number}",
        issue_id="I-A",
        unit_code=DISTRICT,
        origin=TaskOrigin.COMPLAINT,
        sla_class=SlaClass.GENERAL,
        what="漏雨",
        leader="李主任",
        department="部门",
        person="王明",
        organisation_id=organisation,
        desk_id=f"{organisation}/desk",
        co_units=["配合单位"],
        assisting_ids=list(assisting),
        due_at=LIMIT_OVER,
        attempt=attempt,
        forced=False,
        assigned_at=at,
    )


def returned(at):
    told = {
        "task_id": "I-A/T1",
        "issue_id": "I-A",
        "unit_code": DISTRICT,
        "department": "部门",
        "reason": "非职责",
    }
    return dispatch.TaskReturnedV1(**told, returned_by="he", returned_at=at)


def boards(bus, solved=Solved.YES):
    """In which boards of the month somebody stands after the caller has answered, and with which rate."""
    bus.move(LIMIT_OVER)
    bus.ask("record_callback", said(solved), Role.CALLBACK_AGENT)
    bus.move(MARCH.ends_at)
    found = bus.ask("get_ranking", {"period_id": MARCH.id}, Role.EVALUATOR)["rankings"]
    return {
        (one["group"], one["within"], entry["unit_code"] or entry["name"]): entry["resolution_ratio"]
        for one in found
        for entry in one["entries"]
        if one["dispatch_kind"] == "overall"
    }


def leads(bus):
    told = bus.ask("get_survey", {"order_no": "A"}, Role.EVALUATOR)["leads"]
    return [(one["organisation_id"], one["share_ratio"], one["ended_as"]) for one in told]


def charges(bus):
    told = bus.ask("get_survey", {"order_no": "A"}, Role.EVALUATOR)["charges"]
    return [(one["unit_code"], one["until"] is None) for one in told]


def test_an_answer_counts_for_the_street_its_community_and_the_organisations_that_did_it(bus):
    bus.hear(linked(), assigned(assisting=[POWER]))

    assert boards(bus) == {
        ("street", "", STREET): 1.0,
        ("community", STREET, COMMUNITY): 1.0,
        ("department", "", "区住建委"): 1.0,
        ("enterprise", "", "供电公司"): 1.0,
    }


def test_what_was_returned_counts_for_who_had_it_next_and_both_are_shown_from_when_to_when(bus):
    bus.hear(linked(), assigned(), returned(MONDAY + hours(1)), assigned(POWER, attempt=2, at=MONDAY + hours(1)))

    assert leads(bus) == [(HOUSING, 0.0, "returned"), (POWER, 1.0, "")]
    assert boards(bus, Solved.NO).keys() >= {("enterprise", "", "供电公司")}
    assert not [group for group, _, _ in boards_of(bus) if group == "department"]


def boards_of(bus):
    found = bus.ask("get_ranking", {"period_id": MARCH.id}, Role.EVALUATOR)["rankings"]
    return [(one["group"], one["within"], entry["name"]) for one in found for entry in one["entries"]]


def test_a_department_that_pushes_it_up_on_the_last_day_bears_what_the_caller_says_all_the_same(bus):
    moved = dispatch.TaskMovedUpV1(task_id="I-A/T1", issue_id="I-A", unit_code=DISTRICT, moved_up_at=MONDAY + days(6))
    bus.hear(linked(), assigned(), moved, escalated(MONDAY + days(6)), assigned(POWER, number=2, at=MONDAY + days(6)))

    assert leads(bus) == [(HOUSING, 1.0, "moved_up"), (POWER, 0.0, "")]
    assert boards(bus, Solved.NO)[("department", "", "区住建委")] == 0.0


def test_a_unit_from_which_a_correction_took_the_order_is_charged_nothing_and_stays_on_record(bus):
    other = "110105018001"
    bus.hear(linked())
    bus.hear(corrected(MONDAY + days(1), other))

    assert charges(bus) == [(COMMUNITY, False), (other, True)]
    assert boards(bus).keys() == {("street", "", "110105018"), ("community", "110105018", other)}


def test_shares_weigh_answers_and_do_not_change_how_many_there_were(bus):
    bus.hear(linked(), assigned(POWER, assisting=[HOUSING]))
    bus.move(LIMIT_OVER)
    bus.ask("record_callback", said(), Role.CALLBACK_AGENT)

    with bus.begin(reads=True) as work:
        (sample,) = work.callbacks.samples_of(MARCH.id)
    assert [(one.name, one.group, one.share) for one in sample.charged] == [
        ("区住建委", "department", Fraction(3, 10)),
        ("供电公司", "enterprise", Fraction(7, 10)),
    ]
