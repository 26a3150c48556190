"""Look-backs 回头看: a closed matter is looked at again, and comes back if it has relapsed 反弹."""

from services.supervision.domain.case import Case
from services.supervision.domain.errors import IssueOpen, NoLookBackDue, OutsideYourUnit
from services.supervision.domain.look_back import LookBack
from services.supervision.domain.timeline import TimelineEntry, entry
from services.supervision.schemas.replies import CaseReply, case_reply
from services.supervision.schemas.requests import RecordLookBack
from services.supervision.storage.repository import SupervisionStore
from services.supervision.use_cases import cases
from services.supervision.use_cases.timeline import announce
from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.contracts.alarms import LookBackDueV1


def announce_look_back(work: SupervisionStore, due: Due, at: Moment) -> None:
    """A closed matter is to be looked at again. One that was dropped meanwhile is not."""
    look_back = work.look_backs.find(due.ref)
    if look_back is None or not look_back.is_ahead or look_back.announced_at is not None:
        return
    case = work.cases.lock(look_back.issue_id)
    look_back.announced_at = at.now
    unit_code = work.units(at.now).heir_of(case.unit_code)
    event = LookBackDueV1(issue_id=case.issue_id, unit_code=unit_code, number=look_back.number, due_at=look_back.due_at)
    announce(work, event, at)


def record_look_back(work: SupervisionStore, request: RecordLookBack, at: Moment) -> CaseReply:
    """What was found at the longest due look-back. A relapse opens the issue again. Raises NoLookBackDue."""
    case = work.cases.lock(request.issue_id)
    if not at.caller.may_act_in(work.units(at.now).heir_of(case.unit_code)):
        raise OutsideYourUnit(f"{case.issue_id} is in {case.unit_code}, outside {at.caller.unit}")
    if case.is_open:
        raise IssueOpen(f"{case.issue_id} is open: there is nothing to look back at")
    due = [look_back for look_back in work.look_backs.of(issue_id=case.issue_id) if look_back.is_due]
    if not due:
        raise NoLookBackDue(f"no look-back of {case.issue_id} is due")
    look_back = min(due, key=lambda one: one.due_at)
    look_back.record(has_relapsed=request.relapsed, remark=request.remark, by=at.caller.subject, at=at.now)
    work.timeline.add(_look_back_entry(case, look_back, at))
    if request.relapsed:
        cases.reopen(work, case, f"回头看发现反弹:{request.remark}", at, since=at.now)
    return case_reply(work, case, at.now)


def _look_back_entry(case: Case, look_back: LookBack, at: Moment) -> TimelineEntry:
    return entry(
        case.issue_id,
        at=at.now,
        kind="look_back_recorded",
        actor=look_back.done_by,
        unit_code=case.unit_code,
        facts={"number": look_back.number, "has_relapsed": look_back.has_relapsed, "remark": look_back.remark},
    )
