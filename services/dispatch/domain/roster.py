"""Who sits at a desk 岗位 at an instant: who is on duty by the roster, and who acts 代理 for those who are away.

Days and times of day are those of Shanghai. A shift that ends at or before its beginning ends on the next day, and
belongs to the day on which it began.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple, Protocol

from shared.clock import SHANGHAI
from shared.contracts.directory import ActingPart, DeskPart, ShiftPart, StaffPart
from shared.contracts.directory_words import DayKind
from shared.directory.periods import holds

WEEK = tuple(DayKind)[:7]
ONE_DAY = timedelta(days=1)


class WorkingDays(Protocol):
    """What must be known of the calendar."""

    def is_working_day(self, day: date) -> bool: ...


class Person(NamedTuple):
    """An officeholder: the id in the directory, and the name that others are told."""

    id: str
    name: str


@dataclass(frozen=True)
class Roster:
    """A desk with its shifts, whoever acts for its people, and the staff of its unit, each from when to when."""

    desk: DeskPart
    shifts: Sequence[ShiftPart] = ()
    acting: Sequence[ActingPart] = ()
    staff: Sequence[StaffPart] = ()

    def leader(self, now: datetime) -> Person | None:
        """Who is responsible for the desk; None where nobody is named."""
        return self._present(Person(self.desk.leader, self.desk.leader_name), now)

    def on_duty(self, now: datetime, calendar: WorkingDays) -> Person | None:
        """Who has the shift; where nobody has it, the desk's leader."""
        return self.on_shift(now, calendar) or self.leader(now)

    def seats(self, person_id: str, now: datetime, calendar: WorkingDays) -> bool:
        """Whether somebody is at the desk now: on duty, or responsible for it, or acting for whoever is."""
        here = (self.on_duty(now, calendar), self.leader(now))
        return any(one is not None and one.id == person_id for one in here)

    def on_shift(self, now: datetime, calendar: WorkingDays) -> Person | None:
        """Of two at once the one whose shift names fewer days."""
        running = [one for one in self.shifts if holds(one, now) and _is_running(one, now, calendar)]
        for shift in sorted(running, key=lambda one: (len(one.days) or len(DayKind), one.id)):
            person = self._present(Person(shift.person, shift.person_name), now)
            if person is not None:
                return person
        return None

    def _present(self, person: Person, now: datetime) -> Person | None:
        """The person, or who acts for them now; None where nobody is left who has a name."""
        away: set[str] = set()
        while (acting := self._acting_for(person, now)) is not None and person.id not in away:
            away.add(person.id)
            person = Person(acting.acting, acting.acting_name)
        is_here = person.id not in away and not self._has_left(person, now)
        return person if person.name.strip() and is_here else None

    def _has_left(self, person: Person, now: datetime) -> bool:
        """Who was of the unit's staff and is no longer. Of whom the directory does not say so it is not known."""
        posts = [one for one in self.staff if one.person == person.id]
        return bool(posts) and not any(holds(one, now) for one in posts)

    def _acting_for(self, person: Person, now: datetime) -> ActingPart | None:
        """Who acts at this desk comes before who acts for the person everywhere."""
        named = [one for one in self.acting if one.person == person.id and one.desk in ("", self.desk.id)]
        acting = [one for one in named if holds(one, now)]
        return min(acting, key=lambda one: (one.desk == "", one.id), default=None)


def _is_running(shift: ShiftPart, now: datetime, calendar: WorkingDays) -> bool:
    local = now.astimezone(SHANGHAI)
    day, clock = local.date(), local.time()
    starts, ends = time.fromisoformat(shift.starts), time.fromisoformat(shift.ends)
    if ends > starts:
        return starts <= clock < ends and _is_on(shift.days, day, calendar)
    began_today = clock >= starts and _is_on(shift.days, day, calendar)
    return began_today or (clock < ends and _is_on(shift.days, day - ONE_DAY, calendar))


def _is_on(days: Collection[str], day: date, calendar: WorkingDays) -> bool:
    """A shift that names no days is on every day."""
    kind = DayKind.WORKING_DAY if calendar.is_working_day(day) else DayKind.DAY_OFF
    return not days or WEEK[day.weekday()] in days or kind in days
