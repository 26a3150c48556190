"""The pages before the running suite, once for all tests here, and Chromium to look at them as people do."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from services.cli.demo.console import Key, keys_for_all_roles
from services.cli.servers.packages import can_install, install_without_starting
from services.cli.servers.unavailable import NodeUnavailable
from shared.auth import Role
from shared.settings import settings
from shared.storage.engine import close_engines
from tests.district.at_work import District, a_district

SETTLED = ("VAR", "KEYS_FOLDER", "CLOCK", "DATABASE", "WEB_PORT")
PATIENCE_MILLISECONDS = 15_000


@dataclass(frozen=True)
class Live:
    """A district at work, the address of its pages, and who may sign in there."""

    district: District
    address: str
    keys: dict[Role, Key]
    password: str

    def sign_in(self, page: Page, role: Role) -> None:
        """As people do: with the form."""
        page.goto(f"{self.address}/login")
        page.fill("#login", self.keys[role].login)
        page.fill("#password", self.password)
        page.locator("main form button").first.click()
        page.wait_for_url(lambda address: "/login" not in address)


@pytest.fixture(scope="package")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The suite as `demo` leaves it, on SQLite; its clock stands still between what a test lets happen."""
    with pytest.MonkeyPatch.context() as patch:
        for name in (f"GONGSHANG_{name}" for name in SETTLED):
            patch.setenv(name, "")  # a world settles in here; all is as before when it has ended
            patch.delenv(name)
        patch.setenv("GONGSHANG_VAR", str(tmp_path_factory.mktemp("pages")))
        settings.cache_clear()
        with a_district("world", "") as district:
            address = district.open_pages()
            keys, password = keys_for_all_roles()
            yield Live(district, address, {key.role: key for key in keys}, password)
        close_engines()
    settings.cache_clear()


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's, installed where that may be done; else these tests are skipped."""
    program = shutil.which("chromium")
    if program is None and can_install():
        try:
            install_without_starting("chromium")
        except NodeUnavailable as trouble:
            pytest.skip(str(trouble))
        program = shutil.which("chromium")
    if program is None:
        pytest.skip("no Chromium is here, and none can be installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_arguments())
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A tab in a browser that knows nobody yet. What its console complains of ends the test."""
    context = chromium.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    opened, complaints = context.new_page(), []
    opened.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []


def _arguments() -> list[str]:
    """As root, as in a container, Chromium's own sandbox can't be made."""
    return ["--no-sandbox"] if os.geteuid() == 0 else []
