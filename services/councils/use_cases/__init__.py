"""What councils do when something happens or somebody asks: load, decide, save, announce."""

from services.councils.use_cases.asking import (
    get_session,
    list_deputies,
    list_halls,
    list_sessions,
    postpone_session,
)
from services.councils.use_cases.listing import close_listing, list_issue, move_issue
from services.councils.use_cases.planning import plan_session
from services.councils.use_cases.reporting import (
    close_session,
    end_inquorate_session,
    fail_deliberation,
    open_session,
    resolve_issue,
)

__all__ = [
    "close_listing",
    "close_session",
    "end_inquorate_session",
    "fail_deliberation",
    "get_session",
    "list_deputies",
    "list_halls",
    "list_issue",
    "list_sessions",
    "move_issue",
    "open_session",
    "plan_session",
    "postpone_session",
    "resolve_issue",
]
