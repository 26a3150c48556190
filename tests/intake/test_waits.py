"""Every state of an order is an end, goes the way of its issue, or says who moves next."""

from services.intake.domain.complaint import ComplaintState
from services.intake.domain.waits import ENDS, IN_HAND, WAITS


def test_every_state_is_an_end_or_in_hand_or_says_who_moves():
    assert set(WAITS) | IN_HAND | ENDS == set(ComplaintState)
    assert len(WAITS) + len(IN_HAND) + len(ENDS) == len(ComplaintState)
