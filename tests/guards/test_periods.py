"""Time is told once: periods in days are counted in one place, and here is who asks for them.

Due instants are supervision's. What is not a clock of its: when a notice has been out long enough, how long something
is displayed, and by when somebody in another service has to move, which is an instant and a length of the policy.
Whoever adds one names it here; nobody counts working days for themselves.
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
RECKONED_BY = {
    "services/councils/use_cases/events.py": "when a session is to be closed",
    "services/councils/use_cases/postponements.py": "by when a postponement is decided",
    "services/councils/use_cases/sessions.py": "when a session has lapsed",
    "services/deliberation/domain/minutes.py": "until when minutes may be objected to, and when they are to be signed",
    "services/deliberation/use_cases/polls.py": "by when papers are checked",
    "services/deliberation/use_cases/queries.py": "when a session is to be closed",
    "services/directory/use_cases/entries.py": "by when a change is decided",
    "services/dispatch/use_cases/events.py": "what a resolution gives no task for: the limit of its class",
    "services/dispatch/use_cases/returns.py": "by when an objection, or an appeal, is decided",
    "services/evaluation/domain/survey.py": "by when a caller is to be asked",
    "services/evaluation/use_cases/judgements.py": "a redo: a share of the order's limit",
    "services/intake/domain/complaint.py": "the limit of an order that had never been dispatched",
    "services/intake/use_cases/asking.py": "by when what is asked of a clerk is decided",
    "services/intake/use_cases/handovers.py": "by when an emergency that was handed over is followed",
    "services/intake/use_cases/orders.py": "the limit of an order, where the hotline sets none",
    "services/intake/use_cases/settling.py": "by when a clerk says which unit an order is for",
}
DUE = {"due_at", "decide_by", "follow_by", "answer_by", "settles_at", "objections_until"}
NO_SERVICE_OF_ISSUES = {"supervision", "gateway", "rehearsal", "cli", "board"}
"""Supervision keeps the clocks; the others decide nothing and show, play or measure."""
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


@cache
def reckoners() -> set[str]:
    """Files of services that add a length of time up to when something is due."""
    texts = {file: file.read_text(encoding="utf-8") for file in (ROOT / "services").glob("*/*/*.py")}
    found = (file.relative_to(ROOT) for file, text in texts.items() if reckons(text))
    return {str(file) for file in found if file.parts[1] not in NO_SERVICE_OF_ISSUES}


def reckons(text: str) -> bool:
    return any(DUE & names and _adds(value) for names, value in _named(ast.parse(text)))


def _named(tree: ast.AST) -> Iterator[tuple[set[str], ast.expr]]:
    """Every value that is given a name: by assignment, or as an argument."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword):
            yield {node.arg or ""}, node.value
        elif isinstance(node, ast.Assign):
            yield {name for target in node.targets for name in _names_in(target)}, node.value


def _names_in(target: ast.expr) -> Iterator[str]:
    for node in ast.walk(target):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


def _adds(value: ast.expr) -> bool:
    return any(isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) for node in ast.walk(value))


def test_by_when_somebody_moves_is_reckoned_by_those_named_here():
    assert reckoners() ^ RECKONED_BY.keys() == set()


@pytest.mark.parametrize("file", RECKONED_BY)
def test_a_file_that_reckons_and_whose_row_is_taken_out_is_named(file):
    assert reckoners() ^ (RECKONED_BY.keys() - {file}) == {file}


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("task.due_at = now + timedelta(days=7)", True),
        ("ask(decide_by=min(at.now + within, limit))", True),
        ("task.due_at = event.due_at", False),
        ("count = one + 1", False),
    ],
)
def test_what_reckons_is_known_by_what_it_adds_up(text, is_one):
    assert reckons(text) is is_one
