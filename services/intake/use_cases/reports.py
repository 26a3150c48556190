"""The hotline reports a callback: refused with the reason, or told to evaluation with what its words stand for."""

from services.intake.domain.complaint import Complaint
from services.intake.domain.rejection import rejected
from services.intake.domain.reported import refusal_of, reported, reported_id
from services.intake.storage.repository import IntakeStore
from services.intake.use_cases.orders import reject
from shared.bus.moment import Moment
from shared.contracts.hotline import CallbackReportedV1
from shared.contracts.intake import CallbackReceivedV1
from shared.policy.evaluations import HotlineWords


def take_callback(work: IntakeStore, event: CallbackReportedV1, at: Moment) -> None:
    """The same again changes nothing; another result for the same dispatch and round is refused.

    What names an order of several matters is about each of them that is in hand; the number of one, about that alone.
    Each matter has one result of a round: one of its own, or that of its order.
    """
    report, complaint = reported(event, at=at.now), work.complaints.find(event.order_no)
    linked = [one for one in work.complaints.matters_of(complaint) if one.is_linked] if complaint is not None else []
    known = work.reports.find(report.id)
    words = at.policy.hotline_words
    if known is not None and known.fingerprint == report.fingerprint:
        return
    refusal = refusal_of(event, linked[0] if linked else complaint, words, now=at.now)
    fresh = [matter for matter in linked if not _has_another(work, matter, event)]
    if refusal is None and (known is not None or not fresh):
        fault = f"Dispatch {event.dispatch_no} has a result of round {event.round} already."
        refusal = "callback_reused", {"round": [fault]}
    if refusal is not None:
        reason, fields = refusal
        told = rejected(
            order_no=event.order_no,
            reason=reason,
            fields=fields,
            fingerprint=f"{report.id} {report.fingerprint}",
            at=at.now,
        )
        reject(work, told, at)
        return
    work.reports.add(report)
    for matter in fresh:
        if event.dispatch_no <= matter.dispatch_no:
            work.outbox.add(_received(event, matter, words, at), at=at.now)


def _has_another(work: IntakeStore, matter: Complaint, event: CallbackReportedV1) -> bool:
    """Whether that round was reported under the matter's own number, where the order is named, or the reverse."""
    others = {matter.order_no, matter.order} - {event.order_no}
    return any(work.reports.find(reported_id(event, one)) is not None for one in sorted(others))


def _received(event: CallbackReportedV1, matter: Complaint, words: HotlineWords, at: Moment) -> CallbackReceivedV1:
    return CallbackReceivedV1(
        order_no=matter.order_no,
        issue_id=matter.issue_id,
        dispatch_no=event.dispatch_no,
        round=event.round,
        called_at=event.called_at,
        reached=event.reached,
        contacted=event.contacted,
        solved=words.solved()[event.solved] if event.reached else None,
        satisfaction=words.satisfaction()[event.satisfaction] if event.reached else None,
        solved_words=event.solved,
        satisfaction_words=event.satisfaction,
        received_at=at.now,
    )
