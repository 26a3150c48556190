"""People who may call: whoever a test lets act is a member of staff in the service's copy of the directory."""

from datetime import timedelta
from pathlib import Path
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from shared.auth import SYSTEMS, Role, issue_token
from shared.contracts.directory import StaffPart
from shared.directory.copy import DirectoryCopy
from shared.units import tier_of
from tests.told import DISTRICT, OFFICES, an_entry, changed

HOUR = timedelta(hours=1)
_one_at_a_time = Lock()  # tests call in threads
_employed: WeakKeyDictionary[Engine, set[str]] = WeakKeyDictionary()


def a_token(engine: Engine, role: Role, unit: str | None, subject: str, *, keys_folder: Path | None = None) -> str:
    """Whose bearer is what it says, as far as the service on the engine knows."""
    if role in SYSTEMS:
        return issue_token(subject, role, unit, lifetime=HOUR, keys_folder=keys_folder)
    employ(engine, post := a_post(role, unit or DISTRICT, subject))
    return token_of(post, keys_folder=keys_folder)


def a_post(role: Role, unit: str, subject: str) -> StaffPart:
    """Somebody with a role in a unit, since long ago."""
    told = {"person": subject, "person_name": "赵一", "organisation": first_office(unit), "unit": unit}
    post: StaffPart = an_entry(StaffPart, f"{unit}/{subject}/{role}", **told, login=subject, roles=[role.value])
    return post


def first_office(unit: str) -> str:
    """The id of the organisation that does most in a unit."""
    return f"{unit}/{OFFICES[tier_of(unit)][0]}"


def employ(engine: Engine, post: StaffPart) -> None:
    """Tell a service of a post, once."""
    with _one_at_a_time:
        known = _employed.setdefault(engine, set())
        if post.id not in known:
            with engine.begin() as connection:
                DirectoryCopy(connection).learn(changed(post))
            known.add(post.id)


def token_of(post: StaffPart, *, keys_folder: Path | None = None) -> str:
    """As it is signed for whoever has the post."""
    organisation = post.organisation
    return issue_token(
        post.login, post.roles, post.unit, organisation=organisation, lifetime=HOUR, keys_folder=keys_folder
    )
