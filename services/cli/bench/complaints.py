"""Writes distinct complaints as the hotline takes them down: some 250 characters, all over the district.

Most begin an issue of their own; some are a neighbour's words on the matter of an earlier one.
"""

import random
import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from shared.settings import settings
from shared.units import Tier, Unit, UnitDirectory

LINKED_RATIO = 0.15
CODED_RATIO = 0.5
REMEMBERED = 200
_Matter = tuple[str, str, str, dict[str, Any]]


@cache
def texts() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"))


def write_complaints(
    count: int, *, at: datetime, series: str = "B", deliberated: bool = True, linked: bool = True
) -> Iterator[dict[str, Any]]:
    """The same series is the same complaints. Without `deliberated` all can be handled without a council."""
    writer = Writer(series, at, deliberated)
    for number in range(1, count + 1):
        yield writer.write(f"{series}-{number:07}", linked)


class Writer:
    """Remembers some of the matters it wrote of, for neighbours to speak of them as well."""

    def __init__(self, series: str, at: datetime, deliberated: bool) -> None:
        self._chance = random.Random(f"complaints {series}")
        self._at = at
        self._coded_ratio = CODED_RATIO if deliberated else 1.0  # words alone may point to a council's category
        self._units = UnitDirectory.load(settings().units_file)
        self._communities = sorted(self._units.of_tier(Tier.COMMUNITY), key=lambda unit: unit.code)
        self._matters = [one for one in texts()["matters"] if deliberated or not one.get("deliberated")]
        self._recent: list[_Matter] = []

    def write(self, order_no: str, linked: bool) -> dict[str, Any]:
        chance = self._chance
        is_neighbour = linked and len(self._recent) == REMEMBERED and chance.random() < LINKED_RATIO
        title, said, category, place = self._recent.pop(chance.randrange(REMEMBERED)) if is_neighbour else self._new()
        if not is_neighbour and len(self._recent) < REMEMBERED:
            self._recent.append((title, said, category, place))
        filed_at = self._at - timedelta(seconds=chance.randint(30, 3600))
        return {
            "order_no": order_no,
            "filed_at": filed_at.isoformat(),
            "dispatched_at": self._at.isoformat(),
            "request_kind": "complaint",
            "title": title,
            "content": self._content(said),
            "caller": self._caller(order_no),
            "place": place,
            "category": category if chance.random() < self._coded_ratio else "",
            "channel": "phone",
        }

    def _new(self) -> _Matter:
        chance, words = self._chance, texts()
        matter = chance.choice(self._matters)
        community = chance.choice(self._communities)
        compound = f"{self._short(community)}{chance.choice(words['compounds'])}"
        spot = f"{compound}{chance.randint(1, 60)}号楼{chance.choice(words['spots'])}"
        codes = [community.code] if chance.random() < CODED_RATIO else []
        place = {"address": f"朝阳区{self._street(community)}{self._short(community)}{spot}", "unit_codes": codes}
        return f"{spot}{matter['title']}", f"{spot}{matter['said']}", matter["category"], place

    def _content(self, said: str) -> str:
        chance, words = self._chance, texts()
        begun = f"来电人反映:{chance.choice(words['since'])}开始,{said}。"
        rest = "。".join(chance.choice(words[part]) for part in ("harms", "harms", "tried", "wishes"))
        taken_at = f"{chance.randint(7, 22)}点{chance.randint(0, 59)}分"
        return f"{begun}{rest}。来电时间{taken_at},编号{chance.randrange(10**9)}。"

    def _caller(self, order_no: str) -> dict[str, Any]:
        chance = self._chance
        name = f"{chance.choice(texts()['surnames'])}{chance.choice(('女士', '先生'))}"
        return {"ref": f"C-{order_no}", "name": name, "phone": f"13{chance.randrange(10**9):09}"}

    def _street(self, community: Unit) -> str:
        return self._units.get(community.code[:9]).name

    @staticmethod
    def _short(community: Unit) -> str:
        return community.name.removesuffix("居民委员会").removesuffix("社区")
