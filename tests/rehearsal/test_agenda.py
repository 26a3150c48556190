"""Who does what when."""

from datetime import datetime

import pytest

from services.rehearsal.agenda import Agenda, in_waking_hours, in_working_hours, next_round
from shared.clock import SHANGHAI


def at(text):
    return datetime.fromisoformat(f"2026-03-{text}").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("02T07:10", "02T08:00"),
        ("02T09:00", "02T10:00"),
        ("02T10:00", "02T10:00"),
        ("02T18:01", "03T08:00"),
        ("07T12:30", "07T14:00"),
    ],
    ids=["before it opens", "an odd hour", "on the hour", "after it closed", "on a Saturday"],
)
def test_an_office_works_in_rounds_of_two_hours_every_day(wanted, found):
    assert in_working_hours(at(wanted)) == at(found)


def test_nobody_is_rung_up_at_night():
    assert in_waking_hours(at("02T21:00")) == at("03T10:00")


def test_a_round_is_at_an_even_hour_of_shanghai_whatever_zone_is_asked_in():
    assert next_round(at("02T08:59").astimezone(datetime.now().astimezone().tzinfo)) == at("02T10:00")


def test_what_is_due_is_taken_once_by_instant_and_key():
    agenda, done = Agenda(), []

    def act(name):
        done.append(name)
        yield from ()

    for name, when in (("b", "02T10:00"), ("a", "02T10:00"), ("c", "02T08:00"), ("later", "02T12:00")):
        agenda.put(name, at(when), lambda name=name: act(name))
    for script in agenda.take_due(at("02T10:00")):
        next(script, None)
    assert done == ["c", "a", "b"]
    assert agenda.take_due(at("02T10:00")) == []
    assert agenda.next_at == at("02T12:00")


def test_putting_something_down_again_moves_it_and_dropping_forgets_it():
    agenda = Agenda()
    agenda.put("meet", at("02T10:00"), lambda: iter(()))
    agenda.put("meet", at("03T10:00"), lambda: iter(()))
    assert agenda.next_at == at("03T10:00")
    agenda.drop("meet", "unknown")
    assert agenda.next_at is None
