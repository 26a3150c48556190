"""A motion put to households, from the register to what came of it, by two people each in their own browser."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from shared.auth import Role
from tests.district.test_meetings import Hall
from tests.gateway.in_chromium import is_plain
from tests.gateway.live.conftest import Live, Sees, TabOf

COMMUNITY = "110105016068"
MOTION, DESIGNS = "小广场按选定的方案铺装", ("透水砖", "沥青")
WRONG, RIGHT = "三室,H3\n三室,H4", "三室,H3、H4\n四室,H5"


@dataclass(frozen=True)
class Polling:
    """The session, already over five steps, and the two who collect."""

    hall: Hall
    clerk: Page
    second: Page


@pytest.fixture(scope="module")
def polling(live: Live, tab_of: TabOf) -> Polling:
    district = live.district
    issue = district.file("建议小广场重新铺装", COMMUNITY, request_kind="proposal")
    district.pass_time(district.clock.now() + timedelta(hours=1))
    listed = district.ask("councils", "list_sessions", Role.CLERK, COMMUNITY, unit_code=COMMUNITY)["sessions"]
    hall = Hall(district, next(one for one in listed if one["issue_id"] == issue))
    hall.move(MOTION)
    return Polling(hall, *(tab_of(f"{one}@{COMMUNITY}") for one in ("handler", "handler-2")))


def register(folder: Path, rows: str) -> Path:
    """As a clerk's spreadsheet saves it."""
    file = folder / "名册.csv"
    file.write_bytes(f"房号,户主\n{rows}\n".encode("gb18030"))
    return file


def bring(tab: Page, file: Path) -> None:
    tab.set_input_files("#register", file)
    tab.get_by_role("button", name="核对名册").click()


def test_a_clerk_puts_a_motion_to_the_households_of_a_register_that_was_mended(live, polling, tmp_path):
    clerk = polling.clerk
    clerk.goto(f"{live.address}/room/{polling.hall.id}")
    clerk.get_by_role("link", name="交逐户表决").click()
    clerk.get_by_label("逐户表决").check()
    clerk.fill("#options", "\n".join(DESIGNS))
    clerk.fill("#days", "14")
    bring(clerk, register(tmp_path, WRONG))
    expect(clerk.get_by_role("row").filter(has_text="第 3 行")).to_contain_text("三室 出现了两次")

    bring(clerk, register(tmp_path, RIGHT))
    expect(clerk.get_by_role("region", name="提交后会怎样")).to_contain_text("读到 2 行，合 2 户（人）")
    clerk.get_by_role("button", name="开始表决").click()
    expect(clerk.get_by_role("status")).to_contain_text("已办好")
    expect(clerk.get_by_role("region", name="现在该做什么")).to_contain_text("还有 2 户（人）没有交")


def test_papers_are_entered_by_one_and_checked_by_another(polling):
    clerk, second = polling.clerk, polling.second
    clerk.get_by_role("link", name="录入收到的票").click()
    for row, (dwelling, choice) in enumerate([("三室", DESIGNS[0]), ("五室", DESIGNS[0])], 1):
        clerk.fill(f"#dwelling_{row}", dwelling)
        clerk.locator(f"#choice_{row}").select_option(label=choice)
    clerk.get_by_role("button", name="记下这几张票").click()
    expect(clerk.locator("#dwelling_2-fault")).to_have_text("名册里没有“五室”")
    clerk.fill("#dwelling_2", "四室")
    clerk.get_by_role("button", name="记下这几张票").click()
    expect(clerk.get_by_role("main")).to_contain_text("还有 0 户（人）没有交票")
    clerk.get_by_role("link", name="录完了，回去").click()
    expect(clerk.get_by_role("link", name="对照原票核对")).to_have_count(0)

    second.get_by_role("link", name="我的待办").click()
    waits = second.get_by_role("main").get_by_role("listitem").filter(has_text="逐户收票录入")
    waits.get_by_role("link").first.click()
    second.get_by_role("link", name="对照原票核对").click()
    expect(second.get_by_role("row").filter(has_text="三室")).to_contain_text("H3、H4")
    for number in (1, 2):
        second.get_by_role("group", name=f"第 {number} 张").get_by_label("一致", exact=True).check()
    second.get_by_role("button", name="记下核对结果").click()
    expect(second.get_by_role("region", name="表决票")).not_to_contain_text("待核对")


def test_when_all_papers_are_checked_they_are_counted_and_everybody_sees_what_came_of_it(live, polling, page):
    second = polling.second
    second.get_by_role("link", name="计票").click()
    second.get_by_role("button", name="计票并公布结果").click()
    result = second.get_by_role("region", name="结果")
    for words in ("通过", DESIGNS[0], "共 2 户（人）"):
        expect(result).to_contain_text(words)
    second.get_by_role("link", name="到议事现场形成决议").click()
    expect(second.get_by_role("link", name="形成决议")).to_be_visible()

    live.district.settle()
    page.goto(f"{live.address}/sessions/{polling.hall.id}")
    for words in ("计票结果", DESIGNS[0], "参加 2 户（人）"):
        expect(page.get_by_role("main")).to_contain_text(words)
    assert [words for words in ("三室", "H3") if words in page.content()] == []


def test_the_pages_of_polls_are_plain_to_everybody_who_can_see(polling: Polling, sees: Sees):
    for path in ("/polls", f"/polls/{polling.hall.id}/M1/P1", f"/poll-papers/{polling.hall.id}/M1/P1"):
        assert is_plain(sees(polling.clerk, path))
