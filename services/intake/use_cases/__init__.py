"""What intake can be asked to do, by stage: filing, following what others report, mending links, looking up."""

from services.intake.use_cases.filing import prepare, reject, take_in
from services.intake.use_cases.following import (
    close_issue,
    list_failed_issue,
    move_issue,
    note_callback,
    order_redo,
    reopen_issue,
    reply_to_callers,
    settle_listing,
)
from services.intake.use_cases.lookup import get_complaint, get_issue, list_complaints, list_deliberation
from services.intake.use_cases.mending import link_complaint, unlink_complaint

__all__ = [
    "close_issue",
    "get_complaint",
    "get_issue",
    "link_complaint",
    "list_complaints",
    "list_deliberation",
    "list_failed_issue",
    "move_issue",
    "note_callback",
    "order_redo",
    "prepare",
    "reject",
    "reopen_issue",
    "reply_to_callers",
    "settle_listing",
    "take_in",
    "unlink_complaint",
]
