"""Chance that is the same each time: what is thrown depends on the seed, the purpose and whom it is for, nothing else.

Never on the order in which things arrive, so that the same seed plays the same month.
"""

from collections.abc import Mapping, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """`dice.happens(0.1, "returns", task_id)`: the same question always has the same answer."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def roll(self, purpose: str, ref: object) -> Random:
        """A source of chance of its own for this purpose and thing."""
        return Random(f"{self.seed}:{purpose}:{ref}")

    def share(self, purpose: str, ref: object) -> float:
        return self.roll(purpose, ref).random()

    def happens(self, share: float, purpose: str, ref: object) -> bool:
        return self.share(purpose, ref) < share

    def between(self, low: float, high: float, purpose: str, ref: object) -> float:
        return low + (high - low) * self.share(purpose, ref)

    def whole(self, low: int, high: int, purpose: str, ref: object) -> int:
        """Both ends included."""
        return self.roll(purpose, ref).randint(low, high)

    def one_of(self, choices: Sequence[T], purpose: str, ref: object) -> T:
        return self.roll(purpose, ref).choice(choices)

    def weighted(self, weights: Mapping[str, float], purpose: str, ref: object) -> str:
        return self.roll(purpose, ref).choices(list(weights), list(weights.values()))[0]
