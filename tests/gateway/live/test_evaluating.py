"""An evaluator looks at a month that has ended, freezes it, publishes it, and corrects it in public."""

from datetime import datetime

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from shared.auth import Role
from shared.clock import SHANGHAI
from tests.gateway.in_chromium import is_plain
from tests.gateway.live.conftest import Live

LIMIT_OVER, APRIL = datetime(2026, 3, 10, 9, tzinfo=SHANGHAI), datetime(2026, 4, 1, 9, tzinfo=SHANGHAI)
MONTH = "2026年3月"


@pytest.fixture(scope="module")
def month(live: Live) -> str:
    """It has ended with one caller reached, and is open for the three days that are left to look at it."""
    number = live.district.filed("楼道堆物没人清", unit="110105015034")
    live.district.pass_time(LIMIT_OVER)
    live.district.report(number, "已解决")
    live.district.pass_time(APRIL)
    return MONTH


@pytest.fixture
def evaluator(live: Live, month: str, page: Page) -> Page:
    """At the page of the month."""
    live.sign_in(page, Role.EVALUATOR)
    page.get_by_role("link", name="评价", exact=True).click()
    page.get_by_role("link", name=month).click()
    return page


def send(page: Page, what: str, does: str, **typed: str) -> None:
    """By the page that says what will follow."""
    page.get_by_role("link", name=what).click()
    expect(page.get_by_role("heading", name="提交后会怎样")).to_be_visible()
    for name, words in typed.items():
        page.fill(f"#{name}", words)
    page.get_by_role("button", name=does, exact=True).click()


def test_a_month_that_has_ended_is_on_their_list_and_they_freeze_it(live, evaluator):
    expect(evaluator.get_by_role("main")).to_contain_text("待冻结")
    send(evaluator, "冻结这个周期", "冻结")

    expect(evaluator.get_by_role("main")).to_contain_text("已冻结，待公布")
    evaluator.get_by_role("link", name="重新计算，核对一遍").click()
    expect(evaluator.get_by_role("main")).to_contain_text("一字不差")


def test_they_publish_it_and_everybody_sees_the_ranks(live, evaluator, chromium):
    send(evaluator, "公布结果", "公布")
    live.district.settle()
    stranger = chromium.new_page(locale="zh-CN")
    stranger.goto(f"{live.address}/ranks")

    expect(stranger.get_by_role("main")).to_contain_text("样本不足")
    expect(stranger.get_by_role("main")).to_contain_text(MONTH)
    stranger.close()


def test_what_was_wrong_is_corrected_in_public(live, evaluator):
    send(evaluator, "公开更正", "公布更正", reason="八里庄街道少算一件", correction="样本应为 2 份")
    live.district.settle()
    evaluator.get_by_role("link", name="看公示的样子").click()

    expect(evaluator.get_by_role("main")).to_contain_text("样本应为 2 份")


def test_they_take_the_month_away_as_a_workbook(evaluator, tmp_path):
    with evaluator.expect_download() as download:
        evaluator.get_by_role("link", name="下载工作簿").click()
    download.value.save_as(tmp_path / "month.xlsx")

    assert openpyxl.load_workbook(tmp_path / "month.xlsx")["三率"]["F2"].value == 1


@pytest.mark.parametrize("path", ["/evaluation", "/evaluation/2026-03", "/do/period/erratum?about=2026-03"])
def test_its_pages_are_plain_to_everybody_who_can_see(month, sees, path):
    assert is_plain(sees(Role.EVALUATOR, path))
