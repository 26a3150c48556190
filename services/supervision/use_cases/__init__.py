"""One function for each thing supervision hears, is asked, or is woken for: load, decide, save, announce."""

from services.supervision.use_cases.announcing import note
from services.supervision.use_cases.cases import (
    await_evaluation,
    carry_out_resolution,
    follow_link,
    follow_listing,
    follow_trial,
    open_case,
    preload,
    resume_work,
    take_evaluation,
    take_failed_deliberation,
    wait_for_session,
)
from services.supervision.use_cases.climbing import return_down, ring
from services.supervision.use_cases.clocks import extend_clock, pause_clock, resume_clock
from services.supervision.use_cases.escalating import escalate, preview, status, withdraw
from services.supervision.use_cases.reading import (
    case_reply,
    clock_reply,
    explain_clock,
    get_case,
    get_timeline,
    list_cases,
)
from services.supervision.use_cases.relapsing import announce_look_back, record_look_back, settle_incident, take_urge

__all__ = [
    "announce_look_back",
    "await_evaluation",
    "carry_out_resolution",
    "case_reply",
    "clock_reply",
    "escalate",
    "explain_clock",
    "extend_clock",
    "follow_link",
    "follow_listing",
    "follow_trial",
    "get_case",
    "get_timeline",
    "list_cases",
    "note",
    "open_case",
    "pause_clock",
    "preload",
    "preview",
    "record_look_back",
    "resume_clock",
    "resume_work",
    "return_down",
    "ring",
    "settle_incident",
    "status",
    "take_evaluation",
    "take_failed_deliberation",
    "take_urge",
    "wait_for_session",
    "withdraw",
]
