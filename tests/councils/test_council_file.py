"""council.toml is checked when it is read, and each fault names its field."""

import re

import pytest

from services.councils.storage.council_file import SHIPPED, read_council_file
from shared.toml_file import BadTomlFile
from tests.councils.builders import the_book


def changed_file(folder, pattern, replacement):
    text, count = re.subn(pattern, replacement, SHIPPED.read_text("utf-8"), count=1, flags=re.MULTILINE)
    assert count == 1
    path = folder / "council.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_file_that_ships_is_good():
    assert read_council_file().invitation.deputies == 9
    assert the_book().draw.seed == 1


@pytest.mark.parametrize(
    ("pattern", "replacement", "named"),
    [
        (r"^deputies = 9.*$", 'deputies = "nine"', "invitation.deputies"),
        (r"^deputies = 9.*$", "", "invitation.deputies"),
        (r"^least_residents = 4.*$", "least_residents = 1", "least_residents"),
        (r"^working_day = .*$", 'working_day = ["7 pm"]', "slots.working_day"),
        (r"^working_day = .*$", "working_day = []", "slots"),
        (r"^seed = 1$", "seed = 1\nsneed = 2", "sneed"),
        (r"^windows = 26$", "windows = 0", "search.windows"),
        (r"^order = .*$", "order = []", "halls.order"),
        (r"^order = .*$", 'order = ["palace"]', "halls.order"),
        (r"^open_hours = 2", "open_hours = 25", "halls.open_hours"),
        (r"^grid_deputies = 30", "grid_deputies = 8", "draw.grid_deputies"),
        (r"^seed = 1$", "seed = ", "not TOML"),
        (r"^\[draw\]", "[directory]", "directory"),
    ],
)
def test_a_fault_is_told_with_its_field(tmp_path, pattern, replacement, named):
    with pytest.raises(BadTomlFile, match=re.escape(named)):
        read_council_file(changed_file(tmp_path, pattern, replacement))


def test_a_file_that_is_not_there_is_told_plainly(tmp_path):
    with pytest.raises(BadTomlFile, match="can't be read"):
        read_council_file(tmp_path / "none.toml")
