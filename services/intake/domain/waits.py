"""Who moves next, by when, and what happens when nobody does, for every state of an order that is no end.

A guard holds every state to it: an order never waits in silence.
"""

from dataclasses import dataclass

from services.intake.domain.complaint import ComplaintState


@dataclass(frozen=True)
class Wait:
    """`by_when` names the policy's section or the clock that says it."""

    who: str
    by_when: str
    otherwise: str


_OF_ITS_ISSUE = Wait(
    who="the holder of its issue",
    by_when="the clocks of its case in supervision",
    otherwise="the clocks breach and the issue climbs; at the district an incident opens",
)

WAITS = {
    ComplaintState.TO_SETTLE: Wait(
        who="a clerk of the unit that covers all it names, else of the district",
        by_when="settling",
        otherwise="that unit has it, and an incident opens",
    ),
    ComplaintState.LINKED: _OF_ITS_ISSUE,
    ComplaintState.REDO: _OF_ITS_ISSUE,
    ComplaintState.REPLIED: Wait(
        who="a callback agent",
        by_when="the order's limit, and callback from then on",
        otherwise="evaluation asks again, and judges without the caller at the end",
    ),
    ComplaintState.CALLED_BACK: Wait(
        who="supervision, when all callers of the issue were asked",
        by_when="the limits of the issue's orders",
        otherwise="the clocks breach and the issue climbs; at the district an incident opens",
    ),
}

ENDS = frozenset({ComplaintState.RETURNED, ComplaintState.ANSWERED, ComplaintState.URGED, ComplaintState.CLOSED})
"""Nobody need move. What was urged ends with the order it urges."""
