"""A real Chromium over an app that is served on a port of its own, and what it sees of a page."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_FILE_PATH
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

THEMES: Sequence[tuple[Literal["light", "dark"], str]] = (
    ("light", "['wcag2a', 'wcag2aa', 'wcag21aa']"),
    ("dark", "['color-contrast']"),
)
"""And what axe looks at there: of all that it knows, colours alone are others in the dark."""
SERIOUS = ("serious", "critical")
NARROW, WIDE = {"width": 360, "height": 780}, {"width": 1280, "height": 900}
SMALL_TARGETS = """() => [...document.querySelectorAll(
    ".button, .nav a, .who a, .choice label, select, textarea, input")]
  .filter((one) => !["hidden", "radio", "checkbox"].includes(one.type) && one.offsetParent)
  .filter((one) => one.getBoundingClientRect().height < 44)
  .map((one) => one.outerHTML.slice(0, 80))"""
WORST = "(await axe.run(document, {resultTypes: ['violations'], runOnly: %s})).violations"


@dataclass(frozen=True)
class Seen:
    """What was found on one page: faults by axe in each theme, what was asked of others, what does not fit."""

    status: int
    faults: Mapping[str, list[str]]
    elsewhere: list[str]
    width: int
    small_targets: list[str]
    console: list[str]


def is_plain(found: Seen) -> bool:
    """Whether everybody can read it, on a telephone too."""
    return (found.status, found.faults, found.width <= NARROW["width"]) == (200, {"light": [], "dark": []}, True)


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The app on a free port of this machine; its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def looking(browser: Browser) -> BrowserContext:
    """In which pages are looked at, so that what they share is loaded once. Axe comes in beside their policy."""
    return browser.new_context(locale="zh-CN", bypass_csp=True)


def seen(context: BrowserContext, address: str) -> Seen:
    """Looks at a page narrow and wide, light and dark."""
    page = context.new_page()
    page.set_viewport_size(NARROW)
    asked: list[str] = []
    told: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    answer = page.goto(address)
    assert answer is not None
    width = page.evaluate("document.documentElement.scrollWidth")
    small = page.evaluate(SMALL_TARGETS)
    page.set_viewport_size(WIDE)
    faults = faults_of(page)
    page.close()
    own = urlsplit(address).netloc
    return Seen(
        answer.status, faults, [url for url in asked if urlsplit(url).netloc not in (own, "")], width, small, told
    )


def faults_of(page: Page) -> Mapping[str, list[str]]:
    """What axe finds serious on the page that is open, in each theme; the context lets axe in beside the policy."""
    found = {}
    for theme, only in THEMES:
        page.emulate_media(color_scheme=theme)
        found[theme] = _faults(page, only)
    return found


def _faults(page: Page, only: str) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(content=_axe())
    found: list[dict[str, Any]] = page.evaluate(f"async () => {WORST % only}")
    return [
        f"{one['id']}: {node['target']} {node['failureSummary'][:160]}"
        for one in found
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]


@cache
def _axe() -> str:
    return AXE_FILE_PATH.read_text(encoding="utf-8")
