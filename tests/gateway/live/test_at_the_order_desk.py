"""A clerk's desk: an order goes to the right unit and to the issue it belongs to; words for everybody are confirmed."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from shared.auth import Role
from tests.gateway.live.conftest import Live, TabOf

STREET, WRONG, RIGHT, LISTED = "110105016", "110105016061", "110105016062", "110105016063"
NAME, PHONE, PLATE = "东郭测试人", "13798765432", "京N8K357"
UNIT = "双花园社区居委会"


@pytest.fixture(scope="module")
def clerk(tab_of: TabOf) -> Page:
    """Of the street, who may correct what its communities have."""
    return tab_of(f"handler@{STREET}")


@pytest.fixture(scope="module")
def known(live: Live) -> str:
    """The issue that the right community has about the same matter already."""
    return live.district.file("单元门禁失灵，住户进不去", RIGHT, content="七号楼单元门禁失灵，住户进不去")


@pytest.fixture(scope="module")
def number(live: Live, known: str) -> str:
    """Of an order that went to the wrong community."""
    return live.district.filed(f"{NAME}家单元门禁坏了", WRONG, content=f"门禁坏了，{NAME}，{PHONE}")


def tasks_of(live: Live, issue: str) -> list[tuple[str, str]]:
    told = live.district.ask("dispatch", "list_tasks", Role.SUPERVISOR, "110105", issue_id=issue)["tasks"]
    return [(one["unit_code"], one["state"]) for one in told]


def test_they_read_it_for_a_reason_and_see_no_more_than_sorting_needs(live: Live, clerk: Page, number: str):
    clerk.goto(f"{live.address}/desk")
    clerk.get_by_role("row").filter(has_text=number).get_by_role("link").click()
    clerk.get_by_role("button", name="查看原话").click()
    expect(clerk.get_by_role("alert")).to_contain_text("请选择为什么查看")
    clerk.get_by_label("分拣：定单位、定类别").check()
    clerk.get_by_role("button", name="查看原话").click()

    said = clerk.get_by_role("region", name="居民的原话")
    expect(said).to_contain_text("单元门禁坏了")
    expect(said).to_contain_text("分拣用不着知道诉求人是谁")
    (look,) = live.district.ask("intake", "list_looks", Role.SUPERVISOR, "110105", order_no=number)["looks"]
    assert (look["reason"], look["subject"]) == ("sort", f"handler@{STREET}")


def test_the_corrected_unit_has_the_task_and_its_people_the_work(live: Live, clerk: Page, number: str):
    clerk.goto(f"{live.address}/desk/order?number={number}")
    clerk.get_by_role("link", name="更正单位、类别或紧急程度").click()
    clerk.fill("#reason", "门禁属双花园")
    clerk.get_by_role("button", name="更正").click()
    expect(clerk.get_by_role("alert")).to_contain_text("没有要更正的")
    clerk.locator("#unit_code").select_option(RIGHT)
    clerk.get_by_role("button", name="更正").click()

    expect(clerk.get_by_role("region", name="决定过的事")).to_contain_text("门禁属双花园")
    expect(clerk.get_by_role("region", name="系统的判断")).to_contain_text(UNIT)
    live.district.settle()
    issue = live.district.order(number)["issue_id"]
    assert [state for unit, state in tasks_of(live, issue) if unit == WRONG] == ["withdrawn"]
    assert [state for unit, state in tasks_of(live, issue) if unit == RIGHT] == ["assigned"]


def test_what_sounds_alike_is_joined_with_one_key_and_the_issue_it_leaves_ends(
    live: Live, clerk: Page, number: str, known: str
):
    left = live.district.order(number)["issue_id"]
    clerk.reload()
    alike = clerk.locator("li.panel").filter(has_text="听起来相近的议题").filter(has_text=known)
    expect(alike.get_by_role("link", name="看议题")).to_have_attribute("href", f"/issues/{known}")
    alike.get_by_role("button", name="是同一件事，并入").click()

    expect(clerk.get_by_role("region", name="系统的判断")).to_contain_text("2 件诉求")
    live.district.settle()
    ended = live.district.ask("supervision", "get_case", Role.SUPERVISOR, "110105", issue_id=left)["case"]
    assert (ended["state"], ended["outcome"]) == ("closed", "withdrawn")
    clerk.goto(f"{live.address}/issues/{known}")
    expect(clerk.get_by_role("main")).to_contain_text("2 人")


def test_the_wording_that_waits_in_their_work_is_confirmed_and_goes_from_it(live: Live, tab_of: TabOf, page: Page):
    title = f"{NAME}{PHONE}反映{PLATE}占了老年活动站门口"
    issue = live.district.file(title, LISTED, content=title, request_kind="proposal")
    clerk = tab_of(f"handler@{LISTED}")
    clerk.goto(f"{live.address}/my-work")
    clerk.get_by_role("main").get_by_role("link").filter(has_text="社区").first.click()
    expect(clerk).to_have_url(f"{live.address}/desk")
    clerk.get_by_role("button", name="逐条确认").click()
    one = clerk.get_by_role("listitem").filter(has_text=issue)
    expect(one).not_to_contain_text(PHONE)
    expect(one).not_to_contain_text(PLATE)
    one.get_by_role("link", name="看过，去确认").click()
    clerk.fill("#wording", f"老年活动站门口被占，请联系{PHONE}")
    clerk.get_by_role("button", name="确认并公开").click()
    expect(clerk.locator("#wording-fault")).to_contain_text("能认出人或哪一户")
    clerk.fill("#wording", "老年活动站门口被占")
    clerk.get_by_role("button", name="确认并公开").click()
    expect(clerk.get_by_role("region", name="公开表述待确认")).to_contain_text("没有等着确认的表述")

    clerk.goto(f"{live.address}/my-work")
    expect(clerk.get_by_role("main")).not_to_contain_text("公开表述")
    live.district.settle()
    page.goto(f"{live.address}/issues/{issue}")
    expect(page.get_by_role("heading", level=1)).to_have_text("老年活动站门口被占")
    text = page.content()
    assert [words for words in (NAME, PHONE, PLATE) if words in text] == []


def test_what_residents_said_of_themselves_stands_on_no_page_where_nobody_asked_to_read_it(
    live: Live, clerk: Page, page: Page, number: str, known: str
):
    live.district.pass_time(live.district.clock.now() + timedelta(minutes=1))
    asked = {"unit_code": LISTED}
    session = live.district.ask("councils", "list_sessions", Role.SUPERVISOR, "110105", **asked)["sessions"][0]
    listed, room = session["issue_id"], session["session_id"]
    everybody = ["/", "/issues", "/issues.csv", "/sessions", f"/sessions/{room}", f"/calendars/sessions/{room}"]
    everybody += [
        f"/{shown}/{issue}" for shown in ("issues", "feeds/issues", "calendars/issues") for issue in (listed, known)
    ]
    staff = ["/my-work", "/desk", f"/desk/order?number={number}", "/tasks?by=unit&ended=yes", f"/tasks/{known}/T1"]
    staff += [f"/cases/{known}", f"/cases/{listed}", "/deliberation-list", f"/room/{room}", "/requests"]

    pages = [read(live, page, address) for address in everybody] + [read(live, clerk, address) for address in staff]
    live.sign_in(page, Role.SUPERVISOR)
    pages += [read(live, page, address) for address in ("/wall", "/wall.csv", f"/cases/{listed}", "/tasks?by=unit")]

    assert [words for words in (NAME, PHONE, PLATE) if any(words in text for text in pages)] == []
    assert [one for one in ("老年活动站门口被占", number, known) if not any(one in text for text in pages)] == []


def read(live: Live, tab: Page, address: str) -> str:
    """As whoever has signed in there is shown it."""
    answer = tab.context.request.get(f"{live.address}{address}")
    assert answer.ok, (address, answer.status)
    return answer.text()
