"""A resolution as the board knows it, all of it deliberation's word; and the incidents that supervision tells."""

from dataclasses import dataclass
from datetime import datetime

from services.board.domain.words import ResolutionState
from shared.contracts import alarms, deliberation
from shared.contracts.vocabulary import Decider, IncidentKind, Review

_NO_MORE = {Review.RETURNED: ResolutionState.RETURNED, Review.REFERRED: ResolutionState.REFERRED}


@dataclass(eq=False, kw_only=True)
class Resolution:
    """`review` is the answer to an objection by which it is no more."""

    resolution_id: str
    issue_id: str
    unit_code: str
    session_id: str = ""
    motion: str = ""
    decider: Decider | None = None
    leaves_as_is: bool = False
    adopted_at: datetime | None = None
    displayed_until: datetime | None = None
    review: Review | None = None

    def take(
        self,
        event: deliberation.ResolutionAdoptedV1
        | deliberation.ResolutionPublishedV1
        | deliberation.ResolutionReviewedV1,
    ) -> None:
        if isinstance(event, deliberation.ResolutionAdoptedV1):
            self.session_id, self.motion, self.decider = event.session_id, event.motion, event.decided_by
            self.leaves_as_is, self.adopted_at = event.leaves_as_is, event.adopted_at
        elif isinstance(event, deliberation.ResolutionPublishedV1):
            self.displayed_until = event.displayed_until
        elif event.review in _NO_MORE:
            self.review = event.review


def state_of(review: Review | None, displayed_until: datetime | None, now: datetime) -> ResolutionState:
    """How it stands: in force once its display is over."""
    if review is not None:
        return _NO_MORE[review]
    if displayed_until is None:
        return ResolutionState.ADOPTED
    return ResolutionState.DISPLAYED if now < displayed_until else ResolutionState.IN_FORCE


@dataclass(eq=False, kw_only=True)
class Incident:
    """Somebody must look, until it is settled."""

    incident_id: str
    issue_id: str
    unit_code: str
    kind: IncidentKind
    opened_at: datetime
    about: str = ""
    settled_at: datetime | None = None


def incident_from(event: alarms.IncidentOpenedV1) -> Incident:
    return Incident(
        incident_id=event.incident_id,
        issue_id=event.issue_id,
        unit_code=event.unit_code,
        kind=event.kind,
        opened_at=event.opened_at,
        about=event.about,
    )
