"""The directory: what is in one's unit, a book that is checked, mended and entered, and what a street proposed."""

import base64
import io
import re
from datetime import timedelta

import jsonschema_rs
import pytest

from services.gateway.api.catalogue import all_calls, all_schemas
from services.gateway.pages.books import LARGEST_BOOK
from services.gateway.pages.staff.change_acts import ACTS
from services.gateway.pages.staff.directory import COLUMNS
from services.gateway.pages.staff.navigation import ENTRIES
from services.gateway.words.book_faults import in_chinese
from services.gateway.words.directory_names import FACTS
from shared.auth import Role
from shared.errors import BadRequest, Refused
from tests.gateway.conftest import NOW
from tests.gateway.people import STREET, csrf_in, send, sign_in

CALLS = {call.name: call for call in all_calls()}
KEEPERS, READERS = ("clerk", "leader"), ("clerk", "leader", "supervisor")
OTHERS = ("chair", "handler", "evaluator", "callback_agent", "operator")
PAGES = ("/directory", "/directory/of/hall/H1", "/directory/changes")
BOOK_PAGES = ("/directory/import", "/directory/book.xlsx")
DISTRICT, CHANGE = "110105", "20260302T090000-1"
FAULT = {"sheet": "议事厅", "row": 3, "column": "开放时间", "value": "每天 8点到晚上"}
FAULT |= {"wrong": "has 8点到晚上, which is no time from and until", "right": "like 周一至周五 09:00-21:00"}
CHANGED = {"kind": "hall", "entry_id": "H1", "name": "第三社区议事厅", "fate": "changed", "valid_to": None}
CHANGED |= {"valid_from": NOW.isoformat(), "facts": [{"title": "地址", "before": "甲楼", "after": "乙楼"}]}


def an_entry(kind="hall", entry_id="H1", facts=None):
    known = {"name": "第三社区议事厅", "kind": "community", "unit": STREET, "contact": "010-1", "opening_hours": "全天"}
    told = {"kind": kind, "entry_id": entry_id, "revision": 1, "origin": "entered", "replaced_by": []}
    return told | {"valid_from": NOW.isoformat(), "valid_to": None, "facts": facts or known}


SOMEBODY = {"person": "P-1", "person_name": "张桂芳", "unit": STREET}
OF_PEOPLE = {
    "deputy": {**SOMEBODY, "role": "deputy", "category": "residents_delegate"},
    "staff": {**SOMEBODY, "organisation": "ORG-1", "post": "主任", "roles": ["clerk"]},
    "person": {"name": "张桂芳", "unit": STREET},
}


def entries_of(request):
    """One of each kind that is asked for."""
    kind = request["kind"]
    found = an_entry(kind, f"{kind}-1", OF_PEOPLE[kind]) if kind in OF_PEOPLE else an_entry()
    return {"entries": [found], "next_after": ""}


def entry_of(request):
    """The one that is asked for."""
    kind, entry_id = request["kind"], request["entry_id"]
    facts = OF_PEOPLE.get(kind) or an_entry()["facts"] | ({"parent": STREET} if kind == "unit" else {})
    found = an_entry(kind, entry_id, facts)
    return {"entry": found, "periods": [found]}


def a_change(**other):
    told = {"change_id": CHANGE, "kind": "unit", "entry_id": f"{STREET}099", "unit_code": STREET, "action": "enter"}
    told |= {"facts": {"name": "新社区"}, "valid_from": NOW.isoformat(), "valid_to": None, "why": "新建小区多了"}
    told |= {"asked_by": "liu", "asked_at": NOW.isoformat(), "state": "proposed", "decided_by": "", "decided_at": None}
    return told | {"decide_by": (NOW + timedelta(days=9)).isoformat(), "reason": ""} | other


def a_check(**other):
    counts = {"hall": {"entered": 0, "changed": 1, "ended": 0, "unchanged": 2}}
    told = {"plan_sha256": "ab" * 32, "rows": 3, "sheets": ["议事厅"], "counts": counts, "changes": [CHANGED]}
    return told | {"faults": [], "faults_in_all": 0, "remarks": []} | other


ACTIONS = {"propose": "enter", "change": "change", "end": "end"}


def changed(action):
    """What the directory answers to a command on an entry: that it is done."""
    return lambda asked: {
        "change": a_change(
            action=action, kind=asked["kind"], entry_id=asked.get("entry_id") or "H1", state="done", decide_by=None
        )
    }


def answers():
    return {
        "directory.list_entries": entries_of,
        "directory.get_entry": entry_of,
        "directory.list_changes": {"changes": [a_change()], "next_after": ""},
        "directory.check_book": a_check(),
        "directory.import_book": {"counts": {}},
        "directory.export_book": {"name": f"directory-{STREET}.xlsx", "content": base64.b64encode(b"PK").decode()},
        "directory.decide_change": {},
        **{f"directory.{one}_entry": changed(action) for one, action in ACTIONS.items()},
        "intake.list_categories": {"categories": [{"code": "parking", "name": "停车"}]},
    }


@pytest.fixture
def keeper(staff, services):
    """`keeper("clerk")`: their browser, before a directory with one hall and one change to decide."""

    def signed_in(*roles):
        services.answers |= answers()
        browser = staff(*roles)
        services.asked.clear()
        return browser

    return signed_in


@pytest.fixture
def of_district(browser, engine, services):
    """A supervisor of the district before the same."""
    services.answers |= answers()
    sign_in(browser, engine, services, "supervisor", unit=DISTRICT)
    services.asked.clear()
    return browser


def asked(services, call):
    return [one.request for one in services.asked if one.call == f"directory.{call}"]


def upload(browser, content=b"x", name="名录.csv"):
    token = csrf_in(browser.get("/directory/import").text)
    files = {"csrf": token, "book": (io.BytesIO(content), name)}
    return browser.post("/directory/import", data=files, content_type="multipart/form-data")


def enter(browser, **typed):
    """The form that the page of what will change has, sent."""
    page = upload(browser).text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    return browser.post("/directory/import/enter", data=hidden | {"why": "换了地方"} | typed)


@pytest.mark.parametrize("role", READERS)
def test_who_keeps_or_decides_finds_the_directory_of_their_unit(keeper, services, role):
    browser = keeper(role)

    assert [browser.get(path).status_code for path in PAGES] == [200] * len(PAGES)
    assert {one["unit_code"] for one in asked(services, "list_entries")} == {STREET}
    assert 'href="/directory"' in browser.get("/").text


@pytest.mark.parametrize("role", [*READERS, *OTHERS])
def test_only_keepers_bring_books_or_take_them_away(keeper, role):
    browser = keeper(role)
    expected = 200 if role in KEEPERS else 403

    assert [browser.get(path).status_code for path in BOOK_PAGES] == [expected] * 2
    assert ('href="/directory/import"' in browser.get("/directory").text) is (role in KEEPERS)


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_sees_it(keeper, role):
    assert [keeper(role).get(path).status_code for path in PAGES] == [403] * len(PAGES)
    assert 'href="/directory"' not in keeper(role).get("/").text


def test_a_stranger_is_asked_to_sign_in(visitor):
    assert visitor.get("/directory").location == "/login?next=/directory"


@pytest.mark.parametrize("unit", ["110105014", DISTRICT])
def test_nobody_looks_into_another_unit(keeper, services, unit):
    assert keeper("clerk").get(f"/directory?unit={unit}").status_code == 403
    assert asked(services, "list_entries") == []


@pytest.mark.parametrize("kind", COLUMNS)
def test_each_kind_has_a_list_in_words(keeper, services, kind):
    facts = dict.fromkeys(COLUMNS[kind], "x") | {"unit": STREET, "person": "P", "person_name": "李娜"}
    browser = keeper("leader")
    services.answers["directory.list_entries"] = {"entries": [an_entry(kind, "E/1", facts)], "next_after": "E/1"}
    page = browser.get(f"/directory?kind={kind}")

    assert page.status_code == 200
    assert f'href="/directory/of/{kind}/E/1"' in page.text
    assert "after=E/1" in page.text or "after=E%2F1" in page.text
    assert set(COLUMNS[kind]) <= set(FACTS)


def test_people_and_residents_are_on_no_page(keeper, services):
    page = keeper("clerk").get("/directory?kind=person").text

    assert "person" not in {one["kind"] for one in asked(services, "list_entries")}
    assert "kind=resident" not in page


def test_an_entry_shows_what_holds_and_what_was_changed(keeper):
    page = keeper("supervisor").get("/directory/of/hall/H1").text

    assert all(words in page for words in ("社区议事厅", "八里庄街道", "新建小区多了", "录入"))


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "says", "can_change"),
    [(-30, None, None, True), (30, None, "起生效", True), (-30, -1, "已经终止", False)],
)
def test_a_page_says_of_an_entry_that_it_does_not_hold_yet_or_no_more(
    keeper, services, valid_from, valid_to, says, can_change
):
    browser, found = keeper("clerk"), an_entry()
    found |= {"valid_from": (NOW + timedelta(days=valid_from)).isoformat()}
    found |= {"valid_to": valid_to and (NOW + timedelta(days=valid_to)).isoformat()}
    services.answers["directory.get_entry"] = {"entry": found, "periods": [found]}
    page = browser.get("/directory/of/hall/H1").text

    assert [words for words in ("起生效", "已经终止") if words in page] == ([says] if says else [])
    assert ("变更这一条" in page) is can_change


def test_a_book_with_faults_is_told_row_by_row_and_nothing_is_entered(keeper, services):
    browser = keeper("clerk")
    services.answers["directory.check_book"] = a_check(faults=[FAULT], faults_in_all=1, changes=[])
    page = upload(browser)

    assert page.status_code == 422
    assert all(words in page.text for words in ("第 3 行", "开放时间", "每天 8点到晚上", "不是从几点到几点"))
    assert "录入名录" not in page.text
    assert asked(services, "import_book") == []


def test_a_page_shows_what_will_change_and_then_all_of_it_is_entered_once(keeper, services):
    browser = keeper("clerk")
    page = upload(browser, "议事厅".encode()).text
    sent = enter(browser)
    (request,) = asked(services, "import_book")
    shown = {name: value for name, value in request.items() if name != "idempotency_key"}
    schema = CALLS["directory.import_book"].request | {"components": {"schemas": all_schemas()}}

    assert "甲楼" in page
    assert "乙楼" in page
    assert sent.location == "/directory?done=yes"
    assert (shown["why"], shown["categories"], shown["plan_sha256"]) == ("换了地方", {"parking": "停车"}, "ab" * 32)
    assert base64.b64decode(shown["content"]) == b"x"
    assert jsonschema_rs.is_valid(schema, shown)


def test_without_a_reason_it_is_not_entered_and_what_will_change_stays_on_the_page(keeper, services):
    page = enter(keeper("clerk"), why="")

    assert (page.status_code, 'href="#why"' in page.text, "乙楼" in page.text) == (422, True, True)
    assert asked(services, "import_book") == []


def test_where_the_directory_changed_meanwhile_it_is_shown_anew(keeper, services):
    browser = keeper("clerk")
    services.answers["directory.import_book"] = Refused("no", code="changed_since")
    page = enter(browser)

    assert (page.status_code, "名录又有变动" in page.text, "换了地方" in page.text) == (422, True, True)


def test_a_book_that_changes_nothing_says_so(keeper, services):
    browser = keeper("leader")
    counts = {"hall": {"entered": 0, "changed": 0, "ended": 0, "unchanged": 3}}
    services.answers["directory.check_book"] = a_check(changes=[], counts=counts)
    page = upload(browser)

    assert (page.status_code, "没有要变的" in page.text, "录入名录" in page.text) == (200, True, False)


def test_a_file_that_can_not_be_read_is_told_beside_the_field(keeper, services):
    browser = keeper("clerk")
    services.answers["directory.check_book"] = BadRequest(
        "no", {"content": ["must end in .xlsx, .csv, .tsv, .txt"]}, "unreadable_book"
    )
    page = upload(browser, name="名录.pdf")

    assert (page.status_code, "文件名要以 .xlsx, .csv, .tsv, .txt 结尾" in page.text) == (400, True)


def test_no_file_and_too_large_a_one_are_asked_of_nobody(keeper, services):
    browser = keeper("clerk")
    nothing = send(browser, "/directory/import")
    large = upload(browser, b"x" * (LARGEST_BOOK + 1))

    assert (nothing.status_code, "请选一个文件" in nothing.text) == (422, True)
    assert (large.status_code, "180 KB" in large.text) == (422, True)
    assert asked(services, "check_book") == []


def test_the_largest_book_goes_with_the_page_and_comes_back(keeper, services):
    browser, content = keeper("clerk"), b"x" * LARGEST_BOOK
    page = upload(browser, content).text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    sent = browser.post("/directory/import/enter", data=hidden | {"why": "换了地方"})

    assert sent.location == "/directory?done=yes"
    assert base64.b64decode(asked(services, "import_book")[0]["content"]) == content


def test_ten_megabytes_are_refused_with_a_plain_page(keeper, services):
    browser = keeper("clerk")
    services.asked.clear()
    page = browser.post("/directory/import", data=b"x" * 10_000_000, content_type="multipart/form-data; boundary=x")

    assert page.status_code == 413
    assert "<h1" in page.text
    assert asked(services, "check_book") == []


def test_a_form_of_another_page_or_by_another_role_enters_nothing(keeper, services):
    browser = keeper("supervisor")
    token = csrf_in(keeper("clerk").get("/directory/import").text)
    stolen = browser.post("/directory/import/enter", data={"csrf": token, "why": "换了地方"})
    own = browser.post("/directory/import/enter", data={"csrf": csrf_in(browser.get("/directory").text)})

    assert (stolen.status_code, own.status_code) == (403, 403)
    assert asked(services, "import_book") == []


def test_the_book_of_the_unit_and_an_empty_one_are_taken_away(keeper, services):
    browser = keeper("clerk")
    answer = browser.get("/directory/book.xlsx")
    browser.get("/directory/book.xlsx?template=yes")

    assert answer.headers["Content-Disposition"] == f'attachment; filename="directory-{STREET}.xlsx"'
    assert [one["is_template"] for one in asked(services, "export_book")] == [False, True]


def test_what_a_street_proposed_is_decided_by_the_district_alone(keeper, of_district):
    own, theirs = keeper("supervisor").get("/directory/changes").text, of_district.get("/directory/changes").text

    assert "新社区" in own
    assert "/do/change/" not in own
    assert {name for name in ACTS if f"/do/change/{name}?about={CHANGE}" in theirs} == set(ACTS)


def test_nobody_decides_what_they_proposed(of_district, services):
    services.answers["directory.list_changes"] = {"changes": [a_change(asked_by="li.na")], "next_after": ""}
    page = of_district.get("/directory/changes").text

    assert "/do/change/" not in page
    assert "须由别人批复" in page


@pytest.mark.parametrize(("name", "approve"), [("approve", True), ("reject", False)])
def test_a_decision_is_sent_with_its_reason(of_district, services, name, approve):
    form = f"/do/change/{name}?about={CHANGE}"
    sent = send(of_district, form, reason="区里研究过")
    (request,) = asked(services, "decide_change")

    assert sent.location == "/directory/changes?done=yes"
    assert (request["change_id"], request["approve"], request["reason"]) == (CHANGE, approve, "区里研究过")


def test_what_waits_no_more_has_no_form(of_district):
    assert of_district.get("/do/change/approve?about=gone").status_code == 404


def test_who_may_read_and_decide_is_as_the_directory_says():
    (entry,) = [one for one in ENTRIES if one.endpoint == "directory.show"]

    assert entry.roles == CALLS["directory.list_changes"].roles == {Role(role) for role in READERS}
    assert CALLS["directory.import_book"].roles == {Role(role) for role in KEEPERS}
    assert all(act.roles == CALLS["directory.decide_change"].roles for act in ACTS.values())


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("is empty", "没有填"),
        ("has 8点到晚上, which is no time from and until", "“8点到晚上”不是从几点到几点"),
        ("议事厅? It may be 社区、街道", "是不是议事厅？可以填：社区、街道"),
        ("lies in 110105017003, which is not yours to change", "属于 110105017003，不归您改"),
        ("nobody has said this yet", "nobody has said this yet"),
    ],
)
def test_a_fault_is_told_in_chinese(sentence, words):
    assert in_chinese(sentence) == words


def test_a_shift_names_who_is_at_which_desk_and_that_it_is_every_day_where_it_names_none(keeper, services):
    facts = {"person": "P-1", "person_name": "李娜", "name": "综合岗", "desk": "H1", "days": [], "starts": "08:00"}
    browser = keeper("clerk")
    services.answers["directory.list_entries"] = {"entries": [an_entry("shift", "H1", facts)], "next_after": ""}
    page = browser.get("/directory?kind=shift").text

    assert all(words in page for words in ("李娜", "综合岗", "每天", "08:00"))
