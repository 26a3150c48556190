"""Objections: a department asks to be rid of a task, somebody above decides, and a refusal goes one level up once."""

from itertools import count

import pytest

from services.dispatch.domain.errors import AssignmentForced, ReturnRefused, TaskStateForbids
from services.dispatch.service import DispatchService
from shared.auth import Role
from shared.contracts import dispatch as told
from shared.errors import BadRequest, NotAllowed, OwnMatter
from shared.requests.request import DecidedBefore, NotAppealable
from tests.dispatch.builders import COMMUNITY, DISTRICT, GRID, MONDAY, STREET, days, hours, issue_raised
from tests.harness import Bus
from tests.staff import a_post, employ, token_of
from tests.told import few_desks, few_duties, tell

TASK = "I-1/T1"
KEYS = count()


@pytest.fixture
def bus(engine):
    tell(engine, *few_duties(), *few_desks())
    bus = Bus(engine, DispatchService, MONDAY)
    bus.hear(issue_raised(unit_code=GRID))
    return bus


def of(bus, organisation, method, **request):
    """Asked by a handler of an organisation of the grid."""
    post = a_post(Role.HANDLER, GRID, organisation)
    post = type(post)(**vars(post) | {"id": organisation, "organisation": organisation})
    employ(bus.engine, post)
    answer = bus.ask_by(token_of(post), [(method, request | {"idempotency_key": str(next(KEYS))})])[0]
    if isinstance(answer, Exception):
        raise answer
    return answer


def in_charge(bus):
    return bus.told(told.TaskAssignedV1)[-1]


def ask(bus, **more):
    request = {"task_id": TASK, "reason": "not_our_duty", "words": "不属本部门职责"} | more
    return of(bus, in_charge(bus).organisation_id, "return_task", **request)["request_id"]


def decide(bus, request_id, unit=COMMUNITY, *, grant=True, subject="", key="d"):
    request = {"request_id": request_id, "grant": grant, "reason": "经核实", "idempotency_key": f"{request_id} {key}"}
    return bus.ask("decide_request", request, Role.LEADER, unit, subject=subject)


def appeal(bus, request_id):
    organisation = in_charge(bus).organisation_id
    return of(bus, organisation, "appeal_request", request_id=request_id, words="三定方案不含此项")["request_id"]


def test_an_objection_that_is_granted_gives_the_task_to_the_next_department(bus):
    first = in_charge(bus)
    asked = ask(bus)
    assert in_charge(bus) == first

    reply = decide(bus, asked)

    (returned,) = bus.told(told.TaskReturnedV1)
    assert (returned.department, returned.reason) == (first.department, "不属本部门职责")
    assert (in_charge(bus).department, in_charge(bus).attempt, in_charge(bus).forced) == ("网格巡查组", 2, False)
    assert (reply["state"], reply["decided_in"]) == ("granted", COMMUNITY)


def test_after_the_last_objection_that_the_policy_grants_the_assignment_is_forced(bus):
    for _ in range(2):
        decide(bus, ask(bus))

    assert in_charge(bus).forced
    with pytest.raises(AssignmentForced):
        ask(bus)


def test_refused_it_stays_where_it_is_and_is_not_asked_for_again(bus):
    decide(bus, ask(bus), grant=False)

    assert bus.told(told.TaskReturnedV1) == []
    with pytest.raises(ReturnRefused, match="appeal_request"):
        ask(bus)


def test_nobody_decides_it_for_their_own_organisation_nor_below_the_unit_that_decides(bus):
    asked = ask(bus)

    with pytest.raises(NotAllowed):
        decide(bus, asked, GRID)
    bus.hear(issue_raised("I-2", unit_code=DISTRICT))
    own = of(bus, in_charge(bus).organisation_id, "return_task", task_id="I-2/T1", reason="not_our_area", words="远")
    with pytest.raises(OwnMatter):
        decide(bus, own["request_id"], DISTRICT)


def test_without_a_decision_in_time_it_stays_and_what_was_signed_for_since_is_no_refusal(bus):
    ask(bus)
    bus.hear(issue_raised("I-2", unit_code=GRID))
    signed = {"task_id": "I-2/T1"}
    of(bus, in_charge(bus).organisation_id, "return_task", **signed, reason="not_our_area", words="不在辖区")
    of(bus, in_charge(bus).organisation_id, "sign_for_task", **signed)

    bus.move(MONDAY + days(1))

    (decided,) = bus.told(told.TaskReturnDecidedV1)
    assert (decided.task_id, decided.granted, decided.is_default) == (TASK, False, True)


def test_who_signs_for_a_task_has_it_whatever_was_asked_before(bus):
    asked = ask(bus)
    of(bus, in_charge(bus).organisation_id, "sign_for_task", task_id=TASK)

    with pytest.raises(TaskStateForbids, match="can't be returned"):
        decide(bus, asked)


def test_an_appeal_goes_one_level_up_to_somebody_else_and_what_is_decided_then_is_final(bus):
    refused = ask(bus)
    decide(bus, refused, grant=False, subject="wang")

    again = appeal(bus, refused)

    assert (bus.told(told.TaskReturnAskedV1)[-1].appeals, bus.told(told.TaskReturnAskedV1)[-1].decided_in) == (
        refused,
        STREET,
    )
    with pytest.raises(NotAllowed):
        decide(bus, again)
    with pytest.raises(DecidedBefore):
        decide(bus, again, STREET, subject="wang")
    decide(bus, again, STREET, grant=False, key="li", subject="li")
    with pytest.raises(NotAppealable, match="final"):
        appeal(bus, again)
    with pytest.raises(NotAppealable, match="already"):
        appeal(bus, refused)


def test_a_refusal_can_be_appealed_against_for_so_long_as_the_policy_says(bus):
    refused = ask(bus)
    decide(bus, refused, grant=False)
    bus.clock.instant += days(2) + hours(1)

    with pytest.raises(NotAppealable, match="until"):
        appeal(bus, refused)


def test_it_is_on_the_list_of_who_decides_and_not_of_who_asked(bus):
    asked = ask(bus)

    waits = bus.ask("list_my_work", {}, Role.SUPERVISOR, COMMUNITY)["waits"]
    assert [(one["about"], one["calls"][-1]) for one in waits] == [(asked, "dispatch.decide_request")]
    listed = bus.ask("list_requests", {"unit_code": COMMUNITY}, Role.LEADER, COMMUNITY)["requests"]
    assert [one["request_id"] for one in listed] == [asked]


def test_only_reasons_of_the_list_are_reasons(bus):
    with pytest.raises(BadRequest, match="Must be one of: not_our_duty, not_our_area"):
        ask(bus, reason="weather")
