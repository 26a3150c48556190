"""Who bears which share of a task's cost: what a council may resolve, and what dispatch then carries out."""

import math
from collections.abc import Sequence

from shared.contracts.deliberation import FundingSharePart
from shared.errors import Refused

ROUNDING = 1e-6
"""Thirds have no exact decimal: shares that differ from the whole by no more than this are rounding, not a gap."""


class FundingNotWhole(Refused):
    """The funding shares of a task must add up to the whole."""

    code = "funding_not_whole"


def check_funding(shares: Sequence[FundingSharePart], *, field: str = "funding") -> None:
    """Raises FundingNotWhole unless there are no shares, or each has a payer of its own and they add up to 1."""
    payers = {share.payer.strip() for share in shares}
    total = math.fsum(share.share_ratio for share in shares)
    faults = []
    if "" in payers or len(payers) < len(shares):
        faults.append("Each share needs a payer of its own.")
    if any(share.share_ratio <= 0 for share in shares):
        faults.append("Each share is more than nothing.")
    if shares and abs(total - 1) > ROUNDING:
        faults.append(f"The shares add up to {total:.9g}, not to 1.")
    if faults:
        raise FundingNotWhole(fields={field: faults})
