"""Signs tokens for members of staff, as the directory of this machine has them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import click

from services.cli.suite.databases import directory_must_be_made
from services.directory.storage.repository import DirectoryStore
from shared.auth import SYSTEMS, Role, issue_token
from shared.bus.work import reading
from shared.clock import clock_from
from shared.contracts.directory import StaffPart
from shared.directory.as_of import AsOf
from shared.directory.dated import DatedUnits
from shared.directory.periods import holds
from shared.settings import settings
from shared.storage.engine import engine_for
from shared.units.codes import BadUnitCode
from shared.units.directory import UnknownUnit

LIFETIME = timedelta(hours=12)
COMMAND_LIFETIME = timedelta(minutes=5)


class NoSuchStaff(Exception):
    """Nobody has the role there."""


def posts_by_unit(periods: Sequence[StaffPart], now: datetime) -> dict[str, list[StaffPart]]:
    """Who works where at an instant; in each unit by id."""
    found: dict[str, list[StaffPart]] = {}
    for post in sorted((one for one in periods if holds(one, now)), key=lambda one: one.id):
        found.setdefault(post.unit, []).append(post)
    return found


_posts = AsOf(StaffPart, posts_by_unit)


@dataclass(frozen=True)
class _Seen:
    """The directory at an instant. A stepped clock stands still while thousands are looked up."""

    at: datetime
    units: DatedUnits
    posts: Mapping[str, list[StaffPart]]

    @classmethod
    def look(cls, now: datetime) -> "_Seen":
        with reading(engine_for("directory"), DirectoryStore) as work:
            return cls(now, work.units(now), _posts.at(work.directory, now))

    def find(self, role: Role, unit: str | None, organisation: str) -> StaffPart | None:
        """Whoever has the role nearest above."""
        for code in self.units.lineage_of(unit or self.units.district):
            fit = (one for one in self.posts.get(code, ()) if one.login and role.value in one.roles)
            post = next((one for one in fit if organisation in ("", one.organisation)), None)
            if post is not None:
                return post
        return None


class Staff:
    """`staff(role, unit, organisation)` gives a token of somebody there; found out once for each role and unit."""

    def __init__(self) -> None:
        self._tokens: dict[tuple[Role, str | None, str], str] = {}
        self._seen: _Seen | None = None

    def __call__(self, role: Role, unit: str | None, organisation: str = "") -> str:
        key = role, unit, organisation
        if key not in self._tokens:
            self._tokens[key] = self._sign(role, unit, organisation)
        return self._tokens[key]

    def _sign(self, role: Role, unit: str | None, organisation: str) -> str:
        """For a system its own; for a person that of whoever has the role nearest above. Raises NoSuchStaff."""
        if role in SYSTEMS:
            return issue_token(f"{role}@{unit or 'district'}", role, unit, lifetime=LIFETIME)
        directory_must_be_made()
        now = clock_from(settings()).now()
        seen = self._seen if self._seen and self._seen.at == now else _Seen.look(now)
        post = seen.find(role, unit, organisation)
        if post is None and seen is self._seen:  # they may have come meanwhile
            seen = _Seen.look(now)
            post = seen.find(role, unit, organisation)
        self._seen = seen
        if post is not None:
            return sign_for(post, [role], LIFETIME)
        own = unit or seen.units.district
        raise NoSuchStaff(
            f"the directory has no {role} {f'of {organisation} ' if organisation else ''}in {own} or above"
        )


def token_for(login: str | None, role: Role | None, unit: str | None, organisation: str | None = None) -> str:
    """A token for one command: of a member of staff by login, or of whoever has a role in a unit.

    Raises UsageError where neither is named, or both are.
    """
    if (login is None) == (role is None):
        raise click.UsageError("Name who calls: --as LOGIN, or --role ROLE with --unit CODE.")
    if role is not None:
        try:
            return Staff()(role, unit, organisation or "")
        except NoSuchStaff as fault:
            raise click.UsageError(f"{fault}; see ./gongshang directory show {unit or 'CODE'}") from None
        except (BadUnitCode, UnknownUnit) as fault:
            raise click.UsageError(f"--unit: {fault.message}; ./gongshang directory show NAME finds it.") from None
    posts = posts_of(str(login), unit=unit, organisation=organisation)
    if not posts:
        see = "./gongshang directory show CODE names who works in a unit"
        raise click.UsageError(f"{login}: no member of staff has this login there now; {see}.")
    return sign_for(posts[0], roles_of(posts), COMMAND_LIFETIME)


def roles_of(posts: Sequence[StaffPart]) -> list[Role]:
    """Of what is one post, however many entries say so. Raises UsageError where they are several."""
    if len({(post.organisation, post.unit) for post in posts}) > 1:
        several = "; ".join(f"--organisation {post.organisation} --unit {post.unit}" for post in posts)
        raise click.UsageError(f"{posts[0].login} has several posts; name one: {several}.")
    return [Role(one) for one in dict.fromkeys(role for post in posts for role in post.roles)]


def posts_of(login: str, *, unit: str | None = None, organisation: str | None = None) -> Sequence[StaffPart]:
    """Somebody's posts now; those in a unit or organisation, if one is named."""
    directory_must_be_made()
    with reading(engine_for("directory"), DirectoryStore) as work:
        posts = work.directory.list_about(StaffPart, [login], clock_from(settings()).now())
    return [one for one in posts if unit in (None, one.unit) and organisation in (None, one.organisation)]


def sign_for(post: StaffPart, roles: Sequence[Role], lifetime: timedelta) -> str:
    """A token for whoever has a post. Raises BadRequest."""
    return issue_token(post.login, roles, post.unit, organisation=post.organisation, lifetime=lifetime)
