"""What residents said, and words that nobody has confirmed, never come to the board. It keeps what it names."""

import dataclasses

import pytest

from services.board.domain.kept import KEPT, OF_ISSUES, instant_of
from services.board.storage.projections import GENERATIONS
from services.board.storage.tables import bus, directory, generation, metadata
from shared.contracts import hotline
from shared.contracts.flow import LISTENERS
from tests.board.samples import heard

PERSONAL = {
    *("content", "caller", "name", "phone", "address", "voice", "reply", "interim_reply", "result"),
    *("explanation", "tried", "satisfaction", "solved_words", "satisfaction_words", "asked_by", "person_id"),
}
SPOKEN_IN_SESSION = {"person_id"}
"""Who objects to minutes took part in a public session, and is shown by the name in the invitation."""


def test_nothing_of_the_hotlines_own_is_heard():
    told_by_hotline = {
        one for one in vars(hotline).values() if isinstance(one, type) and one.__module__ == hotline.__name__
    }

    assert not told_by_hotline & set(LISTENERS["board"])
    assert {one.publisher for one in LISTENERS["board"]} == {
        *("directory", "intake", "councils", "deliberation", "dispatch", "supervision", "evaluation")
    }


@pytest.mark.parametrize("contract", OF_ISSUES, ids=lambda one: one.wire_type)
def test_of_each_event_named_fields_are_kept_and_none_that_nobody_has_confirmed(contract):
    kept, there = set(KEPT[contract].split()), {field.name for field in dataclasses.fields(contract)}

    assert not kept & (PERSONAL - SPOKEN_IN_SESSION)
    assert kept <= there


def test_all_that_is_told_of_issues_is_in_their_stories():
    named = {one for one in LISTENERS["board"] if "issue_id" in {field.name for field in dataclasses.fields(one)}}

    assert named == set(OF_ISSUES)


def test_no_column_is_for_words_of_residents_and_both_generations_are_alike():
    shelves = [
        {name: set(table.c.keys()) for name, table in zip(generation[1]._fields, one, strict=True)}
        for one in generation.values()
    ]
    names = {column for table in shelves[0].values() for column in table}

    assert len(shelves) == len(GENERATIONS) == 2
    assert shelves[0] == shelves[1]
    assert not names & (PERSONAL - {"name"})
    others = {table.name for table in metadata.sorted_tables} - {
        table.name for one in generation.values() for table in one
    }
    assert others == {table.name for table in (*bus, *directory)} | {"serving", "heard"}


@pytest.mark.parametrize("contract", OF_ISSUES, ids=lambda one: one.wire_type)
def test_what_is_told_stands_in_a_story_when_it_happened_not_when_something_is_due(contract):
    (sample,) = [one for one in heard()[contract.publisher] if type(one) is contract]

    happened = {name: value for name, value in vars(sample).items() if name.endswith("_at")}
    past = {name: value for name, value in happened.items() if name not in ("due_at", "settles_at")}
    assert instant_of(sample) in (past or happened).values()
