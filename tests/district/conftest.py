"""The district that all scenarios here share."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest

from shared.clock import SHANGHAI
from shared.settings import settings
from shared.storage.engine import close_engines
from tests.databases import runs_on
from tests.district.at_work import District, a_district
from tests.forked_world import ForkedWorld
from tests.lodging import lodge

IN_APRIL = datetime(2026, 4, 20, 8, tzinfo=SHANGHAI)


@pytest.fixture(scope="package", params=runs_on())
def district(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    """A district at work; all scenarios here share it, but for those of a time of year."""
    with from_(IN_APRIL, request, tmp_path_factory) as made:
        yield made


@contextmanager
def from_(
    begins_at: datetime, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[District]:
    url = ""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").create_database(f"district_from_{begins_at:%Y_%m}")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("GONGSHANG_VAR", "GONGSHANG_KEYS_FOLDER", "GONGSHANG_CLOCK", "GONGSHANG_DATABASE", "AMQP_URI"):
            patch.setenv(name, "")  # a world settles in here; all is as before when it has ended
            patch.delenv(name)
        patch.setenv("GONGSHANG_VAR", str(tmp_path_factory.mktemp("district")))
        patch.setattr(ForkedWorld, "lodges_at", lodge(request.getfixturevalue("broker")))
        settings.cache_clear()
        with a_district("world", url, begins_at) as made:
            yield made
        close_engines()
    settings.cache_clear()
