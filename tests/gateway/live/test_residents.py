"""A resident files over the pages and follows; what they said, and who they are, is on no page that a stranger sees."""

import pytest
from playwright.sync_api import Page, expect

from services.cli.suite.pictures import find_pages
from tests.gateway.live.conftest import Live

NAME, PHONE = "欧阳测试人", "13912345678"
PLATE, ID_NUMBER = "京Q7F269", "110105196807154529"
TITLE = f"{NAME}反映三号楼二单元1306室门口的灯坏了两周，{PLATE}挡着没人修"
CONTENT = f"我是{NAME}，身份证{ID_NUMBER}，电话{PHONE}，三号楼二单元的灯一直不亮。"


@pytest.fixture(scope="module")
def filed() -> dict[str, str]:
    """What the first test was given by the page, for those that follow."""
    return {}


def test_a_resident_files_and_is_given_a_number_and_a_code(live: Live, page: Page, filed):
    page.goto(f"{live.address}/file/order")
    page.get_by_label("一句话说明是什么事").fill(TITLE)
    page.get_by_label("具体情况").fill(CONTENT)
    page.locator("#unit").select_option(index=1)
    page.get_by_label("称呼").fill(NAME)
    page.get_by_label("电话").fill(PHONE)
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="提交诉求").click()

    given = page.locator(".receipt dd")
    expect(given).to_have_count(2)
    filed["number"], filed["code"] = given.all_inner_texts()


def test_they_follow_it_by_number_and_code(live: Live, page: Page, filed):
    live.district.settle()
    page.goto(f"{live.address}/my-order")
    page.get_by_label("诉求编号").fill(filed["number"])
    page.get_by_label("查询码").fill(filed["code"].lower())
    page.get_by_role("button", name="查看办到哪一步").click()

    expect(page.get_by_role("heading", name="正在办理")).to_be_visible()


def test_nothing_personal_is_on_any_page_that_a_stranger_sees(live: Live, page: Page, filed):
    live.district.settle()
    context = page.context.browser.new_context(base_url=live.address, locale="zh-CN")
    stranger = context.new_page()
    paths = find_pages(stranger)
    texts = {path: stranger.request.get(path).text() for path in paths.values()}
    context.close()

    assert "issues-one" in paths
    # the number names the issue, and shows nothing alone
    said = (NAME, PHONE, TITLE, PLATE, ID_NUMBER, "三号楼二单元", "1306", filed["code"])
    assert [(path, words) for path, text in texts.items() for words in said if words in text] == []
