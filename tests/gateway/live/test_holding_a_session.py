"""A session from the deliberation list to its signed minutes, held by two clerks and a chair, each in their browser."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from shared.auth import Role
from tests.gateway.in_chromium import is_plain
from tests.gateway.live.conftest import Live, Sees, TabOf

COMMUNITY = "110105016060"
SAID = "令狐测试人", "13812340987", "京N5K286", "1207室", "110105198503078316"
NAME, PHONE, PLATE, ROOM, ID_NUMBER = SAID
TITLE = f"{NAME}{PHONE}建议在五号楼{ROOM}窗下划车位，{PLATE}总占道"
CONTENT = f"我是{NAME}，身份证{ID_NUMBER}，住五号楼{ROOM}，电话{PHONE}，{PLATE}天天占着消防通道。"
WORDING, MOTION = "建议楼前划车位，不占消防通道", "在楼前划十个车位"
AT_ONCE_MILLISECONDS = 5_000
"""The room asks each 0.7 s; the rest is left to a busy machine."""


@dataclass(frozen=True)
class Called:
    """A session as it was called, and whoever is at its tables."""

    issue: str
    id: str
    starts_at: datetime
    deputies: list[str]
    expert: str
    clerk: Page
    second: Page
    chair: Page


@pytest.fixture(scope="module")
def called(live: Live, tab_of: TabOf) -> Called:
    """What a resident proposes, with its words confirmed, goes before the council of the community."""
    district = live.district
    caller = {"name": NAME, "phone": PHONE}
    issue = district.file(
        TITLE, COMMUNITY, content=CONTENT, address=f"五号楼{ROOM}", request_kind="proposal", caller=caller
    )
    wording = {"issue_id": issue, "wording": WORDING, "publicity": "public"}
    district.act("intake", "confirm_wording", Role.CLERK, COMMUNITY, **wording)
    district.pass_time(district.clock.now() + timedelta(hours=1))
    listed = district.ask("councils", "list_sessions", Role.CLERK, COMMUNITY, unit_code=COMMUNITY)["sessions"]
    told = next(one for one in listed if one["issue_id"] == issue)
    names = [one["name"] for one in told["deputies"]]
    tabs = [tab_of(f"{one}@{COMMUNITY}") for one in ("handler", "handler-2", "leader")]
    starts_at = datetime.fromisoformat(told["starts_at"])
    return Called(issue, told["session_id"], starts_at, names, told["experts"][0]["name"], *tabs)


@pytest.fixture
def tabs(live: Live, called: Called) -> Called:
    """All three in the room."""
    for tab in (called.clerk, called.second, called.chair):
        tab.goto(f"{live.address}/room/{called.id}")
    return called


def told(live: Live, method: str, **about: str) -> Any:
    return live.district.ask("deliberation", method, Role.CHAIR, COMMUNITY, **about)


def come(tab: Page, *names: str) -> None:
    for name in names:
        tab.locator(".attends").filter(has_text=name).get_by_role("button", name="到会").click()
        expect(tab.locator(".attends").filter(has_text=name).get_by_role("button", name="离会")).to_be_visible()


def send(tab: Page, button: str, chosen: Mapping[str, str] | None = None, **typed: str) -> None:
    """Fill in the form that is open, and send it."""
    for field, label in (chosen or {}).items():
        tab.locator(f"#{field}").select_option(label=label)
    for field, words in typed.items():
        tab.fill(f"#{field}", words)
    tab.get_by_role("button", name=button, exact=True).click()


def step(tab: Page, link: str, button: str, chosen: Mapping[str, str] | None = None, **typed: str) -> None:
    """From the room to a form, and back by sending it."""
    tab.get_by_role("link", name=link, exact=True).first.click()
    send(tab, button, chosen, **typed)
    expect(tab.get_by_role("status")).to_contain_text("已办好")


def test_what_waits_for_a_clerk_leads_from_their_work_and_the_list_to_the_room(live: Live, called: Called):
    clerk = called.clerk
    clerk.goto(f"{live.address}/deliberation-list")
    expect(clerk.get_by_role("link", name="社区议事厅")).to_have_attribute("href", f"/room/{called.id}")
    clerk.get_by_role("link", name="我的待办").click()
    clerk.get_by_role("main").get_by_role("link", name=WORDING).click()

    expect(clerk).to_have_url(f"{live.address}/room/{called.id}")
    expect(clerk.get_by_role("region", name="议事")).to_contain_text("待召开")


def test_whoever_comes_is_seen_by_both_clerks_and_the_gauge_is_deliberations(live: Live, tabs: Called):
    live.district.pass_time(tabs.starts_at)
    come(tabs.clerk, *tabs.deputies[:4])
    expect(tabs.second.get_by_text("还差 1 人到会")).to_be_visible(timeout=AT_ONCE_MILLISECONDS)
    come(tabs.second, *tabs.deputies[4:8], tabs.expert)
    expect(tabs.clerk.get_by_text("够法定人数")).to_be_visible(timeout=AT_ONCE_MILLISECONDS)

    now = told(live, "get_session", session_id=tabs.id)
    gauges = [f"{now[one]} / {now[f'{one}_needed']}" for one in ("present", "residents")]
    for tab in (tabs.clerk, tabs.second):
        expect(tab.locator(".gauge b")).to_have_text(gauges, timeout=AT_ONCE_MILLISECONDS)
    step(tabs.chair, "宣布开会", "宣布开会")
    expect(tabs.second.get_by_text("正在开会")).to_be_visible(timeout=AT_ONCE_MILLISECONDS)
    here = tabs.second.get_by_role("region", name="到会")
    expect(here).to_contain_text(
        re.compile("主持人[\u4e00-\u9fff]{2,4}记录员[\u4e00-\u9fff]{2,4}、[\u4e00-\u9fff]{2,4}")
    )


def test_who_records_late_is_told_what_somebody_else_recorded(tabs: Called):
    mover, seconder, other = tabs.deputies[:3]
    step(tabs.clerk, "提出动议", "记下动议", {"mover": mover}, motion=MOTION)
    for tab in (tabs.clerk, tabs.second):
        tab.get_by_role("link", name="附议", exact=True).click(timeout=AT_ONCE_MILLISECONDS)
    send(tabs.clerk, "记下附议", {"seconder": seconder})
    expect(tabs.clerk.get_by_role("status")).to_contain_text("已办好")
    send(tabs.second, "记下附议", {"seconder": other})

    late = tabs.second.get_by_role("main")
    expect(late).to_contain_text("可能别人刚刚记过")
    expect(late).to_contain_text("已附议")
    expect(late).to_contain_text(f"附议 {seconder}")
    tabs.second.get_by_role("link", name="不办了，回去").click()
    expect(tabs.second.get_by_role("link", name="反对方陈述")).to_be_visible()


def test_the_steps_go_on_by_either_of_them_in_their_order(tabs: Called):
    step(tabs.second, "反对方陈述", "记下陈述", {"speaker": tabs.deputies[2]}, statement="东口要留给消防车转弯")
    tabs.second.get_by_role("link", name="结束辩论").click()
    send(tabs.second, "结束辩论")
    expect(tabs.second.get_by_role("main")).to_contain_text("两边都说过或者都没有补充")
    tabs.second.get_by_role("link", name="不办了，回去").click()
    for side, chosen in (("赞成方", {"speaker": tabs.deputies[0]}), ("反对方", {})):
        tabs.second.get_by_role("link", name="记一次发言").click()
        tabs.second.get_by_label(side).check()
        send(tabs.second, "记下发言", chosen, text="西侧也能划" if chosen else "")
    expect(tabs.second.get_by_role("region", name="记录")).to_contain_text("没有补充")
    step(tabs.second, "结束辩论", "结束辩论")
    step(tabs.clerk, "议事能手发表意见", "记下意见", {"expert": tabs.expert}, opinion="先试行三个月")

    expect(tabs.second.get_by_role("link", name="表决", exact=True)).to_be_visible(timeout=AT_ONCE_MILLISECONDS)


def test_a_ballot_is_held_once_and_everybody_sees_what_it_came_to(live: Live, tabs: Called):
    tabs.clerk.get_by_role("link", name="表决", exact=True).click()
    send(tabs.clerk, "记下表决结果")
    expect(tabs.clerk.get_by_role("main")).to_contain_text("一张票也没有记")
    for place, name in enumerate(tabs.deputies[:8]):
        tabs.clerk.get_by_role("group", name=name).get_by_label("赞成" if place < 6 else "反对").check()
    send(tabs.clerk, "记下表决结果")

    result = "赞成 6，反对 2，弃权 0；须 5 票"
    expect(tabs.second.get_by_text(result)).to_be_visible(timeout=AT_ONCE_MILLISECONDS)
    (vote,) = told(live, "get_motion", motion_id=f"{tabs.id}/M1")["votes"]
    assert (vote["outcome"], vote["votes_for"], vote["votes_against"], vote["votes_needed"]) == ("carried", 6, 2, 5)


def test_a_resolution_begins_with_whom_it_would_be_given_to_and_says_what_it_lacks(live: Live, tabs: Called):
    chair = tabs.chair
    chair.get_by_role("link", name="形成决议").click()
    assert chair.input_value("#what") == MOTION
    assert all(chair.input_value(f"#{one}") for one in ("leader", "department", "person"))
    send(chair, "形成决议", co_units="", due_at=f"{live.district.clock.now():%Y-%m-%d}")
    expect(chair.locator("#co_units-fault")).to_be_visible()
    send(chair, "形成决议", co_units="物业公司", due_at=f"{live.district.clock.now() + timedelta(days=10):%Y-%m-%d}")
    expect(chair.get_by_role("status")).to_contain_text("已办好")
    step(chair, "宣布闭会", "宣布闭会")

    expect(tabs.second.get_by_role("region", name="议事")).to_contain_text("已闭会", timeout=AT_ONCE_MILLISECONDS)
    live.district.settle()
    (task,) = live.district.ask("dispatch", "list_tasks", Role.SUPERVISOR, "110105", issue_id=tabs.issue)["tasks"]
    assert (task["what"], task["co_units"], task["state"]) == (MOTION, ["物业公司"], "assigned")


def test_what_a_resident_objects_is_answered_in_the_room_and_only_the_answer_is_public(
    live: Live, tabs: Called, page: Page
):
    objection = f"车位挡住了我家窗户，{NAME}"
    page.goto(f"{live.address}/issues/{tabs.issue}")
    page.get_by_role("link", name="我有异议").click()
    page.get_by_label("为什么有异议").fill(objection)
    page.get_by_role("button", name="提交异议").click()
    live.district.settle()
    tabs.second.goto(f"{live.address}/my-work")
    waits = tabs.second.get_by_role("main").get_by_role("listitem").filter(has_text="答复对公示决议的异议")
    waits.get_by_role("link").click()
    tabs.second.get_by_role("link", name="答复异议").click()
    expect(tabs.second.get_by_role("main")).to_contain_text(objection)
    tabs.second.get_by_label("维持").check()
    send(tabs.second, "答复异议", answer="车位已退后三米")
    expect(tabs.second.get_by_role("main")).to_contain_text("维持 · 车位已退后三米")

    live.district.settle()
    page.goto(f"{live.address}/issues/{tabs.issue}")
    expect(page.get_by_role("region", name="决议", exact=True)).to_contain_text("车位已退后三米")
    assert "挡住了我家窗户" not in page.content() + tabs.second.content()


def test_minutes_are_circulated_answered_for_and_signed_by_two_people(live: Live, tabs: Called):
    step(tabs.clerk, "征求意见", "开始征求意见")
    step(tabs.second, "记意见", "记下意见", {"person_id": tabs.deputies[3]}, objection="漏记了转弯半径")
    tabs.chair.reload()
    tabs.chair.get_by_role("link", name="签署纪要").click()
    send(tabs.chair, "签署")
    expect(tabs.chair.get_by_role("main")).to_contain_text("期满以后才能签署")
    tabs.chair.get_by_role("link", name="不办了，回去").click()
    step(tabs.chair, "答复意见", "记下答复", answer="已经补上")
    until = datetime.fromisoformat(told(live, "get_minutes", session_id=tabs.id)["objections_until"])
    live.district.pass_time(until)
    step(tabs.chair, "签署纪要", "签署")
    tabs.chair.get_by_role("link", name="签署纪要").click()
    send(tabs.chair, "签署")
    expect(tabs.chair.get_by_role("main")).to_contain_text("由主持人和记录员两个人各签各的")
    tabs.clerk.reload()
    step(tabs.clerk, "签署纪要", "签署")

    expect(tabs.clerk.get_by_role("region", name="议事")).to_contain_text("会议纪要已签署")
    signed = told(live, "get_minutes", session_id=tabs.id)
    assert [signed[one] for one in ("state", "chair", "clerk")] == [
        "signed",
        f"{COMMUNITY}/leader",
        f"{COMMUNITY}/handler",
    ]


def test_what_the_room_says_is_plain_to_everybody_who_can_see(called: Called, sees: Sees):
    assert is_plain(sees(called.clerk, f"/room/{called.id}"))


def test_a_stranger_reads_what_was_decided_and_nothing_personal(live: Live, page: Page, called: Called):
    live.district.settle()
    page.goto(f"{live.address}/sessions/{called.id}")
    main = page.get_by_role("main")
    for words in ("赞成 6", "反对 2", "应到 9 人，实到 8 人", "先试行三个月", "会议纪要已签署", *called.deputies):
        expect(main).to_contain_text(words)
    page.goto(f"{live.address}/")
    expect(page.get_by_role("region", name="最新决议")).to_contain_text(MOTION)
    page.goto(f"{live.address}/issues/{called.issue}")
    expect(page.get_by_role("region", name="经过")).to_contain_text(called.deputies[1])

    about = [f"/{kind}/{called.issue}" for kind in ("issues", "feeds/issues", "calendars/issues", "api/v1/issues")]
    about += [f"/sessions/{called.id}", f"/api/v1/sessions/{called.id}"]
    lists = ["/", "/issues", "/api/v1/issues", "/sessions?when=past", "/search?words=车位"]
    answers = {path: page.request.get(live.address + path) for path in (*about, *lists)}
    assert [path for path, answer in answers.items() if not answer.ok] == []
    hidden = (*SAID, TITLE, "五号楼", *(f"/{one}" for one in ("D0", "X0", "leader", "handler")))  # as ids of people end
    found = {path: [words for words in hidden if words in answer.text()] for path, answer in answers.items()}
    assert {path: words for path, words in found.items() if words} == {}
