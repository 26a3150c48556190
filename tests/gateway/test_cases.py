"""The page of a case: who held it, how its clocks are reckoned, what can be done by whom; escalating with a preview."""

from dataclasses import replace

import jsonschema_rs
import pytest

from services.board.reading.shapes import UnitName
from services.gateway import places
from services.gateway.api.catalogue import all_calls, all_schemas
from services.gateway.at_hand import NAME
from services.gateway.pages.staff import asking_acts
from services.gateway.pages.staff.case_acts import ACTS, CLOCK_ACTS, ESCALATION_ACTS, INCIDENT_ACTS
from services.gateway.words.names import NAMES
from services.gateway.words.refusals import BY_CODE
from services.supervision.domain import errors
from services.supervision.domain.clock import ClockState
from services.supervision.domain.incident import Decision
from shared.auth import SYSTEMS, Role
from shared.contracts.vocabulary import EscalationReason
from shared.errors import NotAllowed, NotFound, Refused
from shared.units import Tier
from tests.gateway import case_things as told
from tests.gateway.case_things import CLIMB, CLOCK, COMMUNITY, INCIDENT
from tests.gateway.fake_board import ISSUE
from tests.gateway.people import csrf_in

CALLS = {call.name: call for call in all_calls()}
CASE, UP = f"/cases/{ISSUE}", f"/escalate/{ISSUE}"
OF = {"case": (ACTS, ISSUE), "clock": (CLOCK_ACTS, CLOCK), "escalation": (ESCALATION_ACTS, CLIMB)}
OF |= {"incident": (INCIDENT_ACTS, INCIDENT), "ask": (asking_acts.ACTS, ISSUE)}
STAFF = sorted(set(Role) - SYSTEMS)
READERS = {Role.CLERK, Role.HANDLER, Role.LEADER, Role.SUPERVISOR}
EVERY = [(thing, name) for thing, (acts, _) in OF.items() for name in acts]
TYPED = {"reason": "over_level", "explanation": "须动公共管网", "tried": "开过两次会", "units_concerned": "六里屯街道"}


@pytest.fixture
def at_the_wall(staff, services):
    """`at_the_wall("supervisor")`: their browser, before a supervision with one case."""
    services.answers |= told.answers()
    return staff


def form(thing, name):
    return f"/do/{thing}/{name}?about={OF[thing][1]}"


def send(browser, address, **fields):
    return browser.post(address, data={"csrf": csrf_in(browser.get("/my-work").text), **fields})


def asked(services, call):
    return [one.request for one in services.asked if one.call == call]


def is_taken(call, request):
    """Over HTTP the key is a header, and no part of the documented request."""
    schema = CALLS[call].request | {"components": {"schemas": all_schemas()}}
    return jsonschema_rs.is_valid(schema, {name: value for name, value in request.items() if name != "idempotency_key"})


@pytest.mark.parametrize("role", sorted(READERS))
def test_a_case_shows_who_held_it_why_it_climbed_and_its_clocks(at_the_wall, role):
    page = at_the_wall(role).get(CASE).text

    assert page.index("八里庄街道") < page.index("开过两次会")
    assert NAMES["escalation"]["over_level"] in page
    assert f'href="/clocks/{CLOCK}"' in page
    assert "到期没有开会" in page


def test_a_clock_that_has_warned_says_so_and_while_the_board_is_away_the_case_is_there(at_the_wall, office):
    browser, warned = at_the_wall("supervisor"), '<span class="light warned">'
    first = [browser.get(address).text for address in (CASE, f"/clocks/{CLOCK}")]
    office.app.extensions[NAME] = replace(office.app.extensions[NAME], board=None)

    assert all(warned in page for page in first)
    assert warned not in browser.get(CASE).text
    assert "八里庄街道" in browser.get(CASE).text


@pytest.mark.parametrize("role", STAFF)
def test_each_page_and_form_is_for_its_roles_alone(at_the_wall, role):
    browser, reads = at_the_wall(role.value), role in READERS
    climbs = role in (Role.LEADER, Role.SUPERVISOR)

    assert {browser.get(address).status_code for address in (CASE, f"/clocks/{CLOCK}")} == {200 if reads else 403}
    assert browser.get(UP).status_code == (200 if climbs else 403)
    assert send(browser, UP).status_code == (422 if climbs else 403)
    for thing, name in EVERY:
        may = role in OF[thing][0][name].roles
        assert browser.get(form(thing, name)).status_code == (200 if may else 403)
        assert may or send(browser, form(thing, name)).status_code == 403


@pytest.mark.parametrize("address", [CASE, UP, f"/clocks/{CLOCK}", form("incident", "settle")])
def test_a_stranger_is_asked_to_sign_in(visitor, address):
    assert visitor.get(address).location.startswith("/login")


def test_a_case_of_elsewhere_is_not_shown(at_the_wall, services):
    browser = at_the_wall("supervisor")
    for error, status in ((NotAllowed("elsewhere"), 403), (NotFound("unknown"), 404)):
        services.answers["supervision.get_case"] = error
        assert browser.get(CASE).status_code == browser.get(UP).status_code == status


def test_how_a_clock_is_reckoned_is_told_line_by_line(at_the_wall):
    page = at_the_wall("leader").get(f"/clocks/{CLOCK}").text

    assert all(f"<li><div><span>{line}</span></div></li>" in page for line in told.HOW)


def test_only_a_supervisor_pauses_a_clock_that_counts_and_resumes_one_on_hold(at_the_wall, services):
    browser = at_the_wall("supervisor")
    for state in ClockState:
        services.answers["supervision.explain_clock"] = {"clock": told.a_clock(state=state.value), "words": []}
        page = browser.get(f"/clocks/{CLOCK}").text

        assert NAMES["clock_state"][state] in page
        assert ("/do/clock/pause?" in page, "/do/clock/resume?" in page) == (state == "counting", state == "paused")
    assert "/do/clock/" not in at_the_wall("leader").get(f"/clocks/{CLOCK}").text


def test_only_what_the_case_leaves_open_is_offered(at_the_wall, services):
    browser = at_the_wall("supervisor")
    first = browser.get(CASE).text
    services.answers["supervision.get_case"] = told.a_case() | {"pending": told.PENDING}
    pending = browser.get(CASE).text
    services.answers["supervision.get_case"] = told.a_case(state="closed") | {"look_backs": [told.a_look_back()]}
    closed = browser.get(CASE).text

    assert ("/do/case/return-down?" in first, UP in first, "/do/case/review?" in first) == (True, True, False)
    assert ("/do/case/review?" in pending, "六月报规划" in pending) == (True, True)
    assert ("/do/case/look-back?" in closed, UP in closed, "/do/case/return-down?" in closed) == (True, False, False)


def test_how_a_case_stands_is_asked_of_supervision_by_one_call(at_the_wall, services):
    services.answers["supervision.get_case"] = told.a_case() | {"pending": told.PENDING}
    browser = at_the_wall("leader")
    services.asked.clear()
    browser.get(CASE)

    assert [one.call for one in services.asked if one.call != "directory.list_posts"] == ["supervision.get_case"]


def test_who_lost_the_case_to_a_unit_above_may_withdraw_it_but_not_return_or_escalate(at_the_wall, services):
    mine = told.a_climb(from_unit="110105015", to_unit="110105")
    services.answers["supervision.get_case"] = told.a_case(unit_code="110105") | {"escalations": [mine]}
    page = at_the_wall("leader").get(CASE).text

    assert ("/do/escalation/withdraw?" in page, "/do/case/return-down?" in page, UP in page) == (True, False, False)


def test_an_incident_that_ends_by_itself_is_offered_to_nobody(at_the_wall, services):
    services.answers["supervision.get_case"] = told.a_case() | {"incidents": [told.an_incident(decisions=[])]}
    page = at_the_wall("supervisor").get(CASE).text

    assert "自己就结束" in page
    assert "/do/incident/" not in page


def test_an_incident_is_settled_in_the_ways_that_it_allows(at_the_wall, services):
    page = at_the_wall("supervisor").get(form("incident", "settle")).text

    assert ('value="noted"' in page, 'value="close_unsolved"' in page) == (True, False)
    assert set(NAMES["incident_decision"]) == set(Decision)


@pytest.mark.parametrize(("thing", "name"), EVERY)
def test_what_is_typed_becomes_a_request_that_supervision_takes(at_the_wall, services, thing, name):
    act = OF[thing][0][name]
    browser = at_the_wall(min(act.roles).value)
    good = {"reason": "写明的理由", "decision": "noted", "relapsed": "no", "stays": "yes", "review_on": "2026-05-01"}
    good |= {"reason": act.fields[0].codes[0], "evidence": f"https://files/1.pdf {'ab' * 32}"} if thing == "ask" else {}
    answer = send(browser, form(thing, name), **{one.name: good.get(one.name, "写明的情况") for one in act.fields})
    (request,) = asked(services, f"{act.service}.{act.method}")

    assert answer.status_code == 303
    assert is_taken(f"{act.service}.{act.method}", request), request
    assert act.roles <= CALLS[f"{act.service}.{act.method}"].roles


@pytest.mark.parametrize(("thing", "name"), [one for one in EVERY if one != ("clock", "resume")])
def test_without_reasons_nothing_is_done(at_the_wall, services, thing, name):
    act = OF[thing][0][name]

    assert send(at_the_wall(min(act.roles).value), form(thing, name)).status_code == 422
    assert asked(services, f"{act.service}.{act.method}") == []


def test_escalating_first_shows_what_will_follow_and_does_nothing(at_the_wall, services):
    page = send(at_the_wall("supervisor"), UP, **TYPED).text
    (request,) = asked(services, "escalation.preview")

    assert "将提级到" in page
    assert "朝阳区" in page
    assert "W-1" in page
    assert asked(services, "escalation.escalate") == []
    assert is_taken("escalation.preview", request), request
    assert request["units_concerned"] == [code for code, name in places.streets() if name == "六里屯街道"]


def test_what_was_seen_beforehand_is_then_sent_once(at_the_wall, services):
    browser = at_the_wall("leader")
    key = "7d0b4d3c-93bb-4e1c-8f5c-0d5f1f1e2a3b"
    answers = [send(browser, UP, **TYPED, step="send", form_key=key) for _ in range(2)]
    first, second = asked(services, "escalation.escalate")

    assert [one.location for one in answers] == [f"{CASE}?done=yes"] * 2
    assert first == second
    assert first["idempotency_key"] == key
    assert is_taken("escalation.escalate", first), first


def test_who_thinks_again_finds_all_that_was_typed(at_the_wall, services):
    page = send(at_the_wall("supervisor"), UP, **TYPED, step="edit").text

    assert all(words in page for words in (TYPED["explanation"], TYPED["tried"], TYPED["units_concerned"]))
    assert asked(services, "escalation.preview") == []


@pytest.mark.parametrize("step", ["", "send"])
def test_an_empty_form_and_an_unknown_unit_are_told_beside_their_fields(at_the_wall, services, step):
    empty = send(at_the_wall("supervisor"), UP, step=step)
    unknown = send(at_the_wall("supervisor"), UP, **TYPED | {"units_concerned": "没有的街道"}, step=step)

    assert (empty.status_code, unknown.status_code) == (422, 422)
    assert 'id="units_concerned-fault"' in unknown.text
    assert asked(services, "escalation.preview") == asked(services, "escalation.escalate") == []


@pytest.mark.parametrize(("call", "step"), [("preview", ""), ("escalate", "send")])
def test_what_the_service_refuses_is_said_in_chinese_and_nothing_typed_is_lost(at_the_wall, services, call, step):
    browser = at_the_wall("supervisor")
    services.answers[f"escalation.{call}"] = Refused("no", code="within_duty")
    page = send(browser, UP, **TYPED, step=step)

    assert page.status_code == 422
    assert BY_CODE["within_duty"] in page.text
    assert TYPED["tried"] in page.text


def test_every_refusal_of_supervision_and_every_reason_to_climb_has_its_words():
    codes = {one.code for one in vars(errors).values() if isinstance(one, type) and one.__module__ == errors.__name__}

    assert codes <= set(BY_CODE)
    assert set(EscalationReason) == set(NAMES["escalation"])


def test_a_leader_of_a_community_can_not_escalate_what_another_holds(at_the_wall, services):
    services.answers["supervision.get_case"] = told.a_case(unit_code="110105014")

    assert UP not in at_the_wall("leader").get(CASE).text


def test_the_story_of_an_issue_leads_to_its_case_who_may_read_it(at_the_wall):
    assert f'href="{CASE}"' in at_the_wall("supervisor").get(f"/issues/{ISSUE}").text
    assert f'href="{CASE}"' not in at_the_wall("chair").get(f"/issues/{ISSUE}").text


def test_whoever_works_on_a_case_is_offered_what_they_can_ask_for(at_the_wall, services):
    page = at_the_wall("handler").get(CASE).text
    services.answers["supervision.get_case"] = told.a_case(state="closed")

    assert all(f"/do/ask/{name}?" in page for name in asking_acts.ACTS)
    assert "/do/ask/" not in at_the_wall("supervisor").get(CASE).text + at_the_wall("handler").get(CASE).text


def test_an_organisation_is_named_as_the_directory_names_it(at_the_wall, services):
    services.answers["directory.list_entries"] = pages_of({"ORG-8": "铁路工务段"}, {"ORG-9": "自来水集团"})
    typed = {"reason": "their_land", "words": "清理铁路用地"}
    for called in ("自来水集团", "ORG-9", "没有这个单位"):
        send(at_the_wall("handler"), form("ask", "organisation"), **typed, organisation_id=called)

    sent = asked(services, "supervision.ask_organisation")
    assert [one["organisation_id"] for one in sent] == ["ORG-9", "ORG-9", "没有这个单位"]


def pages_of(*pages):
    """Organisations by id, a page after the other, as the directory lists them."""
    after = {"": 0} | {str(n): n for n in range(1, len(pages))}

    def listed(request):
        n = after[request["after"]]
        entries = [{"entry_id": id, "facts": {"name": name}} for id, name in pages[n].items()]
        return {"entries": entries, "next_after": str(n + 1) if n + 1 < len(pages) else ""}

    return listed


def test_what_waits_for_a_supervisor_leads_to_its_case(at_the_wall, services):
    wait = {"about": INCIDENT, "title": "漏水", "unit_code": COMMUNITY, "state": "open", "act": "处置", "due_at": None}
    wait |= {"otherwise": "一直列在清单上", "calls": ["supervision.get_case", "supervision.settle_incident"]}
    services.answers |= {call.name: {"waits": []} for call in all_calls() if call.method == "list_my_work"}
    services.answers["supervision.list_my_work"] = {"waits": [wait]}

    assert f'href="{CASE}"' in at_the_wall("supervisor").get("/my-work").text


def test_the_case_is_offered_on_its_issue_to_whose_unit_has_or_had_it_alone(staff, board, monkeypatch):
    seen = staff("clerk").get(f"/issues/{ISSUE}").text
    whole, elsewhere = board.issue(ISSUE), UnitName("110105020", "首都机场街道", Tier.STREET)
    tiers = [replace(one, unit=None) for one in whole.tiers]
    moved = replace(whole, row=replace(whole.row, unit=elsewhere), origin_unit=elsewhere, tiers=tiers)
    monkeypatch.setattr(board, "issue", lambda *_, **__: moved)

    assert f'href="/cases/{ISSUE}"' in seen
    assert f'href="/cases/{ISSUE}"' not in staff("clerk").get(f"/issues/{ISSUE}").text
