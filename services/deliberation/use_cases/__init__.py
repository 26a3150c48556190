"""What the deliberation service can be asked, by stage: sessions, motions, resolutions, minutes, and questions."""

from services.deliberation.use_cases.minutes import approve_minutes, circulate_minutes, correct_minutes, sign_minutes
from services.deliberation.use_cases.motions import (
    close_debate,
    give_opinion,
    record_recusal,
    record_turn,
    second_motion,
    state_motion,
    state_opposition,
    vote,
    withdraw_motion,
)
from services.deliberation.use_cases.questions import get_motion, get_record, get_session
from services.deliberation.use_cases.resolutions import adopt_resolution
from services.deliberation.use_cases.sessions import (
    call_session,
    close_session,
    move_up_session,
    open_session,
    postpone_session,
    record_arrivals,
    record_departures,
)

__all__ = [
    "adopt_resolution",
    "approve_minutes",
    "call_session",
    "circulate_minutes",
    "close_debate",
    "close_session",
    "correct_minutes",
    "get_motion",
    "get_record",
    "get_session",
    "give_opinion",
    "move_up_session",
    "open_session",
    "postpone_session",
    "record_arrivals",
    "record_departures",
    "record_recusal",
    "record_turn",
    "second_motion",
    "sign_minutes",
    "state_motion",
    "state_opposition",
    "vote",
    "withdraw_motion",
]
