"""The service as it stands on the bus: in process with encoded events, and in a process of its own on a real broker."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from services.deliberation.domain.session import SessionState
from services.deliberation.service import DeliberationService
from services.deliberation.storage.repository import DeliberationStore
from services.deliberation.storage.tables import bus
from shared.auth import Role
from shared.bus.inbox.entrypoint import Subscribe
from shared.bus.inbox.handling import EventHandling
from shared.bus.inbox.reading import Delivery, read
from shared.bus.moment import Moments
from shared.bus.work import reading, transaction
from shared.contracts.envelope import CONTENT_TYPE, Envelope, encode
from shared.contracts.flow import LISTENERS
from shared.errors import BadRequest, NotAllowed, Refused
from tests.deliberation.builders import (
    COMMUNITY,
    EVERYBODY,
    FRIDAY,
    ISSUE,
    TUESDAY,
    a_moved_up,
    a_postponed,
    a_scheduled,
)
from tests.live_service import encoded, live_service, patiently

SESSION, MOTION = f"{ISSUE}/S1", f"{ISSUE}/S1/M1"


class StandingClock:
    def now(self):
        return TUESDAY


@pytest.fixture
def inbox(engine):
    return EventHandling(
        "deliberation", partial(begin, engine), DeliberationService, handlers(), Moments(StandingClock())
    )


def handlers():
    methods = [method for method in vars(DeliberationService).values() if hasattr(method, "nameko_entrypoints")]
    pairs = [(method, entrypoint) for method in methods for entrypoint in method.nameko_entrypoints]
    return {entry.contract.wire_type: method for method, entry in pairs if isinstance(entry, Subscribe)}


@contextmanager
def begin(engine, *, reads=False, cause=None):
    opened = reading(engine, DeliberationStore) if reads else transaction(engine, DeliberationStore, cause=cause)
    with opened as store:
        yield store


def received(event, event_id, body=None):
    message = body or encoded(event, event_id, FRIDAY)
    return read(Delivery(1, 1, message, CONTENT_TYPE, event_id, event.wire_type, {}), {event.wire_type})


def the_session(engine):
    with reading(engine, DeliberationStore) as store:
        return store.sessions.get(SESSION)


def kept_in_inbox(engine):
    with engine.connect() as connection:
        return list(connection.scalars(bus.inbox.select().with_only_columns(bus.inbox.c.status).order_by("position")))


def test_it_listens_to_what_the_flow_says():
    assert set(handlers()) == {contract.wire_type for contract in LISTENERS["deliberation"]}


def test_the_same_deliveries_again_change_nothing(engine, inbox):
    for _ in range(2):
        inbox.handle([received(a_scheduled(), "e1"), received(a_postponed(), "e2")])

    assert the_session(engine).starts_at == TUESDAY + timedelta(days=3)
    assert the_session(engine).entries == 2


@pytest.mark.parametrize(
    ("early", "state", "starts_at"),
    [
        (a_postponed(), SessionState.PLANNED, TUESDAY + timedelta(days=3)),
        (a_moved_up(), SessionState.MOVED_UP, TUESDAY),
    ],
    ids=["postponed", "moved up"],
)
def test_what_comes_before_its_session_has_its_effect_after_it(engine, inbox, early, state, starts_at):
    inbox.handle([received(early, "e2")])
    assert kept_in_inbox(engine) == ["early"]
    inbox.handle([received(a_scheduled(), "e1")])

    assert set(kept_in_inbox(engine)) == {"handled"}
    assert (the_session(engine).state, the_session(engine).starts_at) == (state, starts_at)


def test_a_session_without_its_deputies_is_put_aside_with_its_reason(engine, inbox):
    wire = a_scheduled().to_wire()
    del wire["deputies"]
    broken = encode(
        Envelope(id="e1", type="session_scheduled.v1", source="councils", subject=ISSUE, time=FRIDAY, content=wire)
    )
    inbox.handle([received(a_scheduled(), "e1", broken)])

    with engine.connect() as connection:
        aside = connection.execute(bus.outbox.select()).one()
    assert aside.routing_key == "deliberation.dead"
    assert "deputies" in str(aside.headers)


@pytest.fixture
def live(broker, engine, tmp_path):
    with live_service(
        "deliberation", broker.uri, tmp_path, a_scheduled(starts_at=datetime.now(UTC) - timedelta(hours=1))
    ) as running:
        yield running


class Chair:
    """Asks as a chair does, each command with a key of its own."""

    def __init__(self, live, unit=COMMUNITY, role=Role.CHAIR):
        self.ask = live.caller(role, unit)
        self.keys = 0

    def __enter__(self):
        self.ask.__enter__()
        return self

    def __exit__(self, *trouble):
        self.ask.__exit__(*trouble)

    def read(self, method, **request):
        return self.ask("deliberation", method, request)

    def command(self, method, **request):
        self.keys += 1
        return self.read(method, **{"idempotency_key": f"k{self.keys}"} | request)


def hold(chair):
    """The whole session over RPC; gives the last replies."""
    chair.command("record_arrivals", session_id=SESSION, person_ids=EVERYBODY)
    opened = chair.command("open_session", session_id=SESSION)
    chair.command("state_motion", session_id=SESSION, mover="P-1", motion="划定十个车位", about="ordinary")
    chair.command("second_motion", motion_id=MOTION, seconder="P-2")
    chair.command("state_opposition", motion_id=MOTION, speaker="P-3", statement="车位不够")
    chair.command("record_turn", motion_id=MOTION, speaker="P-1", side="for", text="够用")
    chair.command("record_turn", motion_id=MOTION, speaker="P-3", side="against", text="不够")
    chair.command("close_debate", motion_id=MOTION)
    chair.command("give_opinion", motion_id=MOTION, expert="X-1", opinion="可以试行")
    ballots = [{"person_id": person, "choice": "for"} for person in EVERYBODY[:6]]
    voted = chair.command("vote", motion_id=MOTION, ballots=ballots, idempotency_key="the vote")
    again = chair.command("vote", motion_id=MOTION, ballots=ballots, idempotency_key="the vote")
    assert voted == again
    task = {
        "what": "施划",
        "leader": "赵",
        "department": "城管科",
        "person": "钱",
        "due_at": "2099-01-01T00:00:00+08:00",
    }
    chair.command("adopt_resolution", motion_id=MOTION, tasks=[task])
    return opened, voted, chair.command("close_session", session_id=SESSION)


@pytest.mark.timeout(90)
def test_on_a_real_broker_a_session_is_held_to_its_signed_minutes(live):
    with Chair(live) as chair:
        patiently(lambda: chair.read("get_session", session_id=SESSION))
        with pytest.raises(BadRequest, match="person_ids"):
            chair.command("record_arrivals", session_id=SESSION, person_ids=[])
        opened, voted, closed = hold(chair)
        with pytest.raises(Refused, match="minutes are signed"):
            chair.command("sign_minutes", session_id=SESSION)
        for step in ("circulate_minutes", "approve_minutes", "sign_minutes"):
            signed = chair.command(step, session_id=SESSION)
        record = chair.read("get_record", session_id=SESSION)
    with Chair(live, unit="110105018") as stranger, pytest.raises(NotAllowed):
        stranger.command("correct_minutes", session_id=SESSION, correction="全部更改")

    assert [opened["state"], voted["state"], closed["state"]] == ["open", "carried", "closed"]
    assert (voted["vote"]["votes_for"], len(voted["ballots"])) == (6, 6)
    assert (record["is_intact"], record["head_hash"]) == (True, signed["head_hash"])
