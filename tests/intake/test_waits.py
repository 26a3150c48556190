"""No order waits in silence: every state of one is an end, or says who moves next."""

from services.intake.domain.complaint import ComplaintState
from services.intake.domain.waits import ENDS, WAITS


def test_every_state_is_an_end_or_says_who_moves_by_when_and_what_happens_otherwise():
    assert set(WAITS) | ENDS == set(ComplaintState)
    assert not set(WAITS) & ENDS
    assert all(wait.roles and wait.act and wait.calls and wait.otherwise for wait in WAITS.values())
