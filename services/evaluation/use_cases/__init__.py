"""What evaluation can be told and asked, by stage: following issues, asking their callers, periods, looking up."""

from services.evaluation.use_cases.asking import record_callback, start_callback
from services.evaluation.use_cases.following import (
    close_issue,
    follow_link,
    follow_unlink,
    move_issue,
    prepare,
    take_handling,
)
from services.evaluation.use_cases.lookup import (
    get_period,
    get_ranking,
    get_rates,
    get_survey,
    list_callbacks_due,
    list_periods,
    verify_period,
)
from services.evaluation.use_cases.periods import freeze_period, issue_erratum, publish_period

__all__ = [
    "close_issue",
    "follow_link",
    "follow_unlink",
    "freeze_period",
    "get_period",
    "get_ranking",
    "get_rates",
    "get_survey",
    "issue_erratum",
    "list_callbacks_due",
    "list_periods",
    "move_issue",
    "prepare",
    "publish_period",
    "record_callback",
    "start_callback",
    "take_handling",
    "verify_period",
]
