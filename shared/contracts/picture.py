"""Draws who tells whom what, as an SVG, from the flow: a column of services, and supervision as a bar beside it.

Neighbours in the column are joined straight, others by lanes on the left, and all with supervision on the right; so
no arrow crosses a box, whatever the flow says. `shared/docs/flow.svg` is this picture; a test holds it to the code.
"""

import xml.etree.ElementTree as ET
from dataclasses import dataclass

from shared.contracts.arrows import Arrow, arrows
from shared.contracts.picture_style import (
    BAR,
    COLOURS,
    COLUMN,
    MUTED,
    NAMES,
    STAGES,
    label_lines,
    rectangle,
    sheet,
    text,
)

WIDTH = 1040
BOX_LEFT, BOX_RIGHT = 350, 556
BAR_LEFT, BAR_RIGHT = 882, 1018
MIDDLE = (BOX_LEFT + BOX_RIGHT) / 2
LINE, LANE, GAP, TOP = 17, 22, 78, 70


@dataclass(frozen=True)
class Box:
    """Where a service stands in the column."""

    name: str
    top: float
    height: float

    @property
    def bottom(self) -> float:
        return self.top + self.height


def draw() -> str:
    """The whole picture as SVG text."""
    known = arrows()
    boxes = _boxes(known)
    height = boxes[-1].bottom + 30
    root = sheet("The services and the events between them", WIDTH, height)
    _heads(root)
    text(root, 30, 36, "Who tells whom what 集 → 议 → 办 → 督 → 评", size=19, weight="600")
    by_name = {box.name: box for box in boxes}
    _straight(root, known, by_name)
    _lanes(root, known, by_name)
    _beside(root, known, by_name)
    for box in boxes:
        _service(root, box)
    _bar(root, boxes[0].top, boxes[-1].bottom)
    text(
        root,
        30,
        height - 12,
        "Not drawn: the directory 名录, which tells all who and where, and the board 公示栏, which hears all.",
        size=13,
    )
    ET.indent(root)
    return ET.tostring(root, encoding="unicode") + "\n"


def _boxes(known: list[Arrow]) -> list[Box]:
    """As tall as what must start and end at each box asks."""
    boxes: list[Box] = []
    top = float(TOP)
    for name in COLUMN:
        left = sum(_slot(arrow) for arrow in known if arrow.in_lane and name in (arrow.sender, arrow.receiver))
        right = sum(_slot(arrow) for arrow in known if arrow.joins(name, BAR))
        height = max(64.0, left + 14, right + 14)
        boxes.append(Box(name, top, height))
        joined = any(arrow.joins(name, COLUMN[len(boxes) % len(COLUMN)]) for arrow in known)
        top += height + (GAP if joined else GAP / 3)
    return boxes


def _slot(arrow: Arrow) -> float:
    """The height that one arrow with its label needs at the side of a box."""
    return LINE * len(label_lines(arrow, wide=not arrow.in_lane)) + 16


def _straight(root: ET.Element, known: list[Arrow], boxes: dict[str, Box]) -> None:
    """Between neighbours in the column: down on the left of the middle, up on its right."""
    for arrow in known:
        if arrow.in_lane or BAR in (arrow.sender, arrow.receiver):
            continue
        start, end = boxes[arrow.sender], boxes[arrow.receiver]
        down = start.top < end.top
        x = MIDDLE - 30 if down else MIDDLE + 30
        upper, lower = (start, end) if down else (end, start)
        points = [(x, upper.bottom), (x, lower.top)] if down else [(x, lower.top), (x, upper.bottom)]
        _arrow(root, arrow, points)
        lines = label_lines(arrow, wide=False)
        first = (upper.bottom + lower.top) / 2 - (len(lines) - 1) * LINE / 2 + 4
        _label(root, arrow, lines, x - 10 if down else x + 10, first, anchor="end" if down else "start")


def _lanes(root: ET.Element, known: list[Arrow], boxes: dict[str, Box]) -> None:
    """Between boxes apart: out to the left, along a lane of its own, and in again."""
    in_lane = sorted((arrow for arrow in known if arrow.in_lane), key=lambda one: (one.distance, one.is_upward))
    lanes = {arrow: BOX_LEFT - 225 - LANE * number for number, arrow in enumerate(in_lane)}
    used = {name: box.top + 7 for name, box in boxes.items()}
    ends: dict[tuple[Arrow, str], float] = {}
    for name in COLUMN:
        for arrow in _in_order_at(name, in_lane):
            used[name] += _slot(arrow)
            ends[arrow, name] = used[name] - 8
    for arrow in in_lane:
        out, back, x = ends[arrow, arrow.sender], ends[arrow, arrow.receiver], lanes[arrow]
        _arrow(root, arrow, [(BOX_LEFT, out), (x, out), (x, back), (BOX_LEFT, back)])
        lines = label_lines(arrow, wide=False)
        _label(root, arrow, lines, BOX_LEFT - 12, out - 7 - LINE * (len(lines) - 1), anchor="end")


def _in_order_at(name: str, in_lane: list[Arrow]) -> list[Arrow]:
    """So that lanes nest and don't cross: what comes from above first, the outermost lane on the far side."""
    mine = [arrow for arrow in in_lane if name in (arrow.sender, arrow.receiver)]
    above = [arrow for arrow in mine if arrow.other(name) in COLUMN[: COLUMN.index(name)]]
    below = [arrow for arrow in mine if arrow not in above]
    return above + below[::-1]


def _beside(root: ET.Element, known: list[Arrow], boxes: dict[str, Box]) -> None:
    """Between the column and the bar: level, what is told to supervision above what it tells."""
    for name in COLUMN:
        y = boxes[name].top + 7
        for arrow in (one for one in known if one.joins(name, BAR)):
            lines = label_lines(arrow, wide=True)
            _label(root, arrow, lines, (BOX_RIGHT + BAR_LEFT) / 2, y + 12, anchor="middle")
            y += _slot(arrow)
            ends: list[tuple[float, float]] = [(BOX_RIGHT, y - 8), (BAR_LEFT, y - 8)]
            _arrow(root, arrow, ends if arrow.receiver == BAR else ends[::-1])


def _arrow(root: ET.Element, arrow: Arrow, points: list[tuple[float, float]]) -> None:
    told = ET.SubElement(root, "path", d=_path(points), fill="none", stroke=COLOURS[arrow.sender])
    told.set("stroke-width", "1.8")
    told.set("marker-end", f"url(#to-{arrow.sender})")
    ET.SubElement(told, "title").text = f"{arrow.sender} → {arrow.receiver}: {', '.join(arrow.events)}"


def _path(points: list[tuple[float, float]], radius: float = 8) -> str:
    """Straight pieces with round corners, ending just before the last point, where the head is."""
    (x, y), (end_x, end_y) = points[-2:]
    points = [*points[:-1], (end_x - 7 * _sign(end_x - x), end_y - 7 * _sign(end_y - y))]
    drawn = f"M{points[0][0]:g} {points[0][1]:g}"
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        start = tuple(corner[axis] - radius * _sign(corner[axis] - before[axis]) for axis in (0, 1))
        end = tuple(corner[axis] + radius * _sign(after[axis] - corner[axis]) for axis in (0, 1))
        drawn += f" L{start[0]:g} {start[1]:g} Q{corner[0]:g} {corner[1]:g} {end[0]:g} {end[1]:g}"
    return f"{drawn} L{points[-1][0]:g} {points[-1][1]:g}"


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)


def _heads(root: ET.Element) -> None:
    definitions = ET.SubElement(root, "defs")
    for name, colour in COLOURS.items():
        head = ET.SubElement(definitions, "marker", id=f"to-{name}", viewBox="0 0 8 8", refX="1", refY="4")
        head.set("markerWidth", "8")
        head.set("markerHeight", "8")
        head.set("markerUnits", "userSpaceOnUse")
        head.set("orient", "auto")
        ET.SubElement(head, "path", d="M0 0 L8 4 L0 8 Z", fill=colour)


def _service(root: ET.Element, box: Box) -> None:
    rectangle(root, BOX_LEFT, box.top, BOX_RIGHT - BOX_LEFT, box.height, fill="#ffffff", edge=COLOURS[box.name])
    middle = box.top + box.height / 2
    stage = STAGES.get(box.name, "")
    if stage:
        rectangle(root, BOX_LEFT + 14, middle - 20, 40, 40, fill=COLOURS[box.name], radius=8)
        text(root, BOX_LEFT + 34, middle + 8, stage, size=23, colour="#ffffff", anchor="middle", weight="600")
    title, note = NAMES[box.name]
    x = BOX_LEFT + (66 if stage else 18)
    text(root, x, middle - 2, title, size=17, weight="600")
    text(root, x, middle + 16, note, size=12.5, colour=MUTED)


def _bar(root: ET.Element, top: float, bottom: float) -> None:
    rectangle(root, BAR_LEFT, top, BAR_RIGHT - BAR_LEFT, bottom - top, fill="#ffffff", edge=COLOURS[BAR])
    x, middle = (BAR_LEFT + BAR_RIGHT) / 2, (top + bottom) / 2
    rectangle(root, x - 26, middle - 66, 52, 52, fill=COLOURS[BAR], radius=10)
    text(root, x, middle - 29, STAGES[BAR], size=30, colour="#ffffff", anchor="middle", weight="600")
    title, note = NAMES[BAR]
    text(root, x, middle + 14, title, size=17, anchor="middle", weight="600")
    text(root, x, middle + 33, note, size=12.5, colour=MUTED, anchor="middle")


def _label(root: ET.Element, arrow: Arrow, lines: list[str], x: float, y: float, *, anchor: str) -> None:
    for number, line in enumerate(lines):
        text(root, x, y + LINE * number, line, size=13.5, colour=COLOURS[arrow.sender], anchor=anchor)
