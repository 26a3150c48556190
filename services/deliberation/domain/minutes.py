"""The minutes 会议纪要 of a session: circulated, objected to, corrected, signed by two. Signed, they only grow.

Approved they are by those who took part, who have had their time to object, and an answer to each objection. Who must
move until they are signed, and what happens when nobody does, stands in `waits.py`.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.deliberation.domain.errors import MinutesNotReady, SignatureRefused, UnknownObjection
from shared.policy.deliberations import Minutes as Rule


class MinutesState(StrEnum):
    """How far the minutes are."""

    DRAFT = "draft"
    CIRCULATED = "circulated"
    SIGNED = "signed"


class Capacity(StrEnum):
    """As what somebody signs: 主持人, 记录员."""

    CHAIR = "chair"
    CLERK = "clerk"


@dataclass(frozen=True)
class Objection:
    """What somebody who took part says is wrong 异议, and what was answered; empty so far."""

    number: int
    person_id: str
    objection: str
    answer: str = ""


@dataclass(eq=False)
class Minutes:
    """Where the minutes of a session stand. What they say is the session's record.

    `due_at` is by when somebody must move; None once they are signed. `chair` and `clerk` have signed.
    """

    session_id: str
    due_at: datetime | None
    state: MinutesState = MinutesState.DRAFT
    corrections: int = 0
    objections: tuple[Objection, ...] = ()
    objections_until: datetime | None = None
    chair: str = ""
    clerk: str = ""
    signed_at: datetime | None = None
    signed_hash: str = ""

    @property
    def unanswered(self) -> list[int]:
        """The numbers of objections that have no answer so far."""
        return [one.number for one in self.objections if not one.answer]

    def circulate(self, rule: Rule, *, at: datetime) -> None:
        self._must_be("circulated", MinutesState.DRAFT)
        self.state = MinutesState.CIRCULATED
        self._open_to_objections(rule, at)

    def object(self, person_id: str, objection: str, *, at: datetime) -> Objection:
        """While there is time. It stays in the minutes, whatever is answered."""
        self._must_be("objected to", MinutesState.CIRCULATED)
        if self.objections_until is not None and at >= self.objections_until:
            raise MinutesNotReady(f"objections were heard until {self.objections_until.isoformat()}")
        made = Objection(len(self.objections) + 1, person_id, objection)
        self.objections = (*self.objections, made)
        return made

    def answer(self, number: int, answer: str) -> None:
        """Once. Where the objection is right, a correction is appended too."""
        self._must_be("answered for", MinutesState.CIRCULATED)
        found = next((one for one in self.objections if one.number == number), None)
        if found is None:
            raise UnknownObjection(f"there is no objection {number}", {"number": ["Unknown objection."]})
        if found.answer:
            raise MinutesNotReady(f"objection {number} has its answer: {found.answer}")
        self.objections = tuple(replace(one, answer=answer) if one is found else one for one in self.objections)

    def correct(self, rule: Rule, *, at: datetime) -> None:
        """Append a correction. Before both have signed, all may object anew; what is signed stays signed."""
        self._must_be("corrected", MinutesState.CIRCULATED, MinutesState.SIGNED)
        self.corrections += 1
        if self.state is MinutesState.CIRCULATED:
            self.chair = self.clerk = ""
            self._open_to_objections(rule, at)

    def sign(self, capacity: Capacity, *, by: str, at: datetime) -> bool:
        """When nobody objects any more. Says whether both have signed now."""
        self._must_be("signed", MinutesState.CIRCULATED)
        if self.objections_until is not None and at < self.objections_until:
            raise MinutesNotReady(f"whoever took part may object until {self.objections_until.isoformat()}; sign then")
        if self.unanswered:
            waiting = ", ".join(map(str, self.unanswered))
            raise MinutesNotReady(f"not answered yet: objection {waiting}; the next step is answer_objection")
        if getattr(self, capacity):
            raise SignatureRefused(f"the {capacity} has signed; what is awaited is the other signature")
        setattr(self, capacity, by)
        if not (self.chair and self.clerk):
            return False
        self.state, self.signed_at, self.due_at = MinutesState.SIGNED, at, None
        return True

    def _open_to_objections(self, rule: Rule, at: datetime) -> None:
        self.objections_until = at + rule.objections
        self.due_at = self.objections_until + rule.signed_within

    def _must_be(self, step: str, *allowed: MinutesState) -> None:
        if self.state not in allowed:
            raise MinutesNotReady(f"minutes are {step} when {' or '.join(allowed)}; these are {self.state}")
