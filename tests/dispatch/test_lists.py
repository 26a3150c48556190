"""Whose tasks are listed for whom: a handler's own organisation's, and of a person, a desk, an organisation, a unit."""

import pytest
from sqlalchemy import Engine

from services.dispatch.domain.errors import UnknownTask
from services.dispatch.service import DispatchService
from shared.auth import Role
from shared.contracts.directory import StaffPart
from shared.errors import BadRequest, NotAllowed
from tests.dispatch.builders import (
    COMMUNITY,
    DISTRICT,
    GRID,
    MONDAY,
    SHA,
    STREET,
    a_resolved_task,
    issue_raised,
    resolution_adopted,
)
from tests.harness import Bus
from tests.staff import employ, token_of
from tests.told import an_entry

OTHER_STREET = "110105018"
CENTRE, OFFICE = f"{STREET}/市民诉求处置中心", f"{STREET}/城市管理办公室"
COMMAND, COMMITTEE = f"{DISTRICT}/区城市管理指挥中心", f"{DISTRICT}/区城市管理委员会"
DONE = {"result": "已清运", "evidence": [{"uri": "https://example.org/1.jpg", "sha256": SHA}]}


@pytest.fixture
def bus(engine: Engine) -> Bus:
    return Bus(engine, DispatchService, MONDAY)


class Member:
    """Somebody of an organisation, and what they are answered."""

    def __init__(self, bus: Bus, organisation: str, unit: str, *roles: Role) -> None:
        told = {"person": f"P-{organisation}", "person_name": "钱二", "organisation": organisation, "unit": unit}
        login, held = f"{organisation} {len(roles)}", [role.value for role in roles]
        self._bus = bus
        self._post = an_entry(StaffPart, f"S-{login}", login=login, roles=held, **told)
        employ(bus.engine, self._post)

    def ask(self, method, **request):
        (answer,) = self._bus.ask_by(token_of(self._post), [(method, request)])
        if isinstance(answer, Exception):
            raise answer
        return answer

    def act(self, method, task, **request):
        return self.ask(method, task_id=task, idempotency_key=f"{method} {task}", **request)

    def listed(self, **request):
        return [one["task_id"] for one in self.ask("list_tasks", **request)["tasks"]]

    def work(self, most=100):
        return [one["about"] for one in self.ask("list_my_work", most=most)["waits"]]


def handler(bus, organisation, unit=DISTRICT):
    return Member(bus, organisation, unit, Role.HANDLER)


def test_a_handler_of_the_district_sees_and_signs_only_their_own_organisations_tasks(bus):
    bus.hear(issue_raised("I-1", unit_code=DISTRICT), issue_raised("I-2", unit_code=STREET, category="heating"))
    own, others = handler(bus, COMMAND), handler(bus, "O-9")

    assert own.listed(unit_code=DISTRICT) == own.listed(issue_id="I-1") == own.work() == ["I-1/T1"]
    for task in ("I-1/T1", "I-2/T1"):
        assert others.listed(unit_code=DISTRICT) == others.listed(issue_id=task[:3]) == others.work() == []
        with pytest.raises(UnknownTask):
            others.ask("get_task", task_id=task)
        with pytest.raises(NotAllowed, match="is a task of"):
            others.act("sign_for_task", task)
    assert own.act("sign_for_task", "I-1/T1")["state"] == "signed_for"


def test_who_assists_reads_the_task_with_its_issue_and_does_not_act_on_it(bus):
    bus.hear(issue_raised("I-1", unit_code=DISTRICT))
    assisting = handler(bus, COMMITTEE)

    assert assisting.listed(issue_id="I-1") == ["I-1/T1"]
    assert assisting.ask("get_task", task_id="I-1/T1")["assisting_ids"] == [COMMITTEE]
    with pytest.raises(NotAllowed, match="is a task of"):
        assisting.act("sign_for_task", "I-1/T1")


def test_whoever_sees_a_task_is_told_whether_they_have_it_in_hand_or_are_in_charge(bus):
    bus.hear(issue_raised("I-1", unit_code=STREET, category="heating"))
    leader, elsewhere = (Member(bus, "O-9", unit, Role.LEADER) for unit in (DISTRICT, OTHER_STREET))

    seen = [one.ask("get_task", task_id="I-1/T1") for one in (handler(bus, CENTRE, OTHER_STREET), leader, elsewhere)]
    told = [(one["in_hand"], one["in_charge"]) for one in seen]
    assert told == [(True, False), (False, True), (False, False)]


def test_an_organisation_that_serves_other_units_too_has_its_tasks_signed_for_by_its_own_people(bus):
    bus.hear(issue_raised("I-1", unit_code=STREET, category="heating"))

    assert handler(bus, CENTRE, OTHER_STREET).work() == ["I-1/T1"]
    assert handler(bus, CENTRE, OTHER_STREET).act("sign_for_task", "I-1/T1")["state"] == "signed_for"


def test_who_handles_in_one_organisation_and_leads_the_unit_has_both_kinds_of_work_and_no_others_handling(bus):
    bus.hear(*(issue_raised(f"I-{number}", unit_code=STREET, category="heating") for number in (1, 2)))
    handler(bus, CENTRE, STREET).act("sign_for_task", "I-1/T1")
    handler(bus, CENTRE, STREET).act("finish_task", "I-1/T1", **DONE)
    both = Member(bus, OFFICE, STREET, Role.HANDLER, Role.LEADER)

    assert both.work() == ["I-1/T1"]  # to be accepted; the other is for somebody else to sign for
    with pytest.raises(NotAllowed, match="is a task of"):
        both.act("sign_for_task", "I-2/T1")
    assert both.act("accept_task", "I-1/T1")["state"] == "accepted"


def test_tasks_are_listed_for_a_person_a_desk_an_organisation_and_a_unit(bus):
    bus.hear(issue_raised("I-1", unit_code=STREET, category="heating"), issue_raised("I-2", unit_code=COMMUNITY))
    leader = Member(bus, CENTRE, STREET, Role.LEADER)
    whose = {"organisation_id": CENTRE, "desk_id": f"{CENTRE}/desk", "person_id": f"{CENTRE}/desk/李明"}

    assert [leader.listed(**{name: value}) for name, value in whose.items()] == [["I-1/T1"]] * 3
    assert [leader.listed(unit_code=STREET), leader.listed(unit_code=COMMUNITY)] == [["I-1/T1", "I-2/T1"], ["I-2/T1"]]
    with pytest.raises(BadRequest, match="name one thing"):
        leader.listed(unit_code=STREET, **whose)


def test_a_page_is_full_whatever_of_others_lies_in_between(bus):
    hidden = {"unit_code": STREET, "category": "heating", "publicity": "closed"}
    bus.hear(*(issue_raised(f"I-{number}", **(hidden if number % 2 else {})) for number in range(8)))
    elsewhere = Member(bus, f"{OTHER_STREET}/城市管理办公室", OTHER_STREET, Role.CLERK)

    first = elsewhere.ask("list_tasks", unit_code=DISTRICT, most=3)
    rest = elsewhere.ask("list_tasks", unit_code=DISTRICT, most=3, after=first["next_after"])

    found = [[one["task_id"] for one in page["tasks"]] for page in (first, rest)]
    assert (found, rest["next_after"]) == ([["I-0/T1", "I-2/T1", "I-4/T1"], ["I-6/T1"]], "")


def test_whom_a_resolution_names_and_nobody_knows_somebody_of_the_unit_answers_for(bus):
    bus.hear(issue_raised("I-1", unit_code=COMMUNITY, route="deliberate", category="elevator"))
    named = {"department": "楼管会", "person": "孙丽"}
    bus.hear(resolution_adopted(unit_code=COMMUNITY, tasks=[a_resolved_task(**named)]))

    service, committee = (handler(bus, f"{COMMUNITY}/{name}", COMMUNITY) for name in ("社区服务站", "社区居委会"))
    (task,) = service.ask("list_tasks", issue_id="I-1")["tasks"]
    assert (task["department"], task["person"], task["person_id"]) == ("楼管会", "孙丽", "")
    with pytest.raises(NotAllowed, match="社区服务站, not of"):
        committee.act("sign_for_task", "I-1/T1")
    assert service.act("sign_for_task", "I-1/T1")["state"] == "signed_for"


def test_what_a_resolution_gives_to_a_department_without_that_duty_is_that_departments(bus):
    bus.hear(issue_raised("I-1", unit_code=GRID, route="deliberate", category="noise"))
    bus.hear(resolution_adopted(tasks=[a_resolved_task(department="社区居委会", person="李明")]))

    committee = handler(bus, f"{COMMUNITY}/社区居委会", COMMUNITY)
    (task,) = committee.ask("list_tasks", issue_id="I-1")["tasks"]
    assert (task["desk_id"], task["person_id"]) == (f"{COMMUNITY}/社区居委会/desk", f"{COMMUNITY}/社区居委会/desk/李明")
