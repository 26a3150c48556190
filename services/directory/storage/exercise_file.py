"""Reads `exercise.toml`, which ships."""

import tomllib
from functools import cache
from pathlib import Path

from services.directory.domain.exercise_plan import DeskPlan, ExercisePlan, HallPlan, Names
from shared.contracts.directory_words import HallKind
from shared.contracts.vocabulary import DeputyCategory
from shared.units import Tier

SHIPPED = Path(__file__).parents[1] / "exercise.toml"


@cache
def exercise_plan() -> ExercisePlan:
    read = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    halls = [hall | {"tier": Tier(hall["tier"]), "kind": HallKind(hall["kind"])} for hall in read["halls"]]
    on_call = [Tier(name) for name in read["desks"]["on_call"]]
    return ExercisePlan(
        full_for_communities=read["full_for_communities"],
        full_deputies=read["full_deputies"],
        deputies={Tier(name): count for name, count in read["deputies"].items()},
        categories={DeputyCategory(name): weight for name, weight in read["categories"].items()},
        experts=read["experts"],
        halls=[HallPlan(**hall) for hall in halls],
        desks=DeskPlan(**read["desks"] | {"on_call": on_call}),
        names=Names(**read["names"]),
    )
