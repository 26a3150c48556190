"""Matters 事项: one call may be about heating, parking and noise. Each goes its own way; the order ends when all have.

The first goes under the number of the order itself, the others as number/2, number/3 and so on: each is an order as far
as category, class, place, issue, task, reply and callback go.
"""

from collections.abc import Sequence
from dataclasses import replace

from shared.contracts.hotline import ComplaintFiledV1, MatterPart

LONGEST_NUMBER = 60
"""Of an order of several matters: the numbers of its matters are longer."""


def matter_no(order_no: str, number: int) -> str:
    """`number` counts from 1."""
    return order_no if number == 1 else f"{order_no}/{number}"


def matters_in(event: ComplaintFiledV1) -> list[ComplaintFiledV1]:
    """Each matter of an order as an order of its own."""
    if not event.matters:
        return [event]
    further = (_as_order(event, part, number) for number, part in enumerate(event.matters, 2))
    return [event, *further]


def in_all(filed: Sequence[ComplaintFiledV1]) -> list[ComplaintFiledV1]:
    return [matter for event in filed for matter in matters_in(event)]


def _as_order(event: ComplaintFiledV1, part: MatterPart, number: int) -> ComplaintFiledV1:
    """Where it names no place, that of the order; the rest is the order's."""
    is_placed = part.place.unit_codes or part.place.address
    return replace(
        event,
        order_no=matter_no(event.order_no, number),
        title=part.title,
        content=part.content,
        category=part.category,
        sla_class=part.sla_class,
        respondent=part.respondent,
        place=part.place if is_placed else event.place,
        disposition=None,
        matters=[],
    )
