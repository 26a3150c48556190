"""More time: asked for by who works on an issue, decided a tier above by somebody else, by the clock if nobody does."""

from dataclasses import replace

import pytest

from services.supervision.domain.errors import ClockForbids, ExtensionUsedUp, OutsideYourUnit
from services.supervision.service import SupervisionService
from shared.auth import Role
from shared.contracts import supervision as told
from shared.contracts.requests import RequestReason, Want
from shared.contracts.vocabulary import Outcome, SlaClass
from shared.errors import NotAllowed, OwnMatter
from shared.requests.request import AlreadyAsked, AlreadyDecided, DecidedBefore, NotAppealable, OwnRequest
from tests.harness import Bus
from tests.staff import first_office
from tests.supervision.builders import (
    COMMUNITY,
    DISTRICT,
    ISSUE,
    MONDAY,
    OTHER_STREET,
    STREET,
    complaint_linked,
    days,
    hours,
    issue_evaluated,
    issue_handled,
    issue_raised,
)
from tests.supervision.railway import RAILWAY
from tests.told import tell

RESIDENT, TIER_1 = f"{ISSUE}/resident", f"{ISSUE}/tier-1"
MORE_TIME = {"issue_id": ISSUE, "reason": "weather", "words": "连日降雨,无法施工"}


@pytest.fixture
def bus(engine):
    bus = Bus(engine, SupervisionService, MONDAY)
    bus.hear(issue_raised())
    return bus


def ask(bus, role=Role.HANDLER, unit=COMMUNITY, **more):
    reply = bus.ask("ask_extension", MORE_TIME | {"idempotency_key": "ask"} | more, role, unit)
    return reply["request_id"]


def decide(bus, request_id, role=Role.LEADER, unit=STREET, *, grant=True, subject=""):
    about = {"request_id": request_id, "grant": grant, "reason": "情况属实", "idempotency_key": request_id}
    return bus.ask("decide_request", about, role, unit, subject=subject)


def due_at(bus):
    clocks = bus.ask("get_case", {"issue_id": ISSUE}, Role.SUPERVISOR)["clocks"]
    return {one["clock_id"]: one["due_at"] for one in clocks}


def test_one_decision_moves_every_clock_of_the_issue_and_says_so_once(bus):
    reply = decide(bus, ask(bus))

    assert (reply["state"], reply["decided_in"], reply["decided_by"]) == ("granted", STREET, "leader-1")
    assert due_at(bus) == {
        RESIDENT: (MONDAY + days(14)).isoformat(),
        TIER_1: (MONDAY + days(14)).isoformat(),
    }
    (extended,) = bus.told(told.IssueExtendedV1)
    assert [(one.order_no, one.due_at) for one in extended.orders] == [("1001", MONDAY + days(14))]
    assert extended.added_seconds == 7 * 86400
    assert (extended.reason, extended.words, extended.extended_by) == (
        RequestReason.WEATHER,
        MORE_TIME["words"],
        "leader-1",
    )


def test_each_order_gets_its_own_limit_once_more_and_one_whose_limit_is_over_nothing(bus):
    short = {"sla_class": SlaClass.UTILITIES, "due_at": MONDAY + days(1)}
    urgent = {"sla_class": SlaClass.EMERGENCY, "due_at": MONDAY + hours(2)}
    bus.hear(*(replace(complaint_linked(order_no=no), **of) for no, of in (("1002", short), ("1003", urgent))))
    bus.move(MONDAY + hours(3))

    decide(bus, ask(bus))

    (extended,) = bus.told(told.IssueExtendedV1)
    due = {one.order_no: one.due_at for one in extended.orders}
    assert due == {"1001": MONDAY + days(14), "1002": MONDAY + days(2)}


def test_asking_moves_nothing_and_a_refusal_neither(bus):
    before = due_at(bus)
    request_id = ask(bus)
    assert due_at(bus) == before

    assert decide(bus, request_id, grant=False)["state"] == "refused"
    assert (due_at(bus), bus.told(told.IssueExtendedV1)) == (before, [])


def test_what_nobody_decides_in_time_the_policy_refuses_and_says_that_nobody_did(bus):
    ask(bus)

    bus.move(MONDAY + hours(24))

    (decided,) = bus.told(told.RequestDecidedV1)
    assert (decided.wants, decided.granted, decided.is_default) == (Want.EXTENSION, False, True)
    with pytest.raises(AlreadyDecided):
        decide(bus, decided.request_id)


def test_it_is_decided_before_the_limit_is_over(bus):
    bus.move(MONDAY + days(7) - hours(1))
    ask(bus)

    bus.move(MONDAY + days(7))

    assert [one.is_default for one in bus.told(told.RequestDecidedV1)] == [True]


def test_nobody_decides_what_they_asked_for(bus):
    asked = ask(bus, Role.LEADER, STREET)

    with pytest.raises(NotAllowed, match=DISTRICT):
        decide(bus, asked)
    assert decide(bus, asked, unit=DISTRICT, subject="leader-2")["state"] == "granted"


def test_at_the_district_somebody_else_of_the_district_decides(bus):
    bus.hear(issue_raised(issue_id="I-2", unit_code=DISTRICT))
    asked = ask(bus, Role.LEADER, DISTRICT, issue_id="I-2")

    with pytest.raises(OwnRequest):
        decide(bus, asked, unit=DISTRICT)
    assert decide(bus, asked, unit=DISTRICT, subject="leader-2")["state"] == "granted"


def test_who_is_below_or_beside_whom_the_policy_names_decides_nothing(bus):
    asked = ask(bus)

    for unit in (COMMUNITY, OTHER_STREET):
        with pytest.raises(NotAllowed):
            decide(bus, asked, unit=unit)


def test_who_is_elsewhere_asks_nothing(bus):
    with pytest.raises(OutsideYourUnit):
        ask(bus, unit=OTHER_STREET)


def test_the_same_is_asked_for_once_at_a_time_and_granted_as_often_as_the_policy_says(bus):
    asked = ask(bus)
    with pytest.raises(AlreadyAsked):
        ask(bus, idempotency_key="again")
    decide(bus, asked)

    with pytest.raises(ExtensionUsedUp, match=asked):
        ask(bus, idempotency_key="once more")


def test_when_the_limit_is_over_or_it_is_handled_it_is_too_late_to_ask(bus):
    bus.hear(issue_raised(issue_id="I-2"), replace(issue_handled(MONDAY + hours(1)), issue_id="I-2"))
    with pytest.raises(ClockForbids, match="handled"):
        ask(bus, issue_id="I-2")

    bus.move(MONDAY + days(7))
    with pytest.raises(ClockForbids, match="no limit that still runs"):
        ask(bus, unit=STREET, idempotency_key="late")


def test_who_is_complained_about_neither_asks_nor_decides(bus):
    theirs = first_office(COMMUNITY)
    bus.hear(issue_raised(issue_id="I-2", respondents=[theirs, first_office(STREET)]))

    with pytest.raises(OwnMatter):
        ask(bus, issue_id="I-2")


def test_what_waits_is_on_the_list_of_who_decides_with_its_instant_and_ends_with_the_case(bus):
    asked = ask(bus)
    waits = bus.ask("list_my_work", {}, Role.LEADER, STREET)["waits"]
    (wait,) = (one for one in waits if one["about"] == asked)
    assert (wait["due_at"], wait["calls"][-1]) == ((MONDAY + hours(24)).isoformat(), "supervision.decide_request")

    bus.hear(issue_handled(MONDAY + hours(2)), issue_evaluated(Outcome.SOLVED, MONDAY + hours(3)))

    assert bus.ask("get_request", {"request_id": asked}, Role.CLERK, COMMUNITY)["state"] == "ended"
    assert bus.ask("list_requests", {"unit_code": STREET}, Role.LEADER, STREET)["requests"] == []


def test_a_reason_must_be_one_of_the_list(bus):
    with pytest.raises(Exception, match="reason"):
        ask(bus, reason="leader_is_busy")


def appeal(bus, request_id, key="appeal", unit=COMMUNITY):
    about = {"request_id": request_id, "words": "雨季延长,有气象证明", "idempotency_key": key}
    return bus.ask("appeal_request", about, Role.CLERK, unit)["request_id"]


def test_what_was_refused_is_decided_anew_one_level_up_once_and_then_it_is_final(bus):
    refused = ask(bus)
    decide(bus, refused, grant=False)

    again = appeal(bus, refused)

    asked = bus.told(told.RequestAskedV1)[-1]
    assert (asked.appeals, asked.decided_in, asked.wants) == (refused, DISTRICT, Want.EXTENSION)
    with pytest.raises(NotAllowed):
        decide(bus, again)
    decide(bus, again, unit=DISTRICT, subject="li")
    assert due_at(bus)[RESIDENT] == (MONDAY + days(14)).isoformat()


def test_an_appeal_is_not_for_who_refused_nor_for_who_asked_first(bus):
    refused = ask(bus, unit=DISTRICT, role=Role.LEADER)
    decide(bus, refused, unit=DISTRICT, grant=False, subject="wang")

    again = appeal(bus, refused, unit=DISTRICT)

    with pytest.raises(DecidedBefore):
        decide(bus, again, unit=DISTRICT, subject="wang")
    with pytest.raises(OwnRequest):
        decide(bus, again, unit=DISTRICT, subject="leader-1")


def test_of_what_the_policy_grants_no_appeal_a_refusal_is_final(bus):
    tell(bus.engine, RAILWAY)
    plan = {"plan": "资金到位后施工", "owner": RAILWAY.id, "review_on": "2026-04-01", "interim_reply": "已列入计划"}
    about = {"issue_id": ISSUE, "reason": "funds", "words": "资金", "idempotency_key": "p"} | plan
    refused = bus.ask("ask_pending", about, Role.HANDLER, COMMUNITY)["request_id"]
    decide(bus, refused, unit=DISTRICT, grant=False)

    with pytest.raises(NotAppealable, match="final"):
        appeal(bus, refused)
