"""An issue as the board knows it: what each publisher told of it, and what lists show, worked out of all that.

Publishers are heard in any order among each other, and one publisher's news of one issue in theirs. So a field above
the line is one publisher's word alone, or the earliest or latest of instants; what depends on several is worked out
anew from them (`see`), and comes out the same whoever was heard first.
"""

from dataclasses import dataclass, field
from datetime import datetime

from services.board.domain import clocks as timing
from services.board.domain import people as voices
from services.board.domain.words import Light, Stage
from shared.contracts.vocabulary import IssueOrigin, Outcome, Publicity, RequestKind, Route, SlaClass
from shared.units import Tier, tier_of

Place = tuple[str, Stage, Light]
"""Where an open issue is counted: in which unit, at which stage, under which light."""


@dataclass(eq=False, kw_only=True)
class Issue:
    """One issue. Until intake has told that it was raised it is shown nowhere."""

    issue_id: str
    changed_at: datetime
    # intake
    is_raised: bool = False
    title: str = ""
    category: str = ""
    publicity: Publicity = Publicity.CLOSED
    request_kind: RequestKind | None = None
    raised_class: SlaClass | None = None
    origin: IssueOrigin | None = None
    proposed_by: str = ""
    origin_unit: str = ""
    raised_at: datetime | None = None
    listed_at: datetime | None = None
    orders: voices.Kept = field(default_factory=dict)
    # supervision
    held_by: str = ""
    held_at: datetime | None = None
    moved_at: datetime | None = None
    moved_route: Route | None = None
    closed_at: datetime | None = None
    reopened_at: datetime | None = None
    outcome: Outcome | None = None
    ordered_at: datetime | None = None
    clocks: timing.Kept = field(default_factory=dict)
    incidents: list[str] = field(default_factory=list)
    # deliberation, dispatch, evaluation
    adopted_at: datetime | None = None
    handled_at: datetime | None = None
    redo_at: datetime | None = None
    # when each stage began, by whoever told of it
    began: dict[str, str] = field(default_factory=dict)
    # worked out
    unit_code: str = ""
    tier: Tier | None = None
    stage: Stage = Stage.COLLECT
    light: Light = Light.NONE
    sla_class: SlaClass | None = None
    due_at: datetime | None = None
    people: int = 0
    is_open: bool = True
    is_shown: bool = False
    held_since: datetime | None = None

    @property
    def counted_at(self) -> Place | None:
        """Where it is counted; None for what is closed or not raised yet."""
        return (self.unit_code, self.stage, self.light) if self.is_raised and self.is_open else None

    def begin(self, stage: Stage, at: datetime) -> None:
        """A stage began then, unless it had begun before."""
        known = self.began.get(stage)
        if known is None or datetime.fromisoformat(known) > at:
            self.began = self.began | {stage.value: at.isoformat()}

    def note_change(self, at: datetime) -> None:
        self.changed_at = max(self.changed_at, at)

    def move(self, to_unit: str, route: Route | None, *, at: datetime, since: datetime | None = None) -> None:
        """Supervision gave it to this unit, to be worked on by this route."""
        self.held_by, self.held_at, self.moved_at = to_unit, since or at, at
        self.moved_route = route or self.moved_route

    def see(self) -> None:
        """Work out what lists show."""
        self.is_open = self.closed_at is None or _is_later(self.reopened_at, self.closed_at)
        self.unit_code = self.held_by or self.origin_unit
        self.tier = tier_of(self.unit_code) if self.unit_code else None
        self.held_since = self.held_at or self.raised_at
        self.people = voices.count_people(voices.in_it(self.orders))
        self.sla_class = voices.class_of(self.orders, self.raised_class, reopened_at=self.reopened_at)
        standing = timing.standing(self.clocks if self.is_open else {})
        self.light, self.due_at = standing.light, standing.due_at
        self.stage = self._stage()
        self.is_shown = self.is_raised and self.publicity is Publicity.PUBLIC

    def _stage(self) -> Stage:
        """What those concerned say comes last; somebody who must look before what is looked at."""
        if not self.is_open or self._is_handled():
            return Stage.EVALUATE
        if self.incidents or _is_later(self.ordered_at, self.held_since):
            return Stage.SUPERVISE
        if self._is_deliberated():
            return Stage.DELIBERATE
        return Stage.HANDLE if Stage.HANDLE in self.began or self.moved_route is Route.HANDLE else Stage.COLLECT

    def _is_handled(self) -> bool:
        """Nothing was begun anew since all its tasks were done."""
        begun = (self.moved_at, self.redo_at, self.reopened_at)
        return self.handled_at is not None and not any(_is_later(one, self.handled_at) for one in begun)

    def _is_deliberated(self) -> bool:
        """It is on a list, or came to its holder to be deliberated, and nothing was resolved since."""
        moved = self.moved_at if self.moved_route is Route.DELIBERATE else None
        listed = max((one for one in (self.listed_at, moved) if one is not None), default=None)
        handed = self.moved_at if self.moved_route is Route.HANDLE else None
        return listed is not None and not _is_later(self.adopted_at, listed) and not _is_later(handed, listed)


def _is_later(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and (other is None or one > other)
