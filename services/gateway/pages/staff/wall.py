"""The supervision wall 督办墙: lights by unit and tier, what runs out today, and what somebody must look at.

Of the unit one works in, or of one inside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template, url_for

from services.board.reading.measures import Wall
from services.board.reading.shapes import Light, UnitName
from services.gateway.accounts.signing import colleague, staff_page
from services.gateway.at_hand import board, now
from services.gateway.filters import said
from services.gateway.pages.addressed import asked_within
from services.gateway.pages.downloads import as_csv
from services.gateway.words.catalogue import zh
from services.gateway.words.names import name_of
from shared.auth import Role
from shared.units import Tier

page = Blueprint("wall", __name__)
READERS = (Role.LEADER, Role.SUPERVISOR)
LIGHTS = (Light.LATE, Light.WARNED, Light.IN_TIME, Light.PAUSED, Light.NONE)
"""The worst first, as the rows below the first one are."""
ALL = zh("合计")


@dataclass(frozen=True)
class Row:
    """Counts by light of something that has a name, with where each count leads to."""

    name: str
    counts: Mapping[Light, int]
    wanted: Mapping[str, Any]
    unit: UnitName | None = None

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def issues(self, light: Light | str) -> str:
        return url_for("issues.all", **self.wanted, light=str(light))


@page.get("/wall")
@staff_page(*READERS)
def show() -> str:
    wall = _wall()
    return render_template(
        "staff/wall.html", wall=wall, units=_by_unit(wall), tiers=_by_tier(wall), lights=LIGHTS, own=colleague().unit
    )


@page.get("/wall.csv")
@staff_page(*READERS)
def table() -> Response:
    wall = _wall()
    columns = (zh("单位或层级"), *(name_of("light", light) for light in LIGHTS), ALL)
    rows = [*_by_unit(wall), *_by_tier(wall)]
    return as_csv(
        "wall", columns, [(said(row.name), *(row.counts[light] for light in LIGHTS), row.total) for row in rows]
    )


def _wall() -> Wall:
    return board().wall(asked_within(colleague().unit), now())


def _by_unit(wall: Wall) -> list[Row]:
    """The unit with all inside it, then those right below it: who is most behind first."""
    first, *below = [Row(row.unit.name, row.lights, {"unit": row.unit.code}, row.unit) for row in wall.rows]
    return [first, *sorted(below, key=_urgency)]


def _by_tier(wall: Wall) -> list[Row]:
    unit = wall.unit.code
    return [
        Row(name_of("tier", tier), _whole(counts), {"unit": unit, "tier": tier.value})
        for tier, counts in wall.tiers.items()
        if tier in _tiers_in(wall)
    ]


def _tiers_in(wall: Wall) -> list[Tier]:
    """Those at which something inside the unit can be held."""
    tiers = list(Tier)
    return tiers[: tiers.index(wall.unit.tier) + 1] if wall.unit.tier else tiers


def _whole(counts: Mapping[Light, int]) -> dict[Light, int]:
    return {light: counts.get(light, 0) for light in Light}


def _urgency(row: Row) -> tuple[int, int, str]:
    return -row.counts[Light.LATE], -row.counts[Light.WARNED], row.wanted["unit"]
