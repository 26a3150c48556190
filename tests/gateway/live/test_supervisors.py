"""A supervisor explains a clock and escalates, before the running suite: what was shown beforehand is what follows."""

import re

import pytest
from playwright.sync_api import Page, expect

from shared.auth import Role
from shared.clock import for_people
from tests.gateway.in_chromium import is_plain
from tests.gateway.live.conftest import Live, Sees

STREET = "110105015"
TITLE = "楼顶防水层大面积脱落"


@pytest.fixture(scope="module")
def issue(live: Live) -> str:
    """One that a street holds."""
    return live.district.file(TITLE, STREET, content="八号楼楼顶防水层脱落，一下雨就漏")


def test_the_wall_counts_it_and_leads_to_it(live: Live, page: Page, issue: str):
    live.sign_in(page, Role.SUPERVISOR)
    page.get_by_role("link", name="督办墙").click()
    counted = page.get_by_role("link", name="八里庄街道 按期")
    expect(counted).to_have_text(re.compile(r"[1-9][0-9]*"))
    counted.click()
    page.locator(f"main a[href='/issues/{issue}']").click()
    page.get_by_role("link", name="督办", exact=True).click()

    page.wait_for_url(f"**/cases/{issue}")


def test_how_its_clock_is_reckoned_is_told_line_by_line(live: Live, page: Page, issue: str):
    live.sign_in(page, Role.SUPERVISOR)
    page.goto(f"{live.address}/cases/{issue}")
    page.get_by_role("link", name="怎么算的").last.click()

    lines = page.locator(".explained li")
    expect(lines.first).to_contain_text(f"承办层级时限：自 {for_people(live.district.clock.now())[:10]}")
    expect(lines.last).to_contain_text("尚余")


def test_what_was_shown_before_escalating_is_what_follows(live: Live, page: Page, issue: str):
    live.sign_in(page, Role.SUPERVISOR)
    page.goto(f"{live.address}/cases/{issue}")
    page.get_by_role("link", name="提级", exact=True).click()
    page.get_by_label("超越本级层级").check()
    page.get_by_label("说明").fill("须由区里统筹资金")
    page.get_by_role("button", name="看看会怎样").click()
    expect(page.get_by_role("alert")).to_contain_text("有几处需要改一下")
    page.get_by_label("本级办过什么").fill("街道已组织两次现场勘查")
    page.get_by_role("button", name="看看会怎样").click()
    follows = page.get_by_role("region", name="提交后会怎样")
    expect(follows).to_contain_text("将提级到 朝阳区")
    assert live.district.ask("supervision", "get_case", Role.SUPERVISOR, issue_id=issue)["case"]["unit_code"] == STREET
    page.get_by_role("button", name="提级到 朝阳区").click()

    page.wait_for_url(f"**/cases/{issue}?done=yes")
    expect(page.locator(".ladder [aria-current=step]")).to_contain_text("朝阳区")
    expect(page.locator(".ladder")).to_contain_text("街道已组织两次现场勘查")


def test_it_comes_back_by_the_page_as_well(live: Live, page: Page, issue: str):
    live.district.settle()
    live.sign_in(page, Role.SUPERVISOR)
    page.goto(f"{live.address}/cases/{issue}")
    page.get_by_role("link", name="退回下级").click()
    page.get_by_label("理由").fill("街道有能力办")
    page.get_by_role("button", name="退回下级").click()

    page.wait_for_url(f"**/cases/{issue}?done=yes")
    expect(page.locator(".ladder [aria-current=step]")).to_contain_text("八里庄街道")


@pytest.mark.parametrize("path", ["/wall", "/cases/{}", "/clocks/{}/tier-1"])
def test_their_pages_are_plain_to_everybody_who_can_see(issue: str, sees: Sees, path: str):
    assert is_plain(sees(Role.SUPERVISOR, path.format(issue)))
