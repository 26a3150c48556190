"""An order comes in: refused, answered on the spot, urged, or taken in and linked to an issue.

Where only a clerk can say which unit it is for, it is taken in and waits for that (`settling`).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

from services.intake.domain.complaint import LINKED_BY_INTAKE, Complaint, ComplaintState, faulty_instants
from services.intake.domain.history import THE_HOTLINE
from services.intake.domain.masking import coded
from services.intake.domain.matter import LONGEST_NUMBER, in_all, matters_in
from services.intake.domain.own_words import words_of
from services.intake.domain.reading import Reading
from services.intake.domain.rejection import Rejection, rejected
from services.intake.domain.repeat import Matter, repeated
from services.intake.storage.repository import IntakeStore
from services.intake.use_cases.answers import tell_answered
from services.intake.use_cases.groups import alike_in_street, likely, matter_in_street, matters_around, take_up
from services.intake.use_cases.handovers import hand_over_by_hotline
from services.intake.use_cases.matters import tell_if_ended
from services.intake.use_cases.settling import wait_for_clerk
from shared.bus.inbox.reading import Fault
from shared.bus.moment import Moment
from shared.contracts.hotline import ComplaintFiledV1
from shared.contracts.intake import ComplaintAcceptedV1, ComplaintRejectedV1, ComplaintUrgedV1
from shared.contracts.vocabulary import Disposition


def take_in(work: IntakeStore, event: ComplaintFiledV1, at: Moment) -> None:
    """Settle what becomes of an order. The same again changes nothing; other content under its number is refused."""
    reading = work.readings.of(event, work.reader(at.now))
    known = work.complaints.find(event.order_no)
    if known is not None and known.fingerprint == reading.fingerprint:
        return
    matters = matters_in(event)
    used = known or next((one for matter in matters[1:] if (one := work.complaints.find(matter.order_no))), None)
    refusal = _refusal(event, reading, used, at)
    if refusal is not None:
        reject(work, refusal, at)
        return
    taken = [_take_in_matter(work, matter, event, at) for matter in matters]
    tell_if_ended(work, taken[0], at)


def _take_in_matter(work: IntakeStore, event: ComplaintFiledV1, order: ComplaintFiledV1, at: Moment) -> Complaint:
    reading = work.readings.of(event, work.reader(at.now))
    complaint = _written_down(work, event, reading, at)
    if event is order:
        complaint.matters += len(order.matters)
    else:
        complaint.of_order = order.order_no
    earlier = _earlier(work, event, reading, complaint, at) if reading.goes_its_way else None
    work.complaints.add(complaint)
    if reading.disposition is not None:
        _answer(work, complaint, reading.disposition, at)
    elif reading.located.doubt is not None:
        _tell_accepted(work, complaint, at, settles_at=wait_for_clerk(work, complaint, reading.located, at))
    elif earlier is not None:
        _urge(work, complaint, earlier, at)
    else:
        _accept(work, complaint, reading, at)
    if event.disposition is Disposition.EMERGENCY_LINE:
        hand_over_by_hotline(work, complaint, at)
    work.callers.keep(event.order_no, event.caller, at=at.now)
    return complaint


def refuse(work: IntakeStore, fault: Fault, at: Moment) -> None:
    """A message that is no order."""
    refusal = rejected(
        order_no=fault.order_no,
        message_id=fault.message_id,
        reason=fault.reason,
        fields=fault.fields,
        at=at.now,
        fingerprint=fault.mark,
    )
    reject(work, refusal, at)


def likely_issues(work: IntakeStore, filed: Iterable[ComplaintFiledV1], at: Moment) -> set[str]:
    """The issues, as far as they can be told beforehand, that a batch of orders will be linked to."""
    read = (work.readings.of(event, work.reader(at.now)) for event in in_all(_sound(filed, at)))
    readings = [reading for reading in read if reading.goes_its_way]
    if not readings:
        return set()
    most, units = work.catalogue.matching.likeness_candidates, work.units(at.now)
    around = [matters_around(units, reading.unit_code, reading.category.code) for reading in readings]
    work.issues.candidates.load({one for matters in around for one in matters}, most=most)
    in_streets = {matter_in_street(units, one.unit_code, one.category.code, one.gist) for one in readings}
    work.issues.in_streets.load((one for one in in_streets if one is not None), most=most)
    found = (
        likely(work, matters, reading.gist, at, against=reading.respondents)
        | alike_in_street(work, reading.unit_code, reading.category.code, reading.gist, at, against=reading.respondents)
        for matters, reading in zip(around, readings, strict=True)
    )
    return set().union(*found)


def load_earlier(work: IntakeStore, filed: Sequence[ComplaintFiledV1], at: Moment) -> None:
    """Read which orders of a batch are known, and what their callers filed before."""
    work.complaints.load({event.order_no for event in in_all(filed)})
    if sound := _sound(filed, at):
        since = min(event.filed_at for event in sound) - at.policy.repeat.within
        work.complaints.load_filed_by({work.callers.pseudonym(event.caller) for event in sound}, since=since)


def _sound(filed: Iterable[ComplaintFiledV1], at: Moment) -> list[ComplaintFiledV1]:
    return [event for event in filed if not faulty_instants(event, at.now)]


def _refusal(event: ComplaintFiledV1, reading: Reading, known: Complaint | None, at: Moment) -> Rejection | None:
    """Why an order can't be taken in, with the faulty fields; None for one that can."""
    refused = partial(rejected, order_no=event.order_no, fingerprint=reading.fingerprint, at=at.now)
    if known is not None:
        words = f"{known.order_no} stands for another order already."
        return refused(reason="order_no_reused", fields={"order_no": [words]})
    if faults := faulty_instants(event, at.now) | _too_long(event):
        return refused(reason="contract_broken", fields=faults)
    return None


def _too_long(event: ComplaintFiledV1) -> dict[str, list[str]]:
    if not event.matters or len(event.order_no) <= LONGEST_NUMBER:
        return {}
    return {"order_no": [f"Must have at most {LONGEST_NUMBER} signs where the order has several matters."]}


def reject(work: IntakeStore, refusal: Rejection, at: Moment) -> None:
    """Tell the sender why, and keep that. The same refusal again is kept and told once."""
    if work.rejections.find(refusal.id) is not None:
        return
    work.rejections.add(refusal)
    told = ComplaintRejectedV1(
        order_no=refusal.order_no,
        message_id=refusal.message_id,
        reason=refusal.reason,
        fields=refusal.fields,
        rejected_at=refusal.rejected_at,
    )
    work.outbox.add(told, at=at.now)


def _written_down(work: IntakeStore, event: ComplaintFiledV1, reading: Reading, at: Moment) -> Complaint:
    dispatched_at = event.dispatched_at or at.now
    return Complaint(
        order_no=event.order_no,
        fingerprint=reading.fingerprint,
        filed_at=event.filed_at,
        received_at=at.now,
        request_kind=event.request_kind,
        title=work.wording(reading.category.code, reading.unit_code, at.now),
        said=work.words.close(words_of(event), event.order_no),
        channel=coded(event.channel, at.policy.callback.own_channels),
        caller_ref=work.callers.pseudonym(event.caller),
        unit_code=reading.unit_code,
        category=reading.category.code,
        sla_class=reading.sla_class,
        dispatch_kind=reading.dispatch_kind,
        dispatch_no=0 if reading.disposition is not None else event.dispatch_no,
        dispatched_at=dispatched_at,
        due_at=event.due_at or dispatched_at + at.policy.sla.limit(reading.sla_class),
        has_own_limit=event.due_at is not None,
        state=ComplaintState.LINKED,
        suggested_disposition=reading.suggested_disposition,
        respondents=reading.respondents,
        signatures=event.signatures,
    )


def _answer(work: IntakeStore, complaint: Complaint, disposition: Disposition, at: Moment) -> None:
    """One of the six classes of Art. 11: answered on the spot, not dispatched."""
    answer = work.catalogue.answer_class(disposition).answer
    complaint.answer(disposition, answer, at=at.now)
    tell_answered(work, complaint, at, by=THE_HOTLINE)


def _earlier(
    work: IntakeStore, event: ComplaintFiledV1, reading: Reading, complaint: Complaint, at: Moment
) -> Complaint | None:
    """What this one only repeats, if anything."""
    is_certain = event.category == reading.category.code
    within = at.policy.repeat.within
    earlier = work.complaints.filed_by(complaint.caller_ref, since=event.filed_at - within)
    return repeated(
        [one for one in earlier if one.respondents == complaint.respondents and one.order != complaint.order],
        Matter(complaint.category, complaint.unit_code, is_certain, reading.gist),
        filed_at=event.filed_at,
        within=within,
        matching=work.catalogue.matching,
        gist_of=work.gist_of,
    )


def _urge(work: IntakeStore, complaint: Complaint, earlier: Complaint, at: Moment) -> None:
    """Urged, also where the issue is closed already: supervision opens it again."""
    complaint.urge(earlier.root, earlier.issue_id)
    told = ComplaintUrgedV1(
        order_no=complaint.order_no, first_order_no=earlier.root, issue_id=earlier.issue_id, urged_at=at.now
    )
    work.outbox.add(told, at=at.now)


def _accept(work: IntakeStore, complaint: Complaint, reading: Reading, at: Moment) -> None:
    _tell_accepted(work, complaint, at)
    take_up(work, complaint, reading.gist, at, by=LINKED_BY_INTAKE)


def _tell_accepted(work: IntakeStore, complaint: Complaint, at: Moment, *, settles_at: datetime | None = None) -> None:
    told = ComplaintAcceptedV1(
        order_no=complaint.order_no,
        unit_code=complaint.unit_code,
        category=complaint.category,
        request_kind=complaint.request_kind,
        sla_class=complaint.sla_class,
        dispatch_kind=complaint.dispatch_kind,
        dispatched_at=complaint.dispatched_at,
        due_at=complaint.due_at,
        settles_at=settles_at,
    )
    work.outbox.add(told, at=at.now)
