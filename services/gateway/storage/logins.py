"""Reading and writing accounts, invitations and sessions, each in a transaction that the caller opened."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from services.gateway.storage.tables import accounts, invites, sessions
from shared.storage.engine import READS, writing


@dataclass(frozen=True)
class Account:
    """A login and what is kept of it. An operator's is of whoever runs the machine, and of nobody in the directory."""

    login: str
    password_hash: str
    failures: int
    locked_until: datetime | None
    made_at: datetime
    changed_at: datetime
    ended_at: datetime | None
    is_operator: bool = False


@dataclass(frozen=True)
class Invite:
    """A link by which somebody gives themselves a password; `mark` is all that is kept of its secret."""

    mark: str
    login: str
    made_at: datetime
    good_until: datetime
    is_operator: bool = False


@dataclass(frozen=True)
class Session:
    """Somebody's way from signing in to signing out, in one browser."""

    mark: str
    login: str
    organisation: str
    unit: str
    began_at: datetime
    seen_at: datetime
    ended_at: datetime | None


def mark_of(secret: str) -> str:
    """What is kept of a secret that only a browser or a link has."""
    return hashlib.sha256(secret.encode()).hexdigest()


@contextmanager
def acting(engine: Engine) -> Iterator["Logins"]:
    """One write transaction, committed at the end."""
    with writing(engine), engine.begin() as connection:
        yield Logins(connection)


@contextmanager
def looking(engine: Engine) -> Iterator["Logins"]:
    """A look that changes nothing."""
    with engine.connect().execution_options(**READS) as connection:
        yield Logins(connection)


class Logins:
    """All three tables, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find_account(self, login: str, *, to_change: bool = False) -> Account | None:
        wanted = select(accounts).where(accounts.c.login == login)
        row = self._connection.execute(wanted.with_for_update() if to_change else wanted).first()
        return None if row is None else Account(**_named(row))

    def list_accounts(self) -> Sequence[Account]:
        rows = self._connection.execute(select(accounts).order_by(accounts.c.login))
        return [Account(**_named(row)) for row in rows]

    def keep_account(self, account: Account) -> None:
        """New, or as it is now."""
        known = self.find_account(account.login)
        values = dict(vars(account))
        if known is None:
            self._connection.execute(insert(accounts).values(values))
        else:
            self._connection.execute(update(accounts).where(accounts.c.login == account.login).values(values))

    def add_invite(self, invite: Invite) -> None:
        """Earlier ones of the same login are good no more."""
        self._connection.execute(delete(invites).where(invites.c.login == invite.login))
        self._connection.execute(insert(invites).values(**vars(invite), used_at=None))

    def find_invite(self, mark: str, now: datetime) -> Invite | None:
        """If it may still be used."""
        good = (invites.c.mark == mark, invites.c.good_until > now, invites.c.used_at.is_(None))
        wanted = select(*(invites.c[one.name] for one in fields(Invite))).where(*good)
        row = self._connection.execute(wanted).first()
        return None if row is None else Invite(**_named(row))

    def use_invite(self, mark: str, now: datetime) -> bool:
        """False where somebody else was faster."""
        unused = (invites.c.mark == mark, invites.c.used_at.is_(None), invites.c.good_until > now)
        return self._connection.execute(update(invites).where(*unused).values(used_at=now)).rowcount == 1

    def drop_invites(self, login: str) -> None:
        self._connection.execute(delete(invites).where(invites.c.login == login))

    def list_invites(self, now: datetime) -> dict[str, datetime]:
        """Until when those are good that nobody has used yet, by login."""
        good = (invites.c.good_until > now, invites.c.used_at.is_(None))
        rows = self._connection.execute(select(invites.c.login, invites.c.good_until).where(*good))
        return {row.login: row.good_until for row in rows}

    def add_session(self, session: Session) -> None:
        self._connection.execute(insert(sessions).values(vars(session)))

    def find_session(self, mark: str) -> Session | None:
        row = self._connection.execute(select(sessions).where(sessions.c.mark == mark)).first()
        return None if row is None else Session(**_named(row))

    def change_session(self, mark: str, **values: object) -> None:
        self._connection.execute(update(sessions).where(sessions.c.mark == mark).values(values))

    def end_sessions(self, login: str, now: datetime, *, but: str = "") -> int:
        """All of a login, but one. How many there were."""
        theirs = (sessions.c.login == login, sessions.c.ended_at.is_(None), sessions.c.mark != but)
        return self._connection.execute(update(sessions).where(*theirs).values(ended_at=now)).rowcount

    def forget_sessions(self, before: datetime) -> None:
        """Those that nobody has used since."""
        self._connection.execute(delete(sessions).where(sessions.c.seen_at < before))


def _named(row: Row[Any]) -> dict[str, Any]:
    return dict(row._mapping)
