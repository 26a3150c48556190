"""Polls: opened by a register in a file, papers entered and checked by two people, counted, shown with their base."""

import base64
import io
import re
import zlib
from datetime import timedelta

import jsonschema_rs
import pytest

from services.gateway.api.catalogue import all_calls, all_schemas
from shared.errors import BadRequest, Refused
from tests.gateway import poll_things, room_things
from tests.gateway.conftest import NOW
from tests.gateway.forms_on_pages import forms_in
from tests.gateway.people import csrf_in, send
from tests.gateway.poll_things import COUNTED, DESIGNS, FAULT, LINE, POLL, a_paper, a_poll, a_preview
from tests.gateway.room_things import MOTION, SESSION, a_motion

HALL, OTHERS = ("chair", "clerk"), ("handler", "leader", "supervisor", "evaluator", "callback_agent", "operator")
OPENING, PAPERS, CHECKS = f"/poll-open?motion={MOTION}", f"/poll-papers/{POLL}", f"/poll-checks/{POLL}"
COUNT = f"/do/poll/count?about={POLL}"
PAGES = ("/polls", f"/polls/{POLL}", OPENING, PAPERS, CHECKS, COUNT)
CALLS = {call.name: call for call in all_calls()}
ASKED = {"electorate": "households", "days": "14", "options": "透水砖\n沥青"}


@pytest.fixture
def at_polls(staff, services):
    """`at_polls("clerk")`: their browser, before one poll that papers are collected for."""

    def signed_in(*roles):
        services.answers |= room_things.answers() | poll_things.answers()
        services.answers |= {f"deliberation.{one}": {} for one in ("enter_papers", "check_papers", "count_poll")}
        browser = staff(*roles)
        services.asked.clear()
        return browser

    return signed_in


def sent(services, call):
    """The one command that was sent, without its key."""
    (request,) = [one.request for one in services.asked if one.call == f"deliberation.{call}"]
    told = {name: value for name, value in request.items() if name != "idempotency_key"}
    assert jsonschema_rs.is_valid(
        CALLS[f"deliberation.{call}"].request | {"components": {"schemas": all_schemas()}}, told
    )
    return told


def bring(browser, content=b"x", **typed):
    files = {"csrf": csrf_in(browser.get(OPENING).text), "register": (io.BytesIO(content), "名册.csv")}
    return browser.post(OPENING, data=ASKED | files | typed, content_type="multipart/form-data")


@pytest.mark.parametrize("role", HALL)
def test_who_is_in_the_hall_finds_polls_and_all_their_pages(at_polls, role):
    browser = at_polls(role)

    assert [browser.get(path).status_code for path in PAGES] == [200] * len(PAGES)
    assert 'href="/polls"' in browser.get("/deliberation-list").text


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_sees_them(at_polls, role):
    browser = at_polls(role)

    assert [browser.get(path).status_code for path in PAGES] == [403] * len(PAGES)


def test_a_list_says_how_far_each_poll_has_come_and_what_is_due(at_polls, services):
    browser = at_polls("clerk")
    ahead = LINE | {"poll_id": "later", "opens_at": (NOW + timedelta(days=1)).isoformat()}
    over = LINE | {"poll_id": "over", "closes_at": NOW.isoformat()}
    done = LINE | {"poll_id": "done", "state": "counted", "outcome": "carried", "option": DESIGNS[0]}
    services.answers["deliberation.list_polls"] = {"polls": [LINE, ahead, over, done]}
    page = browser.get("/polls").text

    assert all(
        words in page for words in ("正在收票", "公告期，还不收票", "收票期满，待核对、计票", "透水砖", "小广场")
    )
    assert f'href="/polls/{POLL}"' in page


def test_what_is_due_first_stands_first_and_what_was_counted_last_before_older_ones(at_polls, services):
    browser = at_polls("clerk")
    due = {name: (NOW + timedelta(days=days)).isoformat() for name, days in {"soon": 1, "late": 9}.items()}
    polls = [LINE | {"poll_id": f"open-{name}", "due_at": at} for name, at in due.items()]
    polls += [LINE | {"poll_id": f"done-{name}", "due_at": at, "state": "counted"} for name, at in due.items()]
    services.answers["deliberation.list_polls"] = {"polls": polls}
    page = browser.get("/polls").text

    assert re.findall(r'href="/polls/(\w+-\w+)"', page) == ["open-soon", "open-late", "done-late", "done-soon"]


def test_a_poll_says_what_is_to_be_done_and_who_has_handed_in_nothing(at_polls):
    page = at_polls("clerk").get(f"/polls/{POLL}").text

    assert all(words in page for words in ("2 张，还有 3 户（人）没有交", "其中 1 张是您录的", "4室", "委托书 2026-3"))
    assert [f'href="{path}"' in page for path in (PAPERS, CHECKS, COUNT)] == [True] * 3


def test_before_its_window_no_paper_is_entered_and_a_counted_poll_shows_what_it_came_to(at_polls, services):
    browser = at_polls("clerk")
    services.answers["deliberation.get_poll"] = a_poll(opens_at=(NOW + timedelta(days=1)).isoformat())
    before = browser.get(f"/polls/{POLL}").text
    services.answers["deliberation.get_poll"] = COUNTED
    after = browser.get(f"/polls/{POLL}").text

    assert [path in before for path in (PAPERS, COUNT)] == [False, False]
    assert [path in after for path in (PAPERS, COUNT)] == [False, False]
    assert all(words in after for words in ("计票结果", "透水砖", "320", "共 5 户（人）", "形成决议"))


def test_a_register_with_faults_is_told_row_by_row_and_nothing_can_be_opened(at_polls, services):
    browser = at_polls("clerk")
    services.answers["deliberation.preview_poll"] = a_preview(faults=[FAULT], faults_in_all=1, register=[])
    page = bring(browser)

    assert page.status_code == 422
    assert all(words in page.text for words in ("有 1 处要改", "第 3 行", "没有填", "每行都要填房号"))
    assert "/poll-open/send" not in page.text


def test_what_will_follow_is_shown_and_then_the_register_that_was_read_is_sent_once(at_polls, services):
    browser = at_polls("clerk")
    page = bring(browser, "名册".encode())
    (form,) = [one for one in forms_in(page.text) if one.action.startswith("/poll-open/send")]
    answer = browser.post(form.action, data=form.filled())
    preview = sent(services, "preview_poll")

    assert "合 1 户（人）" in page.text
    assert base64.b64decode(preview["content"]) == "名册".encode()
    assert answer.location == f"/polls/{POLL}?done=yes"
    assert sent(services, "open_poll") == {
        **{"motion_id": MOTION, "electorate": "households", "options": DESIGNS, "days": 14, "owners_item": 0},
        "register": a_preview()["register"],
    }


def test_what_is_refused_beforehand_stands_beside_its_field(at_polls, services):
    browser = at_polls("clerk")
    fields = {"days": ["7 to 60."], "owners_item": ["Only owners vote on one: 0."], "content": ["has no header"]}
    services.answers["deliberation.preview_poll"] = BadRequest("no", fields)
    page = bring(browser).text

    assert all(words in page for words in ("7 到 60 天", "居民户表决的，不选", "没有表头"))
    assert all(f'<li><a href="#{name}">' in page for name in ("days", "owners_item", "register"))


def packed_like(text: bytes) -> str:
    return base64.b64encode(zlib.compress(text)).decode()


SPOILT = ["", "%%%", base64.b64encode(b"not packed").decode(), packed_like(b"no json"), packed_like(b"[" * 10_000)]


@pytest.mark.parametrize("packed", SPOILT, ids=["none", "no base64", "not packed", "no json", "deep"])
def test_a_register_that_was_spoilt_on_its_way_opens_nothing(at_polls, services, packed):
    browser = at_polls("clerk")
    answer = send(browser, OPENING, goes_to=f"/poll-open/send?motion={MOTION}", **ASKED, packed=packed)

    assert answer.status_code == 422
    assert [one for one in services.asked if one.call == "deliberation.open_poll"] == []


def test_a_register_of_a_large_estate_goes_with_a_page_of_no_more_than_200_kb(at_polls, services):
    browser = at_polls("clerk")
    rows = [
        {"dwelling": f"{n % 40}号楼{n % 7}单元{n % 3301}室", "holders": [f"H-{n * 7919 % 10**6:06}"], "area_m2": n / 50}
        for n in range(5000)
    ]
    services.answers["deliberation.preview_poll"] = a_preview(register=rows, rows=5000)
    page = bring(browser).text
    (form,) = [one for one in forms_in(page) if one.action.startswith("/poll-open/send")]

    assert browser.post(form.action, data=form.filled()).status_code == 303
    assert sent(services, "open_poll")["register"] == rows
    assert len(page.encode()) < 200_000


def test_papers_are_entered_by_rows_and_empty_rows_are_none(at_polls, services):
    typed = {"dwelling_1": "3室", "choice_1": "2", "dwelling_4": "4室", "choice_4": "0", "signed_by_4": "H4、D4"}
    answer = send(at_polls("clerk"), PAPERS, **typed, authorised_4="委托书 7")

    assert answer.location == f"{PAPERS}?done=yes"
    assert sent(services, "enter_papers")["papers"] == [
        {"dwelling": "3室", "choice": 2, "signed_by": [], "authorised": ""},
        {"dwelling": "4室", "choice": 0, "signed_by": ["H4", "D4"], "authorised": "委托书 7"},
    ]


def test_a_row_that_was_begun_is_to_be_whole_and_an_empty_form_is_none(at_polls, services):
    browser = at_polls("clerk")
    begun = send(browser, PAPERS, signed_by_2="H4")
    wrong = send(browser, PAPERS, dwelling_1="3室", choice_1="9")

    assert all(f'<li><a href="#{name}_2">2. ' in begun.text for name in ("dwelling", "choice"))
    assert '<a href="#choice_1">' in wrong.text
    assert "一张票也没有填" in send(browser, PAPERS).text
    assert [one for one in services.asked if one.call == "deliberation.enter_papers"] == []


def test_what_can_not_be_entered_is_told_in_its_row_and_what_was_typed_stays(at_polls, services):
    browser = at_polls("clerk")
    fields = {"papers.0.dwelling": ["9室 is not in the electorate."]}
    fields["papers.1.authorised"] = ["Signed by all of H6, S6, or by whom they name in writing: which?"]
    services.answers["deliberation.enter_papers"] = Refused("no", fields, code="papers_refused")
    page = send(browser, PAPERS, dwelling_2="9室", choice_2="1", dwelling_5="6室", choice_5="1").text

    assert '<li><a href="#dwelling_2">2. 房号：名册里没有“9室”' in page
    assert '<li><a href="#authorised_5">5. 委托书：须 H6, S6 全体签字' in page
    assert 'value="9室"' in page


def test_somebody_else_checks_each_paper_and_says_what_is_wrong(at_polls, services):
    browser = at_polls("chair")
    services.answers["deliberation.get_poll"] = a_poll(papers=[a_paper(1, is_own=True), *map(a_paper, range(2, 5))])
    page = browser.get(CHECKS).text
    unsaid = send(browser, CHECKS, paper_2="right", paper_3="wrong")
    answer = send(browser, CHECKS, paper_2="right", paper_3="wrong", reason="选项抄错")

    assert [f'name="paper_{number}"' in page for number in range(1, 5)] == [False, True, True, True]
    assert '<li><a href="#reason">' in unsaid.text
    assert "一张也没有核对" in send(browser, CHECKS).text
    assert answer.location == f"/polls/{POLL}?done=yes"
    assert sent(services, "check_papers") == {"poll_id": POLL, "right": [2], "wrong": [3], "reason": "选项抄错"}


def test_a_paper_that_was_checked_meanwhile_is_told(at_polls, services):
    browser = at_polls("chair")
    told = {"papers": ["Paper 2 does not wait to be checked."]}
    services.answers["deliberation.check_papers"] = Refused("no", told, code="papers_refused")

    assert "第 2 张不用核对，可能别人刚刚核对过" in send(browser, CHECKS, paper_2="right").text


def test_counting_says_what_follows_and_a_refusal_why_not_yet(at_polls, services):
    browser = at_polls("clerk")
    page = browser.get(COUNT).text
    done = send(browser, COUNT)
    services.answers["deliberation.count_poll"] = Refused("no", code="poll_not_open")

    assert "没有交票的不算同意" in page
    assert done.location == f"/polls/{POLL}?done=yes"
    assert "收票期内才能录票" in send(browser, COUNT).text


def test_the_room_leads_to_a_poll_and_to_the_resolution_of_what_it_carried(at_polls, services):
    browser = at_polls("clerk")
    services.answers["deliberation.get_motion"] = a_motion("advised", "vote")
    ready = browser.get(f"/room/{SESSION}").text
    services.answers["deliberation.get_motion"] = a_motion("carried", "", poll_id=POLL, option=DESIGNS[0])
    services.answers["deliberation.get_session"] = room_things.a_session("closed")
    over = browser.get(f"/room/{SESSION}").text

    assert f'href="{OPENING}"' in ready
    assert f'href="/polls/{POLL}"' in over
    assert f"/room-do/adopt?motion={MOTION}" in over
    assert "透水砖" in over
