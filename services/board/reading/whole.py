"""What the page of one issue or hall knows: the whole of it, as far as it is public or the reader's duty."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.board.domain.words import ClockState, LedgerKind, Light, Stage, TaskState
from services.board.reading.meetings import MotionShown, PollShown, ResolutionShown
from services.board.reading.shapes import HallRow, IssueRow, SessionRow, UnitName
from shared.contracts.vocabulary import ClockKind, IncidentKind, IssueOrigin, Outcome, RequestKind, TaskOrigin
from shared.units import Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class StageStep:
    """A stage of the track with when it began, None while it has not."""

    stage: Stage
    began_at: datetime | None
    is_present: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TierStep:
    """A tier of the track: the unit there that has held the issue, and since when it last did; None if none has."""

    tier: Tier
    unit: UnitName | None
    held_since: datetime | None
    is_holder: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """An entry of a clock's ledger, oldest first: what happened, who by, why, and by when it was due from then on."""

    at: datetime
    kind: LedgerKind
    by: str
    reason: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockShown:
    """A clock 时限 with its ledger. On hold, `due_at` is the earliest it can be. `order_no` is of a resident's alone,
    and empty for who has no duty here."""

    clock_id: str
    kind: ClockKind
    unit: UnitName
    order_no: str
    dispatch_no: int | None
    state: ClockState
    light: Light
    started_at: datetime
    due_at: datetime
    rule_version: str
    ledger: Sequence[LedgerLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """How many stand behind it: people, not calls; orders; and the months in which these were dispatched."""

    people: int
    orders: int
    months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneShown:
    """A milestone 节点 that a task has reached."""

    milestone: str
    reached_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureShown:
    """A file that shows what was done, by address and content hash."""

    uri: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskShown:
    """A task 办理任务 with its progress. Who had it before stands in the timeline; `assigned_at`: the last hand-off."""

    task_id: str
    what: str
    unit: UnitName
    origin: TaskOrigin
    leader: str
    department: str
    organisation_id: str
    person: str
    co_units: Sequence[str]
    state: TaskState
    attempt: int
    assigned_at: datetime
    due_at: datetime
    milestones: Sequence[MilestoneShown]
    pictures: Sequence[PictureShown]
    done_at: datetime | None
    accepted_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationShown:
    """How the people concerned judged it: so many asked, reached, and said that it is solved.

    `redo_due_at`: it is, or was, done again by then.
    """

    asked: int
    reached: int
    solved: int
    outcome: Outcome
    evaluated_at: datetime
    redo_due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingShown:
    """It stands on the pending list 疑难挂账: why, what is planned, who sees to it, until when."""

    reason: str
    plan: str
    owner: str
    review_at: datetime
    pended_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentShown:
    """Somebody must look, in `unit`. None is settled where one is still open."""

    incident_id: str
    issue_id: str
    title: str
    unit: UnitName
    kind: IncidentKind
    about: str
    opened_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineLine:
    """Something that happened: an event by its type, which service told it, in which unit, and its plain facts.

    `event_id` is the proof: under it the service that told it has it in its log."""

    at: datetime
    kind: str
    stage: Stage
    told_by: str
    unit: UnitName | None
    facts: Mapping[str, str | int | float | bool | None]
    event_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuePage:
    """An issue whole, the timeline newest first. `proposed_by` is a deputy or planner where it comes from no order."""

    row: IssueRow
    origin: IssueOrigin
    request_kind: RequestKind
    proposed_by: str
    origin_unit: UnitName
    stages: Sequence[StageStep]
    tiers: Sequence[TierStep]
    clocks: Sequence[ClockShown]
    people: People
    sessions: Sequence[SessionRow]
    motions: Sequence[MotionShown]
    polls: Sequence[PollShown]
    resolutions: Sequence[ResolutionShown]
    tasks: Sequence[TaskShown]
    evaluation: EvaluationShown | None
    pending: PendingShown | None
    incidents: Sequence[IncidentShown]
    timeline: Sequence[TimelineLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class HallPage:
    """A hall whole, with the sessions to come there. `closed_on` are days on which it does not open."""

    row: HallRow
    closed_on: Sequence[date]
    longitude: float | None
    latitude: float | None
    sessions: Sequence[SessionRow]
