"""A keeper of the directory brings a book with a mistake, is told beside its row, mends it, and brings it again."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from shared.auth import Role
from tests.gateway.in_chromium import faults_of
from tests.gateway.live.conftest import Live

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


@pytest.mark.parametrize("path", ["/directory", "/directory?kind=hall", "/directory/changes", "/directory/import"])
def test_axe_finds_nothing_serious_in_either_theme(live, chromium, path):
    context = chromium.new_context(locale="zh-CN", bypass_csp=True)
    tab = context.new_page()
    live.sign_in(tab, Role.CLERK)
    tab.goto(f"{live.address}{path}")

    assert faults_of(tab) == {"light": [], "dark": []}
    context.close()
