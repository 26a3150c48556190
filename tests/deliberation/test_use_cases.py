"""Whole sessions through the use cases, and the three events: once, twice, early and late."""

from datetime import timedelta

import pytest

from services.deliberation.domain.errors import (
    BallotsRefused,
    ExpertUnheard,
    MinutesNotReady,
    MotionRepeated,
    ResolutionRefused,
    SessionNotOpen,
    SpeakerRefused,
    StepOutOfOrder,
    UnknownMotion,
    UnknownSession,
)
from services.deliberation.domain.motion import MotionState, Side
from services.deliberation.domain.session import SessionState
from services.deliberation.use_cases import events, minutes, motions, resolutions, sessions
from shared.auth import Caller, Role
from shared.bus.inbox.reading import NotYet
from shared.contracts import deliberation as said
from shared.contracts.assigning import FundingNotWhole
from shared.contracts.vocabulary import FailureReason, SessionKind, VoteOutcome
from shared.errors import NotAllowed
from tests.deliberation.builders import (
    A_SHED,
    CLERK,
    EVERYBODY,
    ISSUE,
    STRANGER,
    STREET_CHAIR,
    STREET_CLERK,
    TUESDAY,
    Hall,
    a_moved_up,
    a_postponed,
    a_scheduled,
    a_task,
    share,
)
from tests.fakes import a_moment

WEEK = timedelta(days=7)
NOW = a_moment(TUESDAY)


def kinds(work):
    return [type(event).__name__ for event in work.outbox.events]


def entries_of(work):
    return work.journal.of(session_id=f"{ISSUE}/S1")


def test_a_session_from_its_call_to_signed_minutes(work, hall):
    hall.open()
    hall.carry()
    hall.ask(sessions.close_session)
    hall.sign_minutes()

    assert kinds(work) == [
        "SessionOpenedV1",
        "MotionStatedV1",
        "MotionSecondedV1",
        "OppositionStatedV1",
        "MotionDebatedV1",
        "OpinionGivenV1",
        "MotionVotedV1",
        "ResolutionAdoptedV1",
        "ResolutionPublishedV1",
        "SessionClosedV1",
        "MinutesCirculatedV1",
        "MinutesSignedV1",
    ]
    record = hall.record()
    assert record.faults == []
    assert {"motion_stated", "opinion_given"} < {entry.kind for entry in record.entries}
    assert work.outbox.events[-1].head_hash == record.entries[-1].hash


def test_a_session_called_twice_is_one(work, hall):
    hall.open()
    events.call_session(work, a_scheduled(), NOW)

    assert len(work.sessions.of(issue_id=ISSUE)) == 1
    assert hall.session.state is SessionState.OPEN


def test_a_postponed_session_opens_only_on_its_new_date(work, hall):
    for _ in range(2):
        events.postpone_session(work, a_postponed(), NOW)

    assert hall.session.starts_at == TUESDAY + timedelta(days=3)
    assert [entry.kind for entry in entries_of(work)] == ["session_called", "session_postponed"]


@pytest.mark.parametrize("event", [a_postponed(), a_moved_up()], ids=["postponed", "moved up"])
def test_news_of_a_session_that_is_not_known_yet_changes_nothing_and_says_so(work, event):
    hear = events.postpone_session if hasattr(event, "reason") else events.move_up_session

    with pytest.raises(NotYet, match="there is no session"):
        hear(work, event, NOW)
    assert entries_of(work) == []


def test_a_postponement_that_comes_after_the_opening_changes_nothing(work, hall):
    hall.open()
    events.postpone_session(work, a_postponed(), NOW)
    events.move_up_session(work, a_moved_up(), NOW)

    assert (hall.session.state, hall.session.starts_at) == (SessionState.OPEN, TUESDAY)


def test_a_session_that_moved_up_is_not_held(work, hall):
    for _ in range(2):
        events.move_up_session(work, a_moved_up(), NOW)

    with pytest.raises(SessionNotOpen):
        hall.open()
    assert [entry.kind for entry in entries_of(work)] == ["session_called", "session_moved_up"]


def test_too_few_come_and_then_too_few_again(work):
    for number, kind in ((1, SessionKind.ORDINARY), (2, SessionKind.SECOND_CALL)):
        later = Hall(work, number, kind=kind, starts_at=TUESDAY + number * WEEK)
        assert later.open(present=EVERYBODY[:4]).state is SessionState.INQUORATE

    assert kinds(work) == ["SessionInquorateV1", "SessionInquorateV1", "DeliberationFailedV1"]
    failed = work.outbox.events[-1]
    assert (failed.reason, failed.failures, failed.session_id) == (FailureReason.INQUORATE_TWICE, 1, f"{ISSUE}/S2")


def test_failures_of_an_issue_at_one_unit_are_counted(work):
    for number in (1, 2):
        later = Hall(work, number, starts_at=TUESDAY + number * WEEK)
        later.open()
        later.ask(sessions.close_session)

    failures = work.outbox.of(said.DeliberationFailedV1)
    assert [(one.reason, one.failures) for one in failures] == [
        (FailureReason.NO_MOTION, 1),
        (FailureReason.NO_MOTION, 2),
    ]


def test_failures_at_the_unit_below_do_not_count_at_the_next(work):
    for number, unit in ((1, "110105017041"), (2, "110105017")):
        later = Hall(work, number, unit_code=unit, starts_at=TUESDAY + number * WEEK)
        later.ask(sessions.record_arrivals, person_ids=EVERYBODY, by=STREET_CLERK)
        later.ask(sessions.open_session, by=STREET_CHAIR)
        later.ask(sessions.close_session, by=STREET_CHAIR)

    assert [one.failures for one in work.outbox.of(said.DeliberationFailedV1)] == [1, 1]


def test_a_lost_motion_ends_in_a_failed_deliberation(work, hall):
    hall.open()
    hall.five_steps()
    hall.vote(votes_for=4, against=5)
    hall.ask(sessions.close_session)

    assert work.outbox.events[-2].carried == 0
    assert work.outbox.events[-1].reason is FailureReason.NO_MAJORITY


def test_the_quorum_is_that_of_the_vote_not_of_the_opening(work, hall):
    hall.open()
    motion = hall.five_steps()
    hall.ask(sessions.record_departures, person_ids=EVERYBODY[4:])
    hall.vote(votes_for=4)

    voted = work.outbox.events[-1]
    assert (voted.outcome, voted.present, voted.votes_for) == (VoteOutcome.VOID, 4, 4)
    assert motion.state is MotionState.VOID
    assert len(work.ballots.of(motion_id=motion.id)) == 4


def test_who_comes_back_counts_again(work, hall):
    hall.open()
    motion = hall.five_steps()
    hall.ask(sessions.record_departures, person_ids=EVERYBODY[4:])
    hall.ask(sessions.record_arrivals, person_ids=["P-5"])
    hall.vote(votes_for=5)

    assert motion.state is MotionState.CARRIED


def test_recusals_are_taken_off_those_present(work, hall):
    hall.open(present=EVERYBODY[:5])
    hall.five_steps()
    hall.ask(motions.record_recusal, person_id="P-5", reason="承包人亲属")
    hall.vote(votes_for=4)

    assert (work.outbox.events[-1].outcome, work.outbox.events[-1].recused) == (VoteOutcome.VOID, 1)


def test_the_streets_money_needs_two_thirds_of_those_present(work):
    hall = Hall(work, agenda=[A_SHED])
    hall.open()
    motion = hall.five_steps(item=1, amount_fen=2_000_000)
    hall.vote(votes_for=5, against=1)

    assert (work.outbox.events[-1].votes_needed, motion.state) == (6, MotionState.LOST)


def test_a_refused_ballot_leaves_no_trace_and_the_vote_can_be_held(work, hall):
    hall.open(present=EVERYBODY[:6])
    motion = hall.five_steps()
    entries = len(entries_of(work))

    with pytest.raises(BallotsRefused, match="代表7"):
        hall.vote(votes_for=7)
    assert (len(entries_of(work)), motion.state, work.votes.of(motion_id=motion.id)) == (
        entries,
        MotionState.ADVISED,
        [],
    )
    hall.vote(votes_for=6)
    assert motion.state is MotionState.CARRIED


def test_a_motion_that_is_withdrawn_stays_on_record(work, hall):
    hall.open()
    hall.state_motion()
    hall.ask(motions.withdraw_motion)

    assert [entry.kind for entry in entries_of(work)][-2:] == ["motion_stated", "motion_withdrawn"]


def test_a_vote_cannot_be_held_again(work, hall):
    hall.open()
    hall.five_steps()
    hall.vote(votes_for=4, against=5)

    with pytest.raises(StepOutOfOrder):
        hall.vote(votes_for=9)


def test_a_vote_before_the_five_steps_is_refused(work, hall):
    hall.open()
    hall.state_motion()

    with pytest.raises(StepOutOfOrder, match="second_motion"):
        hall.vote(votes_for=9)


def test_the_chair_takes_no_side(work):
    hall = Hall(work)
    hall.ask(sessions.record_arrivals, person_ids=EVERYBODY, by=CLERK)
    hall.ask(sessions.open_session, by=Caller("P-1", frozenset({Role.CHAIR}), "110105017041"))
    with pytest.raises(SpeakerRefused, match="neutral"):
        hall.state_motion()

    hall.ask(motions.state_motion, mover="P-2", motion="划定十个车位", new_facts="")
    hall.ask(motions.second_motion, seconder="P-3")
    with pytest.raises(SpeakerRefused, match="neutral"):
        hall.ask(motions.state_opposition, speaker="P-1", statement="车位不够")


def test_somebody_who_is_not_here_does_not_second(work, hall):
    hall.open(present=EVERYBODY[:6])
    motion = hall.state_motion()

    with pytest.raises(SpeakerRefused, match="not present"):
        hall.ask(motions.second_motion, motion_id=motion.id, seconder="P-9")


def test_an_expert_who_came_is_heard_and_nobody_else_for_one(work, hall):
    hall.open(present=[*EVERYBODY, "X-1"])
    hall.state_motion()
    hall.ask(motions.second_motion, seconder="P-2")
    hall.ask(motions.state_opposition, speaker="", statement="")
    hall.ask(motions.close_debate)

    with pytest.raises(ExpertUnheard):
        hall.ask(motions.give_opinion, expert="", opinion="")
    with pytest.raises(SpeakerRefused, match="not an invited expert"):
        hall.ask(motions.give_opinion, expert="X-9", opinion="可行")


def test_the_same_motion_again_is_refused_until_there_are_new_facts(work, hall):
    hall.open()
    hall.five_steps()
    hall.vote(against=9)
    with pytest.raises(MotionRepeated):
        hall.state_motion(new_facts="有新的测量")
    hall.ask(sessions.close_session)

    later = Hall(work, 2, starts_at=TUESDAY + WEEK)
    later.open()
    with pytest.raises(MotionRepeated):
        later.state_motion()
    assert later.state_motion(new_facts="有新的测量").state is MotionState.STATED


def test_only_a_carried_motion_has_a_resolution_and_only_one(work, hall):
    hall.open()
    hall.five_steps()
    with pytest.raises(ResolutionRefused):
        hall.ask(resolutions.adopt_resolution, tasks=[a_task()])
    hall.vote(votes_for=9)
    hall.ask(resolutions.adopt_resolution, tasks=[a_task()])
    with pytest.raises(ResolutionRefused):
        hall.ask(resolutions.adopt_resolution, tasks=[a_task()])

    assert [one.id for one in work.resolutions.of(issue_id=ISSUE)] == [f"{ISSUE}/S1/R1"]


def test_shares_that_do_not_add_up_stop_the_resolution(work, hall):
    hall.open()
    hall.five_steps()
    hall.vote(votes_for=9)

    with pytest.raises(FundingNotWhole, match=r"tasks\.0\.funding"):
        hall.ask(resolutions.adopt_resolution, tasks=[a_task(funding=[share("街道", 0.5), share("居民", 0.4)])])


def test_a_resolution_is_displayed_for_ten_working_days(work, hall):
    hall.open()
    hall.carry()

    published = work.outbox.of(said.ResolutionPublishedV1)[0]
    assert published.published_at == TUESDAY
    assert published.displayed_until.isoformat() == "2026-03-24T16:00:00+00:00"  # 24:00 of that day
    assert '"what":"施划车位"' in entries_of(work)[-1].content


def test_there_are_no_minutes_before_the_session_has_ended(work, hall):
    hall.open()

    with pytest.raises(MinutesNotReady):
        hall.ask(minutes.circulate_minutes)


def test_a_correction_of_signed_minutes_is_appended_and_changes_no_entry_before(work, hall):
    hall.open()
    hall.ask(sessions.close_session)
    hall.sign_minutes()
    before = [entry.hash for entry in entries_of(work)]
    hall.ask(minutes.correct_minutes, correction="到会应为九人")

    assert [entry.hash for entry in entries_of(work)][:-1] == before
    assert hall.record().faults == []


COMMANDS = {
    sessions.record_arrivals: {"person_ids": EVERYBODY},
    sessions.record_departures: {"person_ids": ["P-1"]},
    sessions.open_session: {},
    sessions.close_session: {},
    motions.state_motion: {"mover": "P-1", "motion": "m", "new_facts": ""},
    motions.second_motion: {"seconder": "P-2"},
    motions.withdraw_motion: {},
    motions.state_opposition: {"speaker": "", "statement": ""},
    motions.record_turn: {"speaker": "", "side": Side.FOR, "text": ""},
    motions.close_debate: {},
    motions.give_opinion: {"expert": "", "opinion": ""},
    motions.record_recusal: {"person_id": "P-1", "reason": "r"},
    motions.vote: {"ballots": []},
    resolutions.adopt_resolution: {"tasks": []},
    minutes.circulate_minutes: {},
    minutes.correct_minutes: {"correction": "c"},
    minutes.object_to_minutes: {"person_id": "P-1", "objection": "o"},
    minutes.answer_objection: {"number": 1, "answer": "a"},
    minutes.sign_minutes: {},
}


@pytest.mark.parametrize("command", COMMANDS)
def test_nobody_acts_in_the_session_of_another_unit(work, hall, command):
    hall.open()
    hall.state_motion()

    with pytest.raises(NotAllowed):
        hall.ask(command, by=STRANGER, **COMMANDS[command])


@pytest.mark.parametrize("command", [motions.second_motion, motions.vote, resolutions.adopt_resolution])
def test_an_unknown_motion_is_named_as_such(work, hall, command):
    with pytest.raises(UnknownMotion):
        hall.ask(command, motion_id="I-1/S1/M1", **COMMANDS[command])


@pytest.mark.parametrize("command", [sessions.open_session, motions.state_motion, minutes.circulate_minutes])
def test_an_unknown_session_is_named_as_such(work, hall, command):
    with pytest.raises(UnknownSession):
        hall.ask(command, session_id="I-1/S1", **COMMANDS[command])
