"""Handlers at work: whose tasks they see and sign for, also at night, told on the running suite."""

from datetime import datetime, time, timedelta

import pytest

from services.cli.suite.staff import token_for
from shared.auth import Role
from shared.clock import SHANGHAI
from shared.errors import NotAllowed
from tests.district.at_work import DISTRICT

COMMUNITY, AT_NIGHT = "110105018068", "110105018069"

pytestmark = pytest.mark.timeout(600)


def test_a_handler_of_the_district_sees_and_signs_only_their_own_organisations_tasks(district):
    issue = district.file("垃圾桶满溢", COMMUNITY, content="垃圾三天没有清运")
    (task,) = district.ask("dispatch", "list_tasks", Role.SUPERVISOR, DISTRICT, issue_id=issue)["tasks"]
    own = district.token(Role.HANDLER, task["unit_code"], task["organisation_id"])
    anybody = district.token(Role.HANDLER, DISTRICT)
    named, signing = {"issue_id": issue}, {"task_id": task["task_id"], "idempotency_key": "sign"}

    assert district.ask_by(anybody, "dispatch", "list_tasks", **named)["tasks"] == []
    assert district.ask_by(own, "dispatch", "list_tasks", **named)["tasks"] == [task]
    with pytest.raises(NotAllowed, match="is a task of"):
        district.ask_by(anybody, "dispatch", "sign_for_task", **signing)
    assert district.ask_by(own, "dispatch", "sign_for_task", **signing)["state"] == "signed_for"


def next_sunday_night(now: datetime) -> datetime:
    local = now.astimezone(SHANGHAI)
    sunday = local.date() + timedelta(days=(6 - local.weekday()) or 7)
    return datetime.combine(sunday, time(2), SHANGHAI)


def task_of(district, issue):
    (task,) = district.ask("dispatch", "list_tasks", Role.SUPERVISOR, DISTRICT, issue_id=issue)["tasks"]
    return task


def test_at_two_in_the_night_who_acts_for_the_one_on_leave_finds_signs_and_finishes_what_is_due_in_two_hours(district):
    usual = task_of(district, district.file("垃圾桶满溢", AT_NIGHT, address="3号楼", content="垃圾三天没有清运"))
    here = usual["organisation_id"].partition("/")[0]
    others = [one["entry_id"] for one in district.entries("organisation", here)]
    elsewhere = next(one for one in others if one != usual["organisation_id"])
    district.enter("person", "night-person", name="代班人", unit=here)
    login = {"login": "night.duty", "roles": ["handler"]}
    district.enter("staff", "night-post", person="night-person", organisation=elsewhere, unit=here, **login)
    district.enter("acting", "night-leave", person=usual["person_id"], acting="night-person", reason="休假")
    district.pass_time(next_sunday_night(district.clock.now()))

    begins, at_once = district.clock.now(), {"sla_class": "emergency", "category": "sanitation"}
    issue = district.file("垃圾站起火冒烟", AT_NIGHT, address="11号楼", content="垃圾站冒烟,味道刺鼻", **at_once)
    task, acting = task_of(district, issue), token_for("night.duty", None, None)
    (waiting,) = [
        one for one in district.ask_by(acting, "dispatch", "list_my_work")["waits"] if one["about"] == task["task_id"]
    ]
    named, shown = {"task_id": task["task_id"]}, [{"uri": "https://files.example.org/1.jpg", "sha256": "a" * 64}]
    done = {"result": "已扑灭并清运", "evidence": shown, "idempotency_key": "night-done"}

    assert (task["desk_id"], task["person"]) == (usual["desk_id"], "代班人")
    assert datetime.fromisoformat(waiting["due_at"]) == begins + timedelta(hours=2)
    assert (
        district.ask_by(acting, "dispatch", "sign_for_task", **named, idempotency_key="night")["state"] == "signed_for"
    )
    assert district.ask_by(acting, "dispatch", "finish_task", **named, **done)["state"] == "done"
