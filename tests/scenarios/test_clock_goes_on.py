"""A clock that is set to an instant begins no earlier than what is recorded."""

from datetime import timedelta

import click
import pytest

from services.cli.suite.databases import clock_must_go_on
from shared.clock import clock_from
from shared.settings import settings
from tests.scenarios.conftest import NOW

ONE = ("intake", "dispatch")


@pytest.fixture
def set_to(monkeypatch, tmp_path):
    def set_to(choice):
        monkeypatch.setenv("GONGSHANG_VAR", str(tmp_path))
        monkeypatch.setenv("GONGSHANG_CLOCK", choice)
        settings.cache_clear()

    yield set_to
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def said(suite):
    suite.say("dispatch", "task_assigned.v1")
    return suite


def refusal():
    """What somebody reads who brings it up on that clock; None where it may begin."""
    try:
        clock_must_go_on(ONE)
    except click.ClickException as refused:
        return refused.message
    return None


def test_one_that_would_go_back_is_refused_with_what_is_recorded(said, set_to):
    set_to(f"scaled:1@{(NOW - timedelta(days=1)).isoformat()}")
    told = refusal()
    assert "it would begin at 2026-03-01T17:00:00+08:00" in told
    assert "goes on to 2026-03-02T17:00:00+08:00" in told


@pytest.mark.parametrize("choice", [f"scaled:1@{(NOW + timedelta(days=1)).isoformat()}", "real"])
def test_a_later_one_goes_on_and_the_machines_own_is_believed(said, set_to, choice):
    said.run("dispatch", "UPDATE outbox SET created_at = :at", at="2099-01-01 00:00:00" if choice == "real" else NOW)
    set_to(choice)
    assert refusal() is None


def test_the_same_one_again_goes_on_where_it_was(said, set_to):
    set_to(f"scaled:1@{(NOW - timedelta(days=1)).isoformat()}")
    clock_from(settings())
    assert refusal() is None


def test_where_nothing_is_recorded_every_clock_may_begin(suite, set_to):
    set_to("scaled:1@2020-01-01T00:00:00+08:00")
    assert refusal() is None
