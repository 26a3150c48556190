"""Reading an order in its own words: for who has the duty, with a reason, and never without a trace."""

from services.intake.domain.complaint import Complaint
from services.intake.domain.errors import ReasonOfOthers, Unreadable
from services.intake.domain.look import CALLER, GIVEN_BY, WORDS, Look, LookReason, Reader, look_id, withheld
from services.intake.schemas.look_replies import LookListReply, OwnWordsReply, look_line, own_words_reply
from services.intake.schemas.requests import ListLooks, ReadOrder
from services.intake.storage.repository import Charge, IntakeStore
from shared.auth import Caller, Role, named
from shared.bus.moment import Moment
from shared.contracts.directory import OrganisationPart
from shared.contracts.dispatch import TaskAssignedV1
from shared.contracts.hotline import CallerPart
from shared.errors import NotAllowed
from shared.sealing import WrongKey

IN_UNITS = frozenset({Role.CLERK, Role.LEADER, Role.SUPERVISOR, Role.CALLBACK_AGENT, Role.HOTLINE})


def note_charge(work: IntakeStore, event: TaskAssignedV1, at: Moment) -> None:
    """Who has a task of an issue, or ever had one, may read its orders."""
    work.in_charge.add(Charge(event.issue_id, event.unit_code, event.organisation_id, event.assigned_at))


def read_order(work: IntakeStore, request: ReadOrder, at: Moment) -> OwnWordsReply:
    """What was said, where, and who called as far as the duty needs it. The look is kept."""
    complaint = work.complaints.get(request.order_no)
    _must_have_the_duty(work, complaint, request, at)
    try:
        words, caller = work.words.of(complaint), work.callers.of(complaint.order_no)
    except WrongKey as fault:
        raise Unreadable(str(fault)) from None
    why_not = withheld(
        request.reason,
        _reader(work, at),
        request_kind=complaint.request_kind,
        respondent=words.respondent,
        asks_for_secrecy=caller.confidential,
    )
    shown = [*WORDS, *(() if why_not else CALLER)]
    told = f"{request.idempotency_key}\0{at.now.isoformat()}"
    work.who_saw.add(look_at(complaint.order_no, request.reason, shown, at, told=told))
    return own_words_reply(complaint, words, caller if why_not is None else CallerPart(), why_not)


def list_looks(work: IntakeStore, request: ListLooks, at: Moment) -> LookListReply:
    """Who read an order, the latest last."""
    complaint = work.complaints.get(request.order_no)
    at.caller.must_act_in(complaint.unit_code)
    return LookListReply(looks=[look_line(one) for one in work.who_saw.of_order(complaint.order_no)])


def look_at(order_no: str, reason: LookReason, shown: list[str], at: Moment, *, told: str) -> Look:
    """`told` tells one look of this reader at this order from another."""
    caller = at.caller
    return Look(
        id=look_id(order_no, caller.subject, caller.unit or "", told),
        order_no=order_no,
        subject=caller.subject,
        organisation=caller.organisation,
        roles=sorted(caller.roles),
        unit_code=caller.unit or "",
        reason=reason,
        fields=shown,
        looked_at=at.now,
    )


def _must_have_the_duty(work: IntakeStore, complaint: Complaint, request: ReadOrder, at: Moment) -> None:
    """By unit: where the order is, was or began. A handler by organisation: one that has, or had, a task of it."""
    caller = at.caller
    charged = work.in_charge.of_issue(complaint.issue_id)
    issue = work.issues.find(complaint.issue_id)
    units = {complaint.unit_code, *({issue.unit_code} if issue else ()), *(one.unit_code for one in charged)}
    by_unit = caller.is_any_of(IN_UNITS) and any(caller.may_act_in(unit) for unit in units)
    by_task = caller.is_any_of({Role.HANDLER}) and caller.organisation in {one.organisation_id for one in charged}
    if not by_unit and not by_task:
        raise NotAllowed(f"{caller.subject} has no duty in order {complaint.order_no}: {_why_none(caller)}")
    if not caller.is_any_of(GIVEN_BY[request.reason]):
        whose = named(GIVEN_BY[request.reason])
        may = sorted(one for one, roles in GIVEN_BY.items() if caller.is_any_of(roles))
        raise ReasonOfOthers(
            f"{request.reason} is the duty of a {whose}", {"reason": [f"Must be one of: {', '.join(may)}."]}
        )


def _why_none(caller: Caller) -> str:
    """By which of their roles they might have had one."""
    by_unit = f"it neither is nor was in {caller.unit}" if caller.is_any_of(IN_UNITS) else ""
    by_task = f"{caller.organisation or 'their organisation'} has and had no task of it"
    return " and ".join(filter(None, (by_unit, by_task if caller.is_any_of({Role.HANDLER}) else "")))


def _reader(work: IntakeStore, at: Moment) -> Reader:
    found = work.directory.find(OrganisationPart, at.caller.organisation, at.now) if at.caller.organisation else None
    return Reader((found.name, *found.aliases), found.kind) if found else Reader()
