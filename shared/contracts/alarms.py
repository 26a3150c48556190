"""What supervision 督 tells where somebody must look: urgent, late on arrival, overdue, an incident, a look-back."""

from dataclasses import field
from datetime import datetime

from shared.contracts.base import Event, checked, event
from shared.contracts.vocabulary import ClockKind, IncidentKind, Publicity, SlaClass


@event(publisher="supervision", subject="issue_id")
class ClockLateV1(Event):
    """An order came when its limit was over already 到单即超期: that is said once, and nobody is charged with it."""

    clock_id: str
    issue_id: str
    unit_code: str
    kind: ClockKind
    order_no: str = checked(default="", says="Whose dispatch `dispatch_no` the clock is of.")
    dispatch_no: int | None = None
    due_at: datetime
    late_at: datetime


@event(publisher="supervision", subject="issue_id")
class IssueAlarmedV1(Event):
    """Something urgent came up 紧急告警: it is acted on at once, whatever else the issue waits for.

    `order_no` is the order that says so, empty where the issue came from none; it is due at `due_at`.
    """

    issue_id: str
    unit_code: str
    order_no: str
    title: str
    publicity: Publicity = Publicity.PUBLIC
    respondents: list[str] = field(default_factory=list)
    category: str
    sla_class: SlaClass
    due_at: datetime
    alarmed_at: datetime


@event(publisher="supervision", subject="issue_id")
class SupervisionOrderedV1(Event):
    """督办: overdue by more than the policy's days."""

    issue_id: str
    unit_code: str
    overdue_since: datetime
    ordered_at: datetime


@event(publisher="supervision", subject="issue_id")
class LookBackDueV1(Event):
    """A closed matter is to be looked at again 回头看; `number` counts from 1."""

    issue_id: str
    unit_code: str
    number: int
    due_at: datetime


@event(publisher="supervision", subject="issue_id")
class IncidentOpenedV1(Event):
    """Somebody must look, in `unit_code`: by its kind the district as backstop 兜底, or whoever did not move in time.

    `about` is the session or the order's round that it is about; empty where it is about the issue.
    """

    incident_id: str
    issue_id: str
    unit_code: str
    kind: IncidentKind
    about: str = ""
    reason: str
    opened_at: datetime


@event(publisher="supervision", subject="issue_id")
class IncidentSettledV1(Event):
    """An incident is settled by a decision, or over by itself once its cause is mended (`decision` is empty then)."""

    incident_id: str
    issue_id: str
    unit_code: str
    kind: IncidentKind
    decision: str = ""
    remark: str
    settled_by: str
    settled_at: datetime
