"""An order comes in: refused, answered on the spot, urged, or taken in and linked to an issue.

`prepare` reads and loads for a whole batch at once; `take_in` then runs per order without asking the database.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from services.intake.domain.complaint import LINKED_BY_INTAKE, Complaint, ComplaintState, faulty_instants
from services.intake.domain.issue import Issue, issue_id_of
from services.intake.domain.likeness import Gist, closest
from services.intake.domain.reading import Reader, Reading
from services.intake.domain.rejection import Rejection, rejection_id
from services.intake.domain.repeat import Earlier, Matter, repeated
from services.intake.use_cases.linking import announce_link, raise_issue, settle_group
from shared.contracts.base import Event
from shared.contracts.hotline import ComplaintFiledV1
from shared.contracts.intake import ComplaintAcceptedV1, ComplaintAnsweredV1, ComplaintRejectedV1, ComplaintUrgedV1
from shared.contracts.vocabulary import Disposition
from shared.policy import Policy


def prepare(work: Any, events: Iterable[Event], *, reader: Reader, policies: Any, now: datetime) -> None:
    """Load with a few queries what the handlers of these events will ask for."""
    filed: list[ComplaintFiledV1] = []
    issue_ids: set[str] = set()
    for event in events:
        if isinstance(event, ComplaintFiledV1):
            filed.append(event)
        else:
            issue_ids.add(event.subject)
    _load_issues(work, issue_ids)
    _load_for_filing(work, filed, reader, policies.at(now), now)


def take_in(work: Any, event: ComplaintFiledV1, *, reader: Reader, policies: Any, now: datetime) -> None:
    """Settle what becomes of an order. The same again changes nothing; other content under its number is refused."""
    reading = work.readings.of(event, reader)
    known = work.complaints.fingerprint_of(event.order_no)
    if known == reading.fingerprint:
        return
    refusal = _refusal(event, reading, known, now)
    if refusal is not None:
        reason, fields = refusal
        reject(work, order_no=event.order_no, reason=reason, fields=fields, now=now, fingerprint=reading.fingerprint)
        return
    complaint = _written_down(work, event, reading, policies.at(now), now)
    if reading.disposition is not None:
        _answer(work, complaint, reading.disposition, reader, now)
    elif (earlier := _earlier(work, complaint, event, reading, reader, policies.at(now))) is not None:
        _urge(work, complaint, earlier, now)
    else:
        _accept(work, complaint, reading, reader, policies, now)
    work.callers.keep(event.order_no, event.caller, at=now)
    work.complaints.add(complaint)


def reject(
    work: Any,
    *,
    order_no: str,
    reason: str,
    fields: dict[str, Any],
    now: datetime,
    message_id: str = "",
    fingerprint: str = "",
) -> None:
    """Refuse a message, tell its sender why, and keep that. The same refusal again is kept and told once."""
    mark = rejection_id(order_no=order_no, message_id=message_id, reason=reason, fields=fields, fingerprint=fingerprint)
    if work.rejections.find(mark) is not None:
        return
    words: dict[str, Any] = {
        "order_no": order_no,
        "message_id": message_id,
        "reason": reason,
        "fields": fields,
        "rejected_at": now,
    }
    work.rejections.add(Rejection(id=mark, **words))
    work.outbox.add(ComplaintRejectedV1(**words), at=now)


def _load_issues(work: Any, issue_ids: set[str]) -> None:
    if issue_ids:
        work.issues.load(issue_ids)
        work.complaints.load_of_issues(issue_ids)


def _load_for_filing(
    work: Any, filed: Sequence[ComplaintFiledV1], reader: Reader, policy: Policy, now: datetime
) -> None:
    sound = [event for event in filed if not faulty_instants(event, now)]
    work.complaints.load_known({event.order_no for event in filed})
    if not sound:
        return
    since = min(event.filed_at for event in sound) - policy.repeat.within
    work.complaints.load_earlier({work.callers.pseudonym(event.caller) for event in sound}, since=since)
    readings = [reading for event in sound if (reading := work.readings.of(event, reader)).located]
    most = reader.catalogue.matching.likeness_candidates
    work.issues.load_open({(reading.unit_code, reading.category.code) for reading in readings}, most=most)
    likely = (_closest_issue(work, one.unit_code, one.category.code, one.gist, reader, policy) for one in readings)
    work.issues.load({issue_id for issue_id in likely if issue_id})


def _refusal(
    event: ComplaintFiledV1, reading: Reading, known: str | None, now: datetime
) -> tuple[str, dict[str, Any]] | None:
    """The reason and the faulty fields, or None for an order that can be taken in."""
    if known is not None:
        return "order_no_reused", {"order_no": [f"{event.order_no} stands for another order already."]}
    if faults := faulty_instants(event, now):
        return "contract_broken", dict(faults)
    if reading.place_faults:
        return "unknown_unit", {"place": {"unit_codes": list(reading.place_faults)}}
    return None


def _written_down(work: Any, event: ComplaintFiledV1, reading: Reading, policy: Policy, now: datetime) -> Complaint:
    dispatched_at = event.dispatched_at or now
    return Complaint(
        order_no=event.order_no,
        fingerprint=reading.fingerprint,
        filed_at=event.filed_at,
        received_at=now,
        request_kind=event.request_kind,
        title=event.title,
        content=event.content,
        address=event.place.address,
        respondent=event.respondent,
        channel=event.channel,
        caller_ref=work.callers.pseudonym(event.caller),
        unit_code=reading.unit_code,
        category=reading.category.code,
        sla_class=reading.sla_class,
        dispatch_kind=reading.dispatch_kind,
        dispatched_at=dispatched_at,
        due_at=dispatched_at + policy.sla.limit(reading.sla_class),
        state=ComplaintState.LINKED,
    )


def _answer(work: Any, complaint: Complaint, disposition: Disposition, reader: Reader, now: datetime) -> None:
    """One of the six classes of Art. 11: answered on the spot, not dispatched."""
    answer = reader.catalogue.answer_class(disposition).answer
    complaint.answer(disposition, answer, at=now)
    told = ComplaintAnsweredV1(order_no=complaint.order_no, disposition=disposition, answer=answer, answered_at=now)
    work.outbox.add(told, at=now)


def _earlier(
    work: Any, complaint: Complaint, event: ComplaintFiledV1, reading: Reading, reader: Reader, policy: Policy
) -> Earlier | None:
    is_certain = event.category == reading.category.code
    return repeated(
        work.complaints.earlier_of(complaint.caller_ref, since=event.filed_at - policy.repeat.within),
        Matter(complaint.category, complaint.unit_code, is_certain, reading.gist),
        filed_at=event.filed_at,
        within=policy.repeat.within,
        matching=reader.catalogue.matching,
    )


def _urge(work: Any, complaint: Complaint, earlier: Earlier, now: datetime) -> None:
    """Urged, also where the issue is closed already: supervision opens it again."""
    complaint.urge(earlier.root, earlier.issue_id)
    told = ComplaintUrgedV1(
        order_no=complaint.order_no, first_order_no=earlier.root, issue_id=earlier.issue_id, urged_at=now
    )
    work.outbox.add(told, at=now)


def _accept(work: Any, complaint: Complaint, reading: Reading, reader: Reader, policies: Any, now: datetime) -> None:
    work.outbox.add(
        ComplaintAcceptedV1(
            order_no=complaint.order_no,
            unit_code=complaint.unit_code,
            category=complaint.category,
            request_kind=complaint.request_kind,
            sla_class=complaint.sla_class,
            dispatch_kind=complaint.dispatch_kind,
            dispatched_at=complaint.dispatched_at,
            due_at=complaint.due_at,
        ),
        at=now,
    )
    issue = _issue_for(work, complaint, reading, reader, policies.at(now), now)
    complaint.link(issue.id, at=now, by=LINKED_BY_INTAKE)
    announce_link(work, complaint, issue)
    settle_group(work, complaint, issue, policies.at(now, issue.unit_code), now)


def _issue_for(
    work: Any, complaint: Complaint, reading: Reading, reader: Reader, policy: Policy, now: datetime
) -> Issue:
    """The open issue on the same matter, or a new one."""
    found = _closest_issue(work, complaint.unit_code, complaint.category, reading.gist, reader, policy)
    issue: Issue | None = work.issues.find(found) if found else None
    if issue is not None:
        return issue
    return raise_issue(work, complaint, issue_id_of(complaint.order_no), reading.gist, reading.category, now)


def _closest_issue(work: Any, unit_code: str, category: str, gist: Gist, reader: Reader, policy: Policy) -> str | None:
    matching = reader.catalogue.matching
    return closest(
        gist,
        work.issues.open_of((unit_code, category), most=matching.likeness_candidates),
        similarity_ratio=policy.linking.similarity_ratio,
        least_characters=matching.likeness_least_characters,
    )
