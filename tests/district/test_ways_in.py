"""Orders that come in by call, and those against somebody: told on the running suite."""

from datetime import datetime, timedelta

import pytest

from shared.auth import Role
from shared.errors import NotAllowed, NotFound
from tests.district.at_work import DISTRICT
from tests.district.test_meetings import with_council

STREET, COMMUNITY = "110105017", "110105017036"
ABOVE_IT, MANAGED = "110105016", "110105016905"
SAID = {"caller_name": "李晓", "caller_phone": "13700001234", "category": "sanitation"}
SHOWN = [{"uri": "https://files.example.org/shown.jpg", "sha256": "a" * 64}]

pytestmark = pytest.mark.timeout(600)


def tasks_of(district, issue):
    return district.ask("dispatch", "list_tasks", Role.SUPERVISOR, DISTRICT, issue_id=issue)["tasks"]


def test_a_visit_at_the_desk_becomes_a_task_and_the_visitor_follows_it_by_the_check_code(district):
    said = SAID | {"title": "楼后垃圾堆了一周没人清运", "content": "楼后垃圾堆了一周没人清运,气味很大"}
    filed = district.act("intake", "file_order", Role.CLERK, COMMUNITY, **said)

    order = district.order(filed["order_no"])
    assert (order["state"], len(tasks_of(district, order["issue_id"]))) == ("linked", 1)
    about = {"order_no": filed["order_no"], "check_code": filed["check_code"]}
    followed = district.ask("intake", "read_by_check_code", Role.PUBLIC, **about)
    assert (followed["state"], followed["unit_code"], followed["due_at"]) == ("linked", COMMUNITY, order["due_at"])
    with pytest.raises(NotFound):
        district.ask("intake", "read_by_check_code", Role.PUBLIC, **about | {"check_code": "AAAAA-AAAAA"})


def test_a_residents_proposal_goes_before_their_council_and_our_own_agents_are_to_ask_them(district):
    said = SAID | {"title": "在小广场加装休息座椅", "content": "老人散步没有地方坐", "unit_codes": [COMMUNITY]}
    filed = district.act("intake", "file_proposal", Role.RESIDENT, **said)

    issue = district.order(filed["order_no"])["issue_id"]
    listed = district.ask("intake", "list_deliberation", Role.CHAIR, COMMUNITY, unit_code=COMMUNITY)["issues"]
    assert issue in [one["issue_id"] for one in listed]
    survey = district.ask("evaluation", "get_survey", Role.EVALUATOR, DISTRICT, order_no=filed["order_no"])
    assert survey["asker"] == "own"


def handle_all(district, issue):
    """All that is open is signed for, finished and accepted."""
    for task in tasks_of(district, issue):
        about = {"task_id": task["task_id"]}
        theirs = {"organisation": task["organisation_id"]} | about
        district.act("dispatch", "sign_for_task", Role.HANDLER, task["unit_code"], **theirs)
        done = {"result": "已改造完成", "evidence": SHOWN}
        district.act("dispatch", "finish_task", Role.HANDLER, task["unit_code"], **theirs, **done)
        district.act("dispatch", "accept_task", Role.LEADER, task["unit_code"], **about)


def hold(district, issue):
    """Its session carries a motion, of which no task follows but the one that the suite gives."""
    district.pass_time(district.clock.now() + timedelta(minutes=1))
    session, *_ = district.sessions_on(issue, DISTRICT)
    district.pass_time(datetime.fromisoformat(session["starts_at"]))
    people, unit = [one["person_id"] for one in session["deputies"]], session["unit_code"]
    held, motion = {"session_id": session["session_id"]}, {"motion_id": f"{session['session_id']}/M1"}
    ballots = [{"person_id": one, "choice": "for"} for one in people]
    stated = {"mover": people[0], "motion": "分两期改造", "new_facts": ""}
    for method, asked in (
        ("record_arrivals", held | {"person_ids": people}),
        ("open_session", held),
        ("state_motion", held | stated),
        ("second_motion", motion | {"seconder": people[1]}),
        ("state_opposition", motion | {"speaker": "", "statement": ""}),
        ("close_debate", motion),
        ("give_opinion", motion | {"expert": "", "opinion": ""}),
        ("vote", motion | {"ballots": ballots}),
        ("adopt_resolution", motion | {"tasks": [resolved(district)]}),
        ("close_session", held),
    ):
        role = Role.CLERK if method == "record_arrivals" else Role.CHAIR
        district.act("deliberation", method, role, unit, **asked)


def resolved(district):
    things = {
        "leader": "王副主任",
        "department": "区城市管理委员会",
        "person": "经办人一号",
        "co_units": ["社区居委会"],
    }
    due_at = (district.clock.now() + timedelta(days=5)).isoformat()
    return things | {
        "what": "改造小微空间",
        "due_at": due_at,
        "funding": [{"payer": "共建单位", "share_ratio": 1.0, "money": "donations"}],
    }


@pytest.mark.parametrize(("origin", "route"), [("deputy", "handle"), ("demonstration", "deliberate")])
def test_what_no_order_gave_rise_to_is_an_issue_and_ends_when_its_tasks_do(district, origin, route):
    about = {"unit_code": DISTRICT, "origin": origin, "route": route, "category": "sanitation", "proposed_by": "D-1"}
    issue = district.act("intake", "raise_issue", Role.CLERK, DISTRICT, **about, wording="小微空间改造")["issue_id"]
    if route == "deliberate":
        hold(district, issue)

    handle_all(district, issue)

    case = district.ask("supervision", "get_case", Role.SUPERVISOR, DISTRICT, issue_id=issue)["case"]
    ended = district.ask("intake", "get_issue", Role.CLERK, DISTRICT, issue_id=issue)
    assert (case["state"], case["outcome"]) == ("closed", "done")
    assert (ended["state"], ended["outcome"], ended["order_nos"]) == ("closed", "done", [])


def test_a_complaint_about_the_committee_is_neither_handled_nor_chaired_nor_read_in_its_community(district):
    number = district.filed(
        "居委会干部把公共活动室锁起来自用", COMMUNITY, category="sanitation", respondent="社区居委会"
    )

    case = district.case_of(number)["case"]
    (task,) = tasks_of(district, case["issue_id"])
    assert (case["unit_code"], task["unit_code"]) == (STREET, STREET)
    assert not task["organisation_id"].startswith(COMMUNITY)
    reading = {"order_no": number, "reason": "handle", "idempotency_key": "against"}
    with pytest.raises(NotAllowed):
        district.ask("intake", "read_order", Role.CLERK, COMMUNITY, **reading)
    assert district.ask("intake", "read_order", Role.CLERK, STREET, **reading)["caller_phone"]
    against = {"request_kind": "proposal", "respondent": "社区居委会"}
    proposed = district.filed("建议公开居委会的值班安排", COMMUNITY, category="property_management", **against)
    deliberated = district.order(proposed)["issue_id"]
    assert [deliberated in on_agenda(district, unit) for unit in (STREET, COMMUNITY)] == [True, False]
    about = {"order_no": number, "unit_code": COMMUNITY, "reason": "属地办理"}
    with pytest.raises(NotAllowed, match="committee"):
        district.act("intake", "correct_order", Role.CLERK, STREET, **about)
    is_chaired_by_the_street_alone(district, deliberated)
    district.pass_time(district.clock.now() + timedelta(days=30))
    assert not [one for one in tasks_of(district, case["issue_id"]) if one["unit_code"].startswith(COMMUNITY)]


def is_chaired_by_the_street_alone(district, issue):
    district.pass_time(district.clock.now() + timedelta(hours=1))
    (session,) = district.sessions_on(issue, STREET)
    district.pass_time(datetime.fromisoformat(session["starts_at"]))
    about, people = {"session_id": session["session_id"]}, [one["person_id"] for one in session["deputies"]]
    arrivals = about | {"person_ids": people}
    for role, method, asked in ((Role.CLERK, "record_arrivals", arrivals), (Role.CHAIR, "open_session", about)):
        with pytest.raises(NotAllowed):
            district.act("deliberation", method, role, COMMUNITY, **asked)
        held = district.act("deliberation", method, role, STREET, **asked)
    assert (session["unit_code"], held["state"]) == (STREET, "open")


def on_agenda(district, unit):
    listed = district.ask("intake", "list_deliberation", Role.CHAIR, unit, unit_code=unit)["issues"]
    return [one["issue_id"] for one in listed]


def test_a_complaint_about_who_would_handle_it_is_somebody_elses_task(district):
    usual = district.filed("暖气不热,室温只有十四度", COMMUNITY, category="heating")
    (task,) = tasks_of(district, district.order(usual)["issue_id"])

    against = district.filed("反映暖气的电话没有人接", COMMUNITY, category="heating", respondent=task["department"])

    (other,) = tasks_of(district, district.order(against)["issue_id"])
    assert other["organisation_id"] != task["organisation_id"]
    assert task["department"] not in other["co_units"]
    assert district.order(against)["unit_code"] == COMMUNITY


def test_a_property_company_neither_handles_nor_holds_nor_reads_what_is_said_against_it(district):
    company = managed_by_a_company(district)
    against = {"respondent": "安居乐物业"}
    handled = district.filed("楼道一周没人打扫", MANAGED, category="sanitation", **against)
    proposed = district.filed(
        "建议开放活动室", MANAGED, category="property_management", request_kind="proposal", **against
    )
    district.pass_time(district.clock.now() + timedelta(hours=1))

    tasks = tasks_of(district, district.order(handled)["issue_id"])
    assert tasks
    assert company not in {one for task in tasks for one in (task["organisation_id"], *task["assisting_ids"])}
    (session,) = district.sessions_on(district.order(proposed)["issue_id"], MANAGED)
    district.pass_time(datetime.fromisoformat(session["starts_at"]))
    about, people = {"session_id": session["session_id"]}, [one["person_id"] for one in session["deputies"]]
    reading = {"order_no": handled, "reason": "handle"}
    for service, role, method, asked in (
        ("intake", Role.CLERK, "confirm_wording", {"issue_id": session["issue_id"], "wording": "活动室的使用"}),
        ("deliberation", Role.CLERK, "record_arrivals", about | {"person_ids": people}),
        ("deliberation", Role.CHAIR, "open_session", about),
    ):
        theirs = district.token(role, MANAGED, company)
        with pytest.raises(NotAllowed) as stopped:
            district.ask_by(theirs, service, method, idempotency_key=f"own-{method}", **asked)
        assert stopped.value.code == "own_matter"
    their_clerk = district.token(Role.CLERK, MANAGED, company)
    seen = district.ask_by(their_clerk, "intake", "read_order", idempotency_key="own-read", **reading)
    assert (seen["caller_phone"], seen["withheld"]) == ("", "own_organisation")
    seen = district.ask("intake", "read_order", Role.CLERK, ABOVE_IT, idempotency_key="above", **reading)
    assert (seen["caller_phone"] != "", seen["withheld"]) == (True, "")
    district.act("deliberation", "record_arrivals", Role.CLERK, ABOVE_IT, **about, person_ids=people)
    assert district.act("deliberation", "open_session", Role.CHAIR, ABOVE_IT, **about)["state"] == "open"


def managed_by_a_company(district):
    """A community whose property company has somebody in every role there. Gives the company."""
    with_council(district, MANAGED, "安居新村", [f"managed-{number}" for number in range(1, 9)])
    company = {"name": "北京安居乐物业管理有限公司", "aliases": ["安居乐物业"], "kind": "property_company"}
    district.enter("organisation", "company-of-managed", **company, unit=MANAGED, serves=[MANAGED])
    district.enter("person", "manager-of-managed", name="孙经理", unit=MANAGED)
    post = {"login": "manager.of.managed", "roles": ["clerk", "chair", "handler", "leader"], "unit": MANAGED}
    district.enter("staff", "post-of-managed", person="manager-of-managed", organisation="company-of-managed", **post)
    return "company-of-managed"
