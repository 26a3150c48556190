"""The desks of a unit: who leads there, and who sits in which department.

The directory is generated: the same seed gives the same people for ever, so nothing of it needs to be stored.
"""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from services.dispatch.domain.duty import DutyList
from shared.units import tier_of

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
FIRST = "建志晓文海秀丽国永春立明红玉振金庆伟学保"
SECOND = "华军明芳英平强燕辉玲斌霞民杰梅龙刚敏兰生"


@dataclass(frozen=True)
class Desk:
    """The people of one unit for one category: departments with their persons in order of competence."""

    unit_code: str
    leader: str
    departments: tuple[tuple[str, str], ...]

    def at_department(self, department: str) -> int:
        """The place of a department in the order; 0 for one the desk doesn't know."""
        names = [name for name, _ in self.departments]
        return names.index(department) if department in names else 0

    def after(self, department: str) -> str:
        """The department next in competence; after the last comes the first."""
        return self.departments[(self.at_department(department) + 1) % len(self.departments)][0]


class DeskDirectory:
    """Finds lead units and desks. Build it once per process: desks are kept, at most `kept` of them."""

    def __init__(self, duties: DutyList, seed: int = 1, kept: int = 8192) -> None:
        self.duties = duties
        self._seed = seed
        self.desk = lru_cache(maxsize=kept)(self._make)

    def lead_unit(self, unit_code: str, category: str) -> str:
        return self.duties.lead_unit(unit_code, category)

    def staffing(self, unit_code: str, category: str, *, department: str = "", helper: str = "") -> "Staffing":
        """Who does it at this unit: the given department, else the most competent. `helper` is a unit that assists."""
        desk = self.desk(unit_code, category)
        place = desk.at_department(department)
        name, person = desk.departments[place]
        others = tuple(other for other, _ in desk.departments if other != name)
        assisting = (helper,) if helper and helper != unit_code else ()
        return Staffing(desk.leader, name, person, (*others[:1], *assisting))

    def _make(self, unit_code: str, category: str) -> Desk:
        tier = tier_of(unit_code)
        title = self.duties.tiers[tier].leader_title
        departments = self.duties.departments_for(tier, category)
        return Desk(
            unit_code,
            f"{self._name(unit_code, title)}（{title}）",
            tuple((name, self._name(unit_code, name)) for name in departments),
        )

    def _name(self, unit_code: str, post: str) -> str:
        drawn = blake2b(f"{self._seed}|{unit_code}|{post}".encode(), digest_size=3).digest()
        return "".join(
            characters[byte % len(characters)]
            for characters, byte in zip((SURNAMES, FIRST, SECOND), drawn, strict=True)
        )


@dataclass(frozen=True)
class Staffing:
    """Four of the five things; the time limit makes them whole."""

    leader: str
    department: str
    person: str
    co_units: tuple[str, ...]
