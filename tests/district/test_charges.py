"""Who bears what callers say, in which ranks, by which limit and in whose words: told on the running suite."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

from shared.auth import Role
from tests.district.at_work import DISTRICT, District
from tests.district.test_callbacks import handle, open_tasks, survey, until_the_limit

STREET, COMMUNITY, NEXT_DOOR = "110105018", "110105018076", "110105018066"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

pytestmark = pytest.mark.timeout(600)


def asked(district: District) -> Counter[tuple[str, str, str]]:
    """How many callers were asked in the period that is open: by group, within which street, and for whom."""
    periods = district.ask("evaluation", "list_periods", Role.EVALUATOR, DISTRICT)["periods"]
    now = next((one["period_id"] for one in periods if one["state"] == "open"), None)
    if now is None:  # the month before is over, and nobody was asked in this one
        return Counter()
    boards = district.ask("evaluation", "get_ranking", Role.EVALUATOR, DISTRICT, period_id=now)["rankings"]
    return Counter(
        {
            (board["group"], board["within"], one["unit_code"] or one["organisation_id"]): one["asked"]
            for board in boards
            if board["dispatch_kind"] == "overall"
            for one in board["entries"]
        }
    )


def test_a_street_that_pushes_it_up_on_the_last_day_bears_what_its_caller_says_all_the_same(district):
    number = district.filed("外墙脱落", STREET, content="临街外墙皮大片脱落", category="road")
    (first,) = open_tasks(district, number)
    district.pass_time(datetime.fromisoformat(district.order(number)["due_at"]) - DAY)
    up = {"issue_id": district.order(number)["issue_id"], "from_unit": STREET, "reason": "over_level"}
    up |= {"explanation": "需区级立项", "tried": "已围挡两次"}
    district.act("escalation", "escalate", Role.SUPERVISOR, STREET, **up)
    handle(district, number)
    until_the_limit(district, number)
    district.report(number, "未解决", "不满意")

    shown = survey(district, number)
    assert [(one["unit_code"], one["until"]) for one in shown["charges"]] == [(STREET, None)]
    lead, *others = [one for one in shown["leads"] if one["unit_code"] == STREET]
    assert (lead["organisation_id"], lead["ended_as"]) == (first["organisation_id"], "moved_up")
    assert (lead["share_ratio"], round(sum(one["share_ratio"] for one in others), 2)) == (0.7, 0.3)
    assert {one["share_ratio"] for one in shown["leads"] if one["unit_code"] == DISTRICT} == {0.0}


def test_by_the_hotlines_own_limit_callers_answer_in_four_steps_that_count_where_the_order_was_dispatched(district):
    due_at = (district.clock.now() + 3 * DAY).isoformat()
    said = {"content": "东门外步道的台阶松动", "due_at": due_at, "category": "road"}
    numbers = [district.filed("台阶松动", COMMUNITY, **said) for _ in range(4)]
    (task,) = open_tasks(district, numbers[0])
    clocks = {one["due_at"] for one in district.case_of(numbers[0])["clocks"] if one["kind"] == "resident"}
    assert {due_at} == clocks | {task["due_at"]} | {district.order(number)["due_at"] for number in numbers}
    handle(district, numbers[0])
    until_the_limit(district, *numbers)
    before = asked(district)

    words = {"不满意": 1, "理解": 3, "满意": 4, "非常满意": 5}
    for number, step in zip(numbers, words, strict=True):
        district.report(number, "部分解决" if step == "理解" else "已解决", step)

    answers = [survey(district, number)["callbacks"][0] for number in numbers]
    assert {one["satisfaction_words"]: one["satisfaction"] for one in answers} == words
    assert [one["solved"] for one in answers] == ["yes", "partly", "yes", "yes"]
    gained = asked(district) - before
    assert gained[("street", "", STREET)] == gained[("community", STREET, COMMUNITY)] == 4


def test_a_department_has_a_rank_of_its_own_and_what_the_district_itself_is_sent_is_no_streets(district):
    due_at = (district.clock.now() + HOUR).isoformat()
    number = district.filed("垃圾转运车遗撒", DISTRICT, content="转运车沿途遗撒", category="sanitation", due_at=due_at)
    (task,) = open_tasks(district, number)
    handle(district, number)
    until_the_limit(district, number)
    before = asked(district)

    district.report(number, "已解决", "满意")

    gained, lead = asked(district) - before, ("department", "", task["organisation_id"])
    assert (task["unit_code"], gained[lead]) == (DISTRICT, 1)
    assert {group for group, _, _ in gained} == {"department"}  # and those that assisted it


def test_of_an_order_that_was_for_another_unit_the_wrong_one_bears_nothing(district):
    number = district.filed("便道砖破损", COMMUNITY, content="南侧便道砖大片破损", category="road")
    put_right = {"order_no": number, "unit_code": NEXT_DOOR, "reason": "南侧便道属相邻社区"}
    district.act("intake", "correct_order", Role.CLERK, STREET, **put_right)
    handle(district, number)
    until_the_limit(district, number)
    before = asked(district)

    district.report(number, "未解决", "不满意")

    gained = asked(district) - before
    assert (gained[("community", STREET, NEXT_DOOR)], gained[("community", STREET, COMMUNITY)]) == (1, 0)
    assert gained[("street", "", STREET)] == 1
