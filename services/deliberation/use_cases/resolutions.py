"""Adopting the resolution that follows from a carried motion; it goes on public display at once."""

from collections.abc import Sequence

from services.deliberation.domain.errors import ResolutionRefused
from services.deliberation.domain.motion import Motion
from services.deliberation.domain.resolution import Resolution, check_tasks
from services.deliberation.domain.session import SessionState
from services.deliberation.schemas.replies import ResolutionReply, resolution_reply
from services.deliberation.schemas.requests import AdoptResolution
from services.deliberation.storage.repository import DeliberationStore
from services.deliberation.use_cases import sessions
from services.deliberation.use_cases.record import lock_motion, record
from shared.bus.moment import Moment
from shared.contracts.base import schema_of
from shared.contracts.deliberation import ResolutionAdoptedV1, ResolutionPublishedV1, ResolvedTaskPart


def adopt_resolution(work: DeliberationStore, request: AdoptResolution, at: Moment) -> ResolutionReply:
    """Give a carried motion its tasks. One resolution per motion; a second is refused.

    To leave all as it is ends the session too, and is refused while another motion is undecided.
    """
    session, motion = lock_motion(work, request.motion_id, at)
    _must_be_carried(motion)
    check_tasks(request.tasks, at=at.now, leaves_as_is=motion.leaves_as_is, money=motion.money)
    resolution = _new_resolution(work, motion, len(request.tasks), at)
    motion.resolution_id = resolution.id
    work.resolutions.add(resolution)
    tasks = schema_of(ResolvedTaskPart).dump(request.tasks, many=True)
    record(work, session, "resolution_adopted", at, resolution_id=resolution.id, tasks=tasks)
    _announce(work, resolution, motion, request.tasks, at)
    if motion.leaves_as_is and session.state is SessionState.OPEN:
        sessions.end(work, session, work.motions.list_in(session), at)
    return resolution_reply(resolution)


def _must_be_carried(motion: Motion) -> None:
    if not motion.is_carried:
        raise ResolutionRefused(f"only a carried motion has a resolution; this is {motion.state}")
    if motion.resolution_id:
        raise ResolutionRefused(f"the motion has its resolution: {motion.resolution_id}")


def _new_resolution(work: DeliberationStore, motion: Motion, tasks: int, at: Moment) -> Resolution:
    number = len(work.resolutions.of(session_id=motion.session_id)) + 1
    return Resolution(
        id=f"{motion.session_id}/R{number}",
        motion_id=motion.id,
        session_id=motion.session_id,
        issue_id=motion.issue_id,
        unit_code=motion.unit_code,
        motion=motion.motion,
        tasks=tasks,
        adopted_by=at.caller.subject,
        adopted_at=at.now,
        published_at=at.now,
        displayed_until=at.policy_in(motion.unit_code).resolution.displayed.ends_at(at.now, work.calendar),
    )


def _announce(
    work: DeliberationStore, resolution: Resolution, motion: Motion, tasks: Sequence[ResolvedTaskPart], at: Moment
) -> None:
    of = {"resolution_id": resolution.id, "issue_id": resolution.issue_id, "unit_code": resolution.unit_code}
    adopted = ResolutionAdoptedV1(
        **of,
        session_id=resolution.session_id,
        motion=resolution.motion,
        leaves_as_is=motion.leaves_as_is,
        amount_fen=motion.amount_fen,
        money=motion.money,
        decided_by=motion.decided_by,
        poll_id=motion.poll_id,
        option=motion.option,
        tasks=list(tasks),
        adopted_at=at.now,
    )
    published = ResolutionPublishedV1(**of, published_at=at.now, displayed_until=resolution.displayed_until)
    work.outbox.add(adopted, at=at.now)
    work.outbox.add(published, at=at.now)
