"""What the demo tells while it plays, and the picture at its end."""

import json
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest
from rich.cells import cell_len

from services.cli.demo.picture import flow_picture
from services.cli.demo.story import EVERY, SENTENCES, Story
from services.cli.folders import ROOT
from shared.units import UnitDirectory

BEGINS_AT = datetime(2026, 3, 2, tzinfo=UTC)
UNITS = UnitDirectory.load()
FIGURES = {
    "complaints": {"sent": 501, "accepted": 442, "answered": 23, "urged": 31, "rejected": 5}
    | {"matters": 113, "represented": 119, "petitions": 123, "handed_over": 127, "referred": 131, "merged": 133}
    | {"recalled": 137, "amended": 139, "withdrawn": 149, "reinstated": 151, "answered_later": 157},
    "issues": {"raised": 407, "closed": 262, "open": 145, "relapsed": 21, "without_orders": 163},
    "sessions": {"held": 63, "postponed": 4, "inquorate": 8},
    "polls": {"opened": 167, "carried": 173, "lost": 179, "void": 181},
    "resolutions": {"adopted": 43, "failed": 21, "objected": 191, "declined": 193}
    | {"stands": 197, "returned": 199, "referred": 211, "unanswered": 223},
    "tasks": {"done": 390, "returned": 27, "open": 65},
    "escalations": {"grid_to_community": 13, "community_to_street": 11, "street_to_district": 7},
    "requests": {"asked": 57, "granted": 41, "refused": 9, "defaulted": 6},
    "organisations_asked": {"asked": 227, "granted": 229, "refused": 233, "defaulted": 239},
    "hotline_asked": {"asked": 241, "granted": 251, "refused": 257, "defaulted": 263},
    "appeals": 271,
    "corrections": 12,
    "redispatched": 3,
    "lapsed_sessions": 2,
    "pending": 14,
    "self_checks": 38,
    "incidents_settled": 269,
}


def sample(wire_type):
    file = ROOT / "shared" / "contracts" / "samples" / f"{wire_type}.json"
    return json.loads(file.read_text(encoding="utf-8"))["data"]


class Told(Story):
    """A story whose news are given by the test."""

    news: ClassVar[dict[str, dict[str, object]]] = {}

    def _fresh(self):
        return self.news

    def _title(self, issue_id):
        return "路灯不亮"


@pytest.fixture
def story():
    return Told(units=UNITS)


@pytest.mark.parametrize("wire_type", SENTENCES)
def test_each_kind_of_news_is_a_sentence_about_its_matter(story, wire_type):
    story.news = {wire_type: sample(wire_type)}
    story.line(BEGINS_AT)
    told = story.line(BEGINS_AT + EVERY)
    assert told is not None
    assert told.startswith("2026-03-05  ")
    assert "“路灯不亮”" in told


def test_news_come_every_few_days_and_each_kind_in_its_turn(story):
    story.news = {one: sample(one) for one in SENTENCES}
    told = [story.line(BEGINS_AT + timedelta(days=day)) for day in range(19)]
    lines = [line for line in told if line]
    assert [told.index(line) for line in lines] == [3, 6, 9, 12, 15, 18]
    assert len({line.partition("  ")[2] for line in lines}) == len(SENTENCES)
    story.news = {}
    assert story.line(BEGINS_AT + timedelta(days=30)) is None


def test_a_grid_is_named_with_its_community(story):
    assert story._unit_name("110105015033001") == UNITS.find("110105015033").name + UNITS.find("110105015033001").name
    assert story._unit_name("110105017") == UNITS.find("110105017").name
    assert story._unit_name("110105999") == "110105999"


def test_the_picture_has_every_figure_and_its_columns_stand_straight():
    picture = flow_picture(FIGURES, {"response": 0.97, "resolution": None})
    groups = (found if isinstance(found, dict) else {"": found} for found in FIGURES.values())
    numbers = [str(count) for group in groups for count in group.values()]
    assert [number for number in numbers if number not in picture] == []
    assert "response 97% · resolution -" in picture
    lines = picture.splitlines()
    corners = {line.index(corner) for line in lines for corner in "┐┘" if corner in line}
    right = {cell_len(line[: line.rindex("│")]) for line in lines if line.count("│") == 2}
    assert right == corners
    assert len(corners) == 1
