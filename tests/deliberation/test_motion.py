"""Rule 3: five steps in order, and a vote only after them."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.deliberation.domain.errors import (
    DebateUnfinished,
    ExpertUnheard,
    MotionRepeated,
    RecusalRefused,
    SpeakerRefused,
    StepOutOfOrder,
)
from services.deliberation.domain.motion import MotionState, Side, Turn, essence, refuse_repeated
from services.deliberation.domain.quorum import QuorumCount
from services.deliberation.domain.vote import hold_vote
from tests.deliberation.builders import ISSUE, ORDINARY, POLICY, TUESDAY, a_motion, a_motion_ready_for_vote

SPEECH = POLICY.speech
STEPS = {
    "second": lambda motion: motion.second("P-2", SPEECH),
    "oppose": lambda motion: motion.oppose("", ""),
    "close_debate": lambda motion: motion.close_debate(),
    "advise": lambda motion: motion.advise("", "", experts_present=[]),
    "settle": lambda motion: motion.settle(a_lost_vote()),
}


def a_lost_vote():
    quorum = QuorumCount(9, 9, 5, 4, 3)
    return hold_vote("M1", ORDINARY, [], quorum, number=1, recused=0, rule=POLICY.majority, at=TUESDAY)


def taken(motion, name):
    try:
        STEPS[name](motion)
    except StepOutOfOrder:
        return False
    return True


@given(st.permutations(sorted(STEPS)))
def test_of_all_orders_only_the_right_one_comes_to_a_vote(order):
    motion = a_motion()
    outcome = [taken(motion, name) for name in order]

    assert all(outcome) is (list(order) == list(STEPS))
    assert (motion.state is MotionState.LOST) is all(outcome)


@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=30))
def test_a_voted_motion_has_every_step_on_record(attempts):
    motion = a_motion()
    done = [name for name in attempts if taken(motion, name)]

    if motion.state is MotionState.LOST:
        assert list(dict.fromkeys(done)) == list(STEPS)
        assert motion.seconders
        assert motion.oppositions
        assert motion.opinions


class Debate(RuleBasedStateMachine):
    """Anybody may try to speak for any side at any time; the rules of speech hold all the same."""

    def __init__(self):
        super().__init__()
        self.motion = a_motion()
        self.motion.second("P-2", SPEECH)
        self.motion.oppose("P-3", "不同意")

    @rule(speaker=st.sampled_from(["", "P-1", "P-2", "P-3"]), side=st.sampled_from(Side))
    def speak(self, speaker, side):
        try:
            self.motion.take_turn(Turn(speaker, side, "…"), SPEECH)
        except SpeakerRefused:
            return

    @invariant()
    def sides_alternate(self):
        sides = [turn.side for turn in self.motion.turns]
        assert all(one != next_one for one, next_one in pairwise(sides))

    @invariant()
    def nobody_has_more_turns_than_the_policy_gives(self):
        speakers = [turn.speaker for turn in self.motion.turns if turn.speaker]
        assert all(speakers.count(speaker) <= SPEECH.turns for speaker in speakers)


TestDebate = Debate.TestCase


def test_a_carried_motion_says_that_its_resolution_comes_next_until_it_has_one():
    carried = a_motion(state=MotionState.CARRIED)

    assert carried.next_step == "adopt_resolution"
    assert replace(carried, resolution_id="R1").next_step == ""


def test_a_mover_does_not_second_their_own_motion():
    with pytest.raises(SpeakerRefused):
        a_motion(mover="P-1").second("P-1", SPEECH)


def test_where_the_policy_asks_for_two_seconders_one_is_not_enough():
    motion, rule_of_two = a_motion(), replace(SPEECH, seconders=2)

    assert not motion.second("P-2", rule_of_two)
    with pytest.raises(SpeakerRefused):
        motion.second("P-2", rule_of_two)
    assert motion.second("P-3", rule_of_two)


def test_a_motion_is_withdrawn_only_before_it_is_seconded():
    withdrawn, seconded = a_motion(), a_motion()
    withdrawn.withdraw()
    seconded.second("P-2", SPEECH)

    assert withdrawn.state is MotionState.WITHDRAWN
    with pytest.raises(StepOutOfOrder):
        seconded.withdraw()


def test_a_debate_with_an_opposition_ends_only_after_both_sides_were_heard():
    motion = a_motion()
    motion.second("P-2", SPEECH)
    motion.oppose("P-3", "不同意")
    motion.take_turn(Turn("P-1", Side.FOR, "因为"), SPEECH)

    with pytest.raises(DebateUnfinished, match="against"):
        motion.close_debate()
    motion.take_turn(Turn("", Side.AGAINST, ""), SPEECH)
    motion.close_debate()
    assert motion.state is MotionState.DEBATED


def test_no_opposition_is_on_record_and_not_heard_twice():
    motion = a_motion()
    motion.second("P-2", SPEECH)
    motion.oppose("", "")

    with pytest.raises(StepOutOfOrder):
        motion.oppose("", "")
    assert [statement.speaker for statement in motion.oppositions] == [""]


def test_a_second_opponent_is_heard_as_well_as_the_first():
    motion = a_motion()
    motion.second("P-2", SPEECH)
    motion.oppose("P-3", "车位不够")
    motion.oppose("P-4", "挡住消防通道")

    assert [statement.speaker for statement in motion.oppositions] == ["P-3", "P-4"]
    assert motion.state is MotionState.OPPOSED


def test_an_experts_opinion_is_not_empty():
    motion = a_motion()
    motion.second("P-2", SPEECH)
    motion.oppose("", "")
    motion.close_debate()

    with pytest.raises(SpeakerRefused):
        motion.advise("X-1", "  ", experts_present=["X-1"])
    assert motion.state is MotionState.DEBATED


def test_an_expert_in_the_hall_is_heard():
    motion = a_motion()
    motion.second("P-2", SPEECH)
    motion.oppose("", "")
    motion.close_debate()

    with pytest.raises(ExpertUnheard, match="X-1"):
        motion.advise("", "", experts_present=["X-1"])
    motion.advise("X-1", "可行", experts_present=["X-1"])
    assert motion.state is MotionState.ADVISED


def test_who_is_recused_neither_speaks_nor_can_be_recused_after_the_vote():
    motion = a_motion_ready_for_vote()
    motion.recuse("P-5", "物业股东")
    motion.recuse("P-5", "again")
    motion.settle(a_lost_vote())

    assert motion.recused == {"P-5"}
    assert len(motion.recusals) == 1
    with pytest.raises(RecusalRefused):
        motion.recuse("P-6", "too late")


def test_a_recusal_without_a_reason_is_refused():
    with pytest.raises(RecusalRefused):
        a_motion().recuse("P-5", "  ")


@pytest.mark.parametrize(
    ("other", "days", "new_facts", "refused"),
    [
        ({"session_id": f"{ISSUE}/S2", "state": MotionState.STATED}, 0, "", True),
        ({"session_id": f"{ISSUE}/S2", "state": MotionState.VOID}, 0, "new", True),
        ({"session_id": f"{ISSUE}/S2", "state": MotionState.WITHDRAWN}, 0, "", False),
        ({"state": MotionState.LOST}, 89, "", True),
        ({"state": MotionState.LOST}, 89, "有新的测量", False),
        ({"state": MotionState.LOST}, 90, "", False),
        ({"state": MotionState.VOID}, 1, "", False),
        ({"state": MotionState.LOST, "motion": "划定二十个车位"}, 1, "", False),
    ],
    ids=[
        "in this session",
        "new facts don't help in the same session",
        "withdrawn before",
        "lost 89 days ago",
        "lost 89 days ago, new facts",
        "lost 90 days ago",
        "void yesterday",
        "another motion",
    ],
)
def test_the_same_motion_again(other, days, new_facts, refused):
    before = a_motion(id="earlier", voted_at=TUESDAY - timedelta(days=days), **other)
    again = a_motion(session_id=f"{ISSUE}/S2", motion="划定 十个车位。", new_facts=new_facts)

    if refused:
        with pytest.raises(MotionRepeated, match="earlier"):
            refuse_repeated(again, [before], POLICY.same_motion)
    else:
        refuse_repeated(again, [before], POLICY.same_motion)


@given(st.text())
def test_spaces_punctuation_and_width_do_not_make_another_motion(words):
    assert essence(f" {words}。") == essence(words)
