"""What the page of a session knows: who met, what was moved, voted and resolved, and the minutes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.board.domain.words import MinutesState, MotionState
from services.board.reading.shapes import ResolutionRow, SessionRow
from shared.contracts.vocabulary import (
    ContributionKind,
    Decider,
    ElectorateKind,
    FailureReason,
    MoneySource,
    PostponementReason,
    Review,
    VoteOutcome,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountShown:
    """A vote of a motion with its base and the bars that held; `quorum` and `majority` are the rule's, such as ≥2/3."""

    number: int
    outcome: VoteOutcome
    votes_for: int
    votes_against: int
    abstained: int
    recused: int
    present: int
    invited: int
    quorum_needed: int
    residents: int
    residents_needed: int
    votes_needed: int
    quorum: str
    majority: str
    voted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionShown:
    """A motion 动议 with its five steps and its votes. Who had nothing to say leaves words and name empty.

    What the opposing side said is the minority's view, and stays beside the result."""

    motion_id: str
    session_id: str
    motion: str
    mover: str
    item: int
    amount_fen: int
    money: MoneySource
    decided_by: Decider
    leaves_as_is: bool
    state: MotionState
    stated_at: datetime
    seconder: str
    opposed_by: str
    opposition: str
    turns: int | None
    expert: str
    opinion: str
    votes: Sequence[CountShown]


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionShown:
    """How many chose an option, and for how much area they stand."""

    option: str
    heads: int
    area_m2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PollShown:
    """A poll 逐户表决 with its base; from `counted_at` on also what it came to, until then None and empty.

    It `is_withdrawn` where its issue ended before.
    """

    poll_id: str
    motion_id: str
    session_id: str
    electorate: ElectorateKind
    options: Sequence[str]
    base_heads: int
    base_area_m2: float
    opens_at: datetime
    closes_at: datetime
    due_at: datetime
    is_withdrawn: bool
    counted_at: datetime | None
    outcome: VoteOutcome | None
    option: str
    votes: Sequence[OptionShown]
    abstained: int
    heads: int
    area_m2: float
    unchecked: int
    quorum_heads: str
    quorum_area: str
    majority: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionShown:
    """An objection 异议 to a resolution and its answer.

    `organisation` and `reasons` are those of one that declined its task; of a resident nobody is told either.
    """

    number: int
    organisation: str
    reasons: str
    objected_at: datetime
    due_at: datetime
    review: Review | None
    answer: str
    is_default: bool
    reviewed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingShown:
    """Who bears which share, and whose money that is; gifts and hours say in `given` what is given."""

    payer: str
    kind: ContributionKind
    money: MoneySource
    share_ratio: float
    given: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedTask:
    """A task as the resolution gives it, with its five things and who pays."""

    what: str
    leader: str
    department: str
    person: str
    co_units: Sequence[str]
    due_at: datetime
    funding: Sequence[FundingShown]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionShown:
    """A resolution whole."""

    row: ResolutionRow
    amount_fen: int
    money: MoneySource
    poll_id: str
    option: str
    tasks: Sequence[ResolvedTask]
    objections: Sequence[ObjectionShown]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaLine:
    """What may be moved beside the issue itself: at most so much of whose money."""

    number: int
    matter: str
    amount_fen: int
    money: MoneySource


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitedShown:
    """Who is invited 议事代表、议事能手, as which of the thirteen kinds or in which field."""

    name: str
    category: str
    is_expert: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PostponedShown:
    """A session moved to another date, and why, in public."""

    reason: PostponementReason
    words: str
    was_to_start_at: datetime
    starts_at: datetime
    postponed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesObjection:
    """Somebody who took part says that the draft is wrong, and what was answered."""

    number: int
    by: str
    objection: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesShown:
    """The minutes 会议纪要. `head_hash` closes the chain of what was recorded, and proves it."""

    state: MinutesState
    circulated_at: datetime | None
    objections_until: datetime | None
    objections: Sequence[MinutesObjection]
    corrections: Sequence[str]
    chair: str
    clerk: str
    head_hash: str
    signed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPage:
    """A session whole. `replaces` lapsed and has its new date here; `next_session_id` is the new date of this one.

    `chair` opened it, `clerks` kept its record by then: by name, and those alone who had a post there.
    """

    row: SessionRow
    agenda: Sequence[AgendaLine]
    invited: Sequence[InvitedShown]
    postponed: Sequence[PostponedShown]
    noticed_at: datetime | None
    lapses_at: datetime
    opened_at: datetime | None
    chair: str
    clerks: Sequence[str]
    present: int | None
    ended_at: datetime | None
    failure: FailureReason | None
    replaces: str
    next_session_id: str
    motions: Sequence[MotionShown]
    polls: Sequence[PollShown]
    resolutions: Sequence[ResolutionShown]
    minutes: MinutesShown
