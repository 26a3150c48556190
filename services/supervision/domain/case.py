"""The case 督办档案 of an issue: who holds it, how it moves, and whether it is over.

A case only ever moves one holder at a time: up by `climb`, down by `return_down`. Both leave a trail in `came_from`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.supervision.domain.errors import (
    AlreadyAtDistrict,
    IssueClosed,
    IssueOpen,
    NothingToReturnTo,
    NotTheHolder,
)
from shared.contracts.vocabulary import (
    DispatchKind,
    EscalationReason,
    IssueOrigin,
    Outcome,
    Publicity,
    RequestKind,
    Route,
    SlaClass,
)
from shared.directory.dated import DatedUnits
from shared.units import Tier, tier_of


class CaseState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


@dataclass(kw_only=True)
class Case:
    """What supervision knows of an issue. `rung` counts climbs, `relapses` reopenings, `tier_clocks` and
    `resident_clocks` the clocks it has had, `requests` what was asked for.
    `pending` is the request by which it stands on the pending list, to be reviewed at `review_at`; else empty.

    `joined` are the orders of an issue that began without any. `sent_back` counts how often it was given or taken back
    down; `is_decided` says that the district settled by that who handles it.
    """

    issue_id: str
    order_no: str
    title: str
    category: str
    request_kind: RequestKind
    sla_class: SlaClass
    dispatch_kind: DispatchKind
    origin_unit: str
    unit_code: str
    route: Route
    raised_at: datetime
    held_since: datetime
    state: CaseState = CaseState.OPEN
    handled_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: Outcome | None = None
    rung: int = 0
    relapses: int = 0
    tier_clocks: int = 0
    resident_clocks: int = 0
    open_incidents: int = 0
    sent_back: int = 0
    is_decided: bool = False
    requests: int = 0
    pending: str = ""
    review_at: datetime | None = None
    has_tried: bool = False
    tried_by: list[str] = field(default_factory=list)
    failed_meetings: int = 0
    concerned: list[str] = field(default_factory=list)
    came_from: list[str] = field(default_factory=list)
    publicity: Publicity = Publicity.PUBLIC
    origin: IssueOrigin = IssueOrigin.ORDERS
    joined: list[str] = field(default_factory=list)
    respondents: list[str] = field(default_factory=list)

    @property
    def is_without_orders(self) -> bool:
        """Whether nobody is to be asked about it: it began without orders, and none has joined it."""
        return self.origin is not IssueOrigin.ORDERS and not self.joined

    @property
    def is_pending(self) -> bool:
        return bool(self.pending)

    @property
    def tier(self) -> Tier:
        return tier_of(self.unit_code)

    @property
    def is_open(self) -> bool:
        return self.state is CaseState.OPEN

    @property
    def resident_clock_id(self) -> str:
        """The latest clock of a resident: each order that joins has one of its own."""
        number = self.resident_clocks
        return f"{self.issue_id}/resident" if number <= 1 else f"{self.issue_id}/resident-{number}"

    @property
    def tier_clock_id(self) -> str:
        """The clock of the present holder."""
        return f"{self.issue_id}/tier-{self.tier_clocks}"

    @property
    def escalation_id(self) -> str:
        """The latest climb."""
        return f"{self.issue_id}/E{self.rung}"

    def concerns(self, unit_code: str) -> None:
        """A complaint of that unit is linked: the issue concerns the unit too."""
        if unit_code not in self.concerned:
            self.concerned = [*self.concerned, unit_code]

    def join(self, order_no: str) -> None:
        """An order was linked to an issue that began without any. Those of others are evaluation's to know."""
        if self.origin is not IssueOrigin.ORDERS and order_no not in self.joined:
            self.joined = [*self.joined, order_no]

    def leave(self, order_no: str) -> bool:
        """The order that had joined is gone. Says whether that is new."""
        is_there = order_no in self.joined
        self.joined = [one for one in self.joined if one != order_no]
        return is_there

    def is_about_now(self, unit_code: str, at: datetime) -> bool:
        """Whether news concern the present holder. What a former one did before it lost the issue changes nothing."""
        return self.is_open and (unit_code == self.unit_code or at > self.held_since)

    def is_about_its_handling(self, unit_code: str, at: datetime) -> bool:
        """The same of what those concerned say: also of what was handled before a climb, and stands after it."""
        was_since = self.handled_at is not None and at >= self.handled_at
        return self.is_about_now(unit_code, at) or (self.is_open and was_since)

    def must_be_held_by(self, unit_code: str) -> None:
        """Raises IssueClosed or NotTheHolder."""
        self.must_be_open()
        if self.unit_code != unit_code:
            raise NotTheHolder(
                f"{self.issue_id} is held by {self.unit_code}, not by {unit_code}",
                {"from_unit": [f"The holder is {self.unit_code}."]},
            )

    def must_be_open(self) -> None:
        if not self.is_open:
            raise IssueClosed(f"{self.issue_id} is closed", {"issue_id": ["The issue is closed."]})

    def next_holder(self, reason: EscalationReason, units: DatedUnits, also: list[str] | None = None) -> str:
        """The unit right above; across areas 跨越区域 the lowest one above that covers all units concerned.

        `also` names units concerned that the case does not know of. Raises AlreadyAtDistrict.
        """
        parent = units.parent_of(self.unit_code)
        if parent is None:
            raise AlreadyAtDistrict(f"{self.issue_id} is at the district {self.unit_code}; nobody is above it")
        if reason is not EscalationReason.CROSS_AREA:
            return parent
        covering = units.covering_unit([self.unit_code, *self.beyond(units, also or [])])
        return covering if covering in units.ancestors_of(self.unit_code) else parent

    def beyond(self, units: DatedUnits, also: Iterable[str]) -> list[str]:
        """The units concerned, these among them, that are neither inside the holder nor above it."""
        concerned = {units.heir_of(unit) for unit in (*self.concerned, *also)}
        own = self.unit_code
        return sorted(one for one in concerned if not units.is_within(one, own) and not units.is_within(own, one))

    def climb(self, to_unit: str, *, at: datetime) -> int:
        """Give the issue to a higher unit; returns the rung this was. `to_unit` comes from `next_holder`."""
        self.must_be_open()
        if tier_of(to_unit) <= self.tier:
            raise ValueError(f"{to_unit} is not above {self.unit_code}")
        self.rung += 1
        self.came_from = [*self.came_from, self.unit_code]
        self._move_to(to_unit, at)
        return self.rung

    def undo_climb(self, units: DatedUnits, *, held_since: datetime) -> str:
        """The unit it last came from holds it, as it has since then; returns that unit. The rung stays used."""
        self.must_be_open()
        *self.came_from, before = self.came_from
        self._move_to(units.heir_of(before), held_since)
        return self.unit_code

    def return_down(self, units: DatedUnits, *, at: datetime) -> str:
        """Give the issue back 退回下级 to the unit it came from, or what came after that; returns the unit.

        Raises NothingToReturnTo.
        """
        self.must_be_open()
        if not self.came_from:
            raise NothingToReturnTo(f"{self.issue_id} began at {self.unit_code}")
        *earlier, before = self.came_from
        to_unit = units.heir_of(before)
        if to_unit == self.unit_code:
            raise NothingToReturnTo(f"{before} has ended, and {to_unit} holds what it held")
        self.came_from = earlier
        self.sent_back += 1
        self._move_to(to_unit, at)
        return to_unit

    def pass_to_heir(self, unit_code: str) -> None:
        """The holder has ended, and this unit holds now what it held. Nothing begins anew by that."""
        if self.unit_code in self.tried_by:
            self.note_trial(unit_code)
        self.unit_code = unit_code

    def note_trial(self, unit_code: str) -> None:
        """A unit has tried, also one that works for the holder and may come to hold the issue itself."""
        if unit_code not in self.tried_by:
            self.tried_by = [*self.tried_by, unit_code]

    def correct(self, to_unit: str, *, category: str, title: str, sla_class: SlaClass, route: Route) -> None:
        """What it is about and where it began are put right; who holds it is another step, `reassign`."""
        self.must_be_open()
        self.concerned = list(dict.fromkeys(to_unit if one == self.origin_unit else one for one in self.concerned))
        self.origin_unit, self.category, self.title = to_unit, category, title
        self.sla_class, self.route = sla_class, route

    def become(self, classes: Iterable[SlaClass]) -> None:
        """Its class is that of the most urgent of its open orders; the last one's stays."""
        self.sla_class = min(classes, key=list(SlaClass).index, default=self.sla_class)

    def word(self, title: str, publicity: Publicity) -> None:
        """So it is spoken of from now on, and so far."""
        self.title, self.publicity = title, publicity

    def reassign(self, to_unit: str, *, at: datetime) -> None:
        """Another unit holds it, as if it had begun there: there is nobody below to give it back to."""
        self.must_be_open()
        self.came_from = []
        self._move_to(to_unit, at)

    def close(self, outcome: Outcome, *, at: datetime) -> None:
        self.must_be_open()
        self.state, self.outcome, self.closed_at = CaseState.CLOSED, outcome, at

    def has_relapsed(self, at: datetime) -> bool:
        """Whether hearing of the matter again at that instant is a relapse. Before or at its closing it is not."""
        return self.closed_at is not None and at > self.closed_at

    def reopen(self, units: DatedUnits, *, tiers_up: int, at: datetime) -> str:
        """Take up a relapse 反弹, so many tiers up, at most at the district; returns the unit that held it."""
        if self.is_open:
            raise IssueOpen(f"{self.issue_id} is open")
        from_unit = units.heir_of(self.unit_code)
        to_unit = units.so_far_up(from_unit, tiers_up)
        if to_unit != from_unit:
            self.came_from = [*self.came_from, from_unit]
        self.state, self.outcome, self.closed_at = CaseState.OPEN, None, None
        self.relapses += 1
        self.sent_back, self.is_decided = 0, False
        self._move_to(to_unit, at)
        return from_unit

    def begin_again(self, *, at: datetime) -> None:
        """The same holder starts over, as the district may decide at an incident."""
        self.must_be_open()
        self._move_to(self.unit_code, at)

    def _move_to(self, unit_code: str, at: datetime) -> None:
        self.unit_code, self.held_since, self.failed_meetings = unit_code, at, 0
        self.handled_at, self.has_tried = None, False


def issue_of(part_id: str) -> str:
    """The issue that a clock, an escalation or an incident belongs to: its id without the last part."""
    return part_id.rpartition("/")[0]
