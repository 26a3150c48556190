"""Orders of which only a clerk can say which unit they are for: they wait, and are given to a unit or back.

The resident's clock counts meanwhile: it runs from the arrival. When nobody decides in the policy's time, the unit that
covers all the order names has it, and supervision hears that nobody did.
"""

from datetime import datetime

from services.intake.domain.complaint import Complaint, ComplaintState
from services.intake.domain.errors import OutsideYourDesk
from services.intake.domain.history import NOBODY, Decided, HistoryEntry, entry_on
from services.intake.domain.place import Located
from services.intake.domain.respondent import as_lines
from services.intake.domain.settling import Unsettled
from services.intake.schemas.replies import ComplaintReply, complaint_reply
from services.intake.schemas.requests import ReturnToHotline, SettleOrder
from services.intake.storage.repository import IntakeStore
from services.intake.use_cases.groups import take_up
from services.intake.use_cases.matters import tell_if_ended
from services.intake.use_cases.respondents import against, must_be_for, must_not_be_against
from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.contracts.intake import ComplaintReturnedV1, ComplaintSettledV1
from shared.contracts.vocabulary import Doubt

SETTLING = "settling"
"""The kind of the timer; it refers to the order."""
NOBODY_DECIDED = "逾期无人确定承办单位"


def wait_for_clerk(work: IntakeStore, complaint: Complaint, located: Located, at: Moment) -> datetime:
    """Put an order onto the list of the desk that can settle it; returns by when."""
    assert located.doubt is not None, "only an order in doubt waits"
    due_at = _wait(work, complaint, at)
    known = work.unsettled.find_and_lock(complaint.order_no) if complaint.decisions else None
    waiting = Unsettled(
        order_no=complaint.order_no,
        unit_code=located.unit_code,
        doubt=located.doubt,
        named=list(located.named),
        suggested_unit=located.suggested,
        waits_since=at.now,
        due_at=due_at,
    )
    if known is None:
        work.unsettled.add(waiting)
    else:
        vars(known).update(vars(waiting))
    return due_at


def wait_again(work: IntakeStore, complaint: Complaint, waiting: Unsettled, at: Moment) -> datetime:
    """Back on the list, to be given to a unit; returns by when."""
    due_at = _wait(work, complaint, at)
    waiting.reopen(at=at.now, due_at=due_at, unit_code=work.units(at.now).heir_of(waiting.unit_code))
    return due_at


def settle_order(work: IntakeStore, request: SettleOrder, at: Moment) -> ComplaintReply:
    """Give an order that waits to a unit inside the desk's own. It goes its way, late by the time it waited."""
    complaint = work.complaints.lock(request.order_no)
    waiting = work.unsettled.find_and_lock(complaint.order_no)
    at.caller.must_act_in(waiting.unit_code if waiting is not None else complaint.unit_code)
    waiting = _still_waiting(complaint, waiting, "given to a unit")
    unit = work.units(at.now).get(request.unit_code)
    if not at.caller.may_act_in(unit.code):
        raise OutsideYourDesk(
            f"{unit.code} is outside {at.caller.unit}: the district's order desk gives orders to it",
            {"unit_code": [f"Is outside {at.caller.unit}."]},
        )
    must_not_be_against(complaint.respondents, at)
    must_be_for(work, complaint, unit.code, at)
    _give_to(work, complaint, waiting, unit.code, at, kind=Decided.SETTLED, reason=request.reason)
    return complaint_reply(complaint, work.history.of_order(complaint))


def return_to_hotline(work: IntakeStore, request: ReturnToHotline, at: Moment) -> ComplaintReply:
    """It is for another district or city: the hotline has it again, with the reason. The district decides that."""
    at.caller.must_act_in(work.units(at.now).district)
    complaint = work.complaints.lock(request.order_no)
    waiting = _still_waiting(complaint, work.unsettled.find_and_lock(complaint.order_no), "returned to the hotline")
    must_not_be_against(complaint.respondents, at)
    waiting.must_be_returnable()
    complaint.give_back()
    end_waiting(work, waiting, at)
    before = {"unit_code": complaint.unit_code}
    by = at.caller.subject
    work.history.add(entry_on(complaint, Decided.RETURNED, reason=request.reason, by=by, at=at.now, before=before))
    told = ComplaintReturnedV1(order_no=complaint.order_no, reason=request.reason, returned_by=by, returned_at=at.now)
    work.outbox.add(told, at=at.now)
    tell_if_ended(work, complaint, at)
    return complaint_reply(complaint, work.history.of_order(complaint))


def settle_by_default(work: IntakeStore, due: Due, at: Moment) -> None:
    """Nobody decided in time: the unit that covers all it names has it, or what came after that since."""
    complaint, waiting = work.complaints.find_and_lock(due.ref), work.unsettled.find_and_lock(due.ref)
    if complaint is None or waiting is None or not waiting.is_open:
        return
    heir = against(work, complaint, work.units(at.now).heir_of(waiting.unit_code), at).unit_code
    _give_to(work, complaint, waiting, heir, at, kind=Decided.DEFAULTED, reason=NOBODY_DECIDED)


def _still_waiting(complaint: Complaint, waiting: Unsettled | None, wanted: str) -> Unsettled:
    """Raises OrderStateForbids for an order that does not wait."""
    complaint.must_be(wanted, ComplaintState.TO_SETTLE)
    assert waiting is not None, "what waits is on the list"
    return waiting


def _give_to(
    work: IntakeStore,
    complaint: Complaint,
    waiting: Unsettled,
    unit_code: str,
    at: Moment,
    *,
    kind: Decided,
    reason: str,
) -> None:
    by = NOBODY if kind is Decided.DEFAULTED else at.caller.subject
    before, after = {"unit_code": complaint.unit_code}, {"unit_code": unit_code}
    complaint.give_to(unit_code)
    complaint.respondents = as_lines(against(work, complaint, unit_code, at).respondents)
    complaint.title = work.wording(complaint.category, unit_code, at.now)
    end_waiting(work, waiting, at)
    entry = entry_on(complaint, kind, reason=reason, by=by, at=at.now, before=before, after=after)
    work.history.add(entry)
    take_up(work, complaint, work.gist_of(complaint), at, by=by)
    work.outbox.add(_settled(complaint, waiting.doubt, entry), at=at.now)


def _wait(work: IntakeStore, complaint: Complaint, at: Moment) -> datetime:
    due_at = at.now + at.policy.settling.within(complaint.due_at - complaint.dispatched_at)
    complaint.wait()
    work.timers.set(SETTLING, complaint.order_no, due_at, subject=complaint.order_no)
    return due_at


def end_waiting(work: IntakeStore, waiting: Unsettled, at: Moment) -> None:
    """It is off the list."""
    waiting.settled_at = at.now
    work.timers.cancel(SETTLING, waiting.order_no)


def _settled(complaint: Complaint, doubt: Doubt, entry: HistoryEntry) -> ComplaintSettledV1:
    return ComplaintSettledV1(
        order_no=complaint.order_no,
        issue_id=complaint.issue_id,
        unit_code=complaint.unit_code,
        doubt=doubt,
        reason=entry.reason,
        is_default=entry.kind is Decided.DEFAULTED,
        settled_by=entry.decided_by,
        settled_at=entry.decided_at,
    )
