"""A callback of the hotline as it was reported: whose it is, which of several, and what its words stand for.

Each dispatch and round of an order has one result. What the words mean is the policy's to say; unknown ones are
refused, never guessed.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.intake.domain.complaint import CLOCKS_MAY_DIFFER_BY, Complaint
from shared.contracts.hotline import CallbackReportedV1
from shared.policy.evaluations import HotlineWords


@dataclass(eq=False, kw_only=True)
class Report:
    """Something that the hotline reported of an order: a callback, or what became of it. Kept to know it again."""

    id: str
    order_no: str
    fingerprint: str
    received_at: datetime


def reported_id(event: CallbackReportedV1, order_no: str = "") -> str:
    """Under the number that it names; or under the other one, of the order or of its matter."""
    return f"{order_no or event.order_no}/{event.dispatch_no}/{event.round}"


def reported(event: CallbackReportedV1, *, at: datetime) -> Report:
    said = (event.called_at.astimezone(UTC), event.reached, event.contacted, event.solved, event.satisfaction)
    fingerprint = hashlib.sha256("\x1f".join(map(str, said)).encode()).hexdigest()
    return Report(id=reported_id(event), order_no=event.order_no, fingerprint=fingerprint, received_at=at)


def refusal_of(
    event: CallbackReportedV1, complaint: Complaint | None, words: HotlineWords, *, now: datetime
) -> tuple[str, dict[str, Any]] | None:
    """The reason why a result can't be taken, and each faulty field; None for one that can."""
    if complaint is None:
        return "unknown_order", {"order_no": ["No such order has come in. Send the order, then its callback."]}
    if fault := _not_dispatched(event, complaint):
        return "not_dispatched", fault
    if event.called_at > now + CLOCKS_MAY_DIFFER_BY:
        return "contract_broken", {"called_at": [f"Is in the future: {event.called_at.isoformat()}."]}
    if faults := _incomplete(event):
        return "contract_broken", faults
    if faults := _unknown_words(event, words):
        return "unknown_words", faults
    return None


def _not_dispatched(event: CallbackReportedV1, complaint: Complaint) -> dict[str, Any]:
    if not complaint.is_linked:
        first = f" It goes with {complaint.first_order_no}: report about that one." if complaint.first_order_no else ""
        return {"order_no": [f"The order was {complaint.state.value}, not dispatched.{first}"]}
    if event.dispatch_no > complaint.dispatch_no:
        return {"dispatch_no": [f"The order's latest dispatch is {complaint.dispatch_no}."]}
    return {}


def _incomplete(event: CallbackReportedV1) -> dict[str, Any]:
    """Who was reached answered all three questions; nobody else answered any."""
    given = {"contacted": event.contacted is not None, "solved": bool(event.solved)}
    given["satisfaction"] = bool(event.satisfaction)
    fault = "Is asked of everybody reached." if event.reached else "Can't be known when nobody was reached."
    return {name: [fault] for name, is_given in given.items() if is_given is not event.reached}


def _unknown_words(event: CallbackReportedV1, words: HotlineWords) -> dict[str, Any]:
    if not event.reached:
        return {}
    asked = (
        ("solved", event.solved, list(words.solved())),
        ("satisfaction", event.satisfaction, list(words.satisfaction())),
    )
    return {name: [f"Must be one of {'、'.join(known)}."] for name, said, known in asked if said not in known}
