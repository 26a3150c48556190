"""A motion 动议 and its five steps: motion, second, opposition, debate, expert opinion. Only then is it voted.

A step is never skipped. Where a step has nothing to say, that too is put on record: an empty speaker or expert.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.deliberation.domain.competence import decider_of
from services.deliberation.domain.errors import (
    DebateUnfinished,
    ExpertUnheard,
    MotionRepeated,
    RecusalRefused,
    SpeakerRefused,
    StepOutOfOrder,
)
from services.deliberation.domain.vote import Vote
from shared.contracts.vocabulary import Decider, MoneySource, VoteOutcome
from shared.policy.deliberations import SameMotion, Speech


class MotionState(StrEnum):
    """How far a motion is."""

    STATED = "stated"
    SECONDED = "seconded"
    OPPOSED = "opposed"
    DEBATED = "debated"
    ADVISED = "advised"
    POLLED = "polled"
    CARRIED = "carried"
    LOST = "lost"
    VOID = "void"
    WITHDRAWN = "withdrawn"


class Side(StrEnum):
    """Which side of a debate a turn is for."""

    FOR = "for"
    AGAINST = "against"


NEXT_STEP = {
    MotionState.STATED: "second_motion",
    MotionState.SECONDED: "state_opposition",
    MotionState.OPPOSED: "close_debate",
    MotionState.DEBATED: "give_opinion",
    MotionState.ADVISED: "vote",
    MotionState.POLLED: "count_poll",
    MotionState.VOID: "vote",
}
OUT_OF_HAND = frozenset({MotionState.POLLED, MotionState.VOID})
DECIDED = frozenset({MotionState.CARRIED, MotionState.LOST, MotionState.WITHDRAWN}) | OUT_OF_HAND
VOTED_ON = frozenset({MotionState.CARRIED, MotionState.LOST})
FINAL = VOTED_ON | {MotionState.WITHDRAWN}
"""A void vote decides nothing: the session may end on it, or hold another. A poll outlasts the session."""


@dataclass(frozen=True)
class Statement:
    """What somebody said. No speaker: it is on record that nobody had anything to say."""

    speaker: str
    text: str


@dataclass(frozen=True)
class Turn:
    """One turn in the debate. No speaker: that side has nothing to add."""

    speaker: str
    side: str
    text: str


@dataclass(frozen=True)
class Recusal:
    """A deputy with a stake of their own keeps out of this motion 回避."""

    person_id: str
    reason: str


@dataclass(eq=False)
class Motion:
    """One motion of a session, and all that was said on it. `votes` were held so far; `option` is what a poll chose."""

    id: str
    session_id: str
    issue_id: str
    unit_code: str
    mover: str
    motion: str
    stated_at: datetime
    item: int = 0
    amount_fen: int = 0
    money: MoneySource = MoneySource.NONE
    leaves_as_is: bool = False
    new_facts: str = ""
    state: MotionState = MotionState.STATED
    seconders: tuple[str, ...] = ()
    oppositions: tuple[Statement, ...] = ()
    turns: tuple[Turn, ...] = ()
    opinions: tuple[Statement, ...] = ()
    recusals: tuple[Recusal, ...] = ()
    votes: int = 0
    voted_at: datetime | None = None
    resolution_id: str = ""
    poll_id: str = ""
    option: str = ""

    @property
    def decided_by(self) -> Decider:
        """Whose word counts; for all but the council it is a recommendation."""
        return decider_of(self.money)

    @property
    def is_decided(self) -> bool:
        return self.state in DECIDED

    @property
    def next_step(self) -> str:
        """The RPC method that takes this motion further; empty when nothing is left to do about it."""
        if self.is_carried and not self.resolution_id:
            return "adopt_resolution"
        return NEXT_STEP.get(self.state, "")

    @property
    def recused(self) -> frozenset[str]:
        return frozenset(recusal.person_id for recusal in self.recusals)

    def second(self, seconder: str, rule: Speech) -> bool:
        """Whether enough have seconded now. The mover doesn't second, and nobody does twice."""
        self._must_be("seconded", MotionState.STATED)
        self._must_not_be_recused(seconder)
        if seconder == self.mover or seconder in self.seconders:
            raise SpeakerRefused(fields={"seconder": ["Somebody other than the mover and the seconders so far."]})
        self.seconders = (*self.seconders, seconder)
        if len(self.seconders) >= rule.seconders:
            self.state = MotionState.SECONDED
        return self.state is MotionState.SECONDED

    def withdraw(self) -> None:
        """Only before it is seconded: then it belongs to the session."""
        self._must_be("withdrawn", MotionState.STATED)
        self.state = MotionState.WITHDRAWN

    def fall(self) -> bool:
        """Nothing is left to decide. False for what was decided."""
        if self.resolution_id or self.state in (MotionState.LOST, MotionState.WITHDRAWN):
            return False
        self.state = MotionState.WITHDRAWN
        return True

    def oppose(self, speaker: str, statement: str) -> None:
        """Hear the opposing side before the debate, or record that there is none."""
        self._must_be("opposed", MotionState.SECONDED, MotionState.OPPOSED)
        self._must_not_be_recused(speaker)
        if self.turns or (not speaker and self.oppositions):
            raise StepOutOfOrder("the opposing side has been heard already; the next step is the debate")
        if speaker and (speaker == self.mover or not statement.strip()):
            raise SpeakerRefused(fields={"speaker": ["An opponent, who is not the mover, with a statement."]})
        self.oppositions = (*self.oppositions, Statement(speaker, statement))
        self.state = MotionState.OPPOSED

    def take_turn(self, turn: Turn, rule: Speech) -> None:
        """One speech. Each speaker has so many turns on a motion, and the sides alternate."""
        self._must_be("debated", MotionState.OPPOSED)
        self._must_not_be_recused(turn.speaker)
        if rule.do_sides_alternate and self.turns and self.turns[-1].side == turn.side:
            raise SpeakerRefused(fields={"side": [f"The sides alternate: the last turn was {turn.side} as well."]})
        if turn.speaker and self._turns_of(turn.speaker) >= rule.turns:
            raise SpeakerRefused(fields={"speaker": [f"Has had {rule.turns} turns on this motion."]})
        self.turns = (*self.turns, turn)

    def close_debate(self) -> None:
        """Where there is an opposition, both sides must have been heard, or have passed on the record."""
        self._must_be("debated", MotionState.OPPOSED)
        has_opposition = any(statement.speaker for statement in self.oppositions)
        missing = {side.value for side in Side} - {turn.side for turn in self.turns}
        if has_opposition and missing:
            raise DebateUnfinished(f"not heard yet: {', '.join(sorted(missing))}; an empty speaker passes")
        self.state = MotionState.DEBATED

    def advise(self, expert: str, opinion: str, *, experts_present: Iterable[str]) -> None:
        """Hear an expert, or record that there is none to hear."""
        self._must_be("advised", MotionState.DEBATED, MotionState.ADVISED)
        if not expert and self.opinions:
            raise StepOutOfOrder("opinions are on record already; the next step is the vote")
        if not expert and (waiting := sorted(experts_present)):
            raise ExpertUnheard(fields={"expert": [f"Present, to be asked: {', '.join(waiting)}."]})
        if expert and not opinion.strip():
            raise SpeakerRefused(fields={"opinion": ["An expert's view is not empty."]})
        self.opinions = (*self.opinions, Statement(expert, opinion))
        self.state = MotionState.ADVISED

    def recuse(self, person_id: str, reason: str) -> None:
        """Take somebody out of this motion, before the vote. A second time changes nothing."""
        if self.state in FINAL:
            raise RecusalRefused("the motion is decided")
        if not reason.strip():
            raise RecusalRefused(fields={"reason": ["A recusal has a reason."]})
        if person_id not in self.recused:
            self.recusals = (*self.recusals, Recusal(person_id, reason))

    def must_be_ready_for_vote(self) -> None:
        """Raises StepOutOfOrder unless all five steps are done, and no vote so far has decided."""
        self._must_be("voted", MotionState.ADVISED, MotionState.VOID)

    def settle(self, vote: Vote) -> None:
        """The vote decides, unless it is void: then another may follow in this session, or the motion in the next."""
        self.must_be_ready_for_vote()
        self.state, self.voted_at, self.votes = MotionState(vote.outcome.value), vote.voted_at, vote.number

    def put_to_poll(self) -> None:
        """To households or owners, over a window, instead of to those in the hall."""
        self.must_be_ready_for_vote()
        self.state = MotionState.POLLED

    def settle_poll(self, outcome: VoteOutcome, option: str, *, at: datetime) -> None:
        """What the poll came to decides."""
        self._must_be("counted", MotionState.POLLED)
        self.state, self.option, self.voted_at = MotionState(outcome.value), option, at

    @property
    def is_carried(self) -> bool:
        return self.state.value == VoteOutcome.CARRIED.value

    def _turns_of(self, speaker: str) -> int:
        return Counter(turn.speaker for turn in self.turns)[speaker]

    def _must_be(self, step: str, *allowed: MotionState) -> None:
        if self.state not in allowed:
            ahead = f"its next step is {self.next_step}" if self.next_step else "it is decided"
            raise StepOutOfOrder(f"a motion is {step} when it is {' or '.join(allowed)}; this is {self.state}: {ahead}")

    def _must_not_be_recused(self, person: str) -> None:
        if person in self.recused:
            raise SpeakerRefused(f"{person} is recused from this motion")


def session_of(motion_id: str) -> str:
    """The id of a motion's session: the motion's own without its last part."""
    return motion_id.rpartition("/")[0]


def refuse_repeated(motion: Motion, earlier: Iterable[Motion], rule: SameMotion) -> None:
    """Raises MotionRepeated for the same words again in one session, or too soon after a vote and with no new facts."""
    for other in earlier:
        if not _is_same(motion, other):
            continue
        if other.session_id == motion.session_id and rule.is_barred_in_session:
            ahead = f"; its next step is {other.next_step}" if other.next_step else ""
            raise MotionRepeated(
                f"{other.id} said the same in this session{ahead}", {"motion": ["Made in this session."]}
            )
        if other.state in VOTED_ON and _is_too_soon(motion, other, rule):
            raise MotionRepeated(
                f"{other.id} said the same and was {other.state}; it may come again after {rule.after.days} days",
                {"motion": ["Voted on before."], "new_facts": ["What is new since then?"]},
            )


def _is_same(motion: Motion, other: Motion) -> bool:
    return other.state is not MotionState.WITHDRAWN and essence(motion.motion) == essence(other.motion)


def _is_too_soon(motion: Motion, other: Motion, rule: SameMotion) -> bool:
    if rule.do_new_facts_suffice and motion.new_facts.strip():
        return False
    return other.voted_at is not None and motion.stated_at < other.voted_at + rule.after


def essence(text: str) -> str:
    """The words of a motion without what doesn't change them: width, case, spaces, punctuation."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())
