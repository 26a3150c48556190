"""How single values are read from the wire: strictly, as the published schemas say them.

marshmallow alone reads `"1.9"` as 1, `"yes"` as true, and dates of other shapes than RFC 3339's.
"""

from datetime import datetime
from typing import Any

import marshmallow
from marshmallow import fields, validate

from shared.contracts.instants import NoInstant, read_instant

_EXACT = 2**53
SIXTY_FOUR_BITS = range(-(2**63), 2**63)


def words_of(field: fields.Enum[Any]) -> list[str]:
    """What is taken there: the words of the enum, or those of them to which it is narrowed."""
    narrowed = (check.choices for check in field.validators if isinstance(check, validate.OneOf))
    return [str(one.value) for one in next(narrowed, field.enum)]


class Instant(fields.AwareDateTime):
    """An aware time."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        try:
            return read_instant(value)
        except NoInstant as error:
            raise marshmallow.ValidationError(f"Must be {error.wanted}.") from None


class Whole(fields.Integer):
    """A whole number of at most 64 bits; 3.0 is one, as in JSON Schema."""

    default_error_messages = {"invalid": "Must be a whole number."}  # noqa: RUF012

    def _validated(self, value: Any) -> int:
        if isinstance(value, float) and value.is_integer() and abs(value) <= _EXACT:
            return int(value)
        if type(value) is not int or value not in SIXTY_FOUR_BITS:
            raise self.make_error("invalid", input=value)
        return value


class Number(fields.Float):
    """A finite number."""

    default_error_messages = {"invalid": "Must be a number.", "special": "Must be a number."}  # noqa: RUF012

    def _validated(self, value: Any) -> float:
        if isinstance(value, str):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class YesOrNo(fields.Boolean):
    """True or false, and no word or number for it."""

    default_error_messages = {"invalid": "Must be true or false."}  # noqa: RUF012

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class FullMatch(validate.Regexp):
    """The whole text must match: in Python `$` alone lets a line feed pass."""

    def __init__(self, regex: str, *, error: str | None = None) -> None:
        super().__init__(f"^(?:{regex})$", error=error)

    def __call__(self, value: Any) -> Any:
        if self.regex.fullmatch(value) is None:
            raise marshmallow.ValidationError(self._format_error(value))
        return value
