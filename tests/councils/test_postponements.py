"""Putting a session off: one of chair and clerks asks, another decides; without a decision it is held as announced."""

from dataclasses import replace

import pytest

from services.councils.service import CouncilsService
from shared.auth import Role
from shared.contracts.councils import PostponementAskedV1, PostponementDecidedV1, SessionPostponedV1
from shared.errors import NotAllowed, OwnMatter
from shared.requests.request import AlreadyAsked, AlreadyDecided, OwnRequest
from tests.councils.builders import COMMUNITY, ISSUE, MONDAY_9AM, STREET, listed, opened
from tests.harness import Bus
from tests.staff import first_office

SESSION = f"{ISSUE}/S1"
ANOTHER_STREET = "110105018"


@pytest.fixture
def bus(engine):
    """A session is called."""
    bus = Bus(engine, CouncilsService, MONDAY_9AM)
    bus.hear(listed())
    bus.move(MONDAY_9AM)
    return bus


def ask(bus, subject="", key="k"):
    request = {"session_id": SESSION, "reason": "hall_lost", "words": "停电检修", "idempotency_key": key}
    return bus.ask("postpone_session", request, Role.CLERK, COMMUNITY, subject=subject)["request_id"]


def decide(bus, request_id, role=Role.CHAIR, unit=COMMUNITY, *, grant=True, subject=""):
    request = {"request_id": request_id, "grant": grant, "reason": "情况属实", "idempotency_key": "d"}
    return bus.ask("decide_request", request, role, unit, subject=subject)


def the_session(bus):
    return bus.ask("get_session", {"session_id": SESSION}, Role.PUBLIC)


def test_it_moves_when_another_person_agrees_and_not_before(bus):
    was = the_session(bus)["starts_at"]
    asked = ask(bus)
    assert the_session(bus)["starts_at"] == was

    decide(bus, asked)

    (moved,) = bus.told(SessionPostponedV1)
    assert (moved.reason, moved.words, moved.postponed_by) == ("hall_lost", "停电检修", "chair-1")
    assert the_session(bus)["starts_at"] > was
    assert [(one.granted, one.is_default) for one in bus.told(PostponementDecidedV1)] == [(True, False)]


def test_who_asked_does_not_decide_and_nobody_decides_twice(bus):
    asked = ask(bus, subject="qian")

    with pytest.raises(OwnRequest):
        decide(bus, asked, subject="qian")
    with pytest.raises(AlreadyAsked):
        ask(bus, key="k2")
    decide(bus, asked, grant=False)
    with pytest.raises(AlreadyDecided):
        bus.ask(
            "decide_request",
            {"request_id": asked, "grant": True, "reason": "再议", "idempotency_key": "d2"},
            Role.CLERK,
            STREET,
        )


def test_refused_or_decided_by_nobody_it_is_held_as_announced(bus):
    was = the_session(bus)["starts_at"]
    ask(bus)

    bus.move(bus.told(PostponementAskedV1)[0].decide_by)

    assert [(one.granted, one.is_default) for one in bus.told(PostponementDecidedV1)] == [(False, True)]
    assert (the_session(bus)["starts_at"], bus.told(SessionPostponedV1)) == (was, [])


def test_it_is_on_the_list_of_the_others_until_the_session_has_begun(bus):
    asked = ask(bus, subject="qian")

    def waits(subject):
        found = bus.ask("list_my_work", {}, Role.CLERK, COMMUNITY, subject=subject)["waits"]
        return [one["about"] for one in found if "councils.decide_request" in one["calls"]]

    assert (waits("sun"), waits("qian")) == ([asked], [])
    with bus.begin(reads=True) as work:
        session = work.sessions.get(SESSION)
    bus.hear(opened(session))
    assert waits("sun") == []


def test_neither_another_unit_nor_whom_the_issue_is_against_decides(engine):
    bus = Bus(engine, CouncilsService, MONDAY_9AM)
    bus.hear(replace(listed(), respondents=[first_office(COMMUNITY)]))
    bus.move(MONDAY_9AM)
    request = {"session_id": SESSION, "reason": "hall_lost", "idempotency_key": "k"}
    asked = bus.ask("postpone_session", request, Role.CLERK, STREET)["request_id"]

    with pytest.raises(OwnMatter):
        decide(bus, asked)
    with pytest.raises(NotAllowed):
        decide(bus, asked, unit=ANOTHER_STREET)
