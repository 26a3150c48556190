"""One street, one tile: roughly where it lies in the district, and how dark for how large a share.

Where the places are known (`places.csv`), tiles lie as on the map; any other district gets them in the order of codes.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from services.board.reading.shapes import Tile

ACROSS = 7
STEPS = (0.6, 0.7, 0.8, 0.9)
"""A resolution ratio below the first is the palest step of five, and one from the last on the darkest."""
PLACES = Path(__file__).with_name("places.csv")


@dataclass(frozen=True, slots=True)
class PlacedTile:
    """A tile with its column and row, both from one; `step` is 0 where there is no rate."""

    tile: Tile
    column: int
    row: int
    step: int


def placed(tiles: Sequence[Tile]) -> list[PlacedTile]:
    """In the order in which one reads them: row by row."""
    known = _places()
    if not all(one.unit.code in known for one in tiles):
        known = {one.unit.code: (place % ACROSS + 1, place // ACROSS + 1) for place, one in enumerate(tiles)}
    laid = [PlacedTile(one, *known[one.unit.code], step_of(one.resolution_ratio)) for one in tiles]
    return sorted(laid, key=lambda one: (one.row, one.column))


def step_of(ratio: float | None) -> int:
    """Which of five steps a share is; 0 for none."""
    return 0 if ratio is None else 1 + sum(ratio >= bound for bound in STEPS)


@lru_cache(maxsize=1)
def _places() -> dict[str, tuple[int, int]]:
    with PLACES.open(encoding="utf-8", newline="") as file:
        return {line["code"]: (int(line["column"]), int(line["row"])) for line in csv.DictReader(file)}
