"""A vote 表决: who may cast a ballot, and what the ballots come to. A vote, once held, is never changed.

One that was void may be held again: as another vote, with the next number.

The base is everybody present who may vote: an abstention, or no ballot at all, counts as present and not as for.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.deliberation.domain.competence import bar_for
from services.deliberation.domain.errors import BallotsRefused
from services.deliberation.domain.quorum import Invitee, QuorumCount, least_part
from shared.contracts.vocabulary import MoneySource, VoteOutcome
from shared.policy.deliberations import Majority


class Choice(StrEnum):
    """What a ballot says."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


@dataclass(eq=False)
class Ballot:
    """What one deputy chose in the motion's vote with this number. Kept also when the vote is void."""

    motion_id: str
    vote: int
    person_id: str
    choice: Choice
    cast_at: datetime


@dataclass(eq=False)
class Vote:
    """The result with its base, as it stood at the moment of the vote."""

    motion_id: str
    number: int
    outcome: VoteOutcome
    votes_for: int
    votes_against: int
    abstained: int
    recused: int
    present: int
    invited: int
    quorum_needed: int
    residents: int
    residents_needed: int
    votes_needed: int
    voted_at: datetime


def hold_vote(
    motion_id: str,
    money: MoneySource,
    ballots: Sequence[Ballot],
    quorum: QuorumCount,
    *,
    number: int,
    recused: int,
    rule: Majority,
    at: datetime,
) -> Vote:
    """Count the ballots. Without a quorum the vote is void, whatever they say."""
    counted = Counter(ballot.choice for ballot in ballots)
    base = quorum.present if rule.is_abstention_present else quorum.present - counted[Choice.ABSTAIN]
    needed = least_part(bar_for(money, rule), base)
    return Vote(
        motion_id=motion_id,
        number=number,
        outcome=_outcome(counted, needed, quorum, rule),
        votes_for=counted[Choice.FOR],
        votes_against=counted[Choice.AGAINST],
        abstained=counted[Choice.ABSTAIN],
        recused=recused,
        present=quorum.present,
        invited=quorum.invited,
        quorum_needed=quorum.needed,
        residents=quorum.residents,
        residents_needed=quorum.residents_needed,
        votes_needed=needed,
        voted_at=at,
    )


def check_ballots(
    ballots: Sequence[Ballot],
    deputies: Collection[Invitee],
    present: frozenset[str],
    recused: frozenset[str],
    former: frozenset[str] = frozenset(),
) -> None:
    """Raises BallotsRefused with the name of everybody whose ballot may not be cast, and why.

    `deputies` were invited; of `former` ones the term is over by now.
    """
    names = {deputy.person_id: deputy.name for deputy in deputies}
    times = Counter(ballot.person_id for ballot in ballots)
    faults = [
        f"{names.get(person, person)} ({person}): {fault}"
        for person, cast in times.items()
        for fault in _faults(person, cast, names, present, recused, former)
    ]
    if faults:
        raise BallotsRefused("no ballot was counted, because some may not be cast", {"ballots": sorted(faults)})


def _faults(
    person: str,
    cast: int,
    names: Collection[str],
    present: frozenset[str],
    recused: frozenset[str],
    former: frozenset[str],
) -> list[str]:
    if person not in names:
        return ["not an invited deputy."]
    if person in former:
        return ["their term as a deputy is over."]
    faults = [] if person in present else ["not present."]
    faults += ["recused from this motion."] if person in recused else []
    return faults + (["more than one ballot."] if cast > 1 else [])


def _outcome(counted: Counter[Choice], needed: int, quorum: QuorumCount, rule: Majority) -> VoteOutcome:
    if not quorum.is_met:
        return VoteOutcome.VOID
    is_tie = counted[Choice.FOR] == counted[Choice.AGAINST]
    if counted[Choice.FOR] < needed or (is_tie and rule.do_ties_fail):
        return VoteOutcome.LOST
    return VoteOutcome.CARRIED
