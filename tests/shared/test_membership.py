"""Whoever calls is asked about at the moment of the call: in the directory as the service knows it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.councils.service import CouncilsService
from shared.auth import Role
from shared.contracts.directory import StaffPart, UnitPart
from shared.contracts.directory_words import UnitKind
from shared.directory.copy import NotTold
from shared.errors import NotAllowed
from tests.councils.builders import COMMUNITY, ISSUE, MONDAY_9AM, STREET, listed, the_directory
from tests.databases import engine_of
from tests.harness import Bus, statements_of
from tests.staff import a_post, employ, token_of
from tests.told import an_entry, changed, few_units, tell

OTHER_STREET = "110105018"
CLERK = a_post(Role.CLERK, COMMUNITY, "wang")

engine = engine_of("councils")


@pytest.fixture
def bus(engine):
    tell(engine, *the_directory())
    employ(engine, CLERK)
    bus = Bus(engine, CouncilsService, MONDAY_9AM)
    bus.hear(listed())
    bus.move(MONDAY_9AM)
    return bus


def postpone(bus, token, key="k"):
    """The reply or the refusal of an act in the community."""
    request = {"session_id": f"{ISSUE}/S1", "reason": "hall_lost", "words": "停电", "idempotency_key": key}
    return bus.ask_by(token, [("postpone_session", request)])[0]


def learn(bus, *entries):
    bus.hear(changed(*entries))


def test_a_member_of_staff_acts_in_their_unit(bus):
    assert postpone(bus, token_of(CLERK))["request_id"] == f"{ISSUE}/S1/Q1"


@pytest.mark.parametrize(
    "now",
    [
        {"valid_to": MONDAY_9AM},
        {"organisation": f"{COMMUNITY}/别的单位"},
        {"roles": [Role.HANDLER.value]},
        {"login": "li"},
        {"unit": f"{STREET}009"},
    ],
    ids=["left", "in another organisation", "in another role", "with another login", "in another unit"],
)
def test_who_is_it_no_longer_is_refused_with_the_next_call_though_the_token_is_good(bus, now):
    token = token_of(CLERK)
    bus.ask("get_session", {"session_id": f"{ISSUE}/S1"}, Role.PUBLIC)
    learn(bus, replace(CLERK, revision=2, **now))

    refused = postpone(bus, token)

    assert isinstance(refused, NotAllowed)
    assert str(refused).startswith(f"wang is not clerk of {CLERK.organisation} in {COMMUNITY} now")


def test_who_has_left_is_not_even_told_again_what_they_were_answered(bus):
    token = token_of(CLERK)
    assert "request_id" in postpone(bus, token)
    assert "request_id" in postpone(bus, token)

    learn(bus, replace(CLERK, revision=2, valid_to=MONDAY_9AM))

    assert isinstance(postpone(bus, token), NotAllowed)


def test_a_post_ends_at_its_instant_without_any_news(bus):
    learn(bus, replace(CLERK, revision=2, valid_to=MONDAY_9AM + timedelta(seconds=1)))
    assert "request_id" in postpone(bus, token_of(CLERK))

    bus.move(MONDAY_9AM + timedelta(seconds=1))

    assert isinstance(postpone(bus, token_of(CLERK), "k2"), NotAllowed)


def test_of_several_roles_in_a_token_those_count_that_are_held(bus):
    both = replace(CLERK, roles=[Role.CLERK.value, Role.SUPERVISOR.value])

    assert "request_id" in postpone(bus, token_of(both))
    learn(bus, replace(CLERK, revision=2, roles=[Role.SUPERVISOR.value]))
    assert str(postpone(bus, token_of(both), "k2")) == "postpone_session is for chair, clerk, not for supervisor"


def test_somebody_with_two_posts_acts_in_the_one_that_the_token_names(bus):
    other = a_post(Role.CLERK, OTHER_STREET, "wang")
    employ(bus.engine, other)

    assert isinstance(postpone(bus, token_of(other)), NotAllowed)
    assert "request_id" in postpone(bus, token_of(CLERK))


def test_a_post_in_a_street_is_good_for_a_token_of_a_community_inside_it_and_not_the_other_way_round(bus):
    street = a_post(Role.CLERK, STREET, "li")
    employ(bus.engine, street)

    assert "request_id" in postpone(bus, token_of(replace(street, unit=COMMUNITY)))
    assert isinstance(postpone(bus, token_of(replace(CLERK, unit=STREET)), "k2"), NotAllowed)


def test_a_street_reaches_the_communities_that_it_has_now_whatever_their_codes_say(bus):
    old, new = (token_of(a_post(Role.CLERK, unit, "li")) for unit in (STREET, OTHER_STREET))
    for unit in (STREET, OTHER_STREET):
        employ(bus.engine, a_post(Role.CLERK, unit, "li"))
    assert isinstance(postpone(bus, new, "k1"), NotAllowed)

    learn(bus, replace(unit_of(COMMUNITY), revision=2, parent=OTHER_STREET))

    assert isinstance(postpone(bus, old, "k2"), NotAllowed)
    assert "request_id" in postpone(bus, new, "k3")


def test_staff_of_a_unit_that_ended_act_in_what_came_after_it_and_in_nothing_wider(bus):
    before = an_entry(UnitPart, f"{STREET}099", name="前社区", kind=UnitKind.NEIGHBOURHOOD, parent=STREET)
    ended = replace(before, valid_to=MONDAY_9AM, replaced_by=[COMMUNITY])
    learn(bus, ended)
    post = a_post(Role.CLERK, ended.id, "zhao")
    employ(bus.engine, post)

    assert "request_id" in postpone(bus, token_of(post))
    learn(bus, replace(ended, revision=2, replaced_by=[f"{STREET}003"]))
    assert isinstance(postpone(bus, token_of(post), "k2"), NotAllowed)


def test_before_the_directory_is_told_nobody_is_refused_for_good(engine):
    bus = Bus(engine, CouncilsService, MONDAY_9AM)
    assert isinstance(postpone(bus, token_of(CLERK)), NotTold)


def test_a_look_at_who_calls_is_remembered_until_any_post_changes(bus):
    asked = {"unit_code": COMMUNITY}
    bus.ask("list_sessions", asked, Role.CLERK, COMMUNITY)
    with statements_of(bus.engine) as again:
        bus.ask("list_sessions", asked, Role.CLERK, COMMUNITY)
    learn(bus, an_entry(StaffPart, "S-9", person="P", person_name="孙二", organisation="O", unit=STREET, login="sun"))
    with statements_of(bus.engine) as anew:
        bus.ask("list_sessions", asked, Role.CLERK, COMMUNITY)

    assert sum("directory_periods" in one for one in again) == 0
    assert sum("directory_periods" in one and "about" in one for one in anew) == 1


def unit_of(code):
    return next(one for one in few_units() if one.id == code)
