"""When a circuit opens, for how long, and who tries first whether the service is there again."""

import pytest

from services.gateway.calls.circuit import Circuit, CircuitOpen


class HandClock:
    """Moves when it is told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock():
    return HandClock()


@pytest.fixture
def circuit(clock):
    return Circuit("intake", clock)


def is_closed(circuit: Circuit) -> bool:
    try:
        circuit.must_be_closed()
    except CircuitOpen:
        return False
    return True


def unanswered(circuit: Circuit, times: int) -> None:
    for _ in range(times):
        circuit.unanswered()


def test_two_calls_without_an_answer_open_nothing_and_three_in_a_row_do(circuit):
    unanswered(circuit, 2)
    assert is_closed(circuit)
    circuit.answered()
    unanswered(circuit, 2)
    assert is_closed(circuit)
    unanswered(circuit, 1)
    assert not is_closed(circuit)


def test_when_it_is_time_one_call_tries_and_the_others_wait_for_what_it_finds(circuit, clock):
    unanswered(circuit, 3)
    clock.seconds = 5.1

    assert is_closed(circuit)
    assert not is_closed(circuit)
    circuit.answered()
    assert is_closed(circuit)


def test_each_try_in_vain_makes_the_wait_longer_up_to_a_minute(circuit, clock):
    unanswered(circuit, 3)
    waits = []
    for _ in range(6):
        began = clock.seconds
        while not is_closed(circuit):
            clock.seconds += 0.5
        waits.append(round(clock.seconds - began))
        circuit.unanswered()

    assert waits == [5, 10, 20, 40, 60, 60]


def test_it_says_in_how_many_seconds_it_will_be_tried_again(circuit, clock):
    unanswered(circuit, 3)
    clock.seconds = 3.0

    with pytest.raises(CircuitOpen) as refusal:
        circuit.must_be_closed()

    assert refusal.value.retry_after_seconds == 2
