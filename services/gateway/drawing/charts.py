"""Rates over time as lines, load by hour and weekday as a grid of steps, flow as blocks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDE, HIGH = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 44, 108, 14, 30
LEAST_APART = 16
"""So far apart are the names at the ends of two lines, in the chart's own units."""
HOURS = 24
HEAT_STEPS = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart: its name stands at its end, where it has room; each point also by itself."""

    name: str
    points: Sequence[tuple[float, float]]
    path: str
    name_y: float


@dataclass(frozen=True, slots=True)
class LineChart:
    """Lines over a grid: what each horizontal line stands for with its height, what each column is called."""

    lines: Sequence[Line]
    heights: Sequence[tuple[str, float]]
    columns: Sequence[tuple[str, float]]


def line_chart(labels: Sequence[str], series: Mapping[str, Sequence[float | None]]) -> LineChart:
    """Shares from 0 to 1, one for each label. The scale begins at a full tenth below the lowest, and says so."""
    known = [value for values in series.values() for value in values if value is not None]
    floor = int(min(known, default=0.0) * 10) / 10
    floor = min(floor, 0.9)

    def height(value: float) -> float:
        return round(TOP + (1 - value) / (1 - floor) * (HIGH - TOP - BOTTOM), 1)

    across = [round(LEFT + (WIDE - LEFT - RIGHT) * (n + 0.5) / max(len(labels), 1), 1) for n in range(len(labels))]
    lines = []
    for name, values in series.items():
        points = [(x, height(value)) for x, value in zip(across, values, strict=True) if value is not None]
        if points:
            lines.append(Line(name, points, _path(points), points[-1][1]))
    tenths = range(round(floor * 10), 11)
    grid = [(f"{tenth * 10}%", height(tenth / 10)) for tenth in tenths if (10 - tenth) % max(1, len(tenths) // 5) == 0]
    return LineChart(_apart(lines), grid, list(zip(labels, across, strict=True)))


def heat_steps(load: Sequence[Sequence[int]]) -> list[list[tuple[int, int]]]:
    """Of each weekday's hours, how many and which step of five; 0 is nothing at all."""
    most = max((count for hours in load for count in hours), default=0)
    return [[(count, -(-count * HEAT_STEPS // most) if count else 0) for count in hours] for hours in load]


def shares(counts: Sequence[int]) -> list[int]:
    """Each count as so many thousandths of the largest, for blocks that stand below each other."""
    most = max(counts, default=0)
    return [count * 1000 // most if most else 0 for count in counts]


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points)


def _apart(lines: Sequence[Line]) -> list[Line]:
    placed: list[Line] = []
    for line in sorted(lines, key=lambda one: one.name_y):
        lowest = placed[-1].name_y + LEAST_APART if placed else TOP
        placed.append(Line(line.name, line.points, line.path, max(line.name_y, lowest)))
    return placed
