"""What intake can be asked.

The `subject` of a command is the order it is about: commands on one order are done in the order in which they came.
"""

from shared.bus.rpc.messages import request, unit_code
from shared.contracts.base import text


class _AboutOrder:
    order_no: str

    @property
    def subject(self) -> str:
        return self.order_no


@request
class GetComplaint:
    order_no: str = text(longest=64)


@request
class ListComplaints:
    issue_id: str = text(longest=120)


@request
class GetIssue:
    issue_id: str = text(longest=120)


@request
class ListDeliberation:
    unit_code: str = unit_code()


@request
class LinkComplaint(_AboutOrder):
    """Move an order to another issue; the reason is kept and told."""

    order_no: str = text(longest=64)
    issue_id: str = text(longest=120)
    reason: str = text(longest=500)
    idempotency_key: str = text(longest=100)


@request
class UnlinkComplaint(_AboutOrder):
    """Take an order out of its issue; it begins an issue of its own."""

    order_no: str = text(longest=64)
    reason: str = text(longest=500)
    idempotency_key: str = text(longest=100)
