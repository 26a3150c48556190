"""Who bears which share of a task's cost. Shares are ratios; they add up to the whole or there are none."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from services.dispatch.domain.errors import FundingNotWhole

AS_GOOD_AS_WHOLE = 1e-6
"""Thirds have no exact decimal: shares that differ from the whole by less than this are rounding, not a gap."""


@dataclass(frozen=True)
class FundingShare:
    """One payer's share, more than 0 and at most 1."""

    payer: str
    share_ratio: float


def whole_funding(shares: Iterable[FundingShare]) -> list[FundingShare]:
    """The shares, if they add up to the whole; raises FundingNotWhole."""
    shares = list(shares)
    total = math.fsum(share.share_ratio for share in shares)
    if shares and (abs(total - 1) > AS_GOOD_AS_WHOLE or any(share.share_ratio <= 0 for share in shares)):
        raise FundingNotWhole(
            f"the funding shares add up to {total:g}, not to 1",
            {"funding": [f"{share.payer}: {share.share_ratio:g}" for share in shares]},
        )
    return shares
