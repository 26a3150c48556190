"""The wall and the pages of a case in a real Chromium: on a phone and wide, light and dark; the wall keeps up."""

from collections.abc import Callable, Iterator
from functools import cache

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.gateway import case_things as told
from tests.gateway.case_things import CLOCK
from tests.gateway.conftest import Office
from tests.gateway.fake_board import ISSUE
from tests.gateway.in_chromium import NARROW, Seen, looking, seen, served

PAGES = {"wall": "/wall", "case": f"/cases/{ISSUE}", "clock": f"/clocks/{CLOCK}", "escalate": f"/escalate/{ISSUE}"}
PAGES["settle"] = f"/do/incident/settle?about={told.INCIDENT}"
each_page = pytest.mark.parametrize("name", PAGES)


@pytest.fixture
def at_the_wall(staff, services, office: Office, chromium: Browser) -> Iterator[tuple[BrowserContext, str]]:
    """A supervisor's Chromium, and where the pages are."""
    services.answers |= told.answers()
    session = staff("supervisor").get_cookie("session").value
    with served(office.app) as address:
        context = looking(chromium)
        context.add_cookies([{"name": "session", "value": session, "url": address}])
        yield context, address
        context.close()


@pytest.fixture
def look(at_the_wall) -> Callable[[str], Seen]:
    context, address = at_the_wall
    return cache(lambda name: seen(context, f"{address}{PAGES[name]}"))


@each_page
def test_a_page_is_sound_in_either_theme_and_fits_a_phone(look, name):
    page = look(name)

    assert page.faults == {"light": [], "dark": []}
    assert page.width <= NARROW["width"]
    assert (page.small_targets, page.elsewhere, page.console) == ([], [], [])


def test_the_wall_shows_what_changed_without_being_loaded_anew(at_the_wall, board):
    context, address = at_the_wall
    page = context.new_page()
    page.clock.install()
    page.goto(f"{address}/wall")
    expect(page.get_by_text("今天没有到期的议题")).to_have_count(0)
    page.get_by_role("link", name="下载表格").focus()
    board.is_empty = True
    page.clock.run_for(31_000)

    expect(page.get_by_text("今天没有到期的议题")).to_be_visible()
    expect(page.get_by_role("link", name="下载表格")).to_be_focused()


@pytest.mark.parametrize(("language", "total"), [("zh", "合计"), ("en", "Total")])
def test_on_a_phone_the_totals_of_the_wall_are_seen_without_moving_it(at_the_wall, language, total):
    context, address = at_the_wall
    context.add_cookies([{"name": "language", "value": language, "url": address}])
    page = context.new_page()
    page.set_viewport_size(NARROW)
    page.goto(f"{address}/wall")
    heads = [one.bounding_box() for one in page.get_by_role("columnheader", name=total).all()]

    assert len(heads) == 2
    assert all(head and head["x"] + head["width"] <= NARROW["width"] for head in heads)


def test_who_was_signed_out_meanwhile_is_shown_nothing_old(at_the_wall):
    context, address = at_the_wall
    page = context.new_page()
    page.clock.install()
    page.goto(f"{address}/wall")
    context.clear_cookies()
    page.clock.run_for(31_000)

    page.wait_for_url("**/login?next=/wall")


def test_escalating_says_what_will_follow_before_it_is_sent(at_the_wall, services):
    context, address = at_the_wall
    page = context.new_page()
    page.goto(f"{address}{PAGES['escalate']}")
    page.get_by_label("超越本级层级").check()
    page.get_by_label("说明").fill("须动公共管网")
    page.get_by_role("button", name="看看会怎样").click()
    expect(page.get_by_role("region", name="提交后会怎样")).to_contain_text("将提级到 朝阳区")
    page.get_by_role("button", name="改一改").click()
    expect(page.get_by_label("说明")).to_have_value("须动公共管网")
    page.get_by_role("button", name="看看会怎样").click()
    page.get_by_role("button", name="提级到").click()
    page.wait_for_url("**/cases/**")

    assert [one.call for one in services.asked if one.call == "escalation.escalate"] == ["escalation.escalate"]
