"""A resident objects to a resolution while it is on display, without a login and without being named."""

import re

import pytest

from services.deliberation.domain.errors import DisplayOver
from shared.auth import Role
from shared.errors import Unavailable
from tests.gateway.fake_board import ISSUE

ADDRESS = f"/objection?issue={ISSUE}&resolution={ISSUE}/R1"
REASONS = "施工期间老人打水不方便。"
CALL = "deliberation.object_to_resolution"


@pytest.fixture
def sent(visitor, services):
    """`sent(reasons)`: the page after the form was sent."""
    services.answers[CALL] = {}
    page = visitor.get(ADDRESS).text
    marks = {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("csrf", "form_key")}
    return lambda reasons: visitor.post(ADDRESS, data=marks | {"reasons": reasons}).text


def test_it_is_put_to_the_resolution_as_a_resident_and_said_to_be_taken_in(sent, services):
    assert "您的异议已收到" in sent(REASONS)
    (asked,) = services.asked
    assert asked.call == CALL
    assert asked.by.roles == {Role.RESIDENT}
    assert (asked.request["resolution_id"], asked.request["reasons"]) == (f"{ISSUE}/R1", REASONS)


def test_without_reasons_it_is_not_sent(sent, services):
    assert "请写明为什么有异议" in sent(" ")
    assert services.asked == []


@pytest.mark.parametrize(("refused", "told"), [(DisplayOver(), "公示期已经过了"), (Unavailable(), "暂时收不下")])
def test_what_was_written_is_kept_when_it_can_not_be_taken_in(sent, services, refused, told):
    services.answers[CALL] = refused
    page = sent(REASONS)

    assert told in page
    assert REASONS in page


def test_who_looks_at_the_issue_finds_the_way_there(visitor):
    assert f"/objection?issue={ISSUE}" in visitor.get(f"/issues/{ISSUE}").text


@pytest.mark.parametrize("address", ["/objection", f"/objection?issue={ISSUE}&resolution=x", "/objection?issue=x"])
def test_there_is_no_form_for_a_resolution_that_is_not_there(visitor, address):
    assert visitor.get(address).status_code == 404
