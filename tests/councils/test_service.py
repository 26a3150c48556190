"""The service as it stands on the bus: in process with encoded events, and in a process of its own on a real broker."""

from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial

import pytest

from services.councils.domain.errors import ReasonRefused
from services.councils.service import CouncilsService
from services.councils.storage.repository import CouncilsStore
from services.councils.storage.tables import bus, hall_bookings
from shared.auth import Role
from shared.bus.inbox.entrypoint import Subscribe
from shared.bus.inbox.handling import EventHandling
from shared.bus.inbox.reading import Delivery, read
from shared.bus.moment import Moments
from shared.bus.timers.entrypoint import Timer
from shared.bus.timers.firing import Firing
from shared.bus.work import reading, transaction
from shared.contracts.envelope import CONTENT_TYPE
from shared.contracts.flow import LISTENERS
from shared.errors import NotAllowed, Refused
from tests.councils.builders import COMMUNITY, DAY, ISSUE, MONDAY_9AM, STREET, escalated, failed, listed, opened
from tests.live_service import encoded, live_service, patiently


class StandingClock:
    def now(self):
        return MONDAY_9AM


def received(event, event_id):
    delivery = Delivery(1, 1, encoded(event, event_id, MONDAY_9AM), CONTENT_TYPE, event_id, event.wire_type, {})
    return read(delivery, {event.wire_type})


def entrypoints(kind):
    methods = [method for method in vars(CouncilsService).values() if hasattr(method, "nameko_entrypoints")]
    pairs = [(method, entry) for method in methods for entry in method.nameko_entrypoints]
    return [(method, entry) for method, entry in pairs if isinstance(entry, kind)]


def handlers():
    return {entry.contract.wire_type: method for method, entry in entrypoints(Subscribe)}


@contextmanager
def begin(engine, *, reads=False, cause=None):
    opened_store = reading(engine, CouncilsStore) if reads else transaction(engine, CouncilsStore, cause=cause)
    with opened_store as store:
        yield store


@pytest.fixture
def inbox(engine):
    return EventHandling("councils", partial(begin, engine), CouncilsService, handlers(), Moments(StandingClock()))


@pytest.fixture
def timers(engine):
    methods = {entry.kind: method for method, entry in entrypoints(Timer)}
    return Firing("councils", partial(begin, engine), CouncilsService, methods, Moments(StandingClock()))


def column_of(engine, table, name):
    with engine.connect() as connection:
        return list(connection.scalars(table.select().with_only_columns(table.c[name])))


def told_by(engine):
    return column_of(engine, bus.outbox, "routing_key")


def test_it_listens_to_what_the_flow_says():
    assert set(handlers()) == {contract.wire_type for contract in LISTENERS["councils"]}


def test_a_batch_of_listings_becomes_a_batch_of_sessions_without_a_double_booking(engine, inbox, timers):
    inbox.handle([received(listed(issue=f"I-{number}"), f"e{number}") for number in range(20)])
    fired = timers.fire_due(MONDAY_9AM)

    assert fired == 20
    assert sorted(told_by(engine)) == ["notice_published.v1"] * 20 + ["session_scheduled.v1"] * 20
    assert len(column_of(engine, hall_bookings, "hall_id")) == 20


def test_the_same_deliveries_again_change_nothing(engine, inbox, timers):
    for _ in range(2):
        inbox.handle([received(listed(), "e1"), received(escalated(MONDAY_9AM + DAY), "e2")])
        timers.fire_due(MONDAY_9AM)

    assert told_by(engine) == ["session_scheduled.v1", "notice_published.v1"]
    assert column_of(engine, bus.inbox, "status") == ["handled", "handled"]


def test_a_failed_session_is_followed_by_another(engine, inbox, timers):
    inbox.handle([received(listed(), "e1")])
    timers.fire_due(MONDAY_9AM)
    with begin(engine, reads=True) as store:
        session = store.sessions.get(f"{ISSUE}/S1")
        events = [received(opened(session), "e2"), received(failed(session), "e3")]

    inbox.handle(events)
    timers.fire_due(MONDAY_9AM)

    with begin(engine, reads=True) as store:
        assert store.sessions.get(f"{ISSUE}/S2").number == 2


@pytest.fixture
def live(broker, engine, tmp_path):
    with live_service("councils", broker.uri, tmp_path, listed(datetime.now(UTC))) as running:
        yield running


@pytest.mark.timeout(90)
def test_on_a_real_broker_a_listed_issue_gets_a_session_that_its_clerk_can_put_off(live):
    command = {"session_id": f"{ISSUE}/S1", "reason": "议事厅停电", "idempotency_key": "k1"}
    with live.caller(Role.CLERK, COMMUNITY) as ask:
        planned, *_ = patiently(lambda: ask("councils", "list_sessions", {"unit_code": STREET})["sessions"])
        with pytest.raises(Refused) as refusal:
            ask("councils", "postpone_session", command | {"reason": "没时间", "idempotency_key": "k0"})
        postponed = ask("councils", "postpone_session", command)
        again = ask("councils", "postpone_session", command)
        halls = ask("councils", "list_halls", {"unit_code": COMMUNITY})["halls"]
    with live.caller(Role.CLERK, "110105018") as ask, pytest.raises(NotAllowed):
        ask("councils", "postpone_session", command | {"idempotency_key": "k2"})

    assert refusal.value.code == ReasonRefused.code
    assert postponed == again
    assert planned["starts_at"] < postponed["starts_at"]
    assert planned["hall_id"] in {hall["id"] for hall in halls}
