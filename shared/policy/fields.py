"""How a policy value is written in the file and what it becomes: lengths of time, shares, bars to be passed.

Each helper makes a dataclass field that knows its key in the file and its check.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Any

from marshmallow import ValidationError, fields, validate

from shared.calendars import Days

SHORTEST = 0.001


@dataclass(frozen=True)
class Threshold:
    """A bar: a share of the whole that must be reached, or passed when `strict`. Exact: 2 of 3 reach two thirds."""

    share: Fraction
    strict: bool

    def is_met_by(self, part: int | Fraction, whole: int | Fraction) -> bool:
        """Nothing of nothing meets no bar."""
        if whole <= 0:
            return False
        reached = Fraction(part) / Fraction(whole)
        return reached > self.share if self.strict else reached >= self.share

    def __str__(self) -> str:
        return f"{'>' if self.strict else '>='} {self.share}"


class _Number(fields.Field[Any]):
    """A TOML number that is really one: no text, no true or false, nothing below the least or above the most."""

    def __init__(self, kind: type, least: float, most: float, **kwargs: Any) -> None:
        super().__init__(required=True, **kwargs)
        self._kind, self._least, self._most = kind, least, most

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        allowed = (int,) if self._kind is int else (int, float)
        if isinstance(value, bool) or not isinstance(value, allowed):
            raise ValidationError(f"must be a {'whole ' if self._kind is int else ''}number, not {value!r}")
        if not self._least <= value <= self._most:
            raise ValidationError(f"must be between {self._least} and {self._most}, not {value}")
        return self._kind(value)


class _Length(_Number):
    """A length of time above zero, in the unit of its key."""

    def __init__(self, unit: str, least: float = SHORTEST, **kwargs: Any) -> None:
        super().__init__(float, least, 100_000, **kwargs)
        self._unit = unit

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        return timedelta(**{self._unit: super()._deserialize(value, attr, data, **kwargs)})


class _Days(_Number):
    """A whole number of days, at least one."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Days:
        count = super()._deserialize(value, attr, data, **kwargs)
        return Days(count, working=str(self.data_key).endswith("_working_days"))


class _Threshold(fields.Field[Threshold]):
    """Written as `> 1/2` or `>= 2/3`."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Threshold:
        sign, _, share = str(value).partition(" ")
        try:
            bar = Threshold(Fraction(share), sign == ">")
        except (ValueError, ZeroDivisionError):
            bar = None
        if bar is None or sign not in (">", ">=") or not 0 <= bar.share <= 1:
            raise ValidationError(f"must look like '> 1/2' or '>= 2/3' with a share between 0 and 1, not {value!r}")
        return bar


def _field(marshmallow_field: fields.Field[Any]) -> Any:
    return dataclasses.field(metadata={"marshmallow_field": marshmallow_field})


def not_yet_applied(described: Any) -> Any:
    """A field that no code reads so far. A guard test holds every mark against the code."""
    return dataclasses.field(metadata={**described.metadata, "not_yet_applied": True})


def key_of(field: dataclasses.Field[Any]) -> str:
    """What a field is called in the file."""
    return str(field.metadata["marshmallow_field"].data_key)


def length(key: str, least: float = SHORTEST) -> Any:
    """A timedelta. The end of the key says the unit: `_seconds`, `_minutes`, `_hours` or `_days`."""
    return _field(_Length(key.rsplit("_", 1)[1], least, data_key=key))


def days(key: str) -> Any:
    """A period in days, counted as the law counts them; in working days if the key ends with `_working_days`."""
    return _field(_Days(int, 1, 1_000, data_key=key))


def lengths(key: str) -> Any:
    """Several lengths of time, in ascending order."""
    inner = _Length(key.rsplit("_", 1)[1])
    return _field(_Ascending(inner, data_key=key, required=True, validate=validate.Length(min=1)))


class _Ascending(fields.List[Any]):
    """A list in ascending order, as a tuple."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        values: list[Any] = super()._deserialize(value, attr, data, **kwargs) or []
        if values != sorted(values):
            raise ValidationError("must be in ascending order")
        return tuple(values)


def number(key: str, least: int = 0, most: int = 1_000_000) -> Any:
    return _field(_Number(int, least, most, data_key=key))


def ratio(key: str) -> Any:
    """A share between 0 and 1."""
    return _field(_Number(float, 0, 1, data_key=key))


def bar(key: str) -> Any:
    """A Threshold."""
    return _field(_Threshold(data_key=key, required=True))


class _Switch(fields.Boolean):
    """True or false, and not 1, which Python takes for the same."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


def switch(key: str) -> Any:
    return _field(_Switch(data_key=key, required=True))


def word(key: str, *allowed: str) -> Any:
    """One of several words."""
    return _field(fields.String(data_key=key, required=True, validate=validate.OneOf(allowed)))


class _Words(fields.List[str]):
    """A list of words, each once, as a tuple."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        words = super()._deserialize(value, attr, data, **kwargs)
        if len(set(words)) != len(words):
            raise ValidationError("names something twice")
        return tuple(words)


def words(key: str, *allowed: str) -> Any:
    """A list of words, which are of those that are allowed where some are named."""
    check = validate.OneOf(allowed) if allowed else validate.Length(min=1)
    return _field(_Words(fields.String(validate=check), data_key=key, required=True))


def numbers(key: str) -> Any:
    """A list of whole numbers in ascending order."""
    return _field(_Ascending(_Number(int, 0, 1_000_000), data_key=key, required=True))
