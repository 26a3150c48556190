"""Adopting the resolution that follows from a carried motion; it goes on public display at once."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from services.deliberation.domain.errors import ResolutionRefused
from services.deliberation.domain.motion import Motion
from services.deliberation.domain.resolution import Resolution, check_funding, check_tasks
from services.deliberation.domain.session import Session
from services.deliberation.storage.repository import DeliberationStore
from services.deliberation.use_cases.record import motion_for, record
from shared.auth import Caller
from shared.calendars import Calendar
from shared.clock import SHANGHAI
from shared.contracts.base import schema_of
from shared.contracts.deliberation import ResolutionAdoptedV1, ResolutionPublishedV1, ResolvedTaskPart
from shared.policy import Policy

_END_OF_DAY = time(23, 59, 59)


def adopt_resolution(
    work: DeliberationStore, request: Any, *, by: Caller, policy: Policy, calendar: Calendar, now: datetime
) -> Resolution:
    """Give a carried motion its tasks. One resolution per motion; a second is refused."""
    session, motion = motion_for(work, request.motion_id, by)
    _must_be_carried(motion)
    check_tasks(request.tasks, at=now)
    for number, task in enumerate(request.tasks):
        check_funding(task.funding, field=f"tasks.{number}.funding")
    resolution = _new_resolution(work, session, motion, request, by, now, _displayed_until(calendar, policy, now))
    motion.resolution_id = resolution.id
    work.resolutions.add(resolution)
    tasks = schema_of(ResolvedTaskPart).dump(request.tasks, many=True)
    record(work, session, "resolution_adopted", by=by.subject, at=now, resolution_id=resolution.id, tasks=tasks)
    _announce(work, resolution, request.tasks, now)
    return resolution


def _must_be_carried(motion: Motion) -> None:
    if not motion.is_carried:
        raise ResolutionRefused(f"only a carried motion has a resolution; this is {motion.state}")
    if motion.resolution_id:
        raise ResolutionRefused(f"the motion has its resolution: {motion.resolution_id}")


def _new_resolution(
    work: DeliberationStore,
    session: Session,
    motion: Motion,
    request: Any,
    by: Caller,
    now: datetime,
    displayed_until: datetime,
) -> Resolution:
    number = work.resolutions.count_of_session(session.id) + 1
    return Resolution(
        id=f"{session.id}/R{number}",
        motion_id=motion.id,
        session_id=session.id,
        issue_id=session.issue_id,
        unit_code=session.unit_code,
        motion=motion.motion,
        tasks=len(request.tasks),
        adopted_by=by.subject,
        adopted_at=now,
        published_at=now,
        displayed_until=displayed_until,
    )


def _displayed_until(calendar: Calendar, policy: Policy, now: datetime) -> datetime:
    """To the end of the last of the working days, which are counted from the day after."""
    last = calendar.add_working_days(now.astimezone(SHANGHAI).date(), policy.resolution.displayed_working_days)
    return datetime.combine(last, _END_OF_DAY, SHANGHAI)


def _announce(
    work: DeliberationStore, resolution: Resolution, tasks: Sequence[ResolvedTaskPart], now: datetime
) -> None:
    of = {"resolution_id": resolution.id, "issue_id": resolution.issue_id, "unit_code": resolution.unit_code}
    adopted = ResolutionAdoptedV1(
        **of, session_id=resolution.session_id, motion=resolution.motion, tasks=list(tasks), adopted_at=now
    )
    published = ResolutionPublishedV1(**of, published_at=now, displayed_until=resolution.displayed_until)
    work.outbox.add(adopted, at=now)
    work.outbox.add(published, at=now)
