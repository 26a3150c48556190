"""Why no session can be called: the rule that can't be met, how much of what is there, and what would be right."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.councils.domain.council import Council, has_room
from services.councils.domain.invitation import Seating, is_resident
from shared.contracts.vocabulary import Obstacle
from shared.directory.periods import holds

REMEDIES = {
    Obstacle.TOO_FEW_DEPUTIES: "在名录中增补议事代表:在任的至少要有 {needed} 名,现有 {found} 名",
    Obstacle.TOO_FEW_RESIDENTS: "在名录中增补居民一方的代表:至少要有 {needed} 名,现有 {found} 名",
    Obstacle.TOO_FEW_EXPERTS: "在名录中增补议事能手:调解会至少要有 {needed} 名,现有 {found} 名",
    Obstacle.NO_HALL: "在名录中登记一处可以开会的议事厅",
    Obstacle.HALL_TOO_SMALL: "在名录中登记一处能坐 {needed} 人的议事厅,现有的最多能坐 {found} 人",
    Obstacle.NO_HALL_OPEN: "调整议事厅的开放时间:会议时段要开放 {needed} 小时以上",
    Obstacle.NO_FREE_HOUR: "增加议事厅或者议事代表:查找范围内的 {needed} 个时段都已排满",
}


@dataclass(frozen=True)
class Hindrance:
    """The first rule that can't be met. It takes `needed`, and there are `found`."""

    obstacle: Obstacle
    needed: int
    found: int

    @property
    def remedy(self) -> str:
        return REMEDIES[self.obstacle].format(needed=self.needed, found=self.found)


def hindrance(council: Council, seating: Seating, slots: Iterable[datetime]) -> Hindrance:
    """Of a council for which none of these slots suits. People are counted as they are at the first of them."""
    hours = list(slots)
    return _of_people(council, seating, hours[:1]) or _of_halls(council, seating, hours)


def _of_people(council: Council, seating: Seating, first: list[datetime]) -> Hindrance | None:
    deputies = council.deputies_at(first[0]) if first else []
    residents = sum(map(is_resident, deputies))
    experts = len(council.experts_at(first[0])) if first else 0
    if len(deputies) < seating.least:
        return Hindrance(Obstacle.TOO_FEW_DEPUTIES, seating.least, len(deputies))
    if len(seating.seat(deputies)) < seating.least:
        return Hindrance(Obstacle.TOO_FEW_RESIDENTS, seating.residents_among(seating.least), residents)
    if experts < seating.least_experts:
        return Hindrance(Obstacle.TOO_FEW_EXPERTS, seating.least_experts, experts)
    return None


def _of_halls(council: Council, seating: Seating, hours: list[datetime]) -> Hindrance:
    there = [hall for hall in council.halls if any(holds(hall, hour) for hour in hours)]
    if not there:
        return Hindrance(Obstacle.NO_HALL, 1, 0)
    invited = len(seating.seat(council.deputies_at(hours[0]))) + seating.least_experts
    roomy = [hall for hall in there if has_room(hall, invited)]
    if not roomy:
        return Hindrance(Obstacle.HALL_TOO_SMALL, invited, max(hall.capacity or 0 for hall in there))
    if not any(council.can_meet_in(hall, hour) for hall in roomy for hour in hours):
        return Hindrance(Obstacle.NO_HALL_OPEN, round(council.open_for.total_seconds() / 3600), 0)
    return Hindrance(Obstacle.NO_FREE_HOUR, len(hours), 0)
