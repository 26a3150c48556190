"""RabbitMQ definitions with a user in them. A node that loads definitions makes no default user and no default host."""

import base64
import hashlib
import secrets
from typing import Any


def with_user(definitions: dict[str, Any], user: str, password: str) -> dict[str, Any]:
    """The same definitions, and `user`, who may do everything on every host they name."""
    hosts = definitions.get("vhosts") or [{"name": "/"}]
    allowed = [{"user": user, "vhost": host["name"], "configure": ".*", "write": ".*", "read": ".*"} for host in hosts]
    others = [other for other in definitions.get("users", []) if other["name"] != user]
    return {
        **definitions,
        "users": [*others, user_entry(user, hashed(password), tags="administrator")],
        "vhosts": hosts,
        "permissions": [*definitions.get("permissions", []), *allowed],
    }


def user_entry(user: str, password_hash: str, *, tags: str = "") -> dict[str, Any]:
    return {
        "name": user,
        "password_hash": password_hash,
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": tags,
        "limits": {},
    }


def hashed(password: str) -> str:
    salt = secrets.token_bytes(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
