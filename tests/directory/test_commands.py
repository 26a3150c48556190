"""What an operator does to the directory by command, on both databases."""

import json

from services.cli.main import main
from shared.contracts.directory import DirectoryToldV1, HallsChangedV1, UnitsChangedV1
from tests.directory.builders import COMMUNITY
from tests.directory.test_entries import enter_hall
from tests.told import few_units


def test_a_snapshot_tells_everything_again_and_that_it_was_all(bus, capsys):
    enter_hall(bus)

    assert main(["directory", "snapshot", "--json"]) == 0

    assert json.loads(capsys.readouterr().out) == {"told": len(few_units()) + 1}
    assert sum(len(event.entries) for event in bus.told(UnitsChangedV1)) == len(few_units())
    assert [one.unit for event in bus.told(HallsChangedV1) for one in event.entries] == [COMMUNITY, COMMUNITY]
    assert bus.told()[-1] == DirectoryToldV1.wire_type
