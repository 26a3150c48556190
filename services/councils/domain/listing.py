"""A listing: an issue on the deliberation list 协商清单 of the unit that holds it, and what is to be called next.

Intake says that an issue is listed, deliberation what became of a session, supervision who holds the issue now and
that it is closed. The three may overtake each other, so every change carries its instant and an older one never
undoes a newer one. Who holds the issue is supervision's to say.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from shared.contracts.vocabulary import Obstacle, Publicity, Route, SessionKind


class ListingState(StrEnum):
    """Whether the council still has to do with the issue. `off` is handled without it; `closed` may be reopened."""

    LISTED = "listed"
    RESOLVED = "resolved"
    OFF = "off"
    CLOSED = "closed"


@dataclass(frozen=True)
class Succession:
    """That a listing went on at what came after its unit."""

    from_unit: str
    to_unit: str
    at: datetime


@dataclass(eq=False)
class Listing:
    """`session_id` is the latest session its present unit called; `awaits_session` that another must be called.

    `lapsed_session` is the one that lapsed and waits for its new date, `obstacle` the rule by which none can be called.
    """

    issue_id: str
    unit_code: str
    title: str
    category: str
    state: ListingState = ListingState.OFF
    listed_at: datetime | None = None
    moved_at: datetime | None = None
    ended_at: datetime | None = None
    failures: int = 0
    sessions: int = 0
    session_id: str | None = None
    awaits_session: bool = False
    next_kind: SessionKind = SessionKind.ORDINARY
    call_by: datetime | None = None
    lapsed_session: str = ""
    obstacle: Obstacle | None = None
    passed_on: list[Succession] = field(default_factory=list)
    publicity: Publicity = Publicity.PUBLIC
    respondents: list[str] = field(default_factory=list)

    @property
    def is_listed(self) -> bool:
        return self.state is ListingState.LISTED

    @property
    def needs_session(self) -> bool:
        return self.is_listed and self.awaits_session

    def word(self, title: str, category: str, publicity: Publicity) -> None:
        """So it is spoken of, and so far: intake's to say, and of others only as long as nobody has said it."""
        self.title, self.category, self.publicity = title, category, publicity

    def name_respondents(self, organisation_ids: Sequence[str]) -> None:
        """Organisations that the issue is against; who was named once stays named."""
        self.respondents = list(dict.fromkeys((*self.respondents, *organisation_ids)))

    def enlist(self, unit_code: str, at: datetime) -> bool:
        """Put on the list; says whether that is new. A closed issue waits until it is reopened."""
        if self.listed_at is not None and at <= self.listed_at:
            return False
        self.listed_at = at
        if self.state in (ListingState.LISTED, ListingState.CLOSED) or self._has_ended_since(at):
            return False
        if self.moved_at is None:
            self.unit_code = unit_code
        self._begin()
        return True

    def move(self, to_unit: str, route: Route, at: datetime) -> bool:
        """Another unit holds the issue now, or the same one again. Says whether that is new."""
        if self._heard_of_move(to_unit, at):
            return False
        self.unit_code, self.moved_at = to_unit, at
        if self.state is ListingState.RESOLVED and self.ended_at is not None and self.ended_at >= at:
            return True
        if route is Route.DELIBERATE or self._was_listed_after(at):
            self._begin()
        else:
            self._end(ListingState.OFF, at)
        return True

    def pass_on(self, to_unit: str, at: datetime, *, calls_again: bool) -> None:
        """Its unit has ended. What is known of the issue goes on where it stood, at what came after the unit."""
        self.passed_on = [*self.passed_on, Succession(self.unit_code, to_unit, at)]
        self.unit_code, self.obstacle = to_unit, None
        self.awaits_session = self.awaits_session or calls_again

    def called(self, session_id: str) -> None:
        """A session is planned."""
        self.sessions += 1
        self.session_id = session_id
        self._await_no_more()

    def hinder(self, obstacle: Obstacle) -> bool:
        """By this rule no session can be called. Says whether it is another than was found last."""
        is_new, self.obstacle = self.obstacle is not obstacle, obstacle
        return is_new

    def next_session_id(self) -> str:
        return f"{self.issue_id}/S{self.sessions + 1}"

    def call_again(self, kind: SessionKind, by: datetime) -> bool:
        """Too few came: call a second time. A mediation stays one; after a second call deliberation has the word."""
        if self.state is not ListingState.LISTED or kind is SessionKind.SECOND_CALL:
            return False
        self.next_kind = kind if kind is SessionKind.MEDIATION else SessionKind.SECOND_CALL
        self.awaits_session, self.call_by = True, by
        return True

    def call_anew(self, session_id: str, kind: SessionKind, by: datetime) -> bool:
        """The session has lapsed: another of its kind is its new date."""
        if self.state is not ListingState.LISTED or self.session_id != session_id:
            return False
        self.next_kind, self.lapsed_session = kind, session_id
        self.awaits_session, self.call_by = True, by
        return True

    def hold_after_all(self, session_id: str) -> str | None:
        """The session that had lapsed was opened in time. Gives the one called in its place, if there is one."""
        if self.state is not ListingState.LISTED:
            return None
        called = self.session_id
        self.session_id = session_id
        self._await_no_more()
        return called if called != session_id else None

    def fail(self, kind: SessionKind, failures: int, *, mediate_from: int, is_mediated: bool) -> bool:
        """A deliberation failed: an ordinary session again, then mediation. After that it is supervision's matter."""
        self.failures = max(self.failures, failures)
        self._await_no_more()
        if self.state is not ListingState.LISTED or kind is SessionKind.MEDIATION:
            return False
        if self.failures >= mediate_from and not is_mediated:
            return False
        self.next_kind = SessionKind.MEDIATION if self.failures >= mediate_from else SessionKind.ORDINARY
        self.awaits_session, self.call_by = True, None
        return True

    def resolve(self, unit_code: str, at: datetime) -> bool:
        """A resolution was adopted. One of a former holder counts unless the issue moved on after it."""
        if self.state is not ListingState.LISTED:
            return False
        if unit_code != self.unit_code and self.moved_at is not None and at < self.moved_at:
            return False
        self._end(ListingState.RESOLVED, at)
        return True

    def close(self, at: datetime) -> bool:
        """The case is closed. A closing older than the last move is late and changes nothing."""
        if self.state is ListingState.CLOSED or (self.moved_at is not None and at < self.moved_at):
            return False
        self._end(ListingState.CLOSED, at)
        return True

    def _heard_of_move(self, to_unit: str, at: datetime) -> bool:
        if self.state is ListingState.CLOSED and self.ended_at is not None and at < self.ended_at:
            return True
        if self.moved_at is None or at > self.moved_at:
            return False
        return at < self.moved_at or to_unit == self.unit_code

    def _was_listed_after(self, at: datetime) -> bool:
        if self.listed_at is None or self.listed_at <= at:
            return False
        return self.ended_at is None or self.ended_at < self.listed_at

    def _has_ended_since(self, at: datetime) -> bool:
        """Also at that very instant; but what was listed when a resolution was made, was so for what became of that."""
        if self.ended_at is None:
            return False
        return at < self.ended_at or (at == self.ended_at and self.state is not ListingState.RESOLVED)

    def _begin(self) -> None:
        self._await_no_more()
        self.state, self.awaits_session, self.session_id = ListingState.LISTED, True, None
        self.failures, self.next_kind = 0, SessionKind.ORDINARY

    def _end(self, state: ListingState, at: datetime) -> None:
        self.state, self.ended_at = state, at
        self._await_no_more()

    def _await_no_more(self) -> None:
        self.awaits_session, self.call_by = False, None
        self.lapsed_session, self.obstacle = "", None
