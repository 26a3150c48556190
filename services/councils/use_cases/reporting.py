"""What deliberation reports about sessions, and what it means for the next one.

Sessions are ours, so whoever reports one that we don't know speaks of a future of this database: the event waits.
"""

from datetime import datetime
from typing import Any

from services.councils.domain.errors import UnknownSession
from services.councils.domain.session import Session
from services.councils.use_cases.listing import give_up_session
from services.councils.use_cases.planning import PLAN
from shared.contracts.deliberation import (
    DeliberationFailedV1,
    ResolutionAdoptedV1,
    SessionClosedV1,
    SessionInquorateV1,
    SessionOpenedV1,
)
from shared.policy import Policy


def open_session(work: Any, event: SessionOpenedV1) -> None:
    _session(work, event.session_id).open(event.opened_at)


def close_session(work: Any, event: SessionClosedV1) -> None:
    """What follows is told by a resolution or a failure of its own."""
    _session(work, event.session_id).close(event.closed_at)


def end_inquorate_session(work: Any, event: SessionInquorateV1, *, policy: Policy, now: datetime) -> None:
    """Too few came: call a second time, within the policy's days."""
    session = _session(work, event.session_id)
    if not session.end_inquorate(event.closed_at):
        return
    listing = work.listings.find(event.issue_id)
    if listing is None or listing.session_id != session.id:
        return
    if listing.call_again(session.kind, event.closed_at + policy.inquorate.second_call_within):
        work.timers.set(PLAN, listing.issue_id, now)


def fail_deliberation(work: Any, event: DeliberationFailedV1, *, policy: Policy, now: datetime) -> None:
    """It came to nothing: meet again, then mediate with experts; after a failed mediation the issue climbs."""
    session = _session(work, event.session_id)
    if not session.fail(event.reason, event.failed_at):
        return
    listing = work.listings.find(event.issue_id)
    if listing is None or listing.session_id != session.id:
        return
    is_called = listing.fail(
        session.kind,
        event.failures,
        mediate_from=policy.escalation.failed_meetings,
        is_mediated=policy.failure.is_mediated_first,
    )
    if is_called:
        work.timers.set(PLAN, listing.issue_id, now)


def resolve_issue(work: Any, event: ResolutionAdoptedV1, *, now: datetime) -> None:
    """A resolution was adopted: the issue is off the list, and nobody else need meet on it."""
    listing = work.listings.find(event.issue_id)
    if listing is not None and listing.resolve(event.unit_code, event.adopted_at):
        give_up_session(work, listing.session_id, now=now)


def _session(work: Any, session_id: str) -> Session:
    session: Session | None = work.sessions.find_to_change(session_id)
    if session is None:
        raise UnknownSession(f"no session has the id {session_id}", {"session_id": ["Unknown session."]})
    return session
