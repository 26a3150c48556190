"""An app on a database of its own, with calls that are answered by a fake: everything of the gateway but the broker."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import Engine, create_engine

from services.cli.servers.chromium import find_or_install
from services.cli.servers.unavailable import NodeUnavailable
from services.gateway.accounts.limits import Limit
from services.gateway.accounts.posts import Posts
from services.gateway.accounts.signing import POSTS, TRIES, TRIES_A_SECOND, TRIES_AT_ONCE
from services.gateway.app import make_app
from services.gateway.at_hand import NAME, AtHand
from tests.databases import KINDS, copy_migrated, engine_of
from tests.gateway.fake_board import FakeBoard
from tests.gateway.fakes import FakeServices
from tests.gateway.people import a_post, sign_in
from tests.harness import HandClock

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


class Compiled(BytecodeCache):  # type: ignore[misc]
    """Templates, for all apps of this process."""

    kept: ClassVar[dict[str, bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


engine = engine_of("gateway", kinds=KINDS[:1])
engine_of_each_kind = engine_of("gateway")


@dataclass
class Office:
    """An app and who has signed in there, by their roles."""

    app: Flask
    engine: Engine
    browsers: dict[tuple[str, ...], FlaskClient] = field(default_factory=dict)

    def browser_of(self, services: FakeServices, *roles: str) -> FlaskClient:
        """Their login is their roles; they work in a street."""
        if roles not in self.browsers:
            self.browsers[roles] = self.app.test_client()
            sign_in(self.browsers[roles], self.engine, services, *roles, login=".".join(roles))
            services.asked.clear()
        services.answers["directory.list_posts"] = _posts_by_login
        return self.browsers[roles]


def _posts_by_login(request: Mapping[str, Any]) -> dict[str, Any]:
    """Asked again once a minute, also of those who signed in before the services of this test were there."""
    return {"posts": [a_post(*request["login"].split("."))]}


@pytest.fixture
def services() -> FakeServices:
    """What is asked of it, and what it answers."""
    return FakeServices()


@pytest.fixture
def board() -> FakeBoard:
    """What can be looked at."""
    return FakeBoard(NOW)


@pytest.fixture
def app(pages: Flask, engine: Engine, services: FakeServices, board: FakeBoard) -> Iterator[Flask]:
    """The one app, before what is of this test alone, and remembering nobody."""
    before = dict(pages.extensions)
    pages.extensions[NAME] = _before(engine, services, board)
    pages.extensions[POSTS], pages.extensions[TRIES] = Posts(), Limit(TRIES_AT_ONCE, TRIES_A_SECOND)
    yield pages
    pages.extensions.update(before)


@pytest.fixture
def own_app(engine: Engine, services: FakeServices, board: FakeBoard) -> Flask:
    """An app of this test alone: to it pages can be added."""
    return _made(engine, services, board)


@pytest.fixture(scope="session")
def pages() -> Flask:
    """One app, made once: it takes a third of a second. The gateway's own database has nothing to do with its pages."""
    return _made(create_engine("sqlite://"), FakeServices(), FakeBoard(NOW))


@pytest.fixture
def visitor(pages: Flask, services: FakeServices, board: FakeBoard) -> Iterator[FlaskClient]:
    """A browser of somebody without a login."""
    stands_on = pages.extensions[NAME]
    pages.extensions[NAME] = replace(stands_on, asks=services, board=board)
    yield pages.test_client()
    pages.extensions[NAME] = stands_on


def migrated(folder: Path) -> Engine:
    """The gateway's own database in a folder."""
    copy_migrated(["gateway"], folder)
    return create_engine(f"sqlite:///{folder}/data/gateway.sqlite", connect_args={"check_same_thread": False})


def _before(engine: Engine, services: FakeServices, board: FakeBoard) -> AtHand:
    return AtHand(asks=services, engine=engine, clock=HandClock(NOW), board=board)


def _made(engine: Engine, services: FakeServices, board: FakeBoard) -> Flask:
    made = make_app(_before(engine, services, board))
    made.jinja_env.bytecode_cache = Compiled()
    made.testing = True
    made.config["PROPAGATE_EXCEPTIONS"] = False
    return made


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One app for all tests of staff pages, with its accounts: each signs in once."""
    engine = migrated(tmp_path_factory.mktemp("office"))
    yield Office(_made(engine, FakeServices(), FakeBoard(NOW)), engine)
    engine.dispose()


@pytest.fixture
def staff(office: Office, services: FakeServices, board: FakeBoard) -> Callable[..., FlaskClient]:
    """`staff("clerk")`: the browser of somebody with these roles, before services and a board of this test alone."""
    stands_on = office.app.extensions[NAME]
    office.app.extensions[NAME] = replace(stands_on, asks=services, board=board)
    return lambda *roles: office.browser_of(services, *roles)


@pytest.fixture
def entrance(tmp_path: Path, services: FakeServices, board: FakeBoard) -> Iterator[Callable[[], Office]]:
    """An office of this test alone, made when it is wanted: for forms that change accounts."""
    with ExitStack() as ends:

        def make() -> Office:
            own = migrated(tmp_path)
            ends.callback(own.dispose)
            return Office(_made(own, services, board), own)

        yield make


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One for all tests; where there is none and none can be installed they are skipped, and it is said why."""
    try:
        program = find_or_install()
    except NodeUnavailable as trouble:
        pytest.skip(str(trouble))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, chromium_sandbox=os.geteuid() != 0)
        yield browser
        browser.close()
