"""A handler's day: what waits, the resident's words, more time that another grants, done, sent back, done, accepted."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from shared.auth import Role
from tests.gateway.live.conftest import Live, TabOf

STREET, COMMUNITY = "110105016", "110105016064"
PHONE = "13688887777"


@dataclass(frozen=True)
class Given:
    """A task, and who has it."""

    number: str
    task: str
    handler: Page
    other: Page


@pytest.fixture(scope="module")
def given(live: Live, tab_of: TabOf) -> Given:
    """The other is of another organisation of the community, and clerk there as well."""
    caller = {"name": "南宫测试人", "phone": PHONE}
    number = live.district.filed("楼道堆着旧家具", COMMUNITY, content="四号楼楼道堆着旧家具，走不过去", caller=caller)
    issue = live.district.order(number)["issue_id"]
    (task,) = live.district.ask("dispatch", "list_tasks", Role.SUPERVISOR, "110105", issue_id=issue)["tasks"]
    staff = {
        one["facts"]["organisation"]: one["facts"]["login"]
        for one in live.district.entries("staff", COMMUNITY)
        if one["facts"]["unit"] == COMMUNITY and "handler" in one["facts"]["roles"]
    }
    other = next(login for organisation, login in staff.items() if organisation != task["organisation_id"])
    return Given(number, task["task_id"], tab_of(staff[task["organisation_id"]]), tab_of(other))


def open_task(live: Live, tab: Page, given: Given) -> None:
    live.district.settle()
    tab.goto(f"{live.address}/tasks/{given.task}")


def act(tab: Page, link: str, button: str, **typed: str) -> None:
    tab.get_by_role("link", name=link, exact=True).click()
    for field, words in typed.items():
        tab.fill(f"#{field}", words)
    tab.get_by_role("button", name=button, exact=True).click()


def choose(tab: Page, name: str) -> None:
    """A picture, and where the original is."""
    tab.set_input_files("#evidence", {"name": name, "mimeType": "image/jpeg", "buffer": name.encode() * 500_000})
    tab.fill("#evidence_at", "社区档案柜 3 号")


def test_from_their_work_they_read_what_was_said_and_sign(live: Live, given: Given):
    handler = given.handler
    handler.goto(f"{live.address}/my-work")
    handler.locator(f"main a[href='/tasks/{given.task}']").first.click()
    handler.get_by_label("办理：联系诉求人、核实情况").check()
    handler.get_by_role("button", name="查看原话").click()
    words = handler.get_by_role("region", name="居民的原话")
    expect(words).to_contain_text("四号楼楼道堆着旧家具")
    expect(words).to_contain_text(PHONE)
    act(handler, "签收", "签收任务")

    expect(handler.locator(".tag").first).to_have_text("办理中")
    expect(handler.get_by_role("main")).not_to_contain_text(PHONE)


def test_a_handler_of_another_organisation_is_offered_nothing_and_refused_the_form(live: Live, given: Given):
    open_task(live, given.other, given)
    expect(given.other.get_by_text("可以办的")).to_have_count(0)
    for name in ("finish", "block", "extend", "fail"):
        answer = given.other.goto(f"{live.address}/do/task/{name}?about={given.task}")
        assert answer is not None
        assert answer.status == 403
    expect(given.other.get_by_role("main")).to_contain_text("这一页您现在不能看")


def test_more_time_is_asked_for_here_and_granted_by_the_street(live: Live, tab_of: TabOf, given: Given):
    open_task(live, given.handler, given)
    given.handler.get_by_role("link", name="申请延期").click()
    given.handler.get_by_label("等待其他单位配合").check()
    given.handler.fill("#words", "等清运车")
    given.handler.get_by_role("button", name="提交延期申请").click()
    expect(given.handler.get_by_role("status")).to_contain_text("已办好")
    due_at = live.district.order(given.number)["due_at"]
    leader = tab_of(f"leader@{STREET}")
    leader.goto(f"{live.address}/requests")
    leader.get_by_role("row").filter(has_text="等清运车").get_by_role("link").click()
    act(leader, "同意", "同意这件申请", reason="情况属实")
    expect(leader.get_by_role("main")).to_contain_text("已同意")

    open_task(live, given.handler, given)
    expect(given.handler.get_by_role("main")).to_contain_text("延期过 1 次")
    assert live.district.order(given.number)["due_at"] > due_at


def test_what_is_done_is_sent_back_once_and_then_accepted(live: Live, tab_of: TabOf, given: Given):
    handler, leader = given.handler, tab_of(f"leader@{COMMUNITY}")
    act(handler, "办结", "提交办理结果", result="已清走")
    expect(handler.locator("#evidence-fault")).to_contain_text("请填写这一项")
    choose(handler, "1.jpg")
    handler.get_by_role("button", name="提交办理结果").click()
    expect(handler.get_by_role("main")).to_contain_text("已办完，待验收")
    expect(handler.get_by_text("可以办的")).to_have_count(0)
    open_task(live, leader, given)
    act(leader, "退回重办", "退回重办", reason="三层还有一个柜子")
    open_task(live, handler, given)
    handler.get_by_role("link", name="办结", exact=True).click()
    choose(handler, "2.jpg")
    handler.fill("#result", "三层的也清走了")
    handler.get_by_role("button", name="提交办理结果").click()
    live.district.settle()
    leader.goto(f"{live.address}/my-work")
    leader.locator(f"main a[href='/tasks/{given.task}']").first.click()
    act(leader, "验收", "验收通过")

    expect(leader.get_by_role("main")).to_contain_text("已验收")
    live.district.settle()
    assert live.district.order(given.number)["state"] == "replied"
