"""Deadlines, notice periods, quorums, thresholds, weights: data in one TOML file, with versions and validity dates.

`PolicyBook.load().at(instant, lineage)` gives everything that holds, for a unit that is given with all it lies in.
Nothing here decides; rules live in the services.
"""

from shared.policy.book import NoPolicyThen, PolicyBook, VersionSpan
from shared.policy.fields import Threshold
from shared.policy.files import Lineage, lineage_by_code, policy_check
from shared.policy.policy import NOT_YET_APPLIED, SECTION_NAMES, Policy

__all__ = [
    "NOT_YET_APPLIED",
    "SECTION_NAMES",
    "Lineage",
    "NoPolicyThen",
    "Policy",
    "PolicyBook",
    "Threshold",
    "VersionSpan",
    "lineage_by_code",
    "policy_check",
]
