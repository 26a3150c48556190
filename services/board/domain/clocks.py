"""The clocks of an issue as supervision tells them, in one value: what each of them is and where it stands.

Supervision alone computes when a clock runs out; here it is only remembered. `light` is how time stands.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.board.domain.words import ClockState, Light
from shared.contracts.alarms import ClockLateV1
from shared.contracts.supervision import (
    ClockBreachedV1,
    ClockCorrectedV1,
    ClockEndedV1,
    ClockExtendedV1,
    ClockFittedV1,
    ClockMetV1,
    ClockPausedV1,
    ClockResumedV1,
    ClockStartedV1,
    ClockWarnedV1,
)

Kept = dict[str, dict[str, Any]]
"""By clock id: state, due_at, whether it was warned, and whether its time is over; as it is kept in JSON."""
Told = (
    ClockStartedV1
    | ClockPausedV1
    | ClockResumedV1
    | ClockExtendedV1
    | ClockFittedV1
    | ClockWarnedV1
    | ClockBreachedV1
    | ClockLateV1
    | ClockCorrectedV1
    | ClockMetV1
    | ClockEndedV1
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the time of an issue stands: the worst of its clocks, and when the next of them runs out."""

    light: Light
    due_at: datetime | None


def take(clocks: Kept, event: Told) -> Kept:
    """The clocks after an event. Clocks that ended stay out: nothing is shown of them in lists."""
    if isinstance(event, ClockMetV1 | ClockEndedV1):
        return {id: clock for id, clock in clocks.items() if id != event.clock_id}
    before = clocks.get(event.clock_id, {"state": ClockState.COUNTING.value, "due": "", "warned": False, "late": False})
    return clocks | {event.clock_id: before | _change(event)}


def _change(event: Told) -> dict[str, Any]:
    """What an event says of the clock's state; with an instant at which it runs out, that too."""
    due = {"due": event.due_at.isoformat()} if isinstance(event, _DATED) else {}
    match event:
        case ClockStartedV1():
            due |= {"state": ClockState.COUNTING.value, "kind": event.kind.value}
        case ClockResumedV1():
            due |= {"state": ClockState.COUNTING.value}
        case ClockPausedV1():
            return {"state": ClockState.PAUSED.value}
        case ClockCorrectedV1():
            return {_OF_MARK[mark]: False for mark in event.withdrawn if mark in _OF_MARK}
    return due | _MARKED.get(type(event), {})


_DATED = (ClockStartedV1, ClockResumedV1, ClockExtendedV1, ClockFittedV1, ClockWarnedV1, ClockBreachedV1, ClockLateV1)
_OF_MARK = {"yellow": "warned", "red": "warned", "breach": "late"}
_MARKED: dict[type, dict[str, Any]] = {
    ClockExtendedV1: {"warned": False, "late": False},
    ClockFittedV1: {"warned": False, "late": False},
    ClockWarnedV1: {"warned": True},
    ClockBreachedV1: {"late": True},
    ClockLateV1: {"late": True},
}
"""What an event leaves behind, besides: more time, or other time, takes the warning away."""


def reset_due(clocks: Kept, clock_ids: Iterable[str], due_at: datetime) -> Kept:
    """These are due at another instant: what they were of was corrected."""
    return clocks | {id: clocks[id] | {"due": due_at.isoformat()} for id in clock_ids if id in clocks}


def standing(clocks: Mapping[str, Mapping[str, Any]]) -> Standing:
    running: Collection[Mapping[str, Any]] = clocks.values()
    due = [one["due"] for one in running if one["due"] and one["state"] != ClockState.PAUSED]
    return Standing(_light(running), min(map(datetime.fromisoformat, due), default=None))


def _light(running: Collection[Mapping[str, Any]]) -> Light:
    if not running:
        return Light.NONE
    if any(one["late"] for one in running):
        return Light.LATE
    counting = [one for one in running if one["state"] == ClockState.COUNTING]
    if not counting:
        return Light.PAUSED
    return Light.WARNED if any(one["warned"] for one in counting) else Light.IN_TIME
