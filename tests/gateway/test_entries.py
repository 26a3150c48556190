"""Single entries of the directory: entered, changed and ended by keepers, from a day on; what is asked of each kind."""

from datetime import timedelta

import jsonschema_rs
import pytest

from services.gateway.api.catalogue import all_calls, all_schemas
from services.gateway.pages.staff.entry_acts import FACTS_OF, TITLES, codes_of
from services.gateway.words.book_faults import in_chinese
from shared.directory.kinds import BY_NAME
from shared.errors import BadRequest
from tests.gateway.conftest import NOW
from tests.gateway.people import STREET, send, sign_in
from tests.gateway.test_directory import DISTRICT, KEEPERS, OF_PEOPLE, OTHERS, a_change, an_entry, answers

CALLS = {call.name: call for call in all_calls()}
WHY = {"why": "居委会换届"}
NEW = f"/directory/do/enter/hall?about={STREET}"
CHANGE, END = (f"/directory/do/{name}/hall?about=H1" for name in ("change", "end"))
A_HALL = {"name": "葡萄架下", "kind": "compound", "address": "五号楼", "opening_hours": "全天", "contact": "010-6"}


@pytest.fixture
def keeper(staff, services):
    """`keeper("clerk")`: their browser, before a directory that has one of each kind."""

    def signed_in(*roles):
        services.answers |= answers()
        browser = staff(*roles)
        services.asked.clear()
        return browser

    return signed_in


def sent(services, call):
    """The one command that was sent, without its key."""
    (request,) = [one.request for one in services.asked if one.call == f"directory.{call}"]
    told = {name: value for name, value in request.items() if name != "idempotency_key"}
    schema = CALLS[f"directory.{call}"].request | {"components": {"schemas": all_schemas()}}
    assert jsonschema_rs.is_valid(schema, told)
    return told


@pytest.mark.parametrize("role", KEEPERS)
def test_keepers_are_led_to_the_forms_from_the_list_and_the_entry(keeper, role):
    browser = keeper(role)
    listed, one = browser.get("/directory?kind=hall").text, browser.get("/directory/of/hall/H1").text

    assert f'href="/directory/do/enter/hall?about={STREET}"' in listed
    assert [path.replace("&", "&amp;") in one for path in (CHANGE, END)] == [True, True]
    assert [browser.get(path).status_code for path in (NEW, CHANGE, END)] == [200] * 3


@pytest.mark.parametrize("role", [*OTHERS, "supervisor"])
def test_nobody_else_is(keeper, role):
    browser = keeper(role)

    assert [browser.get(path).status_code for path in (NEW, CHANGE, END)] == [403] * 3
    assert "/directory/do/" not in browser.get("/directory/of/hall/H1").text


@pytest.mark.parametrize(
    "path",
    [
        f"/directory/do/enter/nothing?about={STREET}",
        f"/directory/do/drop/hall?about={STREET}",
        "/directory/do/enter/hall?about=7",
        "/directory/do/change/person?about=P-1",
    ],
)
def test_there_is_no_form_for_what_is_not_there(keeper, path):
    assert keeper("clerk").get(path).status_code == 404


@pytest.mark.parametrize("unit", [DISTRICT, "110105014"])
def test_nothing_is_entered_into_another_unit(keeper, unit):
    assert keeper("clerk").get(f"/directory/do/enter/hall?about={unit}").status_code == 403


@pytest.mark.parametrize("kind", [kind for kind in FACTS_OF if kind != "person"])
def test_every_fact_that_a_page_shows_can_be_told_and_has_a_name(kind):
    facts = BY_NAME[kind].facts.__dataclass_fields__

    assert set(FACTS_OF[kind]) <= set(facts)
    assert set(FACTS_OF[kind]) <= set(TITLES)
    assert all(codes_of(kind, name) for name in FACTS_OF[kind] if name in ("kind", "roles", "days", "tier"))


def test_something_new_belongs_to_the_unit_and_holds_from_the_first_day_to_the_end_of_the_last(keeper, services):
    days = {"valid_from": "2026-04-01", "valid_to": "2026-12-31", "closed_on": "2026-10-01、2026-10-02"}
    answer = send(keeper("clerk"), NEW, **A_HALL, capacity="40", **days, **WHY)

    assert answer.location == "/directory/of/hall/H1?done=yes"
    assert sent(services, "propose_entry") == {
        "kind": "hall",
        "facts": A_HALL | {"unit": STREET, "capacity": 40, "closed_on": ["2026-10-01", "2026-10-02"]},
        "valid_from": "2026-04-01T00:00:00+08:00",
        "valid_to": "2027-01-01T00:00:00+08:00",
        **WHY,
    }


def test_a_change_begins_with_what_is_known_and_keeps_what_has_no_field(keeper, services):
    known = A_HALL | {"unit": STREET, "longitude": 116.5, "latitude": 39.9, "closed_on": ["2026-10-01"], "link": "x"}
    browser = keeper("leader")
    services.answers["directory.get_entry"] = {"entry": an_entry(facts=known), "periods": []}
    page = browser.get(CHANGE).text
    answer = send(browser, CHANGE, **A_HALL | {"address": "六号楼"}, **WHY)

    assert all(f'value="{words}"' in page for words in ("葡萄架下", "2026-10-01", "五号楼"))
    assert answer.location == "/directory/of/hall/H1?done=yes"
    assert sent(services, "change_entry") == {
        **{"kind": "hall", "entry_id": "H1"},
        "facts": A_HALL | {"address": "六号楼", "unit": STREET, "longitude": 116.5, "latitude": 39.9},
        **WHY,
    }


def test_an_entry_ends_after_its_last_day_and_says_what_comes_after_it(keeper, services):
    browser = keeper("clerk")
    services.answers["directory.list_entries"] = {"entries": [an_entry(), an_entry(entry_id="H2")], "next_after": ""}
    page = browser.get(END).text
    answer = send(browser, END, valid_to="2026-03-31", replaced_by="H2", **WHY)

    assert [f'<option value="{one}"' in page for one in ("H1", "H2")] == [False, True]
    assert answer.location == f"/directory?kind=hall&unit={STREET}&done=yes"
    ended = {"valid_to": "2026-04-01T00:00:00+08:00", "replaced_by": ["H2"]}
    assert sent(services, "end_entry") == {"kind": "hall", "entry_id": "H1", **ended, **WHY}


def test_units_and_categories_are_typed_by_name_and_told_by_code(keeper, services):
    place = {"name": "甘露园", "kind": "compound", "units": f"八里庄街道、{STREET}099", **WHY}
    wrong = send(keeper("clerk"), f"/directory/do/enter/place?about={STREET}", **place)
    send(keeper("clerk"), f"/directory/do/enter/place?about={STREET}", **place | {"units": "八里庄街道"})

    assert '<a href="#units">' in wrong.text
    assert sent(services, "propose_entry")["facts"]["units"] == [STREET]


def test_roles_are_ticked_and_several_hold(keeper, services):
    browser = keeper("clerk")
    typed = {"person": "person-1", "organisation": "H1", "login": "zhang", "roles": ["clerk", "chair"]}
    answer = send(browser, f"/directory/do/enter/staff?about={STREET}", **typed, **WHY)

    assert answer.status_code == 303
    assert sent(services, "propose_entry")["facts"]["roles"] == ["clerk", "chair"]


@pytest.mark.parametrize(("role", "kinds"), [("clerk", {"person"}), ("leader", {"staff"})])
def test_people_are_offered_as_far_as_they_are_shown_to_the_keeper(keeper, services, role, kinds):
    browser = keeper(role)
    page = browser.get(f"/directory/do/enter/deputy?about={STREET}").text
    asked = [one.request for one in services.asked if one.call == "directory.list_entries"]

    assert {one["kind"] for one in asked} == kinds
    assert {one["alone"] for one in asked} == {True}
    assert "张桂芳</option>" in page


def test_who_has_a_post_now_stays_among_those_who_can_be_chosen(keeper, services):
    browser = keeper("clerk")
    facts = OF_PEOPLE["staff"] | {"person": "P-77", "person_name": "别处的人"}
    services.answers["directory.get_entry"] = {"entry": an_entry("staff", "S1", facts), "periods": []}

    assert '<option value="P-77" selected>' in browser.get("/directory/do/change/staff?about=S1").text


def test_a_community_that_a_street_enters_waits_for_the_district(keeper, services):
    unit = {"entry_id": f"{STREET}088", "name": "新社区", "kind": "community"}
    browser = keeper("clerk")
    services.answers["directory.propose_entry"] = {"change": a_change()}
    answer = send(browser, f"/directory/do/enter/unit?about={STREET}", **unit, **WHY)
    told = sent(services, "propose_entry")

    assert answer.location == "/directory/changes?done=yes"
    assert (told["entry_id"], told["facts"]["parent"]) == (f"{STREET}088", STREET)


def test_what_begins_later_is_seen_on_its_page(keeper, services):
    browser = keeper("clerk")
    later = (NOW + timedelta(days=30)).isoformat()
    done = a_change(kind="hall", entry_id="H9", state="done", valid_from=later)
    services.answers["directory.propose_entry"] = {"change": done}

    assert send(browser, NEW, **A_HALL, **WHY).location == "/directory/of/hall/H9?done=yes"


def test_the_duty_list_is_kept_by_the_district_alone(keeper, browser, engine, services):
    assert "/directory/do/enter/duty" not in keeper("clerk").get("/directory?kind=duty").text
    sign_in(browser, engine, services, "clerk", unit=DISTRICT)
    services.answers |= answers()

    assert "/directory/do/enter/duty" in browser.get("/directory?kind=duty").text


def test_what_does_not_fit_stands_beside_its_field_in_chinese(keeper, services):
    browser = keeper("clerk")
    wrong = "It has 8点到晚上, which is no time from and until; right is like 周一至周五 09:00-21:00."
    services.answers["directory.propose_entry"] = BadRequest("no", {"opening_hours": [wrong]}, "bad_facts")
    page = send(browser, NEW, **A_HALL, **WHY).text

    assert '<a href="#opening_hours">' in page
    assert "“8点到晚上”不是从几点到几点，应是：例如 周一至周五 09:00-21:00" in page
    assert in_chinese("It is odd; right is even.") == "It is odd; right is even."
