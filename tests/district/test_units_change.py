"""What changes in the directory in the middle of a year, and what becomes of the work: told on the running suite."""

import json
from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner

from services.cli.main import gongshang
from shared.auth import Role
from shared.errors import NotAllowed
from tests.district.at_work import DISTRICT, District

DAY = timedelta(days=1)
STREET, OTHER_STREET = "110105015", "110105016"
NORTH, EAST, CENTRE = "110105015033", "110105015034", "110105015035"

pytestmark = pytest.mark.timeout(600)


def holder_of(district: District, issue: str) -> str:
    return district.ask("supervision", "get_case", Role.SUPERVISOR, DISTRICT, issue_id=issue)["case"]["unit_code"]


def test_what_names_a_unit_that_has_ended_goes_to_its_one_successor(district):
    new = STREET + "101"
    district.enter("unit", new, name="劲松新北社区居委会", kind="neighbourhood", parent=STREET)
    held = district.file("路面坑洼", NORTH, content="人行道砖松动,雨天溅水")
    district.end("unit", NORTH, replaced_by=[new])

    issue = district.file("楼道灯不亮", NORTH, content="三单元楼道灯坏了一周")
    district.pass_time(district.clock.now() + timedelta(hours=1))

    assert [holder_of(district, one) for one in (held, issue)] == [new, new]
    assert NORTH not in {task["unit_code"] for task in open_tasks(district, STREET)}


def test_of_a_unit_that_was_split_the_place_says_which_part(district):
    first, second = STREET + "102", STREET + "103"
    district.enter("unit", first, name="农光新里社区居委会", kind="neighbourhood", parent=STREET)
    district.enter("unit", second, name="磨房新里社区居委会", kind="neighbourhood", parent=STREET)
    district.end("unit", EAST, replaced_by=[first, second])

    told = district.file("垃圾桶满溢", EAST, address="磨房新里社区5号楼前", content="垃圾三天没有清运")
    untold = district.file("垃圾堆放", EAST, address="小区东门", content="装修垃圾没人管")

    assert holder_of(district, told).startswith((second, STREET))
    assert holder_of(district, untold) == STREET


def test_a_community_that_moves_to_another_street_climbs_to_that_from_then_on(district):
    before = district.clock.now()
    district.change("unit", CENTRE, parent=OTHER_STREET)

    issue = district.file("电动车占道", CENTRE, content="电动车停满了人行道")

    assert district.entry("unit", CENTRE, at=before - DAY)["facts"]["parent"] == STREET
    assert district.entry("unit", CENTRE)["facts"]["parent"] == OTHER_STREET
    held_by = holder_of(district, issue)
    asked = {"issue_id": issue, "from_unit": held_by, "reason": "over_level", "explanation": "社区无力解决"}
    asked |= {"tried": "社区已劝导三次"}
    seen = district.ask("escalation", "preview", Role.SUPERVISOR, DISTRICT, **asked)
    assert (held_by, seen["to_unit"]) == (CENTRE, OTHER_STREET)


def test_a_deputy_whose_term_has_ended_is_not_called_and_a_new_one_may_be(district):
    unit = "110105016065"
    district.enter("hall", "hall-new", **hall(unit))
    for number in range(12):
        district.enter("person", f"deputy-{number}", name=f"代表{number}", unit=unit)
        seat = {"person": f"deputy-{number}", "unit": unit, "category": "residents_delegate"}
        district.enter("deputy", f"seat-{number}", **seat)
    district.end("deputy", "seat-0")

    issue = district.file("建议增设充电桩", unit, content="建议社区议一议充电桩放在哪里", request_kind="proposal")
    district.pass_time(district.clock.now() + 2 * DAY)

    asked = {"unit_code": unit}
    (session,) = district.ask("councils", "list_sessions", Role.CLERK, DISTRICT, **asked)["sessions"]
    assert (session["issue_id"], session["hall_id"]) == (issue, "hall-new")
    invited = {one["person_id"] for one in session["deputies"]}
    assert len(invited) == 9
    assert "deputy-0" not in invited


def test_a_department_that_was_renamed_goes_on_under_its_new_name_and_history_shows_the_old(district):
    unit = "110105016066"
    before = task_of(district, district.file("垃圾桶满溢", unit, address="1号楼", content="垃圾三天没有清运"))
    (office,) = [one for one in district.entries("organisation", unit) if one["facts"]["name"] == before["department"]]
    district.pass_time(district.clock.now() + timedelta(hours=1))

    district.change("organisation", office["entry_id"], name="环境与秩序科", aliases=[before["department"]])
    after = task_of(district, district.file("垃圾清运不及时", unit, address="9号楼", content="九号楼的垃圾没人收"))

    assert before["department"] != "环境与秩序科"
    assert after["department"] == "环境与秩序科"
    now = district.ask("dispatch", "get_task", Role.LEADER, DISTRICT, task_id=before["task_id"])
    assert {name: now[name] for name in before} == before


def test_who_is_on_leave_gets_no_new_task_but_who_acts_for_them_does(district):
    unit = "110105016067"
    before = task_of(district, district.file("垃圾桶满溢", unit, address="2号楼", content="垃圾三天没有清运"))
    district.enter("person", "acting-1", name="代班人", unit=unit)
    district.enter("acting", "leave-1", person=before["person_id"], acting="acting-1", reason="休假")

    after = task_of(district, district.file("垃圾清运不及时", unit, address="7号楼", content="七号楼的垃圾没人收"))

    assert before["person"] != "代班人"
    assert (after["department"], after["person"]) == (before["department"], "代班人")


def task_of(district: District, issue: str) -> dict:
    (task,) = district.ask("dispatch", "list_tasks", Role.LEADER, DISTRICT, issue_id=issue)["tasks"]
    return task


def hall(unit: str) -> dict:
    named = {"name": "新北议事厅", "unit": unit, "kind": "community", "address": "劲松北里12号楼一层"}
    return named | {"opening_hours": "周一至周日 09:00-21:30", "contact": "010-00000000"}


def test_who_has_left_is_out_with_the_next_call_though_the_token_is_good(district):
    asked = {"kind": "hall", "unit_code": CENTRE}
    leaders = [one["entry_id"] for one in district.entries("staff", CENTRE) if "leader" in one["facts"]["roles"]]
    token = district.token(Role.LEADER, CENTRE)
    assert district.ask_by(token, "dispatch", "list_tasks", unit_code=CENTRE)["tasks"] == []
    assert district.ask_by(token, "directory", "list_entries", **asked)["entries"]

    for post in leaders:
        district.end("staff", post)

    for service, method, request in (
        ("dispatch", "list_tasks", {"unit_code": CENTRE}),
        ("directory", "list_entries", asked),
        ("supervision", "list_cases", {"unit_code": CENTRE}),
    ):
        with pytest.raises(NotAllowed, match="now, says the directory"):
            district.ask_by(token, service, method, **request)


def test_what_waits_for_somebody_is_in_one_table_and_is_done_by_one_call(district):
    issue = district.file("楼道堆物", CENTRE, content="楼道里堆满纸箱，影响通行")
    (task,) = district.ask("dispatch", "list_tasks", Role.LEADER, DISTRICT, issue_id=issue)["tasks"]
    handler = ("--as", handler_of(district, task["organisation_id"], task["unit_code"]))

    (waiting,) = [one for one in told_by("work", *handler, "--json")["waits"] if one["about"] == task["task_id"]]
    asked = json.dumps({"task_id": waiting["about"]})
    signed = told_by("call", *waiting["calls"][0].split("."), asked, *handler)

    assert (waiting["unit_code"], waiting["service"]) == (task["unit_code"], "dispatch")
    assert signed["state"] == "signed_for"


def handler_of(district, organisation, unit):
    """The login of a handler of the organisation; what a grid needs its community has."""
    posts = [one["facts"] for one in district.entries("staff", unit[:12]) if "handler" in one["facts"]["roles"]]
    return next(post["login"] for post in posts if post["organisation"] == organisation)


def told_by(*words):
    """What a command prints for programs."""
    done = CliRunner().invoke(gongshang, list(words), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_an_operator_runs_the_machine_and_neither_reads_orders_nor_acts(district):
    district.file("路灯不亮", CENTRE)
    issue = district.file("井盖松动", CENTRE)
    acts = {"idempotency_key": "k"}
    for service, method, request in (
        ("intake", "get_issue", {"issue_id": issue}),
        ("supervision", "get_case", {"issue_id": issue}),
        ("dispatch", "sign_for_task", {"task_id": f"{issue}/T1"} | acts),
        ("evaluation", "publish_period", {"period_id": "2026-02"} | acts),
    ):
        with pytest.raises(NotAllowed, match="not for operator"):
            district.ask(service, method, Role.OPERATOR, **request)


def open_tasks(district: District, unit: str) -> list[dict]:
    return district.ask("dispatch", "list_tasks", Role.LEADER, DISTRICT, unit_code=unit)["tasks"]


def test_what_a_street_proposes_and_nobody_decides_stays_as_it_was(district):
    facts = {"name": "磨房南里社区居委会", "kind": "neighbourhood", "parent": STREET}
    asked = {"kind": "unit", "entry_id": STREET + "109", "facts": facts, "why": "新建小区入住"}
    change = district.act("directory", "propose_entry", Role.LEADER, STREET, **asked)["change"]

    district.pass_time(datetime.fromisoformat(change["decide_by"]))

    (line,) = district.ask("directory", "list_changes", Role.LEADER, STREET, entry_id=STREET + "109")["changes"]
    assert (line["state"], line["decided_by"]) == ("rejected", "directory")
