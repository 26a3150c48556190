"""A keeper of the directory brings a book with a mistake, is told beside its row, mends it, and brings it again."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from shared.auth import Role
from tests.gateway.in_chromium import is_plain
from tests.gateway.live.conftest import Live, TabOf

STREET = "110105018"
HEADER = "名称,单位,类型,地址,开放时间,联系方式"
WRONG, RIGHT = "每天 8点到晚上", "每天 08:00-20:00"


def book(folder: Path, unit: str, hours: str) -> Path:
    """One hall, as a clerk's spreadsheet saves it."""
    file = folder / "议事厅.csv"
    file.write_bytes(
        "\n".join([HEADER, f"葡萄架下议事厅,{unit},楼院,五号楼东侧,{hours},010-60000009"]).encode("gb18030")
    )
    return file


@pytest.fixture
def unit(live: Live) -> str:
    """Of the clerk who has a login, by its name."""
    return live.keys[Role.CLERK].unit


@pytest.fixture
def keeper(live: Live, page: Page) -> Page:
    """At the form for a book."""
    live.sign_in(page, Role.CLERK)
    page.get_by_role("link", name="名录", exact=True).click()
    page.get_by_role("link", name="导入名册").click()
    return page


def bring(page: Page, file: Path) -> None:
    page.set_input_files("#book", file)
    page.get_by_role("button", name="核对文件").click()


def test_a_mistake_is_told_beside_its_row_then_the_mended_book_is_entered(live, keeper, unit, tmp_path):
    bring(keeper, book(tmp_path, unit, WRONG))
    expect(keeper.get_by_role("alert")).to_contain_text("有 1 处要改")
    row = keeper.get_by_role("row").filter(has_text="第 2 行")
    expect(row).to_contain_text("开放时间")
    expect(row).to_contain_text(WRONG)

    bring(keeper, book(tmp_path, unit, RIGHT))
    expect(keeper.get_by_role("heading", name="提交后会怎样")).to_be_visible()
    expect(keeper.get_by_role("main")).to_contain_text("葡萄架下议事厅")
    keeper.get_by_role("button", name="录入名录").click()
    expect(keeper.get_by_role("alert")).to_contain_text("有几处需要改一下")
    keeper.get_by_label("为什么改").fill("院里新设的")
    keeper.get_by_role("button", name="录入名录").click()

    expect(keeper.get_by_role("status")).to_contain_text("已办好")
    live.district.settle()
    keeper.goto(f"{live.address}/search?words=葡萄架下议事厅")
    expect(keeper.get_by_role("main").get_by_role("link", name="葡萄架下议事厅")).to_be_visible()


def test_the_same_book_again_changes_nothing(keeper, unit, tmp_path):
    bring(keeper, book(tmp_path, unit, RIGHT))

    expect(keeper.get_by_role("main")).to_contain_text("没有要变的")


def test_a_book_of_another_unit_is_refused_row_by_row(keeper, tmp_path, live):
    bring(keeper, book(tmp_path, "110105999", RIGHT))

    expect(keeper.get_by_role("alert")).to_contain_text("要改")


def test_the_book_of_the_unit_is_taken_away_and_read_back_unchanged(keeper, live, tmp_path):
    keeper.goto(f"{live.address}/directory")
    with keeper.expect_download() as download:
        keeper.get_by_role("link", name="下载名册").click()
    file = tmp_path / "book.xlsx"
    download.value.save_as(file)
    keeper.get_by_role("link", name="导入名册").click()
    bring(keeper, file)

    expect(keeper.get_by_role("main")).to_contain_text("没有要变的")


def test_a_street_proposes_a_community_and_the_district_agrees(live: Live, tab_of: TabOf):
    clerk, district = tab_of(f"handler@{STREET}"), tab_of("leader@110105")
    clerk.goto(f"{live.address}/directory")
    clerk.get_by_role("link", name="新增一条：单位").click()
    clerk.fill("#entry_id", f"{STREET}801")
    clerk.fill("#name", "葡萄架社区居委会")
    clerk.get_by_label("类型").select_option(label="居委会")
    clerk.get_by_role("button", name="录入名录").click()
    expect(clerk.get_by_role("alert")).to_contain_text("为什么改")
    clerk.fill("#why", "新建小区交付入住")
    clerk.get_by_role("button", name="录入名录").click()
    expect(clerk.get_by_role("listitem").filter(has_text="葡萄架社区居委会")).to_contain_text("您自己提出的")

    district.goto(f"{live.address}/directory/changes")
    waits = district.get_by_role("listitem").filter(has_text="葡萄架社区居委会")
    waits.get_by_role("link", name="同意", exact=True).click()
    district.fill("#reason", "区里研究同意")
    district.get_by_role("button", name="同意变更").click()
    expect(district.get_by_role("status")).to_contain_text("已办好")
    live.district.settle()
    clerk.goto(f"{live.address}/directory/of/unit/{STREET}801")
    expect(clerk.get_by_role("heading", name="葡萄架社区居委会")).to_be_visible()


def test_a_keeper_changes_a_hall_and_ends_it(live: Live, tab_of: TabOf):
    clerk = tab_of(f"handler@{STREET}")
    clerk.goto(f"{live.address}/directory?kind=hall&unit={STREET}")
    clerk.get_by_role("link", name="新增一条：议事厅").click()
    for name, words in (("name", "桥西议事厅"), ("address", "桥西 1 号"), ("contact", "010-60000008")):
        clerk.fill(f"#{name}", words)
    clerk.get_by_label("类型").select_option(index=1)
    clerk.fill("#opening_hours", WRONG)
    clerk.fill("#why", "新设的")
    clerk.get_by_role("button", name="录入名录").click()
    expect(clerk.locator("#opening_hours-fault")).to_contain_text("不是从几点到几点")
    clerk.fill("#opening_hours", RIGHT)
    clerk.get_by_role("button", name="录入名录").click()
    clerk.get_by_role("link", name="变更这一条").click()
    expect(clerk.locator("#address")).to_have_value("桥西 1 号")
    clerk.fill("#address", "桥西 2 号")
    clerk.fill("#why", "搬家")
    clerk.get_by_role("button", name="变更名录").click()
    expect(clerk.get_by_role("main")).to_contain_text("桥西 2 号")
    clerk.get_by_role("link", name="终止这一条").click()
    clerk.fill("#why", "不再使用")
    clerk.get_by_role("button", name="终止这一条").click()
    expect(clerk.get_by_role("status")).to_contain_text("已办好")
    expect(clerk.get_by_role("main")).not_to_contain_text("桥西议事厅")


PATHS = [
    *("/directory", "/directory?kind=hall", "/directory/changes", "/directory/import"),
    f"/directory/do/enter/staff?about={STREET}",
]


@pytest.mark.parametrize("path", PATHS)
def test_its_pages_are_plain_to_everybody_who_can_see(sees, path):
    assert is_plain(sees(Role.CLERK, path))
