"""The directory as it stands on the bus: what a command enters while everything runs is known to the others at once."""

import csv
import os

import pytest

from services.cli.main import main
from shared.auth import Role
from shared.storage.engine import engine_for
from tests.databases import KINDS, lent
from tests.directory.clerk import COMMUNITY, HALLS
from tests.forked import fork
from tests.live_service import PATIENCE_SECONDS, live_service, patiently
from tests.told import tell


@pytest.fixture(params=KINDS)
def live(request, broker, tmp_path):
    """The directory and councils in processes of their own."""
    with lent(request, "directory", "councils"):
        for service in ("directory", "councils"):
            tell(engine_for(service))
        with live_service("councils", broker.uri, tmp_path) as councils:
            given = {"AMQP_URI": broker.uri, "GONGSHANG_KEYS_FOLDER": str(tmp_path / "keys")}
            directory = fork("shared.run", "directory", environment=os.environ | given, log=tmp_path / "directory.log")
            yield councils
            directory.terminate()
            directory.wait(PATIENCE_SECONDS)


@pytest.mark.timeout(90)
def test_what_is_imported_while_the_services_run_is_known_to_them_at_once(live, tmp_path):
    file = tmp_path / "议事厅.csv"
    with file.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows(HALLS)

    assert main(["directory", "import", str(file)]) == 0

    with live.caller(Role.CLERK, COMMUNITY) as ask:
        halls = patiently(lambda: ask("councils", "list_halls", {"unit_code": COMMUNITY})["halls"])
    assert {hall["name"] for hall in halls} == {row[0] for row in HALLS[1:]}
