"""A resolution on display 公示: open to objections until its last day; then in force, unless it goes back or up.

Whoever lives there may object, and an organisation may decline the task it got 政府把关. Somebody else than who
objected answers: it stands, the residents deliberate anew, or the tier above does. Nobody makes an organisation do what
it declined. Who must answer by when, and what happens otherwise, stands in `waits.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.deliberation.domain.errors import DisplayOver, ObjectionRepeated, ReviewRefused, UnknownObjection
from shared.contracts.vocabulary import Review


class DisplayState(StrEnum):
    """Contested is one with an objection that has no answer. The last three are ends."""

    DISPLAYED = "displayed"
    CONTESTED = "contested"
    IN_FORCE = "in_force"
    RETURNED = "returned"
    REFERRED = "referred"


NO_MORE = {Review.RETURNED: DisplayState.RETURNED, Review.REFERRED: DisplayState.REFERRED}


@dataclass(frozen=True)
class Objection:
    """What is said against a resolution 异议, and what was answered. An organisation's is about its task.

    `objector` is who objects, `made_by` who put it in.
    """

    number: int
    objector: str
    reasons: str
    made_by: str
    made_at: datetime
    due_at: datetime
    organisation: str = ""
    task_id: str = ""
    review: Review | None = None
    answer: str = ""
    reviewed_by: str = ""

    @property
    def is_open(self) -> bool:
        return self.review is None


@dataclass(eq=False)
class Display:
    """Kept once somebody objects. `due_at` is by when the first objection is to be answered; None where none waits."""

    resolution_id: str
    session_id: str
    issue_id: str
    unit_code: str
    displayed_until: datetime
    due_at: datetime | None = None
    state: DisplayState = DisplayState.DISPLAYED
    objections: tuple[Objection, ...] = ()

    def state_at(self, instant: datetime) -> DisplayState:
        """Nothing need happen for what nobody objects to: when its last day is over it is in force."""
        is_over = self.state is DisplayState.DISPLAYED and instant >= self.displayed_until
        return DisplayState.IN_FORCE if is_over else self.state

    @property
    def is_no_more(self) -> bool:
        return self.state in NO_MORE.values()

    @property
    def unanswered(self) -> list[Objection]:
        return [one for one in self.objections if one.is_open]

    def object(self, made: Callable[[int], Objection]) -> Objection:
        """While it is on display; an organisation also later, until it has signed for its task. Once by each."""
        one = made(len(self.objections) + 1)
        state = self.state_at(one.made_at)
        is_over = state is DisplayState.IN_FORCE or one.made_at >= self.displayed_until
        if self.is_no_more or (is_over and not one.task_id):
            until = self.displayed_until.isoformat()
            raise DisplayOver(f"{self.resolution_id} was open to objections until {until}, and is {state} now")
        same = (each for each in self.objections if (each.objector, each.task_id) == (one.objector, one.task_id))
        if (before := next(same, None)) is not None:
            raise ObjectionRepeated(f"whoever this is has objected already: number {before.number}")
        self.objections = (*self.objections, one)
        self._settle()
        return one

    def review(self, number: int, review: Review, answer: str, *, by: str) -> None:
        """Answer an objection; what goes back or up answers all others too."""
        found = next((one for one in self.objections if one.number == number), None)
        if found is None:
            raise UnknownObjection(f"there is no objection {number}", {"number": ["Unknown objection."]})
        if found.review is not None:
            raise ReviewRefused(f"objection {number} has its answer: {found.review}, {found.answer}")
        if by == found.made_by:
            raise ReviewRefused(f"{by} made the objection: somebody else answers it")
        if found.task_id and review is Review.STANDS:
            told = "Nobody makes an organisation do what it declined: returned, or referred."
            raise ReviewRefused(fields={"review": [told]})
        self._answer(found, review, answer, by)

    def close(self, answer: str, *, by: str) -> None:
        """The issue has ended, and with it what was said against its resolution, and may be."""
        for one in self.unanswered:
            self._answer(one, Review.STANDS, answer, by)
        self.state = DisplayState.IN_FORCE

    def _answer(self, found: Objection, review: Review, answer: str, by: str) -> None:
        taken = [found] if review is Review.STANDS else self.unanswered
        self.objections = tuple(
            replace(one, review=review, answer=answer, reviewed_by=by) if one in taken else one
            for one in self.objections
        )
        if review is Review.STANDS:
            self._settle()
        else:
            self.state, self.due_at = NO_MORE[review], None

    def _settle(self) -> None:
        dues = [one.due_at for one in self.unanswered]
        self.state = DisplayState.CONTESTED if dues else DisplayState.DISPLAYED
        self.due_at = min(dues, default=None)
