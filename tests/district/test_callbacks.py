"""Callers are asked: by the hotline, by us beside it, by nobody; and each order ends by what its own caller said."""

from datetime import datetime, timedelta

import pytest

from shared.auth import Role
from tests.district.at_work import DISTRICT, District

DAY, COMMUNITY = timedelta(days=1), "110105018067"
SHOWN = [{"uri": "https://files.example.org/shown.jpg", "sha256": "a" * 64}]

pytestmark = pytest.mark.timeout(600)


def survey(district, number):
    return district.ask("evaluation", "get_survey", Role.CALLBACK_AGENT, DISTRICT, order_no=number)


def open_tasks(district, number):
    issue = district.order(number)["issue_id"]
    tasks = district.ask("dispatch", "list_tasks", Role.SUPERVISOR, DISTRICT, issue_id=issue)["tasks"]
    return [task for task in tasks if task["state"] in ("assigned", "in_hand")]


def handle(district, number, by=District.act):
    """All that is open is signed for, finished and accepted."""
    for task in open_tasks(district, number):
        unit, asked = task["unit_code"], {"task_id": task["task_id"]}
        theirs = {"organisation": task["organisation_id"]} | asked
        by(district, "dispatch", "sign_for_task", Role.HANDLER, unit, **theirs)
        by(district, "dispatch", "finish_task", Role.HANDLER, unit, **theirs, result="已到现场处理", evidence=SHOWN)
        by(district, "dispatch", "accept_task", Role.LEADER, unit, **asked)


def until_the_limit(district, *numbers):
    district.pass_time(max(_instant(district.order(number)["due_at"]) for number in numbers))


def _instant(text):
    return datetime.fromisoformat(text)


def test_the_hotlines_word_counts_and_our_self_check_stands_beside_it(district):
    number = district.filed("楼道照明长期不亮", "110105018066", content="三号楼二单元楼道灯坏了两周")
    handle(district, number)
    until_the_limit(district, number)
    said = {"reached": True, "contacted": True, "solved": "yes", "satisfaction": 5}
    district.act("evaluation", "record_callback", Role.CALLBACK_AGENT, DISTRICT, order_no=number, **said)
    assert district.order(number)["state"] != "closed"

    district.report(number, "部分解决", "非常满意")

    shown = survey(district, number)
    assert (shown["disagrees"], shown["outcome"]) == (True, "solved")
    assert {(one["asked_by"], one["solved"], one["solved_words"]) for one in shown["callbacks"]} == {
        ("own", "yes", ""),
        ("hotline", "partly", "部分解决"),
    }
    assert (district.order(number)["state"], district.case_of(number)["case"]["state"]) == ("closed", "closed")


def test_a_call_that_nobody_makes_is_an_incident_of_the_district_and_the_issue_goes_on(district):
    number = district.filed("井盖松动有响声", "110105018067", content="小区门口井盖松动夜里有响声")
    handle(district, number)
    until_the_limit(district, number)
    district.pass_time(district.clock.now() + 8 * DAY)

    case = district.case_of(number)
    (incident,) = case["incidents"]
    assert (incident["kind"], incident["unit_code"], incident["about"]) == ("not_asked", DISTRICT, f"{number}/1")
    assert (survey(district, number)["state"], case["case"]["state"]) == ("not_asked", "closed")
    assert (district.order(number)["outcome"], case["case"]["outcome"]) == ("not_asked", "not_asked")

    asked = {"incident_id": incident["incident_id"], "decision": "noted", "reason": "已请热线补做回访"}
    district.act("supervision", "settle_incident", Role.SUPERVISOR, DISTRICT, **asked)
    district.report(number, "未解决", "不满意")
    assert survey(district, number)["outcome"] == "unsolved"


def test_those_who_were_asked_are_heard_and_who_has_just_joined_gets_work_and_a_reply_of_its_own(district):
    said = {"content": "小区东门外的停车位被几辆车长期占用,居民下班回来没有地方停车"}
    three = [district.filed("东门停车位被长期占用", "110105018066", **said) for _ in range(3)]
    assert len({district.order(number)["issue_id"] for number in three}) == 1
    handle(district, three[0])
    district.pass_time(_instant(district.order(three[0])["due_at"]) - timedelta(hours=3))
    newcomer = district.filed("东门停车位被长期占用", "110105018066", **said)
    assert district.order(newcomer)["issue_id"] == district.order(three[0])["issue_id"]
    assert len(open_tasks(district, newcomer)) == 1
    until_the_limit(district, *three)

    for number in three[:2]:
        district.report(number, "已解决")
    district.report(three[2], "未解决", "不满意")

    assert [district.order(number)["state"] for number in three[2:]] == ["redo"]
    assert (survey(district, three[2])["callbacks"][-1]["solved"], survey(district, newcomer)["callbacks"]) == (
        "no",
        [],
    )
    assert [bool(district.order(number)["reply"]) for number in (*three, newcomer)] == [True, True, True, False]
    assert len(open_tasks(district, newcomer)) == 2
    district.pass_time(district.clock.now() + timedelta(hours=1))
    handle(district, newcomer)
    assert district.order(newcomer)["reply"]
    district.pass_time(district.clock.now() + timedelta(hours=3))
    assert [survey(district, number)["round"] for number in three] == [1, 1, 2]

    district.report(three[2], "已解决", round=2)
    until_the_limit(district, newcomer)
    district.report(newcomer, "已解决")

    assert {district.order(number)["state"] for number in (*three, newcomer)} == {"closed"}
    assert district.case_of(newcomer)["case"]["state"] == "closed"


def test_twenty_say_no_and_are_heard_while_a_twenty_first_who_has_just_joined_is_still_to_be_served(district):
    """A burst main: what so many call about is deliberated too, and what is urgent does not wait for that."""
    said = {"content": "西门外自来水管爆裂,水漫到单元门口", "category": "utilities", "sla_class": "emergency"}
    twenty = [district.filed("西门外自来水管爆裂", COMMUNITY, **said) for _ in range(20)]
    handle(district, twenty[0])
    district.pass_time(_instant(district.order(twenty[0])["due_at"]) - timedelta(hours=1))
    newcomer = district.filed("西门外自来水管爆裂", COMMUNITY, **said)
    until_the_limit(district, *twenty)

    for number in twenty:
        district.report(number, "未解决", "不满意")

    assert {district.order(number)["issue_id"] for number in twenty} == {district.order(newcomer)["issue_id"]}
    assert {district.order(number)["state"] for number in twenty} == {"redo"}
    assert {answers(district, number) for number in twenty} == {("no",)}
    assert (answers(district, newcomer), district.order(newcomer)["reply"]) == ((), "")
    district.pass_time(district.clock.now() + timedelta(hours=1))
    handle(district, newcomer)
    assert district.order(newcomer)["reply"]
    district.pass_time(max(_instant(district.order(newcomer)["due_at"]), district.clock.now() + timedelta(hours=3)))
    for number in (*twenty, newcomer):
        district.report(number, "已解决", round=survey(district, number)["round"])
    assert {answers(district, number) for number in twenty} == {("no", "yes")}
    assert answers(district, newcomer) == ("yes",)
    assert {district.order(number)["state"] for number in (*twenty, newcomer)} == {"closed"}


def answers(district, number):
    return tuple(one["solved"] for one in survey(district, number)["callbacks"])
