"""Time is told once: periods in days are counted in one place, and here is who asks for them.

Due instants are supervision's. What is not a clock of its: when a notice has been out long enough, and how long
something is displayed. Whoever adds one names it here; nobody counts working days for themselves.
"""

import ast
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COUNTED_BY = {
    "services/councils/domain/slot.py": "when a session may begin whose notice is out",
    "services/deliberation/use_cases/displays.py": "by when an objection to a resolution is answered",
    "services/deliberation/use_cases/polls.py": "when a poll opens and closes",
    "services/intake/use_cases/hotline_requests.py": "by when the hotline's answer is reckoned with",
    "services/deliberation/use_cases/resolutions.py": "how long a resolution is displayed",
}
ASKING, COUNTING = {"ends_at", "last_day"}, {"add_working_days", "working_days_between"}


@cache
def callers_of(name: str) -> set[str]:
    """Files of services in which a method of this name is called."""
    texts = {file: file.read_text(encoding="utf-8") for file in (ROOT / "services").rglob("*.py")}
    return {str(file.relative_to(ROOT)) for file, text in texts.items() if name in text and name in called_in(text)}


def called_in(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr


def amiss(named: Collection[str]) -> set[str]:
    """Files that ask and are not named, and others that are."""
    return set(named) ^ set().union(*map(callers_of, ASKING))


def test_periods_in_days_are_asked_for_by_those_named_here():
    assert amiss(COUNTED_BY) == set()


@pytest.mark.parametrize("file", COUNTED_BY)
def test_a_file_whose_row_is_taken_out_is_named(file):
    assert amiss(COUNTED_BY.keys() - {file}) == {file}


def test_no_service_counts_days_for_itself():
    assert set().union(*map(callers_of, COUNTING)) == set()
