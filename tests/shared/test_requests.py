"""A request: decided once, by another person than who asked, for one of the reasons of its list."""

from datetime import UTC, datetime

import pytest

from shared.auth import Caller, Role
from shared.contracts.requests import REASONS, RequestReason, Want
from shared.errors import BadRequest
from shared.requests.request import AlreadyDecided, OwnRequest, Request, RequestState

MONDAY = datetime(2026, 3, 2, 1, tzinfo=UTC)
STREET = "110105017"


def a_request(**given):
    values = {
        "id": "I-1/Q1",
        "wants": Want.EXTENSION,
        "about": "I-1",
        "unit_code": STREET,
        "reason": RequestReason.WEATHER,
        "words": "连日降雨",
        "asked_by": "zhao",
        "asked_person": "P-1",
        "asked_at": MONDAY,
        "decided_in": "110105",
        "decide_by": MONDAY,
    }
    return Request(**(values | given))


def somebody(subject="wang", person="P-2"):
    return Caller(subject, frozenset({Role.LEADER}), "110105", person=person)


@pytest.mark.parametrize(("grant", "state"), [(True, RequestState.GRANTED), (False, RequestState.REFUSED)])
def test_somebody_else_decides_with_reasons(grant, state):
    request = a_request()

    request.decide(grant=grant, by=somebody(), answer="情况属实", at=MONDAY)

    assert (request.state, request.decided_by, request.answer, request.is_default) == (state, "wang", "情况属实", False)


@pytest.mark.parametrize("who", [somebody("zhao", ""), somebody("zhao2", "P-1")], ids=["the login", "another login"])
def test_who_asked_does_not_decide_under_whichever_login(who):
    request = a_request()

    with pytest.raises(OwnRequest):
        request.decide(grant=True, by=who, answer="同意", at=MONDAY)
    assert request.is_open


def test_what_was_decided_is_not_decided_again():
    request = a_request()
    request.default(grant=False, by="supervision", at=MONDAY)

    with pytest.raises(AlreadyDecided):
        request.decide(grant=True, by=somebody(), answer="同意", at=MONDAY)
    assert (request.state, request.is_default) == (RequestState.REFUSED, True)


def test_a_reason_of_another_list_is_refused_by_naming_those_of_this_one(monkeypatch):
    monkeypatch.setitem(REASONS, Want.EXTENSION, (RequestReason.MATERIALS,))

    with pytest.raises(BadRequest) as refused:
        a_request()
    assert refused.value.fields == {"reason": ["Must be of: materials."]}
