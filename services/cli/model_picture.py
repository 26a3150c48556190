"""Draws what the suite knows and who owns it, as an SVG, from the services' tables: a card for each service.

Beside each thing stand the others that it names by id, in the colour of whoever owns them. `shared/docs/model.svg` is
this picture; a test holds it to the code. Not drawn: tables of the bus, copies of the
directory, and the board, which owns nothing.
"""

import importlib
import xml.etree.ElementTree as ET
from dataclasses import dataclass

from sqlalchemy import MetaData, Table

from services import SERVICES
from services.directory.schemas.sheets import SHEETS
from shared.bus.tables import bus_tables
from shared.contracts.picture_style import COLOURS, INK, MUTED, NAMES, STAGES, rectangle, sheet, text
from shared.directory.tables import directory_tables

WIDTH, MARGIN, GAP = 1120.0, 30.0, 20.0
CARD = (WIDTH - 2 * MARGIN - GAP) / 2
HEAD, ROW, TOP = 58.0, 27.0, 60.0
COLOUR_OF = COLOURS | {"directory": "#0f766e"}
NAME_OF = NAMES | {"directory": ("directory", "who and where, from when to when")}
STAGE_OF = STAGES | {"directory": "录"}
OWNERS = tuple(name for name in SERVICES if name != "board")
"""Whoever owns something: the board only shows what others own."""
LEFT = ("intake", "councils", "deliberation", "dispatch")

WORDS = {
    "intake": {
        "requests": "致热线请求 request to the hotline",
        "complaints": "诉求 order",
        "callers": "来电人 caller",
        "unsettled": "待定诉求 unsettled order",
        "handovers": "移交 handover",
        "history": "更正 correction",
        "rejections": "拒收 rejection",
        "reports": "热线续报 what the hotline reported",
        "issues": "议题 issue",
        "undone_links": "解除关联 undone link",
        "in_charge": "承办 who is in charge",
        "who_saw": "查阅记录 look",
    },
    "councils": {
        "listings": "协商清单 listing",
        "sessions": "议事会 session",
        "hall_bookings": "场地预订 hall booking",
        "person_bookings": "人员预订 person booking",
        "requests": "延期申请 request for another date",
    },
    "deliberation": {
        "sessions": "会场 session at work",
        "motions": "动议 motion",
        "votes": "表决 vote",
        "ballots": "选票 ballot",
        "polls": "逐户表决 poll",
        "papers": "表决票 paper",
        "checks": "核对 check",
        "tallies": "计票 tally",
        "resolutions": "决议 resolution",
        "displays": "决议公示 display",
        "minutes": "会议纪要 minutes",
        "journal": "会议日志 journal",
    },
    "dispatch": {"issues": "在办议题 issue at work", "tasks": "任务 task", "requests": "退单申请 request to return"},
    "supervision": {
        "cases": "督办件 case",
        "clocks": "时限 clock",
        "escalations": "上报 escalation",
        "incidents": "问题记录 incident",
        "look_backs": "回头看 look-back",
        "requests": "请示 request",
        "timeline": "时间线 timeline",
    },
    "evaluation": {
        "issues": "评价对象 issue judged",
        "surveys": "回访任务 survey",
        "charges": "承办责任 charge",
        "callbacks": "回访 callback",
        "leads": "主办段 lead",
        "periods": "评价周期 period",
        "errata": "更正公告 erratum",
    },
    "directory": {"changes": "变更 change"},
}
"""What each table holds, by the words of the field."""

NAMED_BY = {
    "order": ("intake", {"order_no", "first_order_no"}),
    "issue": ("intake", {"issue_id"}),
    "session": ("councils", {"session_id"}),
    "motion": ("deliberation", {"motion_id"}),
    "resolution": ("deliberation", {"resolution_id"}),
    "task": ("dispatch", {"task_id"}),
    "period": ("evaluation", {"period_id"}),
    "unit": ("directory", {"unit_code", "origin_unit", "from_unit", "to_unit", "rank_unit", "co_units"}),
    "organisation": ("directory", {"organisation_id", "organisation", "respondents", "assisting_ids", "charged"}),
    "desk": ("directory", {"desk_id"}),
    "person": ("directory", {"person_id", "deputies", "mover", "chair"}),
    "hall": ("directory", {"hall_id"}),
    "place": ("directory", set()),
}
"""Things, who owns them, and the columns that name them."""

SAME_AS = {("dispatch", "issues"): "issue", ("evaluation", "issues"): "issue", ("deliberation", "sessions"): "session"}
"""Tables whose own id is that of another service's thing."""


@dataclass(frozen=True)
class Thing:
    """What a service keeps: its word, and what else it names."""

    word: str
    names: tuple[str, ...]


def draw_model() -> str:
    """The whole picture as SVG text."""
    columns = [LEFT, tuple(name for name in OWNERS if name not in LEFT)]
    height = TOP + max(sum(_height(name) + GAP for name in column) for column in columns) + 24
    root = sheet("What the suite knows, and which service owns it", WIDTH, height)
    text(root, MARGIN, 38, "What the suite knows, and who owns it", size=19, weight="600")
    for number, column in enumerate(columns):
        y = TOP
        for name in column:
            _card(root, name, MARGIN + number * (CARD + GAP), y)
            y += _height(name) + GAP
    note = "On the right of a line: what it names by id, in its owner's colour. Copies of the directory are not drawn."
    text(root, MARGIN, height - 16, note, size=13, colour=MUTED)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode") + "\n"


def things_of(service: str) -> list[Thing]:
    """What a service owns, as its tables are declared; the directory's by its sheets."""
    own = [Thing(WORDS[service][table.name], _named_in(service, table)) for table in tables_of(service)]
    if service != "directory":
        return own
    sheets = [(f"{one.title} {one.kind}", {column.of for column in one.columns}) for one in SHEETS]
    return [Thing(word, tuple(thing for thing in NAMED_BY if thing in naming)) for word, naming in sheets] + own


def tables_of(service: str) -> list[Table]:
    """A service's own tables, without those that every service has."""
    found: MetaData = importlib.import_module(f"services.{service}.storage.tables").metadata
    of_all = MetaData()
    bus_tables(of_all)
    directory_tables(of_all)
    return [table for name, table in found.tables.items() if name not in of_all]


def _named_in(service: str, table: Table) -> tuple[str, ...]:
    columns, same = set(table.columns.keys()), SAME_AS.get((service, table.name))
    return tuple(thing for thing, (_, naming) in NAMED_BY.items() if columns & naming or thing == same)


def _height(service: str) -> float:
    return HEAD + ROW * len(things_of(service)) + 12


def _card(root: ET.Element, service: str, x: float, y: float) -> None:
    colour = COLOUR_OF[service]
    rectangle(root, x, y, CARD, _height(service), fill="#ffffff", edge=colour)
    rectangle(root, x + 14, y + 12, 36, 36, fill=colour, radius=8)
    text(root, x + 32, y + 38, STAGE_OF[service], size=21, colour="#ffffff", anchor="middle", weight="600")
    title, note = NAME_OF[service]
    text(root, x + 62, y + 28, title, size=16, weight="600")
    text(root, x + 62, y + 45, note, size=12.5, colour=MUTED)
    for number, thing in enumerate(things_of(service)):
        _row(root, thing, x, y + HEAD + ROW * number)


def _row(root: ET.Element, thing: Thing, x: float, y: float) -> None:
    text(root, x + 20, y + 19, thing.word, size=14, colour=INK)
    right = x + CARD - 14
    for name in reversed(thing.names):
        width = 7.2 * len(name) + 14
        right -= width
        colour = COLOUR_OF[NAMED_BY[name][0]]
        rectangle(root, right, y + 4, width, 20, fill="#ffffff", edge=colour, radius=10)
        text(root, right + width / 2, y + 18, name, size=12, colour=colour, anchor="middle")
        right -= 6
