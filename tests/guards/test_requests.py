"""Asking and deciding are two acts of two people: one piece of code decides what is asked for, and each has its row."""

import ast
import dataclasses
import importlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from services import SERVICES
from services.directory.domain.change import Change
from shared.contracts.requests import REASONS, Want
from shared.requests.request import AskedFor, Request
from shared.storage import Repository
from shared.waits import Wait

ROOT = Path(__file__).resolve().parents[2]
DECIDES = {"shared/requests/request.py"}
"""Where it is written down who decided: whoever asked is refused there."""


WHO_DECIDES = (".decide_request", ".record_answer", ".list_hotline_requests")
"""Another person; an organisation whose letter another person takes down; the hotline, which answers by itself."""


def repositories() -> Iterator[type[Repository]]:
    for service in SERVICES:
        importlib.import_module(f"services.{service}.storage.repository")
    waiting = list(Repository.__subclasses__())
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        if "table" in one.__dict__:
            yield one


def written_in(attribute: str, texts: Mapping[str, str]) -> set[str]:
    """Files in which code puts it down on something."""
    return {
        name
        for name, text in texts.items()
        if attribute in text
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr == attribute
    }


def rows() -> dict[Want, Wait]:
    found: dict[Want, Wait] = {}
    for service in SERVICES:
        path = f"services.{service}.domain.waits"
        if (ROOT / f"services/{service}/domain/waits.py").is_file():
            found |= getattr(importlib.import_module(path), "OF_REQUESTS", {})
    return found


def test_whatever_is_kept_with_who_asked_is_decided_by_the_one_piece_of_code():
    kept = [one.entity for one in repositories()]
    asked = {one for one in kept if {"asked_by", "decided_by"} <= {field.name for field in dataclasses.fields(one)}}

    assert {Request, Change} <= asked
    assert [one for one in asked if not issubclass(one, AskedFor) or "decided" in vars(one)] == []


def test_nothing_else_writes_down_who_decided():
    files = [*(ROOT / "services").rglob("*.py"), *(ROOT / "shared").rglob("*.py")]
    texts = {str(file.relative_to(ROOT)): file.read_text(encoding="utf-8") for file in files}

    assert written_in("decided_by", texts) == DECIDES


def undecided(rows: Mapping[Want, Wait]) -> set[Want]:
    """What may be asked for, and no row says who decides and what happens otherwise."""
    decided = {one for one, row in rows.items() if row.otherwise and any(map(decides, row.calls))}
    return set(Want) - decided


def decides(call: str) -> bool:
    return call.endswith(WHO_DECIDES)


def test_all_that_may_be_asked_for_has_its_reasons_and_a_row_with_who_decides_and_what_happens_otherwise():
    assert all(REASONS[wanted] for wanted in Want)
    assert undecided(rows()) == set()


@pytest.mark.parametrize("wanted", Want)
def test_a_want_whose_row_is_taken_out_is_named(wanted):
    assert undecided({one: row for one, row in rows().items() if one is not wanted}) == {wanted}


def test_a_second_place_in_which_it_is_written_down_who_decided_is_named():
    assert written_in(
        "decided_by", {"here.py": "def decide(one): one.decided_by = 'me'", "there.py": "one.asked_by"}
    ) == {"here.py"}
