"""What the hotline does with an order after it was sent: dispatched again, merged, recalled, amended, withdrawn."""

from datetime import datetime, timedelta

import pytest

from shared.auth import Role
from tests.district.at_work import DISTRICT
from tests.district.test_callbacks import handle, open_tasks, survey

FIRST, OTHER, OTHER_STREET = "110105001029", "110105015045", "110105015"
DAY = timedelta(days=1)

pytestmark = pytest.mark.timeout(600)


def clocks_of(district, number):
    clocks = [one for one in district.case_of(number)["clocks"] if one["order_no"] == number]
    return [(one["dispatch_no"], one["unit_code"], one["state"], one["due_at"]) for one in clocks]


def read(district, number):
    asked = {"order_no": number, "reason": "sort"}
    return district.act("intake", "read_order", Role.CLERK, DISTRICT, **asked)


def test_dispatched_again_clocks_charges_and_callbacks_follow_the_dispatch(district):
    number = district.filed("楼前路灯不亮", FIRST, content="楼前路灯坏了十天,夜里看不清路")
    issue, first_due = district.order(number)["issue_id"], district.order(number)["due_at"]
    begins = district.clock.now()
    district.pass_time(begins + 6 * DAY)
    again, due_at = district.clock.now(), district.clock.now() + 3 * DAY
    place = {"address": "", "unit_codes": [OTHER]}
    said = {"dispatched_at": again.isoformat(), "due_at": due_at.isoformat(), "reason": "属相邻街道"}

    district.say("order_redispatched.v1", number, dispatch_no=2, place=place, **said)

    order, case = district.order(number), district.case_of(number)["case"]
    assert (order["issue_id"], order["dispatch_no"], order["unit_code"]) == (issue, 2, OTHER)
    assert (case["unit_code"], order["due_at"]) == (OTHER, due_at.isoformat())
    (task,) = open_tasks(district, number)
    assert (task["due_at"], task["unit_code"].startswith(OTHER_STREET)) == (due_at.isoformat(), True)
    handle(district, number)
    district.pass_time(due_at)
    assert clocks_of(district, number) == [(1, FIRST, "ended", first_due), (2, OTHER, "paused", due_at.isoformat())]
    district.report(number, "已解决", "满意", dispatch_no=2)

    shown = survey(district, number)
    charges = [(one["unit_code"], one["since"], one["until"]) for one in shown["charges"]]
    assert charges == [
        (FIRST, begins.isoformat(), again.isoformat()),
        (OTHER, again.isoformat(), None),
    ]
    assert [(one["dispatch_no"], one["solved_words"]) for one in shown["callbacks"]] == [(2, "已解决")]
    assert (district.order(number)["state"], clocks_of(district, number)[1][2]) == ("closed", "met")


def test_merged_recalled_amended_and_withdrawn_each_ends_where_it_should(district):
    told = {"content": "三单元楼道灯坏了,孩子容易摔倒"}
    kept, merged, recalled, withdrawn = (district.filed("楼道灯不亮", FIRST, **told) for _ in range(4))
    issue = district.order(kept)["issue_id"]
    assert {district.order(one)["issue_id"] for one in (merged, recalled, withdrawn)} == {issue}
    now = district.clock.now().isoformat()

    district.say("order_merged.v1", merged, into_order_no=kept, reason="重复登记", merged_at=now)
    district.say("order_recalled.v1", recalled, dispatch_no=1, reason="派单有误", recalled_at=now)
    district.say("order_withdrawn.v1", withdrawn, reason="已自行解决", withdrawn_at=now)
    district.say("order_amended.v1", kept, number=1, content="三单元楼道灯坏了三处,一处漏电", amended_at=now)
    district.say("order_supplemented.v1", kept, number=1, content="昨天又有一个孩子摔倒", supplemented_at=now)

    states = [district.order(one)["state"] for one in (kept, merged, recalled, withdrawn)]
    assert states == ["linked", "merged", "recalled", "withdrawn"]
    words = read(district, kept)
    assert (words["content"], words["earlier"][0]["content"]) == ("三单元楼道灯坏了三处,一处漏电", told["content"])
    assert [one["content"] for one in words["supplements"]] == ["昨天又有一个孩子摔倒"]
    counting = {one["order_no"]: one["state"] for one in district.case_of(kept)["clocks"] if one["order_no"]}
    assert counting == {kept: "counting", merged: "ended", recalled: "ended", withdrawn: "ended"}
    assert len(open_tasks(district, kept)) == 1


def test_a_call_about_heating_parking_and_noise_is_three_matters_and_ends_when_all_have(district):
    further = [
        {"title": "家里暖气不热", "content": "三单元家里暖气半热", "category": "heating"},
        {"title": "夜间施工噪声", "content": "楼前工地夜间施工", "category": "noise"},
    ]
    number = district.filed("楼道灯坏了", FIRST, content="五单元楼道灯坏了一周", matters=further)
    numbers = [number, f"{number}/2", f"{number}/3"]
    assert [one["order_no"] for one in district.order(number)["matters"]] == numbers
    assert len({district.order(one)["issue_id"] for one in numbers}) == 3

    district.say("order_recalled.v1", numbers[2], dispatch_no=1, reason="属城管", recalled_at=_now(district))
    for one in numbers[:2]:
        handle(district, one)
    assert not district.order(number)["has_ended"]
    last = max(district.order(one)["due_at"] for one in numbers[:2])
    district.pass_time(datetime.fromisoformat(last))
    district.report(number, "已解决")

    found = [(one["state"], one["outcome"]) for one in district.order(number)["matters"]]
    assert found == [("closed", "solved"), ("closed", "solved"), ("recalled", "")]
    assert district.order(number)["has_ended"]


def _now(district):
    return district.clock.now().isoformat()


def test_an_emergency_is_handed_to_119_and_followed_and_the_order_is_not_closed_by_that(district):
    number = district.filed("楼道堆物起火冒烟", FIRST, content="二单元楼道堆物起火,有浓烟", sla_class="emergency")
    told = {"line": "fire", "reference": "119-0412", "words": "已报119"}
    district.act("intake", "hand_over_order", Role.CLERK, FIRST, order_no=number, **told)
    district.pass_time(district.clock.now() + timedelta(hours=1))
    assert [one["kind"] for one in district.case_of(number)["incidents"]] == ["unfollowed"]

    said = {"outcome": "attended", "words": "消防已扑灭"}
    district.act("intake", "follow_handover", Role.CLERK, FIRST, order_no=number, **said)

    order, case = district.order(number), district.case_of(number)
    assert (order["has_ended"], case["case"]["state"], len(open_tasks(district, number))) == (False, "open", 1)
    assert [one["settled_at"] is None for one in case["incidents"]] == [False]
    assert [one["kind"] for one in order["history"]] == ["handed_over", "followed"]
