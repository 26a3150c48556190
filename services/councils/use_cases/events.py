"""What councils hear: issues come onto the list, move with their holder and leave it, and what became of a session.

Sessions are ours, so whoever reports one that we don't know speaks of a future of this database: the event waits.
"""

from collections.abc import Sequence
from datetime import datetime

from services.councils.domain.listing import Listing
from services.councils.domain.session import Session, issue_of
from services.councils.storage.repository import CouncilsStore
from services.councils.use_cases import sessions
from services.councils.use_cases.councils import load_councils
from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.contracts.base import Event, Subject
from shared.contracts.deliberation import (
    DeliberationFailedV1,
    ResolutionAdoptedV1,
    SessionClosedV1,
    SessionInquorateV1,
    SessionOpenedV1,
)
from shared.contracts.intake import IssueListedV1, WordingConfirmedV1
from shared.contracts.supervision import (
    EscalationUndoneV1,
    IssueClosedV1,
    IssueEscalatedV1,
    IssueReassignedV1,
    IssueReopenedV1,
    IssueReturnedDownV1,
)
from shared.contracts.vocabulary import Route
from shared.directory import learning

Moved = IssueEscalatedV1 | IssueReturnedDownV1 | IssueReassignedV1 | IssueReopenedV1
Report = SessionOpenedV1 | SessionClosedV1 | SessionInquorateV1 | DeliberationFailedV1


def prepare(work: CouncilsStore, subjects: Sequence[Subject | Due], at: Moment) -> None:
    """Lock the listings of a batch; read the sessions of those that there are, or what those due can call on."""
    dues = [one for one in subjects if isinstance(one, Due)]
    waiting = [one.ref for one in dues if one.kind == sessions.PLAN]
    overdue = [one.ref for one in dues if one.kind == sessions.DUE]
    issue_ids = {one.subject for one in subjects if not isinstance(one, Due)}
    work.listings.lock_all(issue_ids.union(waiting, map(issue_of, overdue)))
    work.sessions.load_of("issue_id", (one for one in issue_ids if work.listings.find(one) is not None))
    work.sessions.load(overdue)
    lapsing = (one.issue_id for one in map(work.sessions.find, overdue) if one is not None and one.is_ahead)
    listings = (work.listings.find(issue_id) for issue_id in (*waiting, *lapsing))
    work.sessions.load(one.session_id for one in map(work.listings.find, waiting) if one is not None and one.session_id)
    load_councils(work, [one.unit_code for one in listings if one is not None and one.is_listed], at)


def learn(work: CouncilsStore, event: Event, at: Moment) -> None:
    """Take over what the directory tells, and try again what could not be planned."""
    learning.learn(work, event, at)
    work.timers.set(sessions.TRY_AGAIN, "", at.now)


def list_issue(work: CouncilsStore, event: IssueListedV1, at: Moment) -> None:
    """Put an issue on its unit's list; a session is planned next. Raises NotTold: then it waits."""
    work.directory.must_be_told()
    listing = _listing(work, event.issue_id, event.unit_code)
    listing.word(event.title, event.category, event.publicity)
    listing.name_respondents(event.respondents)
    if listing.enlist(event.unit_code, event.listed_at):
        sessions.call_next(work, listing, at)


def take_wording(work: CouncilsStore, event: WordingConfirmedV1, at: Moment) -> None:
    """A clerk confirmed the words by which it is spoken of: sessions still ahead are announced anew by them."""
    listing = _listing(work, event.issue_id, event.unit_code)
    listing.word(event.title, event.category, event.publicity)
    for session in work.sessions.of(issue_id=event.issue_id):
        if session.word(event.title):
            work.outbox.add(sessions.notice_of(session, at), at=at.now)


def move_issue(work: CouncilsStore, event: Moved, at: Moment) -> None:
    """The issue has another holder: a session still ahead is given up, and the new holder calls its own.

    Also remembered for issues that are on no list yet, for whoever lists them may not have heard of the move.
    Raises NotTold: then it waits.
    """
    work.directory.must_be_told()
    listing = _listing(work, event.issue_id, event.to_unit)
    if not listing.title or isinstance(event, IssueReassignedV1):
        listing.word(event.title, event.category, event.publicity)
    listing.name_respondents(event.respondents)
    session_id = listing.session_id
    if not listing.move(event.to_unit, event.route, _moved_at(event)):
        return
    sessions.give_up(work, session_id, at)
    if listing.needs_session:
        sessions.call_next(work, listing, at)


def undo_escalation(work: CouncilsStore, event: EscalationUndoneV1, at: Moment) -> None:
    """The unit it had climbed from had handled it in time: the session of the next one is given up."""
    listing = _listing(work, event.issue_id, event.to_unit)
    if not listing.title:
        listing.word(event.title, event.category, event.publicity)
    listing.name_respondents(event.respondents)
    session_id = listing.session_id
    if listing.move(event.to_unit, Route.HANDLE, event.undone_at):
        sessions.give_up(work, session_id, at)


def close_listing(work: CouncilsStore, event: IssueClosedV1, at: Moment) -> None:
    """The case is closed: nobody meets on it any more."""
    listing = _listing(work, event.issue_id, event.unit_code)
    if listing.close(event.closed_at):
        sessions.give_up(work, listing.session_id, at)


def open_session(work: CouncilsStore, event: SessionOpenedV1, at: Moment) -> None:
    """It is held, also where it had lapsed because this is heard late."""
    session, listing = _session(work, event), work.listings.find_and_lock(event.issue_id)
    due_at = event.opened_at + at.policy_in(event.unit_code).lapse.closed_within
    if not session.open(event.opened_at, due_at=due_at):
        return
    sessions.await_move(work, session)
    if listing is not None:
        sessions.hold_after_all(work, listing, session, at)


def close_session(work: CouncilsStore, event: SessionClosedV1, at: Moment) -> None:
    """What follows is told by a resolution or a failure of its own."""
    session = _session(work, event)
    if session.close(event.closed_at):
        sessions.await_move(work, session)


def end_inquorate_session(work: CouncilsStore, event: SessionInquorateV1, at: Moment) -> None:
    """Too few came: call a second time, within the policy's days."""
    session = _session(work, event)
    if not session.end_inquorate(event.closed_at):
        return
    sessions.await_move(work, session)
    listing = _listing_that_called(work, session)
    within = at.policy_in(event.unit_code).inquorate.second_call_within
    if listing is not None and listing.call_again(session.kind, event.closed_at + within):
        sessions.call_next(work, listing, at)


def fail_deliberation(work: CouncilsStore, event: DeliberationFailedV1, at: Moment) -> None:
    """It came to nothing: meet again, then mediate with experts; after a failed mediation the issue climbs."""
    session = _session(work, event)
    if not session.fail(event.reason, event.failed_at):
        return
    sessions.await_move(work, session)
    listing = _listing_that_called(work, session)
    policy = at.policy_in(event.unit_code)
    mediate_from, is_mediated = policy.escalation.failed_meetings, policy.failure.is_mediated_first
    if listing is not None and listing.fail(
        session.kind, event.failures, mediate_from=mediate_from, is_mediated=is_mediated
    ):
        sessions.call_next(work, listing, at)


def resolve_issue(work: CouncilsStore, event: ResolutionAdoptedV1, at: Moment) -> None:
    """A resolution was adopted: the issue is off the list, and nobody else need meet on it."""
    listing = work.listings.find_and_lock(event.issue_id)
    if listing is not None and listing.resolve(event.unit_code, event.adopted_at):
        sessions.give_up(work, listing.session_id, at)


def _listing(work: CouncilsStore, issue_id: str, unit_code: str) -> Listing:
    """The issue's, to be changed; made where there is none yet, still without words."""
    listing = work.listings.find_and_lock(issue_id)
    if listing is None:
        listing = Listing(issue_id=issue_id, unit_code=unit_code, title="", category="")
        work.listings.add(listing)
    return listing


def _session(work: CouncilsStore, event: Report) -> Session:
    """The session that is reported on, to be changed. Raises UnknownSession."""
    work.listings.find_and_lock(event.issue_id)
    return work.sessions.get(event.session_id)


def _listing_that_called(work: CouncilsStore, session: Session) -> Listing | None:
    """The listing whose latest session this is. A former holder's calls nothing any more."""
    listing = work.listings.find_and_lock(session.issue_id)
    return listing if listing is not None and listing.session_id == session.id else None


def _moved_at(event: Moved) -> datetime:
    if isinstance(event, IssueEscalatedV1):
        return event.escalated_at
    if isinstance(event, IssueReassignedV1):
        return event.reassigned_at
    return event.returned_at if isinstance(event, IssueReturnedDownV1) else event.reopened_at
