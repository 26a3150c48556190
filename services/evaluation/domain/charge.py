"""A charge 承办责任: which unit answered for an order by one dispatch, from when to when, and why no longer.

The latest dispatch's stands in the survey itself. What callers say of an earlier one counts for its unit, whenever it
is heard; what is said of a later one never does.
"""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.vocabulary import DispatchKind


@dataclass
class Charge:
    """One dispatch that has ended. `rank_unit` and `community` stand in the ranks for the unit it was dispatched to.

    `is_late`: its limit was over when it arrived, and nobody is charged with it.
    """

    id: str
    order_no: str
    dispatch_no: int
    unit_code: str
    rank_unit: str
    community: str
    dispatch_kind: DispatchKind
    since: datetime
    until: datetime
    why: str
    is_late: bool = False


def charge_id(order_no: str, dispatch_no: int) -> str:
    return f"{order_no}/{dispatch_no}"
