"""What a poll comes to 计票: by options, with the base and the bars that held. A tally, once made, is never changed.

Households are counted by heads; owners by heads and by area, and both must meet each bar. The base of a majority is who
took part, abstaining or not. Who handed in nothing took no part, and consented to nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from services.deliberation.domain.competence import bar_for
from services.deliberation.domain.electorate import Count, base_of
from services.deliberation.domain.poll import ABSTAINS, Box, Poll
from shared.contracts.vocabulary import ElectorateKind, MoneySource, VoteOutcome
from shared.policy.deliberations import Majority, Quorum
from shared.policy.fields import Threshold


@dataclass(frozen=True)
class OptionCount:
    """How many chose an option."""

    option: int
    heads: int
    area: int


@dataclass(frozen=True)
class Bars:
    """What it takes to be a vote at all, and to carry an option; of area only where that counts."""

    quorum_heads: Threshold
    majority: Threshold
    quorum_area: Threshold | None = None

    def quorum_is_met_by(self, count: Count, base: Count) -> bool:
        by_area = self.quorum_area is None or self.quorum_area.is_met_by(count.area, base.area)
        return self.quorum_heads.is_met_by(count.heads, base.heads) and by_area

    def are_met_by(self, chosen: OptionCount, count: Count) -> bool:
        by_area = self.quorum_area is None or self.majority.is_met_by(chosen.area, count.area)
        return self.majority.is_met_by(chosen.heads, count.heads) and by_area


@dataclass(eq=False)
class Tally:
    """`option` is what was carried, 0 where nothing was. Areas are in hundredths of a square metre."""

    poll_id: str
    outcome: VoteOutcome
    option: int
    votes: tuple[OptionCount, ...]
    abstained: int
    heads: int
    area: int
    base_heads: int
    base_area: int
    unchecked: int
    quorum_heads: str
    quorum_area: str
    majority: str
    counted_by: str
    counted_at: datetime


def bars_for(poll: Poll, money: MoneySource, quorum: Quorum, majority: Majority) -> Bars:
    """Owners' by the item of 民法典 278 they vote on; households' by whose money it is, as in the hall."""
    if poll.electorate is ElectorateKind.HOUSEHOLDS:
        return Bars(quorum.residents, bar_for(money, majority))
    is_special = poll.owners_item in majority.owners_special_items
    return Bars(quorum.owners_heads, majority.owners_special if is_special else majority.owners, quorum.owners_area)


def tally_of(poll: Poll, box: Box, bars: Bars, *, by: str, at: datetime) -> Tally:
    """Count the papers that were checked. Without a quorum it is void, whatever they say."""
    chosen = {option: Count() for option in range(len(poll.options) + 1)}
    voters = poll.by_dwelling()
    for paper in box.valid:
        if (voter := voters.get(paper.dwelling)) is not None:
            chosen[paper.choice] = chosen[paper.choice].plus(voter)
    votes = tuple(OptionCount(option, one.heads, one.area) for option, one in chosen.items() if option != ABSTAINS)
    taking = Count(sum(one.heads for one in chosen.values()), sum(one.area for one in chosen.values()))
    base = base_of(poll.voters)
    option = _carried(poll, votes, taking, bars)
    is_void = not bars.quorum_is_met_by(taking, base)
    decided = VoteOutcome.CARRIED if option else VoteOutcome.LOST
    return Tally(
        poll_id=poll.id,
        outcome=VoteOutcome.VOID if is_void else decided,
        option=0 if is_void else option,
        votes=votes,
        abstained=chosen[ABSTAINS].heads,
        heads=taking.heads,
        area=taking.area,
        base_heads=base.heads,
        base_area=base.area,
        unchecked=len(box.unchecked),
        quorum_heads=str(bars.quorum_heads),
        quorum_area=str(bars.quorum_area or ""),
        majority=str(bars.majority),
        counted_by=by,
        counted_at=at,
    )


def _carried(poll: Poll, votes: tuple[OptionCount, ...], taking: Count, bars: Bars) -> int:
    """The one option that more chose than any other, and enough. To say no is to carry nothing."""
    most = max(votes, key=lambda one: one.heads)
    is_tied = sum(one.heads == most.heads for one in votes) > 1
    if is_tied or not bars.are_met_by(most, taking) or (poll.is_yes_or_no and most.option != 1):
        return 0
    return most.option
