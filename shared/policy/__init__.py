"""Deadlines, notice periods, quorums, thresholds, weights: data in one TOML file, with versions and validity dates.

`PolicyBook.load().at(instant, unit)` gives everything that holds. Nothing here decides; rules live in the services.
"""

from shared.policy.book import NoPolicyThen, PolicyBook, VersionSpan
from shared.policy.fields import Threshold
from shared.policy.files import policy_check
from shared.policy.policy import NOT_YET_APPLIED, SECTION_NAMES, Policy

__all__ = [
    "NOT_YET_APPLIED",
    "SECTION_NAMES",
    "NoPolicyThen",
    "Policy",
    "PolicyBook",
    "Threshold",
    "VersionSpan",
    "policy_check",
]
