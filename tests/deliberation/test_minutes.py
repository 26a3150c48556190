"""The minutes: their order, and that signed ones only grow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.deliberation.domain.errors import MinutesNotReady
from services.deliberation.domain.minutes import Minutes, MinutesState
from tests.deliberation.builders import TUESDAY

STEPS = {
    "circulate": lambda minutes: minutes.circulate(),
    "correct": lambda minutes: minutes.correct(),
    "approve": lambda minutes: minutes.approve(),
    "sign": lambda minutes: minutes.sign(by="chair-1", at=TUESDAY),
}


def taken(minutes, name):
    try:
        STEPS[name](minutes)
    except MinutesNotReady:
        return False
    return True


@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=20))
def test_signed_minutes_were_approved_and_nothing_but_corrections_follows(attempts):
    minutes = Minutes("S1")
    done = [name for name in attempts if taken(minutes, name)]

    if "sign" in done:
        signed = done.index("sign")
        assert done[0] == "circulate"
        assert done[signed - 1] == "approve"
        assert set(done[signed + 1 :]) <= {"correct"}
        assert minutes.state is MinutesState.SIGNED
    assert minutes.corrections == done.count("correct")


def test_what_was_approved_and_then_corrected_is_approved_again():
    minutes = Minutes("S1")
    for name in ("circulate", "approve", "correct"):
        STEPS[name](minutes)

    with pytest.raises(MinutesNotReady):
        minutes.sign(by="chair-1", at=TUESDAY)
    assert taken(minutes, "approve")
    assert taken(minutes, "sign")
