"""The calls that services answer, as their code declares them: by whom, with which fields, and whether they act."""

import importlib
import inspect
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from marshmallow import fields, validate

from services import home_of
from shared.auth import Role
from shared.bus.rpc.entrypoint import RpcEntrypoint
from shared.bus.rpc.messages import UnitCode
from shared.contracts.base import schema_of
from shared.contracts.fields import words_of

KEY = "idempotency_key"
MUST_BE = "Must be "


@dataclass(frozen=True)
class Call:
    """A call of a process. `says` is what its request says of itself."""

    process: str
    method: str
    says: str
    request_class: type[Any]
    reply_class: type[Any]
    roles: tuple[Role, ...]
    reads: bool


@dataclass(frozen=True)
class FieldLine:
    """A field of a request: what may stand in it, and what it is for."""

    name: str
    kind: str
    is_needed: bool
    says: str


def calls_of(process: str) -> dict[str, Call]:
    """Every call of a process, by its method."""
    module = importlib.import_module(f"services.{home_of(process)}.service")
    classes = [one for _, one in inspect.getmembers(module, inspect.isclass) if getattr(one, "name", "") == process]
    found: dict[str, Call] = {}
    for name, method in (pair for one in classes for pair in vars(one).items()):
        entries = getattr(method, "nameko_entrypoints", ())
        if any(isinstance(entry, RpcEntrypoint) for entry in entries):
            says = _says(method, name)
            known = (method.request_class, method.reply_class, method.roles, method.reads)
            found[name] = Call(process, name, says, *known)
    return found


def _says(method: Any, name: str) -> str:
    """The method's own words, or those of its request; a dataclass without any only repeats its fields."""
    words = inspect.getdoc(method) or inspect.getdoc(method.request_class) or ""
    is_signature = words.startswith(f"{method.request_class.__name__}(")
    return name.replace("_", " ").capitalize() + "." if is_signature else " ".join(words.split())


def fields_of(request_class: type[Any]) -> list[FieldLine]:
    """The fields of a request, those that are needed first. The idempotency key is not among them."""
    lines = [_line(name, field) for name, field in schema_of(request_class).fields.items() if name != KEY]
    return sorted(lines, key=lambda one: not one.is_needed)


def _line(name: str, field: fields.Field[Any]) -> FieldLine:
    says = " ".join(str(field.metadata.get("description", "")).split())
    return FieldLine(name, _kind(field), field.required, says)


def _member(name: str, field: fields.Field[Any]) -> str:
    return f'"{name}"{"" if field.required else " (may be left out)"}: {_kind(field)}'


def _kind(field: fields.Field[Any]) -> str:
    if isinstance(field, fields.List):
        return f"[{_kind(field.inner)}, ...]"
    if isinstance(field, fields.Nested):
        return f"{{{', '.join(_member(name, one) for name, one in field.schema.fields.items())}}}"
    return _form(field) or " ".join([_word(field), *_limits(field)])


def _form(field: fields.Field[Any]) -> str:
    """What alone may stand there, where that is known: words to choose from, or a form."""
    if isinstance(field, fields.Enum):
        return " | ".join(words_of(field))
    if isinstance(field, UnitCode):
        return "unit code such as 110105015"
    return next(filter(None, map(_shape, field.validators)), "")


def _word(field: fields.Field[Any]) -> str:
    return next((word for kind, word in _WORDS if isinstance(field, kind)), type(field).__name__.lower())


def _shape(check: Any) -> str:
    """What a check asks for by itself."""
    if isinstance(check, validate.OneOf):
        return " | ".join(str(one) for one in check.choices if one != "")
    asked = check.error or "" if isinstance(check, validate.Regexp | validate.Length) else ""
    return asked.removeprefix(MUST_BE).removesuffix(".") if asked.startswith(MUST_BE) else ""


_WORDS: tuple[tuple[type[fields.Field[Any]], str], ...] = (
    (fields.Boolean, "true | false"),
    (fields.Integer, "whole number"),
    (fields.Number, "number"),
    (fields.DateTime, "instant such as 2026-03-02T09:00:00+08:00"),
    (fields.String, "text"),
    (fields.Dict, "object"),
)


def _limits(field: fields.Field[Any]) -> Iterator[str]:
    for check in field.validators:
        if isinstance(check, validate.Length) and check.max is not None:
            yield f"of at most {check.max}"
        if isinstance(check, validate.Range):
            low, high = (typing.cast(Any, bound) for bound in (check.min, check.max))
            yield f"from {low}" + (f" to {high}" if high is not None else " on") if low is not None else f"up to {high}"
