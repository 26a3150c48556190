"""The colours of both themes hold the contrast that WCAG asks for: 4.5 for text, 3 for marks and edges of fields."""

import re
from pathlib import Path

import pytest

import services.gateway

SHEET = (Path(services.gateway.__file__).parent / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
TEXT, MARK = 4.5, 3.0
GROUNDS = ("paper", "raised")
STAGES = ("collect", "deliberate", "handle", "supervise", "evaluate")
LIGHTS = ("in-time", "warned", "late", "paused")
PAIRS = [
    *((ink, ground, TEXT) for ink in ("ink", "soft", "act", "act-strong") for ground in (*GROUNDS, "sunken")),
    *((ink, ground, TEXT) for ink in (*STAGES, *LIGHTS) for ground in GROUNDS),
    *(("on-stage", stage, TEXT) for stage in STAGES),
    ("on-act", "act", TEXT),
    ("on-act", "act-strong", TEXT),
    *((ink, "act-wash", TEXT) for ink in ("ink", "soft", "act", "act-strong")),
    *((ink, wash, TEXT) for wash in ("late-wash", "warned-wash") for ink in ("ink", "soft")),
    ("late", "late-wash", TEXT),
    *(("on-heat-low", f"heat-{step}", TEXT) for step in (1, 2, 3)),
    *(("on-heat-high", f"heat-{step}", TEXT) for step in (4, 5)),
    *(("edge", ground, MARK) for ground in GROUNDS),
]


def block(selector: str) -> dict[str, str]:
    """The colours that stand in the first block after the selector."""
    body = SHEET[SHEET.index(selector) + len(selector) :].partition("{")[2].partition("}")[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", body))


LIGHT = block(":root")
DARK = block(':root[data-theme="dark"]')


def luminance(colour: str) -> float:
    """WCAG's relative luminance."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_what_stands_on_a_ground_can_be_told_from_it(theme, ink, ground, least):
    assert contrast(theme[ink], theme[ground]) >= least


def test_dark_is_the_same_for_who_chose_it_and_for_whose_machine_is_dark():
    assert block(':root:not([data-theme="light"])') == DARK


def test_every_colour_of_one_theme_is_in_the_other():
    assert set(LIGHT) == set(DARK)


def test_black_on_white_is_twenty_one():
    assert round(contrast("#000000", "#ffffff"), 2) == 21
