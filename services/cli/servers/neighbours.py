"""Neighbours' users on the broker: the hotline and streets, each with a password of its own and few rights.

Only the passwords' hashes are kept, in the keys folder; the broker gets them with its definitions.
"""

import json
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from services.cli.servers.broker_files import write_privately
from services.cli.servers.broker_users import hashed, user_entry
from shared.bus import topology
from shared.bus.topology import access, definitions
from shared.policy import PolicyBook
from shared.settings import settings


def users_file() -> Path:
    return settings().keys_folder / "broker_users.json"


def known_users() -> dict[str, str]:
    """Their passwords' hashes by name."""
    file = users_file()
    return json.loads(file.read_text()) if file.exists() else {}


def admit(user: str) -> str:
    """A new password for a user, who is known from now on; an old one is good no more. Only its hash is kept."""
    password = secrets.token_urlsafe(18)
    users_file().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_privately(users_file(), json.dumps(known_users() | {user: hashed(password)}, indent=2))
    return password


def dismiss(user: str) -> str:
    """No user from now on, and no password."""
    kept = {name: password_hash for name, password_hash in known_users().items() if name != user}
    write_privately(users_file(), json.dumps(kept, indent=2))
    return ""


def streets() -> tuple[str, ...]:
    """Streets that have a user, and so a queue of notices."""
    return tuple(sorted(user.removeprefix(access.STREET) for user in known_users() if user.startswith(access.STREET)))


def whole_definitions(more_streets: tuple[str, ...] = ()) -> dict[str, Any]:
    """The suite's topology and policies, and the neighbours with their rights and queues."""
    users = known_users()
    document = definitions.definitions(tuple(sorted({*streets(), *more_streets})), dead_kept=dead_kept())
    document["users"] = [user_entry(name, password_hash) for name, password_hash in users.items()]
    document["permissions"] = [_permission(name) for name in users]
    document["topic_permissions"] = [_topic_permission(name) for name in users]
    return document


def dead_kept() -> timedelta:
    """How long the broker keeps dead messages, by the policy of today."""
    return PolicyBook.load(settings().policy_file).at(datetime.now(UTC)).inbox.unreadable_kept


def _permission(name: str) -> dict[str, Any]:
    rights = access.rights_of(name)
    allowed = {"configure": rights.configure, "write": rights.write, "read": rights.read}
    return {"user": name, "vhost": definitions.VHOST} | allowed


def _topic_permission(name: str) -> dict[str, Any]:
    rights = access.rights_of(name)
    words = {"exchange": topology.RPC_EXCHANGE, "write": rights.calls, "read": rights.binds}
    return {"user": name, "vhost": definitions.VHOST} | words
