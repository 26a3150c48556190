"""In the exercise some departments take a refused objection one level up, once, and then get on with it."""

from datetime import datetime, timedelta

import pytest

from services.rehearsal.dice import Dice
from services.rehearsal.hearing import Heard
from services.rehearsal.people.handlers import Handlers
from services.rehearsal.people.supervisors import Supervisors
from services.rehearsal.shares import shares
from shared.clock import SHANGHAI
from shared.contracts.samples import sample

NOW = datetime(2026, 3, 9, 9, tzinfo=SHANGHAI)
TASK = sample("task_assigned.v1")["data"] | {
    "assigned_at": NOW.isoformat(),
    "due_at": (NOW + timedelta(days=7)).isoformat(),
    "forced": False,
    "sla_class": "general",
}


def decided(request_id, *, granted=False, is_default=False):
    said = {"request_id": request_id, "task_id": TASK["task_id"], "issue_id": TASK["issue_id"], "granted": granted}
    return Heard(
        "task_return_decided.v1", TASK["issue_id"], said | {"is_default": is_default, "decided_at": NOW.isoformat()}
    )


def methods(people, until):
    """What is asked by then, in order; nobody answers."""
    made = []
    while people.next_at is not None and people.next_at <= until:
        made += [step.method for script in people.scripts(people.next_at) for step in script]
    return made


@pytest.fixture
def handlers(monkeypatch):
    for name in ("return_ratio", "appeal_ratio"):
        monkeypatch.setattr(shares().handlers, name, 1)
    people = Handlers(Dice(7))
    people.hear(Heard("task_assigned.v1", TASK["issue_id"], TASK))
    assert methods(people, NOW + timedelta(days=1))[-1] == "return_task"
    return people


def test_a_refusal_is_taken_up_once_and_what_is_refused_again_is_worked_on(handlers):
    handlers.hear(decided("R1"))
    assert methods(handlers, NOW + timedelta(days=2)) == ["appeal_request"]

    handlers.hear(decided("R2"))
    assert "sign_for_task" in methods(handlers, NOW + timedelta(days=3))


def test_what_nobody_decided_in_time_is_worked_on(handlers):
    handlers.hear(decided("R1", is_default=True))

    assert "sign_for_task" in methods(handlers, NOW + timedelta(days=3))


@pytest.mark.parametrize(("appeals", "role"), [("", "supervisor"), ("R1", "leader")])
def test_an_appeal_is_decided_by_somebody_else_than_who_refused(monkeypatch, appeals, role):
    monkeypatch.setattr(shares().supervisors, "undecided_ratio", 0)
    people = Supervisors(Dice(7))
    asked = {"request_id": "R2", "appeals": appeals, "asked_at": NOW.isoformat(), "decided_in": "110105017"}
    people.hear(Heard("task_return_asked.v1", "I-1", asked))

    (asks,) = [step for script in people.scripts(people.next_at) for step in script]
    assert (asks.method, asks.role) == ("decide_request", role)
