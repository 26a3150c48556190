"""A request: who asked, what for, why, and what became of it. Decided once, and never by who asked."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from shared.auth import Caller
from shared.contracts.requests import REASONS, RequestReason, Want
from shared.errors import BadRequest, Conflict, NotAllowed, NotFound, Refused


class RequestState(StrEnum):
    """Asked, until it is granted or refused; ended, if what it was about was over before anybody decided."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    ENDED = "ended"


class UnknownRequest(NotFound):
    """No request has this id."""

    code = "unknown_request"


class OwnRequest(NotAllowed):
    """Whoever asked for something does not decide it, under whichever login."""

    code = "own_request"


class AlreadyDecided(Conflict):
    """It was decided before."""

    code = "already_decided"


class DecidedBefore(NotAllowed):
    """Whoever refused something does not decide the appeal against that."""

    code = "decided_before"


class AlreadyAsked(Conflict):
    """The same was asked for already, and waits to be decided."""

    code = "already_asked"


class NotAppealable(Refused):
    """It was not refused, or what is refused of this kind, or in this way, is final."""

    code = "not_appealable"


@dataclass(eq=False, kw_only=True)
class AskedFor:
    """Something that one person asks for and another decides: who did which, and when. The base of all there is."""

    id: str
    asked_by: str
    asked_person: str
    asked_at: datetime
    decided_by: str = ""
    decided_at: datetime | None = None

    def decided(self, by: Caller, *, at: datetime) -> None:
        """Write down who decides it. Raises OwnRequest for whoever asked, AlreadyDecided the second time."""
        if self.decided_at is not None:
            raise AlreadyDecided(f"{self.id} was decided already, by {self.decided_by}")
        self.must_not_be_of(by)
        self.decided_by, self.decided_at = by.subject, at

    def must_not_be_of(self, caller: Caller) -> None:
        """Raises OwnRequest for whoever asked."""
        if self.is_asked_by(caller):
            raise OwnRequest(f"{caller.subject} asked for {self.id}; somebody else decides")

    def is_asked_by(self, caller: Caller) -> bool:
        """Under whichever login."""
        return caller.subject == self.asked_by or caller.person_id == self.asked_person

    def went_by_rule(self, by: str, *, at: datetime) -> None:
        """Nobody had to decide, or nobody did: what follows is the rule's."""
        self.decided_by, self.decided_at = by, at


@dataclass(eq=False, kw_only=True)
class Request(AskedFor):
    """One request, about an issue or an order. `decided_in` is the unit whose people decide by `decide_by`.

    `is_default`: nobody decided in time, and the policy did. `answer` are the reasons of the decision. `facts` is what
    only this kind of request says, as plain words. `appeals` is the request whose refusal it appeals against 申诉: its
    own decision is final.
    """

    wants: Want
    about: str
    unit_code: str
    reason: RequestReason
    words: str
    decided_in: str
    decide_by: datetime
    evidence: list[dict[str, str]] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    appeals: str = ""
    state: RequestState = RequestState.ASKED
    is_default: bool = False
    answer: str = ""

    def __post_init__(self) -> None:
        must_be_reason_for(self.wants, self.reason)

    @property
    def whom(self) -> str:
        """The organisation that is asked and answers; empty where people of a unit decide."""
        return self.facts.get("whom", "")

    @property
    def is_open(self) -> bool:
        return self.state is RequestState.ASKED

    @property
    def is_granted(self) -> bool:
        return self.state is RequestState.GRANTED

    def must_not_be_decided_again_by(self, caller: Caller) -> None:
        """An appeal against this is for others. Raises OwnRequest for whoever asked, DecidedBefore for who refused."""
        self.must_not_be_of(caller)
        if self.decided_by == caller.subject:
            raise DecidedBefore(f"{caller.subject} decided {self.id}; somebody else decides the appeal")

    def decide(self, *, grant: bool, by: Caller, answer: str, at: datetime) -> None:
        """Raises OwnRequest for whoever asked, AlreadyDecided the second time."""
        self.decided(by, at=at)
        self.state, self.answer = _state(grant), answer

    def answered(self, *, grant: bool, by: str, answer: str, at: datetime) -> None:
        """By a system outside, such as the hotline, whose word prevails over what followed from its silence."""
        self.went_by_rule(by, at=at)
        self.state, self.answer, self.is_default = _state(grant), answer, False

    def default(self, *, grant: bool, by: str, at: datetime) -> None:
        """Nobody decided in time. `by` is the service that says so."""
        self.went_by_rule(by, at=at)
        self.state, self.answer, self.is_default = _state(grant), "逾期未答复" if self.whom else "逾期无人批复", True

    def end(self, answer: str, *, by: str, at: datetime) -> None:
        """What it was about is over; there is nothing to decide any more."""
        self.went_by_rule(by, at=at)
        self.state, self.answer = RequestState.ENDED, answer


def _state(grant: bool) -> RequestState:
    return RequestState.GRANTED if grant else RequestState.REFUSED


def must_be_reason_for(wanted: Want, reason: RequestReason) -> None:
    """Raises BadRequest, which names those that are."""
    if reason not in REASONS[wanted]:
        possible = ", ".join(REASONS[wanted])
        raise BadRequest(f"{reason} is no reason for {wanted}", {"reason": [f"Must be of: {possible}."]})
