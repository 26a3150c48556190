"""Reads the duty list from its TOML file and says every fault in it at once."""

from pathlib import Path
from typing import Any

import marshmallow
from marshmallow import fields, validate

from services.directory.domain.shipped_duties import Duty, ShippedDuties, TierPosts
from shared.contracts.fields import FullMatch
from shared.toml_file import TomlFile
from shared.units import Tier

SHIPPED = Path(__file__).parents[1] / "duties.toml"


def _departments(*, needed: int = 0) -> fields.List[str]:
    name = fields.String(validate=validate.Length(min=1, max=60))
    return fields.List(name, required=needed > 0, validate=validate.Length(min=max(needed, 1)))


class _TierSchema(marshmallow.Schema):
    leader_title = fields.String(required=True, validate=validate.Length(min=1, max=40))
    departments = _departments(needed=2)


class _CategorySchema(marshmallow.Schema):
    code = fields.String(required=True, validate=FullMatch("[a-z_]{1,40}"))
    lead_tier = fields.Enum(Tier, by_value=True, required=True)
    grid, community, street, district = (_departments() for _ in Tier)


class _TiersSchema(marshmallow.Schema):
    grid, community, street, district = (fields.Nested(_TierSchema, required=True) for _ in Tier)


class _FileSchema(marshmallow.Schema):
    fallback = fields.String(required=True)
    tiers = fields.Nested(_TiersSchema, required=True)
    categories = fields.List(fields.Nested(_CategorySchema), required=True)

    @marshmallow.validates_schema
    def check_fallback(self, read: dict[str, Any], **_: object) -> None:
        codes = [category["code"] for category in read["categories"]]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise marshmallow.ValidationError(f"Listed twice: {', '.join(twice)}.", "categories")
        tiers = {category["code"]: category["lead_tier"] for category in read["categories"]}
        if tiers.get(read["fallback"], Tier.GRID) < Tier.STREET:
            raise marshmallow.ValidationError("Must be a listed category led by a street or higher.", "fallback")


def read_duties(path: Path | None = None) -> ShippedDuties:
    """The duty list of a file, or the one that ships. Raises BadTomlFile."""
    read = TomlFile.read(path or SHIPPED).checked_by(_FileSchema())
    posts = {
        Tier(name): TierPosts(tier["leader_title"], tuple(tier["departments"])) for name, tier in read["tiers"].items()
    }
    return ShippedDuties(tuple(map(_duty, read["categories"])), posts)


def _duty(category: dict[str, Any]) -> Duty:
    departments = {tier: tuple(category[tier.value]) for tier in Tier if tier.value in category}
    return Duty(category["code"], category["lead_tier"], departments)
