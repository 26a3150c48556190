"""The pages as people use them, in a real Chromium: on a phone, by keyboard, without scripts, in light and dark."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.gateway.conftest import NOW
from tests.gateway.fakes import FakeServices
from tests.gateway.in_chromium import NARROW, Seen, looking, seen, served
from tests.gateway.pages_to_try import PAGES
from tests.gateway.people import sign_in
from tests.gateway.test_filing import FILED, FOLLOWED, TYPED
from tests.gateway.test_my_work import a_wait

each_page = pytest.mark.parametrize("name", PAGES)


@pytest.fixture(scope="session")
def site(pages: Flask) -> Iterator[str]:
    with served(pages) as address:
        yield address


@pytest.fixture(scope="session")
def look(chromium: Browser, site: str) -> Callable[[str], Seen]:
    """`look(name)`: what Chromium sees of a page; each is looked at once."""
    context = looking(chromium)
    return cache(lambda name: seen(context, f"{site}{PAGES[name]}"))


@pytest.fixture
def tab(chromium: Browser, site: str, visitor) -> Iterator[Page]:
    """A fresh browser of somebody without a login, on a phone."""
    context = chromium.new_context(base_url=site, viewport=NARROW, locale="zh-CN")
    yield context.new_page()
    context.close()


@each_page
def test_axe_finds_nothing_serious_in_either_theme(look, name):
    assert look(name).faults == {"light": [], "dark": []}


def test_axe_finds_what_is_wrong_where_something_is(chromium, own_app):
    own_app.add_url_rule("/wrong", "wrong", lambda: '<html lang="zh"><title>x</title><img src="data:,"><input></html>')
    with served(own_app) as address:
        faults = seen(looking(chromium), f"{address}/wrong").faults["light"]

    assert {fault.partition(":")[0] for fault in faults} == {"image-alt", "label"}


@each_page
def test_a_page_loads_nothing_from_elsewhere_and_says_nothing_on_the_console(look, name):
    assert look(name).elsewhere == []
    assert [line for line in look(name).console if "404" not in line] == []


@each_page
def test_a_page_fits_a_phone_of_360_pixels(look, name):
    assert look(name).width <= NARROW["width"]


@each_page
def test_what_one_taps_is_44_pixels_high(look, name):
    assert look(name).small_targets == []


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without"])
def test_a_resident_files_an_order_and_follows_it(chromium, site, visitor, services: FakeServices, has_scripts):
    services.answers |= {"intake.file_order": FILED, "intake.read_by_check_code": FOLLOWED}
    context = chromium.new_context(base_url=site, viewport=NARROW, locale="zh-CN", java_script_enabled=has_scripts)
    page = context.new_page()

    page.goto("/")
    page.get_by_role("link", name="我要反映").last.click()
    page.get_by_role("link", name="反映一件诉求").click()
    page.get_by_label("一句话说明是什么事").fill(TYPED["title"])
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("alert")).to_contain_text("请写明情况")
    page.get_by_label("具体情况").fill(TYPED["content"])
    page.get_by_label("在哪个街道").select_option(TYPED["unit"])
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="提交诉求").click()
    expect(page.get_by_role("main")).to_contain_text(FILED["check_code"])
    page.get_by_role("main").get_by_role("link", name="查我的诉求").click()
    page.get_by_label("诉求编号").fill(FILED["order_no"])
    page.get_by_label("查询码").fill(FILED["check_code"])
    page.get_by_role("button", name="查看办到哪一步").click()

    expect(page.get_by_role("main")).to_contain_text(FOLLOWED["reply"])
    context.close()


def test_a_page_asks_for_nothing_that_its_own_policy_forbids(tab: Page):
    told: list[str] = []
    tab.on("console", lambda message: told.append(message.text))
    for name in ("front", "issue", "design"):
        tab.goto(PAGES[name])

    assert told == []


def test_the_faults_of_a_form_are_where_the_keyboard_is_next(tab: Page):
    tab.goto("/my-order")
    tab.get_by_role("button", name="查看办到哪一步").click()

    expect(tab.get_by_role("alert")).to_be_focused()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    expect(tab.get_by_label("诉求编号")).to_be_focused()


def test_the_first_key_skips_to_the_content(tab: Page):
    tab.goto("/")
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="跳到正文")).to_be_focused()
    tab.keyboard.press("Enter")

    expect(tab.locator("main")).to_be_focused()


def test_language_and_theme_are_switched_where_one_is_and_stay(tab: Page):
    tab.goto("/halls")
    tab.get_by_role("link", name="English").click()
    tab.get_by_role("link", name="Dark").click()
    tab.goto("/halls")

    expect(tab.get_by_role("heading", level=1)).to_have_text("Halls")
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 23, 26)"


def test_the_way_of_an_issue_says_where_it_is(tab: Page):
    tab.goto(PAGES["issue"])

    expect(tab.locator(".track [aria-current=step]")).to_contain_text("办理")
    expect(tab.locator(".tiers [aria-current=step]")).to_contain_text("八里庄街道")


def test_how_a_clock_is_reckoned_unfolds(tab: Page):
    tab.goto(PAGES["issue"])
    ledger = tab.locator(".ledger").first
    ledger.get_by_text("怎么算的").click()

    expect(ledger).to_contain_text("等待产权单位答复")


def test_on_paper_there_are_no_buttons(tab: Page):
    tab.goto("/")
    tab.emulate_media(media="print")

    expect(tab.get_by_role("button", name="搜索")).to_be_hidden()
    expect(tab.get_by_role("heading", name="正在协商")).to_be_visible()


def test_j_and_k_walk_what_waits_and_enter_opens_it(chromium, app, browser, engine, services):
    services.answers["dispatch.list_my_work"] = {
        "waits": [a_wait(title, NOW + timedelta(days=days)) for days, title in enumerate("甲乙丙", start=2)]
    }
    sign_in(browser, engine, services, "handler")
    with served(app) as address:
        context = chromium.new_context(base_url=address, locale="zh-CN")
        session = browser.get_cookie("session").value
        context.add_cookies([{"name": "session", "value": session, "url": address}])
        page = context.new_page()
        page.goto("/my-work")
        for key in "jjk":
            page.keyboard.press(key)
        first = page.get_by_role("link", name="甲")
        expect(first).to_be_focused()
        target = first.get_attribute("href")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{target}")
        assert target.startswith("/tasks/")
        context.close()
