"""The service as it stands on the bus: in process with encoded events, and in a process of its own on a real broker."""

from contextlib import contextmanager
from functools import partial

import pytest

from services.dispatch.domain.task import OPEN
from services.dispatch.service import DispatchService
from services.dispatch.storage.repository import DispatchStore
from services.dispatch.storage.tables import bus
from shared.auth import Role
from shared.bus.inbox.entrypoint import Subscribe
from shared.bus.inbox.handling import EventHandling
from shared.bus.inbox.reading import Delivery, read
from shared.bus.moment import Moments
from shared.bus.work import reading, transaction
from shared.contracts.envelope import CONTENT_TYPE
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
from tests.live_service import encoded, live_service, patiently


class StandingClock:
    def now(self):
        return MONDAY


def received(event, event_id):
    return read(
        Delivery(1, 1, encoded(event, event_id, MONDAY), CONTENT_TYPE, event_id, event.wire_type, {}), {event.wire_type}
    )


def handlers():
    methods = [method for method in vars(DispatchService).values() if hasattr(method, "nameko_entrypoints")]
    pairs = [(method, entrypoint) for method in methods for entrypoint in method.nameko_entrypoints]
    return {entry.contract.wire_type: method for method, entry in pairs if isinstance(entry, Subscribe)}


@pytest.fixture
def inbox(engine):
    return EventHandling("dispatch", partial(begin, engine), DispatchService, handlers(), Moments(StandingClock()))


@contextmanager
def begin(engine, *, reads=False, cause=None):
    opened = reading(engine, DispatchStore) if reads else transaction(engine, DispatchStore, cause=cause)
    with opened as store:
        yield store


def told_by(engine):
    """What the outbox holds, in order."""
    with engine.connect() as connection:
        return list(
            connection.scalars(bus.outbox.select().with_only_columns(bus.outbox.c.routing_key).order_by("position"))
        )


def kept_in_inbox(engine):
    with engine.connect() as connection:
        return list(connection.scalars(bus.inbox.select().with_only_columns(bus.inbox.c.status).order_by("position")))


def test_it_listens_to_what_the_flow_says():
    assert set(handlers()) == {contract.wire_type for contract in LISTENERS["dispatch"]}


def test_a_batch_goes_through_in_one_go(engine, inbox):
    inbox.handle([received(issue_raised(f"I-{number}"), f"e{number}") for number in range(20)])

    assert told_by(engine) == ["task_assigned.v1"] * 20


def test_the_same_delivery_again_changes_nothing(engine, inbox):
    for _ in range(2):
        inbox.handle([received(issue_raised(), "e1"), received(issue_escalated(), "e2")])

    assert told_by(engine) == ["task_assigned.v1", "task_moved_up.v1", "task_assigned.v1"]


@pytest.mark.parametrize(
    "early", [issue_escalated, redo_ordered, resolution_adopted, issue_listed], ids=lambda make: make.__name__
)
def test_what_comes_before_its_issue_has_its_effect_after_it(engine, inbox, early):
    inbox.handle([received(early(), "e2")])
    before = told_by(engine)
    inbox.handle([received(issue_raised(), "e1")])

    assert before == []
    assert kept_in_inbox(engine) == ["handled", "handled"]
    with transaction(engine, DispatchStore) as store:
        assert len(store.issues.find("I-1").heard) == 1


def test_a_whole_story_ends_with_one_open_task_at_the_last_holder(engine, inbox):
    inbox.handle(
        [
            received(issue_raised(), "e1"),
            received(issue_listed(), "e2"),
            received(resolution_adopted(), "e3"),
            received(issue_escalated(), "e4"),
            received(issue_escalated(rung=2, to_unit=STREET), "e5"),
        ]
    )

    with transaction(engine, DispatchStore) as store:
        assert [task.unit_code for task in store.tasks.list_in(COMMUNITY, OPEN)] == []
        assert [task.id for task in store.tasks.list_in(STREET, OPEN)] == ["I-1/T4"]


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
