"""One issue's story, told by its events in the order in which they happened: votes, tasks, clocks, minutes.

Events of one instant are told in the order of their contracts, which is that of life.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from services.board.domain.kept import OF_ISSUES
from services.board.domain.words import ClockState, LedgerKind, Light, Stage, TaskState
from services.board.reading.looking import Look
from services.board.reading.whole import (
    ClockShown,
    EvaluationShown,
    LedgerLine,
    MilestoneShown,
    PendingShown,
    PictureShown,
    TaskShown,
    TimelineLine,
)
from shared.contracts.vocabulary import ClockKind, Outcome, TaskOrigin

_PLACE = {contract.wire_type: number for number, contract in enumerate(OF_ISSUES)}
_PUBLISHER = {contract.wire_type: contract.publisher for contract in OF_ISSUES}
_STAGE = {
    "intake": Stage.COLLECT,
    "councils": Stage.DELIBERATE,
    "deliberation": Stage.DELIBERATE,
    "dispatch": Stage.HANDLE,
    "supervision": Stage.SUPERVISE,
    "evaluation": Stage.EVALUATE,
}
_OF_PEOPLE = ("mover", "seconder", "speaker", "expert", "person_id", "chair", "clerk")
"""Facts that are ids of people: told by name, of those who were invited, or not at all."""
_FOR_THE_DUTY = frozenset({"order_no"})
_LEDGER = {
    "clock_started.v1": LedgerKind.STARTED,
    "clock_paused.v1": LedgerKind.PAUSED,
    "clock_resumed.v1": LedgerKind.RESUMED,
    "clock_extended.v1": LedgerKind.EXTENDED,
    "clock_fitted.v1": LedgerKind.FITTED,
    "clock_corrected.v1": LedgerKind.CORRECTED,
    "clock_warned.v1": LedgerKind.WARNED,
    "clock_breached.v1": LedgerKind.BREACHED,
    "clock_late.v1": LedgerKind.LATE_ON_ARRIVAL,
    "clock_met.v1": LedgerKind.MET,
    "clock_ended.v1": LedgerKind.ENDED,
}
_TASK_STATES = {
    "task_assigned.v1": TaskState.ASSIGNED,
    "task_signed_for.v1": TaskState.SIGNED_FOR,
    "task_blocked.v1": TaskState.BLOCKED,
    "task_done.v1": TaskState.DONE,
    "task_accepted.v1": TaskState.ACCEPTED,
    "task_sent_back.v1": TaskState.SENT_BACK,
    "task_moved_up.v1": TaskState.MOVED_UP,
    "task_taken_over.v1": TaskState.TAKEN_OVER,
    "task_withdrawn.v1": TaskState.WITHDRAWN,
    "task_declined.v1": TaskState.DECLINED,
    "handling_failed.v1": TaskState.FAILED,
}
Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """An event of a story."""

    at: datetime
    kind: str
    facts: Facts
    event_id: str


class Story:
    """All that is kept of what happened to an issue, in order."""

    def __init__(self, rows: Sequence[Any]) -> None:
        told = (Told(row.at, row.kind, row.facts, row.event_id) for row in rows)
        ordered = sorted(told, key=lambda one: (one.at, _PLACE.get(one.kind, 0), one.event_id))
        self.events = list(_redos_once(ordered))

    def of(self, *kinds: str) -> Iterator[Told]:
        return (one for one in self.events if one.kind in kinds)

    def has(self, name: str) -> bool:
        """Whether an event names something of this kind: what none names is in no table either."""
        return any(name in one.facts for one in self.events)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Of whoever was invited to one of the sessions, by their person ids."""
        scheduled = [one.facts for one in self.of("session_scheduled.v1")]
        return {who["person_id"]: who["name"] for facts in scheduled for who in (*facts["deputies"], *facts["experts"])}

    def groups(self, name: str) -> dict[str, list[Told]]:
        """The events that name something of this kind, by what they name, such as each task's."""
        found: dict[str, list[Told]] = {}
        for one in self.events:
            if name in one.facts:
                found.setdefault(one.facts[name], []).append(one)
        return found


def _redos_once(told: Sequence[Told]) -> Iterator[Told]:
    """A redo as it was ordered first: it is told again for each who says so later of the same handling."""
    wanting: set[str] = set()
    for one in told:
        handled_at = one.facts.get("handled_at", "") if one.kind == "redo_ordered.v1" else ""
        if not handled_at or handled_at not in wanting:
            yield one
        wanting.add(handled_at)


def instant(facts: Facts, name: str) -> datetime:
    """An instant that must be there."""
    return datetime.fromisoformat(facts[name])


def maybe_instant(facts: Facts, name: str) -> datetime | None:
    return datetime.fromisoformat(facts[name]) if facts.get(name) else None


def timeline(look: Look, story: Story, *, is_duty: bool) -> list[TimelineLine]:
    """The newest first; only plain facts, and to who has no duty in it no order's number."""
    names = story.names
    return [_line(look, one, names, is_duty=is_duty) for one in reversed(story.events)]


def clocks(look: Look, story: Story, *, is_open: bool, is_duty: bool) -> list[ClockShown]:
    """Each clock with its ledger, the one that began last first."""
    found = [_clock(look, events, is_open=is_open, is_duty=is_duty) for events in story.groups("clock_id").values()]
    return sorted((one for one in found if one is not None), key=lambda one: one.started_at, reverse=True)


def tasks(look: Look, story: Story) -> list[TaskShown]:
    found = (_task(look, events) for events in story.groups("task_id").values())
    return [one for one in found if one is not None]


def evaluation(story: Story) -> EvaluationShown | None:
    """The last judgement."""
    judged = list(story.of("issue_evaluated.v1"))
    if not judged:
        return None
    facts, redone = judged[-1].facts, list(story.of("redo_ordered.v1"))
    return EvaluationShown(
        asked=facts["asked"],
        reached=facts["reached"],
        solved=facts["solved"],
        outcome=Outcome(facts["outcome"]),
        evaluated_at=judged[-1].at,
        redo_due_at=instant(redone[-1].facts, "due_at") if redone else None,
    )


def pending(look: Look, story: Story) -> PendingShown | None:
    """Where it stands on the list now."""
    last = list(story.of("issue_pended.v1", "issue_unpended.v1", "issue_closed.v1"))
    if not last or last[-1].kind != "issue_pended.v1":
        return None
    facts = last[-1].facts
    owner: str = facts["owner"]
    return PendingShown(
        reason=facts["reason"],
        plan=facts["plan"],
        owner=look.organisations([owner]).get(owner, owner),
        review_at=instant(facts, "review_at"),
        pended_at=last[-1].at,
    )


def _line(look: Look, one: Told, names: Mapping[str, str], *, is_duty: bool) -> TimelineLine:
    unit = one.facts.get("unit_code") or one.facts.get("to_unit")
    plain = {name: value for name, value in one.facts.items() if not isinstance(value, list | dict)}
    plain |= {part: names.get(plain[part], "") for part in _OF_PEOPLE if part in plain}
    publisher = _PUBLISHER[one.kind]
    return TimelineLine(
        at=one.at,
        kind=one.kind,
        stage=_STAGE[publisher],
        told_by=publisher,
        unit=look.name(unit) if unit else None,
        facts=plain if is_duty else {name: value for name, value in plain.items() if name not in _FOR_THE_DUTY},
        event_id=one.event_id,
    )


def _clock(look: Look, events: list[Told], *, is_open: bool, is_duty: bool) -> ClockShown | None:
    """None where its beginning was not heard yet."""
    begun = next((one for one in events if one.kind == "clock_started.v1"), None)
    if begun is None:
        return None
    due = [one for one in events if "due_at" in one.facts and one.kind in _LEDGER]
    state, light = _standing(events, is_open=is_open)
    return ClockShown(
        clock_id=begun.facts["clock_id"],
        kind=ClockKind(begun.facts["kind"]),
        unit=look.name(begun.facts["unit_code"]),
        order_no=begun.facts["order_no"] if is_duty else "",
        dispatch_no=begun.facts["dispatch_no"],
        state=state,
        light=light,
        started_at=instant(begun.facts, "started_at"),
        due_at=instant(due[-1].facts, "due_at"),
        rule_version=begun.facts["rule_version"],
        ledger=[_entry(one) for one in events if one.kind in _LEDGER],
    )


def _standing(events: list[Told], *, is_open: bool) -> tuple[ClockState, Light]:
    state, is_warned, is_late = ClockState.COUNTING, False, False
    for one in events:
        match _LEDGER.get(one.kind):
            case LedgerKind.STARTED | LedgerKind.RESUMED:
                state = ClockState.COUNTING
            case LedgerKind.PAUSED:
                state = ClockState.PAUSED
            case LedgerKind.MET:
                state = ClockState.MET
            case LedgerKind.ENDED:
                state = ClockState.ENDED
            case LedgerKind.EXTENDED | LedgerKind.FITTED:
                is_warned = is_late = False
            case LedgerKind.WARNED:
                is_warned = True
            case LedgerKind.BREACHED | LedgerKind.LATE_ON_ARRIVAL:
                is_late = True
            case LedgerKind.CORRECTED:
                withdrawn = one.facts["withdrawn"]
                is_late, is_warned = is_late and "breach" not in withdrawn, is_warned and set(withdrawn) <= {"breach"}
    if state in (ClockState.MET, ClockState.ENDED) or not is_open:
        return (ClockState.BREACHED if is_late and state is not ClockState.MET else state), Light.NONE
    if is_late:
        return ClockState.BREACHED, Light.LATE
    if state is ClockState.PAUSED:
        return state, Light.PAUSED
    return state, Light.WARNED if is_warned else Light.IN_TIME


def _entry(one: Told) -> LedgerLine:
    by = next((value for name, value in one.facts.items() if name.endswith("_by")), "")
    return LedgerLine(
        at=one.at,
        kind=_LEDGER[one.kind],
        by=by,
        reason=one.facts.get("reason", ""),
        due_at=maybe_instant(one.facts, "due_at"),
    )


def _task(look: Look, events: list[Told]) -> TaskShown | None:
    """None where its beginning was not heard yet. A task that was returned is another department's by then."""
    given = [one for one in events if one.kind == "task_assigned.v1"]
    if not given:
        return None
    last = max(given, key=lambda one: one.facts["attempt"])
    states = [_TASK_STATES[one.kind] for one in events if one.kind in _TASK_STATES and one.at >= last.at]
    done = [one for one in events if one.kind == "task_done.v1"]
    accepted = [one.at for one in events if one.kind == "task_accepted.v1"]
    due = [one for one in events if "due_at" in one.facts]
    facts = last.facts
    same = ("task_id", "what", "leader", "department", "organisation_id", "person", "co_units", "attempt")
    return TaskShown(
        **{name: facts[name] for name in same},
        unit=look.name(facts["unit_code"]),
        origin=TaskOrigin(facts["origin"]),
        state=states[-1],
        assigned_at=last.at,
        due_at=instant(due[-1].facts, "due_at"),
        milestones=[
            MilestoneShown(milestone=one.facts["milestone"], reached_at=one.at)
            for one in events
            if one.kind == "milestone_reached.v1"
        ],
        pictures=[PictureShown(**shown) for one in done[-1:] for shown in one.facts["evidence"]],
        done_at=done[-1].at if done else None,
        accepted_at=accepted[-1] if accepted else None,
    )
