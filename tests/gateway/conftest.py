"""An app on a database of its own, with calls that are answered by a fake: everything of the gateway but the broker."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from services.gateway.app import make_app
from services.gateway.at_hand import AtHand
from tests.databases import KINDS, engine_of
from tests.gateway.fakes import FakeServices
from tests.harness import HandClock

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
engine = engine_of("gateway", kinds=KINDS[:1])
engine_of_each_kind = engine_of("gateway")


@pytest.fixture
def services() -> FakeServices:
    """What is asked of it, and what it answers."""
    return FakeServices()


@pytest.fixture
def app(engine: Engine, services: FakeServices) -> Iterator[Flask]:
    made = make_app(AtHand(asks=services, engine=engine, clock=HandClock(NOW)))
    made.testing = True
    made.config["PROPAGATE_EXCEPTIONS"] = False
    return made


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return app.test_client()
