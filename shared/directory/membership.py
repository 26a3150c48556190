"""Whether a person is, at the moment of a call, what their token says: looked up in the service's own copy."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol
from weakref import WeakKeyDictionary

from sqlalchemy import Pool

from shared.auth import Caller, named
from shared.contracts.directory import StaffPart
from shared.directory.copy import DirectoryCopy
from shared.directory.dated import DatedUnits
from shared.directory.periods import holds
from shared.errors import NotAllowed

MOST_KEPT = 20_000


class Knows(Protocol):
    """What is asked of a unit of work."""

    directory: DirectoryCopy

    def units(self, now: datetime) -> DatedUnits: ...


def admitted(caller: Caller, work: Knows, now: datetime) -> Caller:
    """The caller with the roles that they still have, in the units as they are, and who they are.

    Raises NotAllowed for a person who is not, or no longer, in the organisation they act for; NotTold while the
    directory is not known here. Looked up once for all calls of theirs that are done together.
    """
    known: Caller | None = work.directory.made.get((caller, now))
    if known is None:
        known = work.directory.made[caller, now] = _looked_up(caller, work, now)
    return known


def _looked_up(caller: Caller, work: Knows, now: datetime) -> Caller:
    caller = replace(caller, lies_inside=_inside(work, now))
    if not caller.is_person:
        return caller
    posts = [one for one in _posts_of(work.directory, caller.subject) if _is_theirs(one, caller, now)]
    held = {role for one in posts for role in one.roles}
    roles = frozenset(role for role in caller.roles if role in held)
    if not roles:
        work.directory.must_be_told()
        raise NotAllowed(
            f"{caller.subject} is not {named(caller.roles)} of {caller.organisation} in {caller.unit} now, "
            "says the directory"
        )
    return replace(caller, roles=roles, person=posts[0].person)


def _is_theirs(post: StaffPart, caller: Caller, now: datetime) -> bool:
    if post.organisation != caller.organisation or not holds(post, now):
        return False
    return caller.unit is not None and caller.lies_inside(caller.unit, post.unit)


def _inside(work: Knows, now: datetime) -> Callable[[str, str], bool]:
    """As of an instant. What has ended lies where all that came after it lies; units are looked up when first asked."""

    def lies_inside(one: str, other: str) -> bool:
        units = work.units(now)
        inner, outer = (units.standing_for(code) or (code,) for code in (one, other))
        return one == other or all(any(units.is_within(unit, own) for own in outer) for unit in inner)

    return lies_inside


_kept: WeakKeyDictionary[Pool, tuple[int, dict[str, Sequence[StaffPart]]]] = WeakKeyDictionary()


def _posts_of(copy: DirectoryCopy, login: str) -> Sequence[StaffPart]:
    """All periods of somebody's posts. Kept in memory until any post changes."""
    pool, changes = copy.connection.engine.pool, copy.changes_of(StaffPart)
    kept = _kept.get(pool)
    if kept is None or kept[0] != changes or len(kept[1]) >= MOST_KEPT:
        kept = (changes, {})
        if not copy.has_learned:  # what this transaction learned may never be committed
            _kept[pool] = kept
    if login not in kept[1]:
        kept[1][login] = copy.periods_about(StaffPart, [login])
    return kept[1][login]
