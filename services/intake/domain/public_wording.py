"""The public wording of an order or an issue: the only words of it that travel in events, notices, lists and pages.

It is category and place until a clerk has confirmed free words; a resident's own words stay in `own_words`.
"""

from services.intake.domain.catalogue import Category
from shared.directory.dated import DatedUnits
from shared.units import Tier

LONGEST_WORDING = 200
NAMED_TIERS = (Tier.STREET, Tier.COMMUNITY)
"""The place is told by these; a grid is small enough to know whose quarrel it is."""


def category_and_place(category: Category, unit_code: str, units: DatedUnits) -> str:
    """停车 · 平房乡姚家园社区: what may be said of a matter before anybody has looked at its words."""
    return f"{category.name} · {_place(unit_code, units)}"[:LONGEST_WORDING]


def _place(unit_code: str, units: DatedUnits) -> str:
    around = units.lineage_of(unit_code)[::-1]
    known = [unit for code in around if (unit := units.find(code)) is not None]
    named = [unit.name for unit in known if unit.tier in NAMED_TIERS]
    return "".join(named or [unit.name for unit in known[:1]]) or unit_code
