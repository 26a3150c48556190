"""Errors that may cross a service's border. Each has a stable `code`, plain words and, for bad input, a list per field.

`args` is always `(message, fields, code)`: RPC replies and pickles rebuild an error from its arguments alone, so a
subclass must not add constructor parameters of its own.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

Fields = dict[str, list[str]]


class OwnWords(Exception):
    """An error whose text is ours: ids, states and names of fields, and nothing that a person said."""


class GongshangError(OwnWords):
    """The root of all errors that say what a person or a calling system did or met."""

    code: str = "gongshang_error"
    keeps_work: ClassVar[bool] = False
    """Whether what the refusing command wrote is committed nevertheless, such as an incident that it opened."""
    _by_code: ClassVar[dict[str, type["GongshangError"]]] = {}

    def __init__(self, message: str = "", fields: Mapping[str, list[str]] | None = None, code: str = "") -> None:
        self.message = message or (type(self).__doc__ or self.code).strip()
        self.fields: Fields = {name: list(faults) for name, faults in (fields or {}).items()}
        self.code = code or type(self).code
        super().__init__(self.message, self.fields, self.code)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "code" in cls.__dict__:
            GongshangError._by_code.setdefault(cls.code, cls)

    def __str__(self) -> str:
        named = "; ".join(f"{name}: {' '.join(faults)}" for name, faults in self.fields.items())
        return f"{self.message} ({named})" if named else self.message

    def for_strangers(self) -> "GongshangError":
        """The same error as one of the classes of this module, which every client knows; `code` still says which."""
        known = next(kind for kind in type(self).__mro__ if kind.__module__ == __name__)
        plain: GongshangError = known(self.message, self.fields, self.code)
        return plain

    def as_wire(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message, "fields": self.fields}


def from_wire(wire: Mapping[str, Any]) -> GongshangError:
    """The error a peer sent. A code this process doesn't know still comes out as a `GongshangError` that keeps it."""
    code = str(wire.get("code", GongshangError.code))
    kind = GongshangError._by_code.get(code, GongshangError)
    return kind(str(wire.get("message", "")), wire.get("fields") or {}, code)


def error_classes() -> list[type[GongshangError]]:
    """Every error class imported so far, the root first, for whoever must register them with a transport."""
    return [GongshangError, *GongshangError._by_code.values()]


class BadRequest(GongshangError):
    """The request is malformed or breaks its schema."""

    code = "bad_request"


class NotAllowed(GongshangError):
    """The caller is known, but may not do this."""

    code = "not_allowed"


class OwnMatter(NotAllowed):
    """It is about the caller's own organisation: somebody else acts."""

    code = "own_matter"


class NotAuthenticated(GongshangError):
    """There is no token, or it does not prove who calls."""

    code = "not_authenticated"


class TokenExpired(NotAuthenticated):
    """The token was good once and is no longer."""

    code = "token_expired"


class NotFound(GongshangError):
    """There is no such thing."""

    code = "not_found"


class Conflict(GongshangError):
    """The request contradicts what is already recorded."""

    code = "conflict"


class Refused(GongshangError):
    """The request is well-formed and allowed, but a rule of the field forbids it now."""

    code = "refused"


class Unavailable(GongshangError):
    """Something this depends on is away; the same request may succeed later."""

    code = "unavailable"
