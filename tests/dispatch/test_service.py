"""The service as it stands on the bus: in process with encoded events, and in a process of its own on a real broker."""

import pytest

from services.dispatch.service import DispatchService
from shared.auth import Role
from shared.contracts.flow import LISTENERS
from shared.errors import NotAllowed
from tests.dispatch.builders import (
    COMMUNITY,
    GRID,
    MONDAY,
    SHA,
    STREET,
    issue_escalated,
    issue_listed,
    issue_raised,
    redo_ordered,
    resolution_adopted,
)
from tests.harness import Bus, heard_by
from tests.live_service import live_service, patiently


@pytest.fixture
def bus(engine):
    return Bus(engine, DispatchService, MONDAY)


def test_it_listens_to_what_the_flow_says():
    assert set(heard_by(DispatchService)) == set(LISTENERS["dispatch"])


def test_a_batch_goes_through_in_one_go(bus):
    bus.hear(*(issue_raised(f"I-{number}") for number in range(20)))

    assert bus.told() == ["task_assigned.v1"] * 20


def test_the_same_delivery_again_changes_nothing(bus):
    bus.hear(issue_raised(), issue_escalated(), times=2)

    assert bus.told() == ["task_assigned.v1"]


@pytest.mark.parametrize(
    "early", [issue_escalated, redo_ordered, resolution_adopted, issue_listed], ids=lambda make: make.__name__
)
def test_what_comes_before_its_issue_has_its_effect_after_it(bus, early):
    bus.hear(early())
    before = bus.told()
    bus.hear(issue_raised())

    assert before == []
    assert bus.inbox_statuses() == ["handled", "handled"]
    with bus.begin(reads=True) as work:
        assert len(work.issues.find("I-1").heard) == 1


def test_a_whole_story_ends_with_one_open_task_at_the_last_holder(bus):
    bus.hear(
        issue_raised(),
        issue_listed(),
        resolution_adopted(),
        issue_escalated(),
        issue_escalated(rung=2, from_unit=COMMUNITY, to_unit=STREET, reason="over_level"),
    )

    with bus.begin(reads=True) as work:
        found = [(task.unit_code, task.id) for task in work.issues.find("I-1").tasks if task.is_open]
        assert found == [(STREET, "I-1/T3")]


@pytest.fixture
def live(broker, engine, tmp_path):
    with live_service("dispatch", broker.uri, tmp_path, issue_raised("I-live")) as running:
        yield running


@pytest.mark.timeout(90)
def test_on_a_real_broker_an_issue_gets_a_task_and_its_handler_works_on_it(live):
    command = {"task_id": "I-live/T1", "idempotency_key": "k1"}
    with live.caller(Role.HANDLER, GRID) as ask:
        tasks = patiently(lambda: ask("dispatch", "list_tasks", {"issue_id": "I-live"})["tasks"])
        signed = ask("dispatch", "sign_for_task", command)
        again = ask("dispatch", "sign_for_task", command)
        shown = [{"uri": "https://example.org/1.jpg", "sha256": SHA}]
        done = ask("dispatch", "finish_task", command | {"result": "已清运", "evidence": shown})
    with live.caller(Role.HANDLER, "110105018") as ask, pytest.raises(NotAllowed):
        ask("dispatch", "block_task", command | {"explanation": "不是我的"})
    with live.caller(Role.LEADER, COMMUNITY) as ask:
        accepted = ask("dispatch", "accept_task", command)

    assert [task["state"] for task in (*tasks, signed, again, done, accepted)] == [
        "assigned",
        "signed_for",
        "signed_for",
        "done",
        "accepted",
    ]
