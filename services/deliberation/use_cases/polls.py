"""Polls household by household: opened on a motion, papers entered and checked by two people, counted."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from services.deliberation.domain.electorate import Dwelling, Voter, base_of, faults_in, proof_of, voters_of
from services.deliberation.domain.errors import ElectorateRefused, OffTheNotice, PapersRefused, PollNotOpen
from services.deliberation.domain.motion import Motion, MotionState
from services.deliberation.domain.poll import YES_OR_NO, Box, Check, Paper, Poll, PollState, check_checks, check_papers
from services.deliberation.domain.session import Session, SessionState, failure_of
from services.deliberation.domain.tally import bars_for, tally_of
from services.deliberation.schemas.polls import (
    LONGEST_REGISTER,
    MOST_LISTED,
    CheckPapers,
    CountPoll,
    EnterPapers,
    OpenPoll,
    PollPreview,
    PollReply,
    PreviewPoll,
    PutToPoll,
    RegisterFaultLine,
    chosen_in,
    counts_of,
    motion_of,
    poll_reply,
    preview_of,
    square_metres,
)
from services.deliberation.storage.register_file import read_register
from services.deliberation.storage.repository import DeliberationStore
from services.deliberation.use_cases import sessions
from services.deliberation.use_cases.record import SERVICE, lock_motion, lock_session, record
from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.calendars import Days
from shared.contracts.base import schema_of
from shared.contracts.deliberation import OptionVotesPart, PollCountedV1, PollOpenedV1
from shared.contracts.supervision import IssueClosedV1
from shared.contracts.vocabulary import ElectorateKind, MoneySource, VoteOutcome
from shared.errors import BadRequest

DUE = "poll"
"""A poll is counted by then; the timer refers to it."""


def preview_poll(work: DeliberationStore, request: PreviewPoll, at: Moment) -> PollPreview:
    """What is wrong with the register, row by row, or what would follow. Nothing is opened."""
    motion = work.motions.get(request.motion_id)
    at.caller.must_act_in(motion.unit_code)
    motion.must_be_ready_for_vote()
    _must_be_theirs_to_decide(request, motion)
    register = read_register(request.name, request.content, most=LONGEST_REGISTER)
    if not register.all_faults():  # a row that could not be read is not told a second time what it lacks
        for one in faults_in(request.electorate, register.dwellings):
            register.rows[one.place].note(one.field, one.told)
    if faults := register.all_faults():
        lines = [RegisterFaultLine(sheet=one.sheet, **asdict(one.fault)) for one in faults[:MOST_LISTED]]
        return PollPreview(rows=len(register.rows), faults=lines, faults_in_all=len(faults))
    return preview_of(_new_poll(work, request, register.dwellings, motion, at), register.dwellings)


def open_poll(work: DeliberationStore, request: OpenPoll, at: Moment) -> PollReply:
    """In place of the vote in the hall. From now on nobody enters or leaves the electorate."""
    session, motion = lock_motion(work, request.motion_id, at)
    _must_be_theirs_to_decide(request, motion)
    motion.put_to_poll()
    poll = _new_poll(work, request, [one.as_dwelling() for one in request.register], motion, at)
    motion.poll_id = poll.id
    work.polls.add(poll)
    work.timers.set(DUE, poll.id, poll.due_at, subject=poll.issue_id)
    base = base_of(poll.voters)
    said: dict[str, Any] = {"electorate": poll.electorate, "options": list(poll.options), "heads": base.heads}
    window: dict[str, Any] = {"opens_at": poll.opens_at, "closes_at": poll.closes_at, "due_at": poll.due_at}
    proof = {"electorate_sha256": proof_of(poll.voters), "closes_at": poll.closes_at.isoformat()}
    record(work, session, "poll_opened", at, poll_id=poll.id, **said, **proof)
    told = PollOpenedV1(**_of(poll), **said, area_m2=square_metres(base.area), **window, opened_at=at.now)
    work.outbox.add(told, at=at.now)
    return poll_reply(poll, motion.motion, Box((), ()), None, collector=at.caller)


def enter_papers(work: DeliberationStore, request: EnterPapers, at: Moment) -> PollReply:
    """In the window of the poll. They count when somebody else has checked them."""
    session, poll = _lock_poll(work, request.poll_id, at)
    poll.must_take_papers(at.now)
    box = box_of(work, poll)
    first, voters = len(box.papers) + 1, poll.by_dwelling()
    fresh = [
        Paper(
            poll_id=poll.id,
            number=first + place,
            dwelling=one.dwelling,
            choice=one.choice,
            signed_by=tuple(one.signed_by) or _holders_of(voters.get(one.dwelling)),
            authorised=one.authorised,
            entered_by=at.caller.person_id,
            entered_at=at.now,
        )
        for place, one in enumerate(request.papers)
    ]
    check_papers(poll, box, fresh, voters_per_proxy=at.policy_in(poll.unit_code).poll.voters_per_proxy)
    for paper in fresh:
        work.papers.add(paper)
    record(work, session, "papers_entered", at, poll_id=poll.id, papers={one.number: one.dwelling for one in fresh})
    return _as_it_stands(work, poll, at)


def check_entered_papers(work: DeliberationStore, request: CheckPapers, at: Moment) -> PollReply:
    """By somebody else than who entered them. One that is wrong is struck, and entered anew."""
    session, poll = _lock_poll(work, request.poll_id, at)
    poll.must_be_open()
    numbers = [*request.right, *request.wrong]
    if not numbers or len(set(numbers)) < len(numbers):
        raise BadRequest("each paper is right or wrong", {"right": ["Names papers, each once, here or in `wrong`."]})
    if request.wrong and not request.reason.strip():
        raise PapersRefused(fields={"reason": ["Says what is wrong with them."]})
    check_checks(box_of(work, poll), numbers, by=at.caller.person_id)
    for number in numbers:
        is_right = number in request.right
        reason = "" if is_right else request.reason
        work.checks.add(Check(poll.id, number, is_right, reason, at.caller.person_id, at.now))
    said = {"right": request.right, "wrong": request.wrong, "reason": request.reason}
    record(work, session, "papers_checked", at, poll_id=poll.id, **said)
    return _as_it_stands(work, poll, at)


def count_poll(work: DeliberationStore, request: CountPoll, at: Moment) -> PollReply:
    """After its window, or when nobody is left to wait for."""
    session, poll = _lock_poll(work, request.poll_id, at)
    poll.must_be_open()
    box = box_of(work, poll)
    if at.now < poll.closes_at and len(box.valid) < len(poll.voters):
        raise PollNotOpen(f"papers of {poll.id} are taken until {poll.closes_at.isoformat()}; count them then")
    if box.unchecked and at.now < poll.due_at:
        waiting = ", ".join(str(paper.number) for paper in box.unchecked)
        raise PollNotOpen(f"not checked yet: {waiting}; after {poll.due_at.isoformat()} it is counted without them")
    _count(work, session, poll, box, at, by=at.caller.subject)
    return _as_it_stands(work, poll, at)


def pass_due(work: DeliberationStore, due: Due, at: Moment) -> None:
    """Nobody counted it by then: it is counted, by what was checked."""
    poll = work.polls.find(due.ref)
    session = work.sessions.find_and_lock(poll.session_id) if poll is not None else None
    if poll is not None and session is not None and poll.state is PollState.OPEN and poll.due_at <= at.now:
        _count(work, session, poll, box_of(work, poll), at, by=SERVICE)


def end_with_issue(work: DeliberationStore, event: IssueClosedV1) -> None:
    """Nobody is asked any more about motions that fell with their issue."""
    for motion in work.motions.of(issue_id=event.issue_id):
        poll = work.polls.find(motion.poll_id) if motion.state is MotionState.WITHDRAWN and motion.poll_id else None
        if poll is not None and poll.state is PollState.OPEN:
            poll.state = PollState.WITHDRAWN
            work.timers.cancel(DUE, poll.id)


def _as_it_stands(work: DeliberationStore, poll: Poll, at: Moment) -> PollReply:
    """For those who collect."""
    motion = work.motions.get(poll.motion_id).motion
    return poll_reply(poll, motion, box_of(work, poll), work.tallies.find(poll.id), collector=at.caller)


def _holders_of(voter: Voter | None) -> tuple[str, ...]:
    """All of them; nobody of who is not in the electorate, whose paper is refused."""
    return voter.holders if voter is not None else ()


def box_of(work: DeliberationStore, poll: Poll) -> Box:
    return Box(work.papers.of(poll_id=poll.id), work.checks.of(poll_id=poll.id))


def _count(work: DeliberationStore, session: Session, poll: Poll, box: Box, at: Moment, *, by: str) -> None:
    """The motion is decided by it. One that is not carried is a failed deliberation, if nothing else was."""
    motion, policy = work.motions.get(motion_of(poll.id)), at.policy_in(poll.unit_code)
    tally = tally_of(poll, box, bars_for(poll, motion.money, policy.quorum, policy.majority), by=by, at=at.now)
    poll.state = PollState.COUNTED
    motion.settle_poll(tally.outcome, chosen_in(poll, tally), at=at.now)
    work.tallies.add(tally)
    work.timers.cancel(DUE, poll.id)
    counts: dict[str, Any] = counts_of(poll, tally)
    said = counts | {"votes": schema_of(OptionVotesPart).dump(counts["votes"], many=True)}
    said |= {"poll_id": poll.id, "counted_at": at.now.isoformat()}
    work.journal.add(session.record("poll_counted", by=by, at=at.now, content=said))
    work.outbox.add(PollCountedV1(**_of(poll), **counts), at=at.now)
    reason = failure_of(work.motions.list_in(session)) if session.state is SessionState.CLOSED else None
    if tally.outcome is not VoteOutcome.CARRIED and reason is not None:
        sessions.fail(work, session, reason, at)


def _must_be_theirs_to_decide(request: PutToPoll, motion: Motion) -> None:
    """Owners vote on what is theirs, by an item of 民法典 278; households on none."""
    is_owners = request.electorate is ElectorateKind.OWNERS
    if is_owners and motion.money is not MoneySource.OWNERS:
        told = f"The notice named money of {motion.money}: owners vote on what was announced as theirs."
        raise OffTheNotice(fields={"electorate": [told]})
    if is_owners != bool(request.owners_item):
        told = "Owners name the item of 民法典 278, from 1 to 9." if is_owners else "Only owners vote on one: 0."
        raise ElectorateRefused(fields={"owners_item": [told]})


def _new_poll(
    work: DeliberationStore, request: PutToPoll, register: Sequence[Dwelling], motion: Motion, at: Moment
) -> Poll:
    policy = at.policy_in(motion.unit_code)
    rule = policy.poll
    if not rule.least.count <= request.days <= rule.most.count:
        raise BadRequest("the window is too short or too long", {"days": [f"{rule.least.count} to {rule.most.count}."]})
    options = tuple(option.strip() for option in request.options) or YES_OR_NO
    if len(options) < 2 or len(set(options)) < len(options) or not all(options):
        raise BadRequest("a choice has options", {"options": ["Two or more, each another; none for yes or no."]})
    is_owners = request.electorate is ElectorateKind.OWNERS
    opens_at = policy.notice.owners.ends_at(at.now, work.calendar) if is_owners else at.now
    closes_at = _closes_at(work, opens_at, request.days)
    return Poll(
        id=f"{motion.id}/P{len(work.polls.of(motion_id=motion.id)) + 1}",
        motion_id=motion.id,
        session_id=motion.session_id,
        issue_id=motion.issue_id,
        unit_code=motion.unit_code,
        electorate=request.electorate,
        options=options,
        voters=voters_of(request.electorate, register),
        owners_item=request.owners_item,
        opened_at=at.now,
        opens_at=opens_at,
        closes_at=closes_at,
        due_at=closes_at + rule.checked_within,
    )


def _closes_at(work: DeliberationStore, opens_at: datetime, days: int) -> datetime:
    return Days(days).ends_at(opens_at, work.calendar)


def _lock_poll(work: DeliberationStore, poll_id: str, at: Moment) -> tuple[Session, Poll]:
    """A poll and its session, whose lock guards both. Raises UnknownPoll."""
    found = work.polls.get(poll_id)
    return lock_session(work, found.session_id, at), found


def _of(poll: Poll) -> dict[str, Any]:
    same = ("motion_id", "session_id", "issue_id", "unit_code")
    return {"poll_id": poll.id, **{name: getattr(poll, name) for name in same}}
