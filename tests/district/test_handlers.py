"""Handlers at work: whose tasks they see and sign for, told on the running suite. At night: `test_holidays.py`."""

import pytest

from shared.auth import Role
from shared.errors import NotAllowed
from tests.district.at_work import DISTRICT

COMMUNITY = "110105018068"

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
