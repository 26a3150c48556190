"""What lists and the front page know. Nothing here is worked out by a page, and nothing is invented: it was told.

Instants are aware, in UTC; a unit comes with its name. What residents said, who called and what handlers wrote in their
own words never comes here. What is not public is shown only to who has a duty in its unit (`duty_in`). The pages of one
issue or hall are in `whole.py`, those of sessions in `meetings.py`, ranks, wall and figures in `measures.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from services.board.domain.words import FoundKind, Light, ResolutionState, SessionState, Stage
from shared.contracts.directory_words import HallKind
from shared.contracts.vocabulary import Decider, Outcome, Publicity, SessionKind, SlaClass
from shared.units import Tier

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class UnitName:
    """A unit as a page names it. `tier` is None where the code is no unit's of ours."""

    code: str
    name: str
    tier: Tier | None


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page of a list; `next_cursor` is empty on the last one, and is given back as it is to get the next."""

    rows: Sequence[T]
    next_cursor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRow:
    """An issue 议题 in a list. `due_at` is the next instant at which a clock of it runs out, None where none counts.

    `people` speak of it (not calls); `held_since` is when its holder got it; `reached` are the stages that began.
    """

    issue_id: str
    title: str
    category: str
    category_name: str
    unit: UnitName
    stage: Stage
    reached: frozenset[Stage]
    light: Light
    due_at: datetime | None
    people: int
    sla_class: SlaClass
    publicity: Publicity
    raised_at: datetime
    held_since: datetime
    changed_at: datetime
    is_open: bool
    outcome: Outcome | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """A session 会议 in a list. `items` are on its agenda beside the issue itself."""

    session_id: str
    issue_id: str
    title: str
    unit: UnitName
    number: int
    kind: SessionKind
    state: SessionState
    starts_at: datetime
    hall_id: str
    hall_name: str
    items: int
    is_noticed: bool
    publicity: Publicity


@dataclass(frozen=True, slots=True, kw_only=True)
class HallRow:
    """A hall 议事厅 with what is published about it; `opening_hours` in words. `next_session_at`: None without."""

    hall_id: str
    name: str
    unit: UnitName
    kind: HallKind
    address: str
    opening_hours: str
    contact: str
    capacity: int | None
    link: str
    next_session_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionRow:
    """A resolution 决议, or a recommendation where others than the council decide. `title` is the issue's."""

    resolution_id: str
    issue_id: str
    session_id: str
    title: str
    unit: UnitName
    motion: str
    state: ResolutionState
    decided_by: Decider
    leaves_as_is: bool
    adopted_at: datetime
    displayed_until: datetime | None
    publicity: Publicity


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A street in the grid of all: what it holds now, and its rate in the last published period, None below the bar."""

    unit: UnitName
    open: int
    late: int
    samples: int
    resolution_ratio: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """The notice board 公示栏. `period_id` is the last published period, empty before the first."""

    open: int
    deliberating: int
    sessions_this_week: int
    resolutions_this_month: int
    now: Sequence[IssueRow]
    sessions: Sequence[SessionRow]
    resolutions: Sequence[ResolutionRow]
    tiles: Sequence[Tile]
    period_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Something that a search found, the best first. `issue_id` is empty for halls; `words` are where it was found."""

    kind: FoundKind
    id: str
    issue_id: str
    title: str
    words: str
    unit: UnitName
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueFilter:
    """Which issues: in `unit` and all inside it (empty: anywhere), and by whatever else is not None or empty.

    `is_open` False: those that are closed. `duty_in` is the unit in which the reader has a duty: what is not public is
    shown to them there; empty shows what is public. `by_due`: the next due first, else the last changed first.
    """

    unit: str = ""
    stage: Stage | None = None
    tier: Tier | None = None
    light: Light | None = None
    category: str = ""
    is_open: bool | None = True
    duty_in: str = ""
    by_due: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFilter:
    """Which sessions: in `unit` and all inside it, by state, of one hall, and that begin from `from_at` on.

    Those to come with the next first; with `is_past` those that began before `from_at`, the latest first.
    """

    from_at: datetime
    is_past: bool = False
    unit: str = ""
    state: SessionState | None = None
    hall_id: str = ""
    duty_in: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HallFilter:
    """Which halls: in `unit` and all inside it, and of one kind; by the unit they are in."""

    unit: str = ""
    kind: HallKind | None = None
