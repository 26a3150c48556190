"""Who may sign in: once invited, with a password of their own; after wrong ones they wait. In the machine's time."""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from services.gateway.accounts.errors import InviteNotGood, WrongLogin
from services.gateway.accounts.passwords import hash_of, is_right, must_be_good
from services.gateway.storage.logins import Account, Invite, Logins, mark_of

INVITE_LIFETIME = timedelta(days=2)
MOST_FAILURES = 5
FIRST_LOCK, LONGEST_LOCK = timedelta(minutes=1), timedelta(hours=1)


def invite(
    logins: Logins,
    login: str,
    now: datetime,
    lifetime: timedelta = INVITE_LIFETIME,
    *,
    is_operator: bool = False,
) -> str:
    """The secret of a link by which somebody gives themselves a password, once. Earlier links are good no more."""
    secret = secrets.token_urlsafe(32)
    logins.add_invite(Invite(mark_of(secret), login, made_at=now, good_until=now + lifetime, is_operator=is_operator))
    return secret


def login_invited(logins: Logins, secret: str, now: datetime) -> str:
    """Whose link it is. Raises InviteNotGood."""
    return _invite(logins, secret, now).login


def accept(logins: Logins, secret: str, password: str, now: datetime) -> str:
    """Give who was invited this password; whoever was signed in under the login is out. Their login.

    Raises InviteNotGood, PasswordTooWeak.
    """
    invited = _invite(logins, secret, now)
    login = invited.login
    must_be_good(password, login)
    if not logins.use_invite(mark_of(secret), now):
        raise InviteNotGood
    known = logins.find_account(login)
    logins.keep_account(
        Account(
            login=login,
            password_hash=hash_of(password),
            failures=0,
            locked_until=None,
            made_at=known.made_at if known else now,
            changed_at=now,
            ended_at=None,
            is_operator=invited.is_operator,
        )
    )
    logins.end_sessions(login, now)
    return login


def _invite(logins: Logins, secret: str, now: datetime) -> Invite:
    found = logins.find_invite(mark_of(secret), now)
    if found is None:
        raise InviteNotGood
    return found


def judge(account: Account | None, is_password_right: bool, now: datetime) -> Account:
    """What becomes of an account when somebody tries to sign in. Raises WrongLogin for what is not there, or waits."""
    if account is None or account.ended_at is not None:
        raise WrongLogin
    if account.locked_until is not None and now < account.locked_until:
        raise WrongLogin
    if is_password_right:
        return replace(account, failures=0, locked_until=None)
    failures = account.failures + 1
    times = failures - MOST_FAILURES
    lock = None if times < 0 else now + min(FIRST_LOCK * 2 ** min(times, 10), LONGEST_LOCK)
    return replace(account, failures=failures, locked_until=lock)


def change_password(account: Account, old: str, new: str, now: datetime) -> Account:
    """Raises WrongLogin, PasswordTooWeak."""
    if not is_right(old, account.password_hash):
        raise WrongLogin("the old password is another", {"old": ["Is not your password."]})
    must_be_good(new, account.login)
    return replace(account, password_hash=hash_of(new), changed_at=now)


def end(logins: Logins, login: str, now: datetime) -> bool:
    """Nobody signs in under it any more, and who is signed in is out. False where there is no such account."""
    logins.drop_invites(login)
    account = logins.find_account(login)
    if account is None:
        return False
    logins.keep_account(replace(account, ended_at=account.ended_at or now))
    logins.end_sessions(login, now)
    return True
