"""Organisations, their desks and whoever sits there, made from a seed for exercises by what the duty list names.

Ids and logins follow from the unit: its organisation 社区服务站 is `<unit>/社区服务站`, with the desk
`<unit>/社区服务站/desk`; its leader logs in as `leader@<unit>`, whoever works there as `handler@<unit>`, the second as
`handler-2@<unit>`. What a grid needs its community has, and it serves all grids of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from services.directory.domain.exercise_plan import DeskPlan
from services.directory.domain.making import Draft
from services.directory.domain.people import PersonFacts
from services.directory.domain.shipped_duties import ShippedDuties
from shared.auth import Role
from shared.contracts.directory import DeskFacts, OrganisationFacts, ShiftFacts, StaffFacts
from shared.contracts.directory_words import DayKind, OrganisationKind
from shared.directory.dated import DatedUnits
from shared.units import Tier

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
FIRST = "建志晓文海秀丽国永春立明红玉振金庆伟学保"
SECOND = "华军明芳英平强燕辉玲斌霞民杰梅龙刚敏兰生"

LEADS = [Role.LEADER.value, Role.CHAIR.value]
WORKS = [Role.HANDLER.value, Role.CLERK.value]
OF_THE_DISTRICT = (Role.SUPERVISOR, Role.EVALUATOR, Role.CALLBACK_AGENT)


@dataclass(frozen=True)
class Staffing:
    """What is made for all units of a district."""

    plan: DeskPlan
    duties: ShippedDuties
    units: DatedUnits
    seed: int

    def offices(self) -> Iterator[Draft]:
        for tier in (Tier.COMMUNITY, Tier.STREET, Tier.DISTRICT):
            for unit in self.units.of_tier(tier):
                yield from self._unit(unit.code, tier)

    def _unit(self, unit_code: str, tier: Tier) -> Iterator[Draft]:
        """A leader for the unit's own departments; and for those of its grids another one."""
        departments = self.duties.departments_of(tier)
        yield from self._led(unit_code, tier, departments, "leader", number=1)
        if tier is Tier.COMMUNITY:
            of_grids = [one for one in self.duties.departments_of(Tier.GRID) if one not in departments]
            yield from self._led(unit_code, Tier.GRID, of_grids, "grid-leader", number=len(departments) + 1)
        if tier is Tier.DISTRICT and departments:
            for role in OF_THE_DISTRICT:
                yield from self._member(unit_code, departments[0], str(role), role.value, [role.value])

    def _led(
        self, unit_code: str, tier: Tier, departments: Sequence[str], login: str, *, number: int
    ) -> Iterator[Draft]:
        """Departments under one leader, who is a member of the first."""
        if not departments:
            return
        title = self.duties.tiers[tier].leader_title
        yield from self._member(unit_code, departments[0], login, title, LEADS)
        for place, department in enumerate(departments, start=number):
            yield from self._department(unit_code, tier, department, f"{unit_code}/{login}", place)

    def _department(self, unit_code: str, tier: Tier, name: str, leader: str, number: int) -> Iterator[Draft]:
        organisation, login = f"{unit_code}/{name}", f"handler-{number}" if number > 1 else "handler"
        yield Draft(
            "organisation",
            organisation,
            OrganisationFacts(name=name, kind=_kind(tier, name), unit=unit_code),
        )
        yield from self._member(unit_code, name, login, f"{name}经办人", WORKS)
        desk = f"{organisation}/desk"
        yield Draft(
            "desk", desk, DeskFacts(name=self.plan.desk, organisation=organisation, unit=unit_code, leader=leader)
        )
        yield from self._roster(desk, f"{unit_code}/{login}", leader, tier)

    def _roster(self, desk: str, person: str, leader: str, tier: Tier) -> Iterator[Draft]:
        """One person day and night; or in working hours, and the leader at night and on days off."""
        if tier not in self.plan.on_call:
            yield Draft("shift", f"{desk}/1", ShiftFacts(desk=desk, person=person))
            return
        days = [DayKind.WORKING_DAY.value]
        hours = {"starts": self.plan.starts, "ends": self.plan.ends}
        yield Draft("shift", f"{desk}/1", ShiftFacts(desk=desk, person=person, days=days, **hours))
        yield Draft("shift", f"{desk}/2", ShiftFacts(desk=desk, person=leader))

    def _member(self, unit_code: str, department: str, login: str, post: str, roles: list[str]) -> Iterator[Draft]:
        """Somebody, and their post."""
        id, name = f"{unit_code}/{login}", self._name(unit_code, post)
        yield Draft("person", id, PersonFacts(name=name, unit=unit_code))
        facts = StaffFacts(
            person=id,
            person_name=name,
            organisation=f"{unit_code}/{department}",
            unit=unit_code,
            post=post,
            login=f"{login}@{unit_code}",
            roles=list(roles),
        )
        yield Draft("staff", id, facts)

    def _name(self, unit_code: str, post: str) -> str:
        drawn = blake2b(f"{self.seed}|{unit_code}|{post}".encode(), digest_size=3).digest()
        parts = zip((SURNAMES, FIRST, SECOND), drawn, strict=True)
        return "".join(characters[byte % len(characters)] for characters, byte in parts)


def _kind(tier: Tier, name: str) -> OrganisationKind:
    is_committee = tier <= Tier.COMMUNITY and name.endswith(("居委会", "委员会"))
    return OrganisationKind.COMMITTEE if is_committee else OrganisationKind.DEPARTMENT
