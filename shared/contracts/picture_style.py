"""How the pictures look: order of services, words, colours, which events come first, and what all of them draw with."""

import xml.etree.ElementTree as ET
from typing import Protocol

COLUMN = ("hotline", "intake", "councils", "deliberation", "dispatch", "evaluation", "streets")
BAR = "supervision"

STAGES = {
    "intake": "集",
    "councils": "议",
    "deliberation": "议",
    "dispatch": "办",
    "supervision": "督",
    "evaluation": "评",
}
NAMES = {
    "hotline": ("hotline 12345", "outside; hotline.replies"),
    "intake": ("intake", "complaints, issues"),
    "councils": ("councils", "sessions, notices"),
    "deliberation": ("deliberation", "motions, votes"),
    "dispatch": ("dispatch", "tasks"),
    "evaluation": ("evaluation", "callbacks, rates"),
    "streets": ("street systems", "outside; own notices"),
    "supervision": ("supervision", "cases, clocks"),
}
COLOURS = {
    "hotline": "#57606a",
    "intake": "#0b6bcb",
    "councils": "#7a3fb8",
    "deliberation": "#a4286a",
    "dispatch": "#b45309",
    "evaluation": "#157347",
    "streets": "#57606a",
    "supervision": "#b42318",
}
PAPER, INK, MUTED = "#f7f8fa", "#1f2328", "#57606a"
SANS = "system-ui, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"

NAMED_FIRST = (
    "issue_raised",
    "issue_listed",
    "complaint_accepted",
    "complaint_replied",
    "complaint_closed",
    "session_scheduled",
    "resolution_adopted",
    "deliberation_failed",
    "motion_voted",
    "task_assigned",
    "task_done",
    "issue_handled",
    "handling_failed",
    "issue_evaluated",
    "redo_ordered",
    "issue_escalated",
    "issue_closed",
    "clock_breached",
)
WIDEST_LINE = 46


class HasEvents(Protocol):
    """What a label needs to know of an arrow."""

    @property
    def events(self) -> tuple[str, ...]: ...


def label_lines(arrow: HasEvents, *, wide: bool) -> list[str]:
    """The main events by name and how many more there are; beside each other where there is room."""
    ranked = sorted(arrow.events, key=lambda name: NAMED_FIRST.index(name) if name in NAMED_FIRST else len(NAMED_FIRST))
    most = 4 if wide else 2
    shown = ranked if len(ranked) <= most + 1 else ranked[:most]
    words = [*shown, *([f"and {len(ranked) - len(shown)} more"] if len(shown) < len(ranked) else [])]
    if not wide:
        return words
    lines = [words[0]]
    for word in words[1:]:
        joined = f"{lines[-1]} · {word}"
        lines = [*lines[:-1], joined] if len(joined) <= WIDEST_LINE else [*lines, word]
    return lines


def sheet(title: str, width: float, height: float) -> ET.Element:
    """An empty picture."""
    root = ET.Element("svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {width:g} {height:g}", role="img")
    root.set("font-family", SANS)
    ET.SubElement(root, "title").text = title
    rectangle(root, 0, 0, width, height, fill=PAPER, radius=14)
    return root


def text(
    root: ET.Element,
    x: float,
    y: float,
    words: str,
    *,
    size: float,
    colour: str = INK,
    anchor: str = "start",
    weight: str = "400",
) -> None:
    told = ET.SubElement(root, "text", x=f"{x:g}", y=f"{y:g}", fill=colour)
    told.set("font-size", f"{size:g}")
    told.set("font-weight", weight)
    told.set("text-anchor", anchor)
    told.text = words


def rectangle(
    root: ET.Element,
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    fill: str,
    edge: str = "none",
    radius: float = 10,
) -> None:
    drawn = ET.SubElement(
        root, "rect", x=f"{x:g}", y=f"{y:g}", width=f"{width:g}", height=f"{height:g}", rx=f"{radius:g}"
    )
    drawn.set("fill", fill)
    drawn.set("stroke", edge)
    drawn.set("stroke-width", "1.8")
