"""In the night of a holiday: the desk of the duty roster has the matter, and whoever the roster has there acts."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from services.dispatch.service import DispatchService
from shared.auth import Role
from shared.clock import SHANGHAI
from shared.contracts import dispatch as told
from shared.contracts.directory import ActingPart, StaffPart
from shared.errors import NotAllowed
from tests.dispatch.builders import SHA, STREET, issue_raised
from tests.harness import Bus
from tests.staff import employ, token_of
from tests.told import an_entry, desk_of, few_duties, office, shift_of, tell

NIGHT = datetime(2026, 10, 2, 2, tzinfo=SHANGHAI)
MORNING = datetime(2026, 10, 9, 9, tzinfo=SHANGHAI)
TWO_HOURS = timedelta(hours=2)
CENTRE, BUREAU, DISTRICT_OFFICE = (
    office(STREET, "市民诉求处置中心"),
    office(STREET, "城市管理办公室"),
    office("110105", "区城市管理委员会"),
)
BY_DAY, BY_NIGHT = desk_of(CENTRE, "D-day", name="综合岗"), desk_of(CENTRE, "D-night", name="值班岗")
SHIFTS = (
    shift_of(BY_DAY, "白班", days=["working_day"], starts="08:00", ends="20:00"),
    shift_of(BY_NIGHT, "夜班", starts="20:00", ends="08:00"),
)
ON_LEAVE, ACTING = "D-night/夜班", "P-acting"
LEAVE = an_entry(ActingPart, "A-1", person=ON_LEAVE, acting=ACTING, acting_name="代班人", desk="D-night")


def post(person: str, organisation: str = CENTRE.id, role: Role = Role.HANDLER) -> StaffPart:
    told = {"person": person, "person_name": "某人", "organisation": organisation, "unit": STREET}
    made: StaffPart = an_entry(StaffPart, f"{organisation} {person}", login=person, roles=[role.value], **told)
    return made


@pytest.fixture
def bus(untold: Engine) -> Bus:
    some = [CENTRE, BUREAU, DISTRICT_OFFICE, BY_DAY, BY_NIGHT, desk_of(DISTRICT_OFFICE), *SHIFTS, LEAVE, *few_duties()]
    tell(untold, *some)
    return Bus(untold, DispatchService, NIGHT)


def ask(bus: Bus, by: StaffPart, method: str, **request):
    employ(bus.engine, by)
    (answer,) = bus.ask_by(token_of(by), [(method, request)])
    if isinstance(answer, Exception):
        raise answer
    return answer


def raised_at_night(bus: Bus) -> told.TaskAssignedV1:
    urgent = {"category": "heating", "sla_class": "emergency", "due_at": NIGHT + TWO_HOURS}
    bus.hear(issue_raised("I-1", unit_code=STREET, raised_at=NIGHT, dispatched_at=NIGHT, **urgent))
    (assigned,) = bus.told(told.TaskAssignedV1)
    return assigned


def test_the_night_desk_has_it_and_who_acts_for_the_one_on_leave_finds_signs_and_finishes_it(bus):
    task, acting = raised_at_night(bus), post(ACTING, BUREAU.id)

    (waiting,) = ask(bus, acting, "list_my_work")["waits"]
    signed = ask(bus, acting, "sign_for_task", task_id=task.task_id, idempotency_key="sign")
    shown = [{"uri": "https://example.org/1.jpg", "sha256": SHA}]
    done = ask(bus, acting, "finish_task", task_id=task.task_id, idempotency_key="f", result="已修复", evidence=shown)

    assert (task.desk_id, task.person, task.person_id) == ("D-night", "代班人", ACTING)
    assert (waiting["about"], waiting["due_at"]) == (task.task_id, (NIGHT + TWO_HOURS).astimezone(UTC).isoformat())
    assert (signed["state"], done["state"]) == ("signed_for", "done")


def test_the_leader_whom_the_roster_has_there_reads_and_signs_for_what_another_organisation_has(bus):
    leads = post(BY_NIGHT.leader, BUREAU.id, Role.LEADER)
    task = raised_at_night(bus)

    assert [one["about"] for one in ask(bus, leads, "list_my_work")["waits"]] == [task.task_id]
    assert ask(bus, leads, "get_task", task_id=task.task_id)["desk_id"] == "D-night"
    assert ask(bus, leads, "sign_for_task", task_id=task.task_id, idempotency_key="s")["state"] == "signed_for"


@pytest.mark.parametrize("role", [Role.HANDLER, Role.LEADER])
def test_who_is_not_at_the_desk_now_and_of_another_organisation_does_not(bus, role):
    task = raised_at_night(bus)

    with pytest.raises(NotAllowed, match="has somebody else at its desk now"):
        ask(bus, post("P-9", BUREAU.id, role), "sign_for_task", task_id=task.task_id, idempotency_key="s")
    assert ask(bus, post("P-9", BUREAU.id, role), "list_my_work")["waits"] == []


def test_when_the_shift_is_over_who_acted_at_night_has_no_more_to_do_with_it(bus):
    task = raised_at_night(bus)
    bus.move(MORNING)

    with pytest.raises(NotAllowed, match="has somebody else at its desk now"):
        ask(bus, post(ACTING, BUREAU.id), "sign_for_task", task_id=task.task_id, idempotency_key="s")
    colleague = post("P-colleague")
    assert ask(bus, colleague, "sign_for_task", task_id=task.task_id, idempotency_key="s")["state"] == "signed_for"
