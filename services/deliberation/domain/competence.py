"""Who can decide what is moved, and by which majority: by whose money the notice named, never by what a mover says.

A council decides on public money. Nobody is bound by it to pay, and what belongs to all owners is the owners' to
decide (民法典 278): there it only recommends.
"""

from collections.abc import Sequence

from services.deliberation.domain.errors import OffTheNotice
from shared.contracts.councils import AgendaItemPart
from shared.contracts.vocabulary import Decider, MoneySource
from shared.policy.deliberations import Majority
from shared.policy.fields import Threshold

_DECIDERS = {MoneySource.OWNERS: Decider.OWNERS, MoneySource.HOUSEHOLDS: Decider.CONTRIBUTORS}
THE_ISSUE = AgendaItemPart(number=0, matter="", amount_fen=0, money=MoneySource.NONE)
"""What every notice names: the issue itself, without money."""


def decider_of(money: MoneySource) -> Decider:
    return _DECIDERS.get(money, Decider.COUNCIL)


def bar_for(money: MoneySource, rule: Majority) -> Threshold:
    """What a motion takes at the council."""
    return rule.money if money is MoneySource.PUBLIC else rule.ordinary


def item_of(agenda: Sequence[AgendaItemPart], number: int, amount_fen: int, *, is_bound: bool) -> AgendaItemPart:
    """The item under which so much may be moved. Raises OffTheNotice, naming what was on the notice.

    Where the policy does not bind votes to the notice, the amount may be above what it named.
    """
    found = next((one for one in (THE_ISSUE, *agenda) if one.number == number), None)
    if found is None:
        raise OffTheNotice(fields={"item": [f"The notice named {_named(agenda)}."]})
    if amount_fen > found.amount_fen and (is_bound or not found.number):
        raise OffTheNotice(
            f"{amount_fen} fen are not on the notice: put them on the agenda first (councils.put_on_agenda), "
            "and move them when that was announced",
            {"amount_fen": [f"At most {found.amount_fen} fen for item {number}; the notice named {_named(agenda)}."]},
        )
    return found


def _named(agenda: Sequence[AgendaItemPart]) -> str:
    items = [f"{one.number}: {one.matter} ({one.money}, {one.amount_fen} fen)" for one in agenda]
    return "; ".join(["0: the issue, without money", *items])
