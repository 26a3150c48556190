"""The pages before the running suite, once for all tests here, and Chromium to look at them as people do."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from services.cli.demo.console import Key, keys_for_all_roles
from services.gateway.accounts import logins
from services.gateway.accounts.sessions import moment
from services.gateway.storage.logins import acting
from shared.auth import Role
from shared.policy.files import SHIPPED
from shared.settings import settings
from shared.storage.engine import close_engines, engine_for
from tests.databases import runs_on
from tests.district.at_work import District, a_district
from tests.gateway.in_chromium import Seen, looking, seen

SETTLED = ("VAR", "KEYS_FOLDER", "CLOCK", "DATABASE", "WEB_PORT", "POLICY_FILE")
PATIENCE_MILLISECONDS = 60_000
TabOf = Callable[[str], Page]
Sees = Callable[[Role | Page, str], Seen]


@dataclass(frozen=True)
class Live:
    """A district at work, the address of its pages, and who may sign in there."""

    district: District
    address: str
    keys: dict[Role, Key]
    password: str

    def invite(self, login: str) -> None:
        """Somebody of the directory gets an account, with the password of all."""
        with acting(engine_for("gateway")) as kept:
            logins.accept(kept, logins.invite(kept, login, moment()), self.password, moment())

    def sign_in(self, page: Page, who: Role | str) -> None:
        """As people do: with the form. Of a role whoever has a key, or somebody by their login."""
        page.goto(f"{self.address}/login")
        page.fill("#login", self.keys[who].login if isinstance(who, Role) else who)
        page.fill("#password", self.password)
        page.locator("main form button").first.click()
        page.wait_for_url(lambda address: "/login" not in address)


def with_days_to_look(folder: Path) -> Path:
    """The policy that ships, but for three days in which an evaluator may look at a month before it is frozen."""
    text, at_once = SHIPPED.read_text(encoding="utf-8"), "freezes_after_days = 0"
    assert at_once in text
    file = folder / "policy.toml"
    file.write_text(text.replace(at_once, "freezes_after_days = 3"), encoding="utf-8")
    return file


@pytest.fixture(scope="package", params=runs_on("sqlite"))
def live(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The suite as `demo` leaves it; its clock stands still between what a test lets happen."""
    url = request.getfixturevalue("postgres").create_database("pages") if request.param == "postgresql" else ""
    with pytest.MonkeyPatch.context() as patch:
        for name in (f"GONGSHANG_{name}" for name in SETTLED):
            patch.setenv(name, "")  # a world settles in here; all is as before when it has ended
            patch.delenv(name)
        folder = tmp_path_factory.mktemp("pages")
        patch.setenv("GONGSHANG_VAR", str(folder))
        patch.setenv("GONGSHANG_POLICY_FILE", str(with_days_to_look(folder)))
        settings.cache_clear()
        with a_district("world", url) as district:
            address = district.open_pages()
            keys, password = keys_for_all_roles()
            yield Live(district, address, {key.role: key for key in keys}, password)
        close_engines()
    settings.cache_clear()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with a_tab(chromium) as opened:
        yield opened


@pytest.fixture(scope="module")
def tab_of(live: Live, chromium: Browser) -> Iterator[TabOf]:
    """`tab_of("handler@110105016060")`: they have signed in, in a browser of their own; it stays for the module."""
    tabs: dict[str, Page] = {}
    with ExitStack() as opened:

        def of(login: str) -> Page:
            if login not in tabs:
                live.invite(login)
                tabs[login] = opened.enter_context(a_tab(chromium))
                live.sign_in(tabs[login], login)
            return tabs[login]

        yield of


@pytest.fixture(scope="module")
def sees(live: Live, chromium: Browser) -> Iterator[Sees]:
    """`sees(Role.CLERK, "/directory")`: what is found there by somebody of the role, or by who is in at a tab."""
    with ExitStack() as opened:

        @cache
        def of(who: Role | Page) -> BrowserContext:
            context = opened.enter_context(looking(chromium))
            if isinstance(who, Page):
                context.add_cookies(who.context.cookies())
            else:
                live.sign_in(context.new_page(), who)
            return context

        yield lambda who, path: seen(of(who), f"{live.address}{path}")


@contextmanager
def a_tab(chromium: Browser) -> Iterator[Page]:
    """A tab in a browser that knows nobody yet. What its console complains of ends the test."""
    context = chromium.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    opened, complaints = context.new_page(), []
    opened.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []
