"""Reads a policy file and finds every fault in it instead of stopping at the first."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validates_schema

from shared.contracts.fields import FullMatch
from shared.policy.policy import SECTION_NAMES, sections_schema
from shared.toml_file import BadTomlFile, Fault, TomlFile, leaves_of
from shared.units import ancestors_of, canonical_code

SHIPPED = Path(__file__).parent / "default.toml"


class _VersionHead(Schema):
    """What a version says about itself."""

    version = fields.String(required=True, validate=FullMatch(r"[\w.-]{1,40}"))
    valid_from = fields.Raw(required=True)
    valid_to = fields.Raw()

    @validates_schema
    def _days(self, head: Mapping[str, Any], **_: Any) -> None:
        _check_days(head)


class _OverrideHead(Schema):
    """What a unit's own values say about themselves."""

    unit = fields.String(required=True)
    valid_from = fields.Raw(required=True)
    valid_to = fields.Raw()

    @validates_schema
    def _days(self, head: Mapping[str, Any], **_: Any) -> None:
        _check_days(head)
        try:
            canonical_code(head["unit"])
        except Exception as fault:
            raise ValidationError(str(getattr(fault, "message", fault)), "unit") from None

    @post_load
    def _short_code(self, head: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**head, "unit": canonical_code(head["unit"])}


def _check_days(head: Mapping[str, Any]) -> None:
    for key in ("valid_from", "valid_to"):
        if key in head and type(head[key]).__name__ != "date":
            raise ValidationError("must be a day without quotes, like 2026-03-01", key)
    if "valid_to" in head and head["valid_to"] < head["valid_from"]:
        raise ValidationError("is before valid_from", "valid_to")


@dataclass(frozen=True)
class Entry:
    """One version or override as written: its head, and its sections filled up from what it builds on."""

    head: Mapping[str, Any]
    sections: dict[str, dict[str, Any]]


@dataclass(frozen=True)
class PolicyFile:
    """A checked file: versions in order of validity, and the units' own values."""

    versions: list[Entry]
    overrides: list[Entry]


def read_policy_file(path: Path | None = None) -> PolicyFile:
    """Raises BadTomlFile with every fault."""
    path = path or SHIPPED
    found, faults = _examine(path)
    if faults:
        raise BadTomlFile(path, faults)
    return found


def policy_check(path: Path | None = None) -> list[Fault]:
    """Every fault of a policy file, in order of lines; empty when it may be used."""
    return _examine(path or SHIPPED)[1]


def _examine(path: Path) -> tuple[PolicyFile, list[Fault]]:
    try:
        reader = _Reader(TomlFile.read(path))
    except BadTomlFile as bad:
        return PolicyFile([], []), bad.faults
    file = reader.read()
    return file, sorted(reader.faults, key=lambda fault: fault.line or 0)


class _Reader:
    """Walks through one document and gathers faults instead of stopping at the first."""

    def __init__(self, file: TomlFile) -> None:
        self._file = file
        self.faults: list[Fault] = []

    def read(self) -> PolicyFile:
        document = self._file.content
        for key in sorted(set(document) - {"versions", "overrides"}):
            self._fault(key, "is unknown; a policy file has [[versions]] and [[overrides]]")
        versions = self._versions(document.get("versions"))
        return PolicyFile(versions, self._overrides(document.get("overrides", []), versions))

    def _versions(self, written: Any) -> list[Entry]:
        versions: list[Entry] = []
        if not isinstance(written, list) or not written:
            self._fault("versions", "at least one [[versions]] is needed")
            return versions
        for number, entry in enumerate(written):
            place = f"versions.{number}"
            head, sections = self._split(place, entry, _VersionHead())
            if head and versions:
                self._check_order(place, head, versions)
            filled = _merged(versions[-1].sections if versions else {}, sections)
            self._check_sections(place, filled)
            versions.append(Entry(head or {}, filled))
        return versions

    def _overrides(self, written: Any, versions: list[Entry]) -> list[Entry]:
        overrides: list[Entry] = []
        if not isinstance(written, list):
            self._fault("overrides", "must be written as [[overrides]]")
            return overrides
        for number, entry in enumerate(written):
            place = f"overrides.{number}"
            head, sections = self._split(place, entry, _OverrideHead())
            if not head or any(not version.head for version in versions):
                continue
            for version in versions:
                self._check_override(place, sections, version)
            overrides.append(Entry(head, sections))
        return overrides

    def _split(self, place: str, entry: Any, schema: Schema) -> tuple[dict[str, Any] | None, dict[str, dict[str, Any]]]:
        """The head, None when faulty, and the sections."""
        if not isinstance(entry, dict):
            self._fault(place, f"must be written as [[{place.partition('.')[0]}]]")
            return None, {}
        tables = {name: table for name, table in entry.items() if isinstance(table, dict)}
        head = {name: value for name, value in entry.items() if name not in tables}
        try:
            return dict(schema.load(head)), tables
        except ValidationError as fault:
            self._gather(place, fault.messages_dict)
            return None, tables

    def _check_order(self, place: str, head: Mapping[str, Any], versions: list[Entry]) -> None:
        before = versions[-1].head
        if any(head["version"] == version.head.get("version") for version in versions):
            self._fault(f"{place}.version", f"{head['version']!r} was already used")
        if before and head["valid_from"] <= before["valid_from"]:
            self._fault(f"{place}.valid_from", "must be later than that of the version before")
        if before and before.get("valid_to", head["valid_from"]) >= head["valid_from"] and "valid_to" in before:
            self._fault(f"{place}.valid_from", "overlaps the version before, which ends later")

    def _check_sections(self, place: str, sections: dict[str, dict[str, Any]]) -> None:
        try:
            loaded = sections_schema().load(sections)
        except ValidationError as fault:
            self._gather(place, fault.messages_dict)
            return
        weights = loaded.weights
        if weights.response + weights.resolution + weights.satisfaction != 100:
            self._fault(f"{place}.weights", "the three weights must add up to 100")
        for word in loaded.hotline_words.ambiguous():
            self._fault(f"{place}.hotline_words", f"{word!r} stands for two things")
        if loaded.warnings.yellow_ratio >= loaded.warnings.red_ratio:
            self._fault(f"{place}.warnings.yellow_ratio", "must be below red_ratio")

    def _check_override(self, place: str, sections: dict[str, dict[str, Any]], version: Entry) -> None:
        for name, values in sections.items():
            base = version.sections.get(name, {})
            if name in SECTION_NAMES and not base.get("overridable"):
                self._fault(
                    f"{place}.{name}", f"units may not set values of their own here (version {version.head['version']})"
                )
            if "overridable" in values:
                self._fault(f"{place}.{name}.overridable", "is not for a unit to say")
        before = len(self.faults)
        self._check_sections(place, _merged(version.sections, sections))
        self.faults[before:] = [fault for fault in self.faults[before:] if fault not in self.faults[:before]]

    def _gather(self, place: str, messages: Mapping[str, Any]) -> None:
        for path, message in leaves_of(place, messages):
            self._fault(path, message)

    def _fault(self, path: str, message: str) -> None:
        self.faults.append(self._file.fault(path, message))


def _merged(base: Mapping[str, dict[str, Any]], changes: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Sections with changes laid over them, value by value."""
    return {name: {**base.get(name, {}), **changes.get(name, {})} for name in {**base, **changes}}


Lineage = tuple[str, ...]
"""A unit with all that it lies in, the district first."""


def lineage_by_code(unit: str) -> Lineage:
    """As codes say, where nobody says otherwise."""
    return (*reversed(ancestors_of(unit)), unit)


def overriding(
    sections: Mapping[str, dict[str, Any]], lineage: Lineage, overrides: list[Entry]
) -> dict[str, dict[str, Any]]:
    """Sections as they hold for a unit: its own values over its parents' over the district's."""
    for entry in sorted(overrides, key=lambda entry: lineage.index(entry.head["unit"])):
        sections = _merged(sections, entry.sections)
    return dict(sections)
