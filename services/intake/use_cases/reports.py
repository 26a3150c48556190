"""The hotline reports a callback: refused with the reason, or told to evaluation with what its words stand for."""

from services.intake.domain.rejection import rejected
from services.intake.domain.reported import refusal_of, reported
from services.intake.storage.repository import IntakeStore
from services.intake.use_cases.orders import reject
from shared.bus.moment import Moment
from shared.contracts.hotline import CallbackReportedV1
from shared.contracts.intake import CallbackReceivedV1


def take_callback(work: IntakeStore, event: CallbackReportedV1, at: Moment) -> None:
    """The same again changes nothing; another result for the same dispatch and round is refused."""
    report, complaint = reported(event, at=at.now), work.complaints.find(event.order_no)
    known = work.reports.find(report.id)
    words = at.policy.hotline_words
    if known is not None and known.fingerprint == report.fingerprint:
        return
    refusal = refusal_of(event, complaint, words, now=at.now)
    if refusal is None and known is not None:
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
    assert complaint is not None, "a callback about no order is refused"
    work.reports.add(report)
    received = CallbackReceivedV1(
        order_no=event.order_no,
        issue_id=complaint.issue_id,
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
    work.outbox.add(received, at=at.now)
