"""Every finding can be started, pins what it installs and is on the page of findings. No test runs one."""

import os
import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "findings"
SCRIPTS = sorted(FOLDER.glob("*.sh"))
INSTALLATION = re.compile(r" install (.+?)(?: >/dev/null)? (?:&&|\|\|)$", re.MULTILINE)
PINNED = re.compile(r"[\w-]+(==|@)\d[\w.]*")
each_finding = pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)


def test_the_page_has_a_row_for_every_finding_and_no_other():
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE) == [script.name for script in SCRIPTS]


@each_finding
def test_a_finding_is_executable(script):
    assert os.access(script, os.X_OK)


@each_finding
def test_a_finding_pins_every_package_it_installs(script):
    words = " ".join(INSTALLATION.findall(script.read_text(encoding="utf-8"))).split()
    packages = [word for word in words if not word.startswith(("-", "."))]
    assert packages
    assert [one for one in packages if not PINNED.fullmatch(one)] == []


@each_finding
def test_a_finding_takes_its_folder_away(script):
    assert "trap 'rm -rf \"$folder\"' EXIT" in script.read_text(encoding="utf-8").splitlines()
