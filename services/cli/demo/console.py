"""What a demo ends on: the pages, and a login for every role, of people where there is most to do.

The accounts are in the demo's own folder, with a password of this run, and go with it.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from services import GATEWAY
from services.cli.output import in_settings, table
from services.cli.proof import records
from services.directory.storage.repository import DirectoryStore
from services.gateway.accounts import logins
from services.gateway.accounts.sessions import moment
from services.gateway.storage.logins import acting
from shared.auth import SYSTEMS, Role
from shared.bus.work import reading
from shared.clock import clock_from
from shared.contracts.directory import StaffPart
from shared.settings import settings
from shared.storage.engine import engine_for

BUSIEST = """
SELECT unit_code FROM cases WHERE closed_at IS NULL AND length(unit_code) = 12
GROUP BY unit_code ORDER BY count(*) DESC, unit_code LIMIT 1
"""


@dataclass(frozen=True)
class Key:
    """With whose login somebody may look around as a role."""

    role: Role
    login: str
    name: str
    unit: str


OPERATOR = Key(Role.OPERATOR, "operator", "who runs the machine", "no unit")


def keys_for_all_roles() -> tuple[list[Key], str]:
    """People of each role in the busiest community or above it, each with an account; and the password of all."""
    keys, password = [*_people(), OPERATOR], secrets.token_urlsafe(9)
    with acting(engine_for(GATEWAY)) as kept:
        for login in {key.login for key in keys}:
            secret = logins.invite(kept, login, moment(), is_operator=login == OPERATOR.login)
            logins.accept(kept, secret, password, moment())
    return keys, password


def told(address: str, keys: list[Key], password: str) -> str:
    """For whoever sits before the demo."""
    rows = [(key.role, key.login, f"{key.name}, {key.unit}") for key in keys]
    return f"{address}\n\n{table(('sign in as', 'login', 'who'), rows)}\n\nThe password of all of them: {password}"


def beside(folder: Path, login: str, now: datetime) -> str:
    """What can be typed in another terminal while it runs, and what carries it on when it has ended."""
    here = f"GONGSHANG_VAR={folder}"
    later = in_settings(now + timedelta(days=1))
    return (
        f"In another terminal:\n  {here} GONGSHANG_CLOCK=stepped ./gongshang status\n"
        f"  {here} GONGSHANG_CLOCK=stepped ./gongshang work --as {login}\n"
        "When it has ended, a day later or whenever you say, until a new demo begins anew:\n"
        f"  {here} GONGSHANG_CLOCK=scaled:1@{later} ./gongshang up"
    )


def _people() -> list[Key]:
    with reading(engine_for("directory"), DirectoryStore) as work:
        now = clock_from(settings()).now()
        units = work.units(now)
        busiest = next(iter(records.column("supervision", BUSIEST)), units.district)
        posts = [post for unit in units.lineage_of(busiest) for post in work.directory.list_in(StaffPart, [unit], now)]
        names = {unit: units.get(unit).name for unit in units.lineage_of(busiest)}
    found = []
    for role in (role for role in Role if role not in SYSTEMS):
        some = [one for one in posts if one.login and role.value in one.roles]
        if some:
            post = min(some, key=lambda one: len(one.roles))  # whose work is this rather than other things
            found.append(Key(role, post.login, post.person_name, names[post.unit]))
    return found
