"""Reads content that is just as its contract says, several times as fast as marshmallow does.

Fields and checks are those of the marshmallow schema. What is not plainly right is left to the schema, which may take
it nevertheless, and else says what is wrong: a reader here may give up whenever it likes.
"""

import dataclasses
from collections.abc import Callable
from functools import lru_cache
from typing import Any, get_args, get_type_hints

import marshmallow
from marshmallow import fields

from shared.contracts.fields import SIXTY_FOUR_BITS, Instant, Whole, YesOrNo
from shared.contracts.instants import NoInstant, read_instant

Read = Callable[[Any], Any]


class NotPlain(Exception):
    """It is not plainly right."""


DOUBTS = (NotPlain, NoInstant, marshmallow.ValidationError)
"""What readers raise, and readers of single values, and validators."""


def part_reader(cls: type, schema: marshmallow.Schema) -> Read:
    """Makes an event, or a part of one, of plain JSON values. Raises one of DOUBTS where it is not plainly right."""
    hints = get_type_hints(cls)
    known = [(name, _default(field), _field_reader(field, hints[name])) for name, field in schema.load_fields.items()]

    def read(content: Any) -> Any:
        _must_be(type(content) is dict)
        made: Any = object.__new__(cls)
        vars(made).update(
            (name, read_one(content[name]) if name in content else default()) for name, default, read_one in known
        )
        return made

    return read


def _field_reader(field: Any, hint: Any) -> Read:
    """For a value that is there: reads it, and asks the field's own validators."""
    if type(field) not in _READERS:
        return field.deserialize  # type: ignore[no-any-return]
    read, checks = _READERS[type(field)](field, hint), field.validators

    def read_and_check(value: Any) -> Any:
        if value is None and field.allow_none:
            return None
        made = read(value)
        for check in checks:
            check(made)
        return made

    return read_and_check if checks or field.allow_none else read


def _default(field: Any) -> Callable[[], Any]:
    default = field.load_default
    if default is marshmallow.missing:
        return lambda: _must_be(False)
    return default if callable(default) else lambda: default


def _must_be(right: bool) -> None:
    if not right:
        raise NotPlain


def _text(_field: Any, _hint: Any) -> Read:
    return _if(lambda value: type(value) is str)


def _yes_or_no(_field: Any, _hint: Any) -> Read:
    return _if(lambda value: type(value) is bool)


def _whole(_field: Any, _hint: Any) -> Read:
    return _if(lambda value: type(value) is int and value in SIXTY_FOUR_BITS)


def _if(is_right: Callable[[Any], bool]) -> Read:
    def read(value: Any) -> Any:
        if is_right(value):
            return value
        raise NotPlain

    return read


def _instant(_field: Any, _hint: Any) -> Read:
    """Many of one event are the same."""

    def read(value: Any) -> Any:
        _must_be(type(value) is str)
        return _read_instant(value)

    return read


_read_instant = lru_cache(maxsize=1000)(read_instant)


def _member(field: Any, _hint: Any) -> Read:
    members = {member.value: member for member in field.enum}

    def read(value: Any) -> Any:
        _must_be(field.by_value and type(value) in (str, int) and value in members)
        return members[value]

    return read


def _list(field: Any, hint: Any) -> Read:
    read_one = _field_reader(field.inner, hint)

    def read(value: Any) -> Any:
        _must_be(type(value) is list)
        return [read_one(one) for one in value]

    return read


def _part(field: Any, hint: Any) -> Read:
    """`hint` is a part, or a list of it, or says that it may be missing."""
    while not dataclasses.is_dataclass(hint):
        hint = get_args(hint)[0]
    assert isinstance(hint, type)
    return part_reader(hint, field.schema)


_READERS: dict[type, Callable[[Any, Any], Read]] = {
    fields.String: _text,
    YesOrNo: _yes_or_no,
    Whole: _whole,
    Instant: _instant,
    fields.Enum: _member,
    fields.List: _list,
    fields.Nested: _part,
}
