"""Reads what a community must try first from its TOML file."""

from functools import cache
from pathlib import Path

from marshmallow import Schema, fields, validate

from services.supervision.domain.duty_list import DutyList
from shared.contracts.vocabulary import EscalationReason
from shared.toml_file import TomlFile
from shared.units import Tier

SHIPPED = Path(__file__).resolve().parents[1] / "duty_list.toml"


class _FileSchema(Schema):
    version = fields.String(required=True)
    tiers = fields.List(fields.Enum(Tier, by_value=True), required=True)
    reasons = fields.List(fields.Enum(EscalationReason, by_value=True), required=True)
    categories = fields.List(fields.String(validate=validate.Length(min=1)), required=True)


@cache
def duty_list(path: Path | None = None) -> DutyList:
    """The duty list of a file, or the one that ships. Raises BadTomlFile."""
    read = TomlFile.read(path or SHIPPED).checked_by(_FileSchema())
    lists = {name: frozenset(read[name]) for name in ("tiers", "reasons", "categories")}
    return DutyList(version=read["version"], **lists)
