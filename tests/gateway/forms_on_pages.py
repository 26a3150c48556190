"""Forms as a browser finds them on a page: where they are sent, what can be typed, and how somebody fills them in."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

GOOD = {
    **dict.fromkeys(("units_concerned", "units", "serves"), "六里屯街道"),
    "categories": "停车",
    "satisfaction": "3",
    "step": "",
}
LONG = "x" * 31_000
"""Longer than any field takes, and short enough for a form of many."""


class File(str):
    """What stands in a file that is chosen."""


@dataclass
class Control:
    """What can be typed or chosen under a name; `value` is what stands there already."""

    name: str
    look: str
    value: str = ""
    options: list[str] = field(default_factory=list)

    def good(self) -> str:
        if self.look == "hidden":
            return self.value
        if self.options:
            return next((one for one in self.options if one), "")
        known = {
            "file": File("x"),
            "date": "2026-03-20",
            "numeric": "1",
            "checkbox": "yes",
            "password": "another good long password",
        }
        return GOOD.get(self.name) or known.get(self.look, "写明的情况")

    def wrong(self) -> str:
        known = {
            "hidden": self.value,
            "file": File("x" * 181 * 1024),
            "date": "2026-02-30",
            "numeric": "1" * 400,
            "checkbox": "yes",
        }
        return "nonsense" if self.options else known.get(self.look, LONG)


@dataclass
class SeenForm:
    """A form that is sent by POST; `action` is empty where it goes to its own page."""

    action: str
    controls: dict[str, Control] = field(default_factory=dict)

    def filled(self) -> dict[str, str]:
        return {one.name: one.good() for one in self.controls.values()}

    def emptied(self) -> dict[str, str]:
        return {one.name: one.value for one in self.controls.values() if one.look == "hidden"} | {
            one.name: "" for one in self.controls.values() if one.look in ("text", "textarea", "date", "numeric")
        }

    def spoilt(self) -> dict[str, str]:
        return {one.name: one.wrong() for one in self.controls.values()}

    @property
    def asks(self) -> set[str]:
        return {one.name for one in self.controls.values() if one.look != "hidden"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[SeenForm] = []
        self._open: SeenForm | None = None
        self._select: Control | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form" and told.get("method") == "post":
            self._open = SeenForm(told.get("action", "").partition("#")[0])
            self.forms.append(self._open)
        if self._open is None:
            return
        if tag == "option" and self._select is not None:
            self._select.options.append(told.get("value", ""))
        elif tag in ("input", "textarea", "select") and told.get("name"):
            self._add(tag, told)

    def _add(self, tag: str, told: dict[str, Any]) -> None:
        assert self._open is not None
        look = told.get("inputmode") or told.get("type", "text") if tag == "input" else tag
        one = self._open.controls.setdefault(told["name"], Control(told["name"], look, told.get("value", "")))
        if look == "radio" or (look == "checkbox" and one.value != "yes"):
            one.options.append(told["value"])
        self._select = one if tag == "select" else self._select

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag == "select":
            self._select = None


def forms_in(page: str) -> list[SeenForm]:
    """All that are sent by POST, in their order."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms
