"""The service as it stands on the bus: in process with encoded events, and in a process of its own on a real broker."""

from datetime import UTC, datetime, timedelta

import pytest

from services.deliberation.domain.session import SessionState
from services.deliberation.service import DeliberationService
from services.deliberation.storage import tables
from shared.auth import Role
from shared.bus.inbox.reading import Delivery
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
from tests.deliberation.world import play
from tests.harness import Bus, heard_by
from tests.live_service import live_service, patiently
from tests.told import tell

SESSION, MOTION = f"{ISSUE}/S1", f"{ISSUE}/S1/M1"


@pytest.fixture
def bus(engine):
    return Bus(engine, DeliberationService, TUESDAY)


def the_session(bus):
    with bus.begin(reads=True) as work:
        return work.sessions.get(SESSION)


def test_it_listens_to_what_the_flow_says():
    assert set(heard_by(DeliberationService)) == set(LISTENERS["deliberation"])


def test_the_same_deliveries_again_change_nothing(bus):
    bus.hear(a_scheduled(), a_postponed(), times=2)

    assert the_session(bus).starts_at == TUESDAY + timedelta(days=3)
    assert the_session(bus).entries == 2


@pytest.mark.parametrize(
    ("early", "state", "starts_at"),
    [
        (a_postponed(), SessionState.PLANNED, TUESDAY + timedelta(days=3)),
        (a_moved_up(), SessionState.MOVED_UP, TUESDAY),
    ],
    ids=["postponed", "moved up"],
)
def test_what_comes_before_its_session_has_its_effect_after_it(bus, early, state, starts_at):
    bus.hear(early)
    assert bus.inbox_statuses() == ["early"]
    bus.hear(a_scheduled())

    assert set(bus.inbox_statuses()) == {"handled"}
    assert (the_session(bus).state, the_session(bus).starts_at) == (state, starts_at)


def test_a_session_without_its_deputies_is_put_aside_with_its_reason(bus):
    wire = a_scheduled().to_wire()
    del wire["deputies"]
    kind = "session_scheduled.v1"
    broken = encode(Envelope(id="e1", type=kind, source="councils", subject=ISSUE, time=FRIDAY, content=wire))
    bus.deliver(Delivery(1, 1, broken, CONTENT_TYPE, "e1", kind, {}))

    with bus.engine.connect() as connection:
        aside = connection.execute(tables.bus.outbox.select()).one()
    assert aside.routing_key == "deliberation.dead"
    assert "deputies" in str(aside.headers)


@pytest.fixture
def live(broker, engine, tmp_path):
    with live_service(
        "deliberation", broker.uri, tmp_path, a_scheduled(starts_at=datetime.now(UTC) - timedelta(minutes=1))
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


def hold(chair, clerk):
    """The whole session over RPC; gives the last replies."""
    clerk.command("record_arrivals", session_id=SESSION, person_ids=EVERYBODY)
    opened = chair.command("open_session", session_id=SESSION)
    chair.command("state_motion", session_id=SESSION, mover="P-1", motion="划定十个车位")
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
        "co_units": ["物业公司"],
        "due_at": "2099-01-01T00:00:00+08:00",
    }
    chair.command("adopt_resolution", motion_id=MOTION, tasks=[task])
    return opened, voted, chair.command("close_session", session_id=SESSION)


@pytest.mark.timeout(90)
def test_on_a_real_broker_a_session_is_held_to_its_circulated_minutes(live):
    with Chair(live) as chair, Chair(live, role=Role.CLERK) as clerk:
        patiently(lambda: chair.read("get_session", session_id=SESSION))
        with pytest.raises(BadRequest, match="person_ids"):
            chair.command("record_arrivals", session_id=SESSION, person_ids=[""])
        opened, voted, closed = hold(chair, clerk)
        with pytest.raises(Refused, match="minutes are signed"):
            chair.command("sign_minutes", session_id=SESSION)
        chair.command("circulate_minutes", session_id=SESSION)
        with pytest.raises(Refused, match="may object until"):
            chair.command("sign_minutes", session_id=SESSION)
        record = chair.read("get_record", session_id=SESSION)
    with Chair(live, unit="110105018") as stranger, pytest.raises(NotAllowed):
        stranger.command("correct_minutes", session_id=SESSION, correction="全部更改")

    assert [opened["state"], voted["state"], closed["state"]] == ["open", "carried", "closed"]
    assert (voted["votes"][0]["votes_for"], len(voted["votes"][0]["ballots"])) == (6, 6)
    assert (record["is_intact"], record["entries"][-1]["kind"]) == (True, "minutes_circulated")


def test_a_list_of_polls_has_what_is_open_and_then_what_it_came_to(bus):
    tell(bus.engine)
    about = {"poll_id": f"{play(bus, 'I-polled', 'count_poll')}/S1/M1/P1"}

    def listed(**asked):
        return bus.ask("list_polls", {"unit_code": COMMUNITY, **asked}, Role.SUPERVISOR, COMMUNITY)["polls"]

    (open_one,) = listed()
    bus.ask("count_poll", about | {"idempotency_key": "counted"}, Role.CHAIR, COMMUNITY)
    (counted,) = listed()

    assert (open_one["poll_id"], open_one["motion"], open_one["outcome"]) == (about["poll_id"], "划定十个车位", None)
    assert (counted["state"], counted["outcome"], counted["option"]) == ("counted", "carried", "同意")
    assert listed(open_only=True) == []
