"""An organisation nobody commands is asked: its answer or silence is on record, and the clock says why it rests."""

import pytest

from services.supervision.domain.errors import CommandedNotAsked
from services.supervision.service import SupervisionService
from shared.auth import Role
from shared.contracts.requests import Want
from shared.contracts.supervision import ClockBreachedV1, RequestDecidedV1
from shared.contracts.vocabulary import ClockKind
from shared.errors import BadRequest, NotAllowed
from shared.requests.request import OwnRequest
from tests.harness import Bus
from tests.supervision.builders import COMMUNITY, ISSUE, MONDAY, STREET, days, issue_handled, issue_raised
from tests.supervision.railway import RAILWAY
from tests.supervision.world import THEIR_ANSWER, THEIR_LAND
from tests.told import few_duties, office, tell

TIER_1 = f"{ISSUE}/tier-1"
ASKED, SAID = MONDAY + days(1), MONDAY + days(4)


@pytest.fixture
def bus(engine):
    tell(engine, *few_duties(), RAILWAY, office(STREET, "城市管理办公室"))
    bus = Bus(engine, SupervisionService, MONDAY)
    bus.hear(issue_raised())
    bus.move(ASKED)
    return bus


def ask(bus, **more):
    about = THEIR_LAND | {"issue_id": ISSUE, "idempotency_key": "ask"} | more
    return bus.ask("ask_organisation", about, Role.HANDLER, COMMUNITY)["request_id"]


def record(bus, request_id, role=Role.CLERK, *, subject="", **more):
    about = THEIR_ANSWER | {"request_id": request_id, "idempotency_key": "answer"} | more
    return bus.ask("record_answer", about, role, COMMUNITY, subject=subject)


def explained(bus):
    reply = bus.ask("explain_clock", {"clock_id": TIER_1}, Role.CLERK, COMMUNITY)
    return reply["clock"]["state"], "\n".join(reply["words"])


def test_the_holders_clock_rests_meanwhile_and_says_whom_it_waits_for_and_what_came_of_it(bus):
    asked = ask(bus)
    assert explained(bus)[0] == "paused"
    bus.move(SAID)

    reply = record(bus, asked)

    assert (reply["state"], reply["facts"]["answered_by"], len(reply["evidence"])) == ("granted", "工务段", 1)
    state, words = explained(bus)
    assert state == "counting"
    assert f"征询{RAILWAY.name}" in words
    assert f"{RAILWAY.name}同意:{THEIR_ANSWER['words']}" in words
    bus.move(MONDAY + days(7) + (SAID - ASKED) - days(0.1))
    assert ClockKind.TIER not in [one.kind for one in bus.told(ClockBreachedV1)]


def test_an_answer_takes_no_pause_away_that_a_supervisor_made_in_like_words(bus):
    pause = {"clock_id": TIER_1, "reason": "征询专家意见", "idempotency_key": "pause"}
    bus.ask("pause_clock", pause, Role.SUPERVISOR, STREET)

    record(bus, ask(bus))

    assert explained(bus)[0] == "paused"


def test_the_residents_clock_does_not_wait(bus):
    ask(bus)

    bus.move(MONDAY + days(7))

    assert [one.kind for one in bus.told(ClockBreachedV1)] == [ClockKind.RESIDENT]


def test_its_silence_is_on_record_and_no_consent_and_the_clock_goes_on(bus):
    ask(bus)

    bus.move(ASKED + days(10))

    (decided,) = bus.told(RequestDecidedV1)
    assert (decided.wants, decided.whom, decided.granted, decided.is_default) == (
        Want.COOPERATION,
        RAILWAY.id,
        False,
        True,
    )
    state, words = explained(bus)
    assert (state, f"{RAILWAY.name}逾期未答复" in words) == ("counting", True)


def test_who_asked_does_not_take_the_answer_down_and_nobody_of_ours_decides_for_it(bus):
    asked = ask(bus)

    with pytest.raises(OwnRequest):
        record(bus, asked, Role.LEADER, subject="handler-1")
    about = {"request_id": asked, "grant": True, "reason": "同意", "idempotency_key": "decide"}
    with pytest.raises(NotAllowed, match="record_answer"):
        bus.ask("decide_request", about, Role.LEADER, STREET)


def test_an_answer_needs_its_letter(bus):
    with pytest.raises(BadRequest, match="evidence"):
        record(bus, ask(bus), evidence=[])


def test_asking_the_same_again_stops_no_clock_again(bus):
    record(bus, ask(bus))

    ask(bus, idempotency_key="again")

    assert explained(bus)[0] == "counting"


def test_who_is_commanded_is_given_a_task_and_who_is_unknown_is_not_asked(bus):
    with pytest.raises(CommandedNotAsked):
        ask(bus, organisation_id=office(STREET, "城市管理办公室").id)
    with pytest.raises(BadRequest, match="organisation_id"):
        ask(bus, organisation_id="O-9")


def test_an_answer_that_comes_when_it_is_handled_lets_nothing_count(bus):
    asked = ask(bus)
    bus.hear(issue_handled(SAID))
    bus.move(SAID)

    record(bus, asked)

    assert explained(bus)[0] == "paused"


def test_it_waits_on_the_list_of_clerk_and_leader_but_not_of_who_asked(bus):
    asked = ask(bus)

    def listed(role, subject=""):
        waits = bus.ask("list_my_work", {}, role, COMMUNITY, subject=subject)["waits"]
        return [one["due_at"] for one in waits if one["about"] == asked]

    assert listed(Role.CLERK) == [(ASKED + days(10)).isoformat()]
    assert listed(Role.LEADER, subject="handler-1") == []
