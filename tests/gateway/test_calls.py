"""Calls of a running service over a real broker, in many threads, also while the broker or the service is away."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from services.gateway.calls.asking import Asking
from services.gateway.calls.circuit import CircuitOpen
from services.gateway.calls.line import Line, LineLost, NoAnswer
from services.gateway.person import Person, Post, resident
from shared.auth import Role
from shared.errors import BadRequest, NotAllowed, NotFound, Refused, Unavailable
from tests.bus.conftest import resting_toy, running_toy, wait_until  # noqa: F401 fixtures
from tests.cable import Cable

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
STREET = Person("balizhuang", Post("", "110105015", frozenset({Role.STREET_SYSTEM})))
COUNT = ("deliberation", "count", {"issue_id": "I-1"})


def opening(session_id: str = "S-1", key: str = "k-1") -> dict[str, str]:
    return {"session_id": session_id, "issue_id": "I-1", "idempotency_key": key}


@pytest.fixture
def cable(broker):
    with Cable(broker.uri) as laid:
        yield laid


@pytest.fixture
def ask(cable):
    """Calls that go through the cable."""
    line = Line(cable.uri)
    yield Asking(line, seconds=10)
    line.close()


def answers(ask, *, seconds: float = 30) -> bool:
    """Waited for: a service that has just begun, or a line that is dialled again."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            return ask(*COUNT, by=STREET)["count"] >= 0
        except Unavailable:
            continue
    return False


def test_a_call_is_answered_and_one_key_is_done_once(ask, running_toy):  # noqa: F811
    assert answers(ask)
    first = ask("deliberation", "open_by_hand", opening(), by=STREET)
    ask("deliberation", "open_by_hand", opening("S-2", "k-2"), by=STREET)

    assert ask("deliberation", "open_by_hand", opening(), by=STREET) == first == {"count": 1}
    assert ask(*COUNT, by=STREET) == {"count": 2}


def test_a_refusal_comes_back_as_itself_with_its_code_and_its_fields(ask, running_toy):  # noqa: F811
    assert answers(ask)

    with pytest.raises(Refused) as refusal:
        ask("deliberation", "open_by_hand", opening("forbidden"), by=STREET)
    assert refusal.value.fields == {"session_id": ["Is forbidden."]}
    with pytest.raises(Refused) as kept:
        ask("deliberation", "open_by_hand", opening("kept", "k-3"), by=STREET)
    assert kept.value.code == "kept_refusal"
    with pytest.raises(BadRequest, match="issue_id"):
        ask("deliberation", "count", {"issue_id": 5}, by=STREET)
    with pytest.raises(NotFound):
        ask("deliberation", "fly", {}, by=STREET)
    for nobody in (None, resident("form-1")):
        with pytest.raises(NotAllowed):
            ask(*COUNT, by=nobody)


def test_many_threads_share_the_line_and_each_gets_its_own_answer(ask, running_toy):  # noqa: F811
    assert answers(ask)
    for number in range(1, 9):
        request = {"session_id": f"S-{number}", "issue_id": f"I-{number % 3}", "idempotency_key": f"k-{number}"}
        ask("deliberation", "open_by_hand", request, by=STREET)

    def count(number: int) -> int:
        return int(ask("deliberation", "count", {"issue_id": f"I-{number % 3}"}, by=STREET)["count"])

    with ThreadPoolExecutor(16) as many:
        counts = list(many.map(count, range(300)))

    assert counts == [(2, 3, 3)[number % 3] for number in range(300)]


def test_after_the_broker_was_away_calls_go_on_by_themselves(ask, cable, running_toy):  # noqa: F811
    assert answers(ask)
    cable.cut()
    wait_until(ask.trouble, "the line is lost")

    began = time.monotonic()
    with pytest.raises(LineLost):
        ask("deliberation", "open_by_hand", opening(), by=STREET)
    assert time.monotonic() - began < 1  # nobody waits for what is not there
    wait_until(lambda: cable.tries > 2, "it is dialled again")
    cable.mend()

    assert answers(ask)
    assert ask("deliberation", "open_by_hand", opening(), by=STREET) == {"count": 1}


def test_who_waits_when_the_line_is_lost_is_told_at_once(ask, cable, resting_toy):  # noqa: F811
    told: list[Exception] = []

    def command() -> None:
        try:
            ask("deliberation", "open_by_hand", opening(), by=STREET)
        except Unavailable as error:
            told.append(error)

    waiting = threading.Thread(target=command)
    waiting.start()
    wait_until(lambda: resting_toy.queue_length("rpc-deliberation"), "the call is on its way")
    cable.cut()
    waiting.join(5)

    assert [type(error) for error in told] == [LineLost]


def test_a_look_is_made_again_when_the_line_was_lost_and_a_command_is_not(ask, cable, running_toy):  # noqa: F811
    assert answers(ask)
    threading.Timer(0.1, cable.mend).start()
    cable.cut()

    assert ask(*COUNT, by=STREET) == {"count": 0}


def test_a_service_that_does_not_answer_is_soon_waited_for_no_more_and_others_are(cable, resting_toy):  # noqa: F811
    line = Line(cable.uri)
    ask = Asking(line, seconds=0.2)
    for _ in range(3):
        with pytest.raises(NoAnswer):
            ask(*COUNT, by=STREET)

    began = time.monotonic()
    with pytest.raises(CircuitOpen) as refusal:
        ask(*COUNT, by=STREET)
    assert time.monotonic() - began < 0.1
    assert 1 <= refusal.value.retry_after_seconds <= 5
    with pytest.raises(NoAnswer):
        ask("councils", "list_halls", {}, by=STREET)
    line.close()
