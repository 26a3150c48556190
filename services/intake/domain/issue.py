"""An issue: the matter that complaints have in common. It begins with one order and grows by links.

Intake keeps who holds it and whether it is on that unit's deliberation list, so that lists and links are right;
its case and clocks are supervision's.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from services.intake.domain.catalogue import Category
from services.intake.domain.errors import IssueClosed
from services.intake.domain.filing import PROPOSING
from services.intake.domain.likeness import Gist, gist_from
from services.intake.domain.respondent import ids_in
from shared.contracts.vocabulary import (
    DispatchKind,
    IssueOrigin,
    ListingReason,
    Outcome,
    Publicity,
    RequestKind,
    Route,
    SlaClass,
)

REMEMBERED_TIMES_GROUP = 4  # callers remembered for the group rule, as a multiple of the group; bounds the row


class IssueState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class Dispatched(NamedTuple):
    """How and when it was dispatched, by when it is due, and when it arrived."""

    kind: DispatchKind
    at: datetime
    due_at: datetime
    received_at: datetime
    number: int = 1


class Source(NamedTuple):
    """Where an issue comes from; `proposed_by` is a deputy by their person id, or who plans it."""

    origin: IssueOrigin
    proposed_by: str = ""


ORDERS = Source(IssueOrigin.ORDERS)


@dataclass(eq=False, kw_only=True)
class Issue:
    """`origin_unit` is where it was raised, `unit_code` who holds it now; `listed_unit` is empty off every list.
    `street` is the one in which it was raised, as its unit lies now; empty where no order gave rise to it.

    `title` is its public wording: category and place, or what a clerk confirmed at `worded_at`. `gist_words` are
    residents' own, sealed where they are kept. `respondents` are the organisations that all its orders are against.
    """

    id: str
    first_order_no: str
    origin_unit: str
    unit_code: str
    category: str
    title: str
    gist_words: str
    spots: str
    request_kind: RequestKind
    sla_class: SlaClass
    route: Route
    raised_at: datetime
    street: str = ""
    publicity: Publicity = Publicity.PUBLIC
    worded_at: datetime | None = None
    respondents: str = ""
    state: IssueState = IssueState.OPEN
    recent_callers: dict[str, str] = field(default_factory=dict)
    listed_unit: str = ""
    listing_reason: ListingReason | None = None
    listed_at: datetime | None = None
    moved_at: datetime | None = None
    outcome: Outcome | None = None
    closed_at: datetime | None = None

    @property
    def gist(self) -> Gist:
        return gist_from(self.gist_words, self.spots)

    @property
    def against(self) -> list[str]:
        """The ids of the organisations that it is against."""
        return ids_in(self.respondents)

    @property
    def is_open(self) -> bool:
        return self.state is IssueState.OPEN

    def must_be_open(self) -> None:
        if not self.is_open:
            raise IssueClosed(f"issue {self.id} is closed")

    def note_people(self, refs: Sequence[str], at: datetime, *, group: int) -> None:
        """Remember that they spoke of it; callers nobody knows can't be told apart and are not counted."""
        fresh = [ref for ref in refs if ref and self.recent_callers.get(ref, "") < _written(at)]
        if not fresh:
            return
        callers = {**self.recent_callers, **dict.fromkeys(fresh, _written(at))}
        newest = sorted(callers.items(), key=lambda one: (one[1], one[0]))[-group * REMEMBERED_TIMES_GROUP :]
        self.recent_callers = dict(newest)

    def forget_people(self, refs: Collection[str]) -> None:
        """Their order was taken out of the issue."""
        self.recent_callers = {ref: at for ref, at in self.recent_callers.items() if ref not in refs}

    def is_group(self, *, group: int, within: timedelta) -> bool:
        """Whether so many different people spoke of it within some stretch of that length."""
        return is_group([self.recent_callers], group=group, within=within)

    def become(self, classes: Iterable[SlaClass]) -> None:
        """Its class is that of the most urgent of its open orders; the last one's stays."""
        self.sla_class = min(classes, key=list(SlaClass).index, default=self.sla_class)

    def is_listed_at(self, unit_code: str) -> bool:
        return self.listed_unit == unit_code

    def list_at(self, unit_code: str, reason: ListingReason, *, at: datetime) -> None:
        """Put it on a unit's deliberation list; from there on it is deliberated."""
        self.route = Route.DELIBERATE
        self.listed_unit, self.listing_reason, self.listed_at = unit_code, reason, at

    def end_listing(self) -> None:
        self.listed_unit = ""

    def settle_by_resolution(self) -> None:
        """The council resolved: it is off the list, and what was resolved is handled."""
        self.route = Route.HANDLE
        self.end_listing()

    def move(self, to_unit: str, route: Route, *, at: datetime) -> None:
        """Another unit holds it now; a deliberation goes with it, onto that unit's list."""
        self.unit_code, self.route, self.moved_at = to_unit, route, at
        if route is Route.DELIBERATE:
            self.listing_reason = self.listing_reason or ListingReason.HANDLING_FAILED
            self.listed_unit, self.listed_at = to_unit, at
        else:
            self.end_listing()

    def pass_on(self, to_unit: str) -> None:
        """The unit that holds it has ended: it goes on, by the same route, at what came after that."""
        self.listed_unit = to_unit if self.listed_unit == self.unit_code else self.listed_unit
        self.unit_code = to_unit

    def correct(
        self, unit_code: str, category: str, title: str, sla_class: SlaClass, route: Route, *, at: datetime
    ) -> None:
        """Its only order was corrected, and with it what the issue is and where it began."""
        if (unit_code, category) != (self.origin_unit, self.category):
            self.title, self.worded_at = title, None  # what was confirmed may name the wrong place
        self.category, self.sla_class = category, sla_class
        if unit_code != self.origin_unit:
            self.origin_unit = unit_code
            self.move(unit_code, route, at=at)
        elif route is Route.HANDLE and self.route is Route.DELIBERATE:
            self.settle_by_resolution()

    def words_due_at(self, within: timedelta) -> datetime | None:
        """By when a clerk finds words; None off every list."""
        return None if self.listed_at is None else self.listed_at + within

    def word(self, title: str, publicity: Publicity, *, at: datetime) -> bool:
        """By these words it is spoken of, and so far; False if that is so already."""
        if self.worded_at is not None and (self.title, self.publicity) == (title, publicity):
            return False
        self.title, self.publicity, self.worded_at = title, publicity, at
        return True

    def say(self, gist: Gist) -> None:
        """The order that it began with says something else now; others are compared with that."""
        self.gist_words, self.spots = gist.words, " ".join(sorted(gist.spots))

    def close(self, outcome: Outcome, *, at: datetime) -> None:
        self.state, self.outcome, self.closed_at = IssueState.CLOSED, outcome, at
        self.end_listing()

    def reopen(self) -> None:
        self.state, self.outcome, self.closed_at = IssueState.OPEN, None, None


def is_group(spoke: Iterable[dict[str, str]], *, group: int, within: timedelta) -> bool:
    """Whether so many different people spoke of a matter within some stretch of that length.

    `spoke` says of each issue on it who did, and when last. Somebody who spoke of several is one person.
    """
    latest: dict[str, str] = {}
    for some in spoke:
        latest |= {ref: max(at, latest.get(ref, "")) for ref, at in some.items()}
    instants = sorted(map(datetime.fromisoformat, latest.values()))
    return any(last - first <= within for first, last in zip(instants, instants[group - 1 :], strict=False))


def listing_reason_of(
    request_kind: RequestKind, category: Category | None, sla_class: SlaClass
) -> ListingReason | None:
    """Why an issue goes to a council from its beginning; None if it is handled directly, as urgent ones are."""
    if sla_class.is_urgent:
        return None
    if request_kind in PROPOSING:
        return ListingReason.PROPOSAL
    return ListingReason.CATEGORY if category is not None and category.deliberative else None


def publicity_of(request_kind: RequestKind) -> Publicity:
    """Before a clerk says otherwise: a report 举报 is not for the public."""
    return Publicity.CLOSED if request_kind is RequestKind.REPORT else Publicity.PUBLIC


def issue_id_of(order_no: str, number: int = 1) -> str:
    """Derived from the order it begins with; an order that is taken out later begins a second, third ... issue."""
    return f"I-{order_no}" if number == 1 else f"I-{order_no}-{number}"


def _written(at: datetime) -> str:
    """In UTC, so that texts sort as instants do."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
