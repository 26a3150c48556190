"""What is taken back when news of what was done in time are heard after a clock said otherwise.

In time is the instant that the news name, never when they are read. A clock takes back what it said since then; a climb
for which there was no other reason is undone, while the issue is still where it took it. What the next holder has
settled since stays as it is.
"""

from datetime import datetime

from services.supervision.domain.case import Case
from services.supervision.domain.clock import Clock
from services.supervision.domain.escalation import Escalation, is_for_time_alone, is_latest_move
from services.supervision.domain.timeline import SERVICE
from services.supervision.storage.repository import SupervisionStore
from services.supervision.use_cases import clocks
from services.supervision.use_cases.incidents import end_incidents
from services.supervision.use_cases.timeline import announce, say_why_not
from shared.bus.moment import Moment
from shared.clock import for_people
from shared.contracts.dispatch import IssueHandledV1, OrderHandledV1
from shared.contracts.supervision import ClockCorrectedV1, EscalationUndoneV1
from shared.contracts.vocabulary import ClockKind, IncidentKind


def correct(work: SupervisionStore, clock: Clock, at: Moment, *, since: datetime, reason: str) -> None:
    """Have a clock take back what it said after `since` without having got there by then."""
    withdrawn = clock.take_back(since, clocks.marks_of(clock, at))
    if withdrawn:
        marks = [mark.value for mark in withdrawn]
        event = ClockCorrectedV1(**clocks.whose(clock), withdrawn=marks, reason=reason, corrected_at=at.now)
        announce(work, event, at)


def rest(work: SupervisionStore, case: Case, clock: Clock, at: Moment, *, since: datetime, reason: str) -> None:
    """What it counts was done: on hold since then, it takes back what it has said, and the incident about that ends."""
    clocks.hold(work, clock, at, since=since, by=SERVICE, reason=reason)
    correct(work, clock, at, since=since, reason=reason)
    if clock.breached_at is None:
        end_incidents(work, case, IncidentKind.OVERDUE, "按时办结,消息迟到", at, about=clock.id)


def hear_former_holder(work: SupervisionStore, case: Case, event: IssueHandledV1, at: Moment) -> None:
    """Handled before its holder's time was over: the breach is taken back, and the climb that followed undone."""
    clock = missed_clock(work, case, event.unit_code, event.handled_at)
    if clock is None:
        return
    escalation, reason = undoable(work, case, clock), _handled_late_heard(event)
    correct(work, clock, at, since=event.handled_at, reason=reason)
    if escalation is None:
        say_why_not(work, case, "undone", f"{case.issue_id} has moved on since {clock.id} ran out", at)
    else:
        _undo(work, case, escalation, clock, event, reason, at)


def excuse(
    work: SupervisionStore, case: Case, unit_code: str, at: Moment, *, since: datetime, due_at: datetime, reason: str
) -> None:
    """More time was due to a former holder before its time was over: the breach is taken back, the climb stays."""
    clock = missed_clock(work, case, unit_code, since)
    if clock is not None:
        _excuse(work, case, clock, at, since=since, due_at=due_at, reason=reason, stays_because=reason)


def excuse_for_order(work: SupervisionStore, case: Case, event: OrderHandledV1, at: Moment) -> None:
    """An order was handled in time by whose limit alone a former holder's time was over: its breach is taken back.

    The climb stays: the rest of the issue was not handled.
    """
    clock = missed_clock(work, case, event.unit_code, event.handled_at)
    if clock is None:
        return
    as_it_was = clock.begun_again(clock.id)
    as_it_was.breached_at = None
    as_it_was.fit(clocks.needs_of(work, as_it_was, at), since=event.handled_at)
    _excuse(
        work,
        case,
        clock,
        at,
        since=event.handled_at,
        due_at=as_it_was.due_at,
        reason=_handled_late_heard(event),
        stays_because="the rest was not handled",
    )


def missed_clock(work: SupervisionStore, case: Case, unit_code: str, since: datetime) -> Clock | None:
    """The tier clock of a former holder that ran out for want of news of that instant."""
    if unit_code == case.unit_code and since >= case.held_since:
        return None
    of_issue = work.clocks.of(issue_id=case.issue_id)
    missed = [one for one in of_issue if one.kind is ClockKind.TIER and one.unit_code == unit_code]
    return next((one for one in missed if one.missed(since)), None)


def undoable(work: SupervisionStore, case: Case, clock: Clock) -> Escalation | None:
    """The climb that this clock set off, while the issue is where it took it and its new holder has not acted on it."""
    escalation = _latest_climb(work, case)
    if escalation is None or case.has_tried:
        return None
    return escalation if is_for_time_alone(escalation, clock) else None


def stands_after_climb(work: SupervisionStore, case: Case, handled_at: datetime) -> bool:
    """Whether a handling of before the latest climb, heard after it, is what is to be judged: nobody begins anew."""
    escalation = _latest_climb(work, case)
    return escalation is not None and not escalation.was_handled and handled_at <= escalation.escalated_at


def was_before_climb(work: SupervisionStore, case: Case, acted_at: datetime) -> bool:
    """Whether something was done before the climb that took the issue where it is."""
    return acted_at < case.held_since and _latest_climb(work, case) is not None


def _latest_climb(work: SupervisionStore, case: Case) -> Escalation | None:
    """The climb that took the issue where it is."""
    escalation = work.escalations.find(case.escalation_id)
    return escalation if escalation is not None and is_latest_move(case, escalation) else None


def _handled_late_heard(event: IssueHandledV1 | OrderHandledV1) -> str:
    return f"{for_people(event.handled_at)} 已办结,消息迟到"


def _excuse(
    work: SupervisionStore,
    case: Case,
    clock: Clock,
    at: Moment,
    *,
    since: datetime,
    due_at: datetime,
    reason: str,
    stays_because: str,
) -> None:
    """It had until `due_at`: the breach of before is taken back, and the climb stays, on record."""
    if clock.breached_at is not None and due_at > clock.breached_at:
        correct(work, clock, at, since=since, reason=reason)
        say_why_not(work, case, "undone", f"{case.unit_code} holds it now: {stays_because}", at)


def _undo(
    work: SupervisionStore,
    case: Case,
    escalation: Escalation,
    clock: Clock,
    event: IssueHandledV1,
    reason: str,
    at: Moment,
) -> None:
    from_unit = case.unit_code
    clocks.end_tier_clock(work, case, "提级已撤销", at)
    to_unit = case.undo_climb(work.units(at.now), held_since=clock.started_at)
    escalation.withdrawn_at = at.now
    clocks.pass_to_holder(work, case, at)
    clocks.continue_tier_clock(work, case, clock, at)
    undone = EscalationUndoneV1(
        escalation_id=escalation.id,
        issue_id=case.issue_id,
        from_unit=from_unit,
        to_unit=to_unit,
        title=case.title,
        publicity=case.publicity,
        respondents=case.respondents,
        category=case.category,
        reason=reason,
        held_since=case.held_since,
        handled_at=event.handled_at,
        undone_at=at.now,
    )
    announce(work, undone, at)
