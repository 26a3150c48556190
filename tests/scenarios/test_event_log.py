"""`gongshang log`: what an operator sees of the event logs."""

import json

import pytest
from click.testing import CliRunner

from services.cli.commands.log import command
from services.cli.proof import records
from tests.scenarios.conftest import forget


def run(*arguments):
    return CliRunner().invoke(command, arguments)


@pytest.fixture
def old(suite):
    """Three events of intake, moved into its log."""
    for order_no in ("A1", "A2", "A3"):
        suite.say("intake", "complaint_accepted.v1", {"order_no": order_no})
    forget(suite, "intake")
    return suite


def test_segments_are_listed_and_shown(old):
    assert run("list").stdout.splitlines()[1].split()[:3] == ["intake:1", "3", "1-3"]
    assert run("list", "dispatch").stdout == "No event is old enough.\n"
    shown = run("show", "intake:1").stdout.splitlines()
    assert [line.split()[0] for line in shown] == ["1", "2", "3"]
    (first, *_) = json.loads(run("show", "intake:1", "--json").stdout)["events"]
    assert json.loads(first["body"])["data"] == {"order_no": "A1"}


def test_a_whole_log_is_verified_and_a_changed_one_is_found(old):
    whole = run("verify", "--json")
    assert (whole.exit_code, json.loads(whole.stdout)) == (0, {"segments": 1, "events": 3, "faults": []})
    old.run("intake", "UPDATE event_log SET sha256 = :other", other="1" * 64)
    changed = run("verify")
    assert changed.exit_code == 1
    assert changed.stdout.splitlines()[0] == "intake:1: its content does not have its hash"
    assert "can't be read: its content does not have its hash" in run("show", "intake:1").output


@pytest.mark.parametrize("segment", ["intake", "intake:x", "nobody:1", "intake:²", "intake:" + "9" * 30])
def test_a_segment_that_is_named_wrongly_is_refused_with_the_right_form(old, segment):
    refused = run("show", segment)
    assert refused.exit_code == 2
    assert "A segment is named like intake:12" in refused.output


def test_what_was_said_long_ago_is_still_told_in_its_order(old):
    old.say("intake", "complaint_accepted.v1", {"order_no": "A4"})
    said = [content["order_no"] for _, content in records.said("intake", "complaint_accepted.v1")]
    assert said == ["A1", "A2", "A3", "A4"]
