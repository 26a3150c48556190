"""What could not be taken in, and links that were undone: kept, so that nothing disappears without a trace."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.intake.domain.complaint import Complaint


@dataclass(eq=False, kw_only=True)
class Rejection:
    """A refused message. Its id comes from what was refused and why, so that the same refusal is kept once."""

    id: str
    order_no: str
    message_id: str
    reason: str
    fields: dict[str, Any]
    rejected_at: datetime


@dataclass(eq=False, kw_only=True)
class UndoneLink:
    """An order belonged to this issue until somebody said, with a reason, that it doesn't."""

    id: str
    order_no: str
    issue_id: str
    linked_at: datetime
    linked_by: str
    unlinked_at: datetime
    unlinked_by: str
    reason: str


def rejected(
    *,
    order_no: str,
    reason: str,
    fields: dict[str, Any],
    at: datetime,
    message_id: str = "",
    fingerprint: str = "",
) -> Rejection:
    """The record of a refusal. `fingerprint` tells one content of an order from another."""
    said = json.dumps([order_no, message_id, reason, fields, fingerprint], sort_keys=True, default=str)
    return Rejection(
        id=hashlib.sha256(said.encode()).hexdigest(),
        order_no=order_no,
        message_id=message_id,
        reason=reason,
        fields=fields,
        rejected_at=at,
    )


def undo_link(complaint: Complaint, *, reason: str, at: datetime, by: str) -> UndoneLink:
    """The record of a link that ends now."""
    complaint.must_be_linked()
    assert complaint.linked_at is not None
    said = f"{complaint.order_no}\0{complaint.issue_id}\0{complaint.linked_at.isoformat()}\0{at.isoformat()}"
    return UndoneLink(
        id=hashlib.sha256(said.encode()).hexdigest(),
        order_no=complaint.order_no,
        issue_id=complaint.issue_id,
        linked_at=complaint.linked_at,
        linked_by=complaint.linked_by,
        unlinked_at=at,
        unlinked_by=by,
        reason=reason,
    )
