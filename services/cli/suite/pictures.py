"""Pictures of the pages of a suite that runs: every page that its head leads to, and the first thing in each list."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page

WIDTHS, LANGUAGES, THEMES = (1440, 390), ("zh", "en"), ("light", "dark")
HEIGHT = 900
FIRST_SCREEN = {"width": 1200, "height": 860}
HEAD = ".nav a"
FIRST_IN_LIST = "main .card :is(h2, h3) a, main tbody th a"
DEEPER = ("/clocks/", "/escalate/", "/do/", "/operations/stuck/", "/directory/import", "/directory/changes")
"""What a list, or the page of one thing, leads to: one of each."""
FURTHER = ("/file/order", "/login", "/design")
"""Pages that no head leads to."""
PATIENCE_MILLISECONDS = 20_000


@dataclass(frozen=True)
class Look:
    """How wide a page is seen, in which language and theme."""

    width: int
    language: str
    theme: str

    @property
    def name(self) -> str:
        return f"{self.width}-{self.language}-{self.theme}"


LOOKS = tuple(Look(*one) for one in product(WIDTHS, LANGUAGES, THEMES))


@dataclass(frozen=True)
class Login:
    """Who looks."""

    name: str
    password: str


def take(
    browser: Browser, address: str, folder: Path, *, looks: Sequence[Look] = LOOKS, login: Login | None = None
) -> Iterator[Path]:
    """A picture of each page in each look, as it is made; last `board.png`, what a visitor sees first."""
    folder.mkdir(parents=True, exist_ok=True)
    paths: dict[str, str] = {}
    for look in looks:
        with _opened(browser, address, look) as context:
            page = context.new_page()
            if login:
                _sign_in(page, login)
            paths = paths or find_pages(page)
            for name, path in paths.items():
                yield _picture(page, path, folder / f"{name}-{look.name}.png", whole=True)
    with _opened(browser, address, Look(FIRST_SCREEN["width"], "zh", "light")) as context:
        page = context.new_page()
        page.set_viewport_size({"width": FIRST_SCREEN["width"], "height": FIRST_SCREEN["height"]})
        yield _picture(page, "/", folder / "board.png", whole=False)


def find_pages(page: Page) -> dict[str, str]:
    """Name and path of each page to be seen from here."""
    page.goto("/")
    found = {"front": "/"} | {_name(path): path for path in _links(page, HEAD) if path != "/"}
    for name, path in list(found.items()):
        page.goto(path)
        found |= _deeper(page, name)
        for first in _links(page, FIRST_IN_LIST)[:1]:
            found[f"{name}-one"] = first
            page.goto(first)
            found |= _deeper(page, name)
    return found | {_name(path): path for path in FURTHER}


def _deeper(page: Page, name: str) -> dict[str, str]:
    """What the page that is open leads to, one of each."""
    return {f"{name}-{_name(deeper)}": path for deeper in DEEPER for path in _links_to(page, deeper)[:1]}


def _opened(browser: Browser, address: str, look: Look) -> BrowserContext:
    context = browser.new_context(
        base_url=address, viewport={"width": look.width, "height": HEIGHT}, locale="zh-CN", reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    chosen = {"language": look.language, "theme": look.theme}
    context.add_cookies([{"name": name, "value": value, "url": address} for name, value in chosen.items()])
    return context


def _sign_in(page: Page, login: Login) -> None:
    page.goto("/login")
    page.fill("#login", login.name)
    page.fill("#password", login.password)
    page.locator("main form button").first.click()
    page.wait_for_url(lambda address: urlsplit(address).path != "/login")


def _picture(page: Page, path: str, file: Path, *, whole: bool) -> Path:
    page.goto(path)
    page.screenshot(path=file, full_page=whole)
    return file


def _links(page: Page, selector: str) -> list[str]:
    found: list[str] = page.eval_on_selector_all(selector, "links => links.map((one) => one.getAttribute('href'))")
    return found


def _links_to(page: Page, beginning: str) -> list[str]:
    return _links(page, f"main a[href^='{beginning}']")


def _name(path: str) -> str:
    return re.sub(r"[^\w]+", "-", path).strip("-")
