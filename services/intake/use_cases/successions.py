"""A unit that held issues was split: each goes to the part in which it lies, as its orders say.

Only intake knows the places; the others wait for its word, and pass on by themselves what it did not place.
"""

from collections.abc import Iterable

from services.intake.domain.complaint import Complaint
from services.intake.domain.issue import Issue
from services.intake.domain.place import part_of
from services.intake.storage.repository import IntakeStore
from services.intake.use_cases import moves
from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.contracts.directory import UnitsChangedV1
from shared.contracts.intake import IssuePlacedV1
from shared.directory import ending
from shared.directory.dated import DatedUnits
from shared.directory.ending import UNIT_END, heirs_of
from shared.sealing import WrongKey

MOST_AT_ONCE = 200


def learn_units(work: IntakeStore, event: UnitsChangedV1, at: Moment) -> None:
    """Look at the very instant at which one ends, or lies elsewhere: the others wait for what is said here."""
    ending.learn(work, event, at, places=True)
    moves.await_moves(work, event, at)


def held_in_split(work: IntakeStore, dues: Iterable[Due], at: Moment) -> list[str]:
    """The open issues of units that have been split, so many at once."""
    ended = heirs_of(work, dues, at)
    split = [unit for unit in ended if len(work.units(at.now).successors_of(unit)) > 1]
    return work.issues.ids_held_by(split, MOST_AT_ONCE) if split else []


def place_held(work: IntakeStore, due: Due, at: Moment) -> None:
    """Tell of each open issue of the unit which part it lies in; where nobody says, the unit that covers the parts."""
    held = held_in_split(work, [due], at)
    for issue_id in held:
        issue = work.issues.lock(issue_id)
        if issue.is_open and issue.unit_code == due.ref:
            _place(work, issue, at)
    if len(held) == MOST_AT_ONCE:
        work.timers.set(UNIT_END, due.ref, at.now, subject=due.ref)


def _place(work: IntakeStore, issue: Issue, at: Moment) -> None:
    units, from_unit = work.units(at.now), issue.unit_code
    issue.pass_on(_part_of(work, issue, units) or units.heir_of(from_unit))
    work.issues.touch(issue)
    told = IssuePlacedV1(issue_id=issue.id, from_unit=from_unit, to_unit=issue.unit_code, placed_at=at.now)
    work.outbox.add(told, at=at.now)


def _part_of(work: IntakeStore, issue: Issue, units: DatedUnits) -> str | None:
    """The one part that its orders name, or its title if there are none; None where they name several."""
    parts = units.successors_of(issue.unit_code)
    said = [_texts_of(work, one) for one in work.complaints.linked_to(issue.id)] or [("", issue.title)]
    named = {part for texts in said if (part := part_of(parts, texts, units)) is not None}
    return named.pop() if len(named) == 1 else None


def _texts_of(work: IntakeStore, complaint: Complaint) -> tuple[str, str]:
    """Address and text; of what is sealed with another key its title."""
    try:
        words = work.words.of(complaint)
    except WrongKey:
        return "", complaint.title
    return words.address, f"{words.title}\n{words.content}"
