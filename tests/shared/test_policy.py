"""The policy file: every default of the field, checked, with versions, validity dates and units' own values."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from click.testing import CliRunner

from services.cli.commands.policy import command
from shared.calendars import Days
from shared.policy import (
    NOT_YET_APPLIED,
    NoPolicyThen,
    PolicyBook,
    Threshold,
    lineage_by_code,
    policy_check,
)
from shared.policy.files import SHIPPED
from shared.settings import settings
from shared.toml_file import BadTomlFile
from shared.units import Tier

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
DEFAULT = SHIPPED.read_text(encoding="utf-8")
LATER = '\n[[versions]]\nversion = "2"\nvalid_from = 2026-07-01\n[versions.sla]\ngeneral_days = 5\n'
OWN = '\n[[overrides]]\nunit = "110105017"\nvalid_from = 2026-01-01\n[overrides.warnings]\nyellow_ratio = 0.5\n'
DEEPER = '\n[[overrides]]\nunit = "110105017003"\nvalid_from = 2026-02-01\n[overrides.warnings]\nyellow_ratio = 0.4\n'


def days(n):
    return timedelta(days=n)


def hours(n):
    return timedelta(hours=n)


@pytest.fixture(scope="module")
def policy():
    return PolicyBook.load().at(NOON)


@pytest.fixture
def a_file(tmp_path):
    def write(text):
        path = tmp_path / "policy.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_shipped_policy_has_no_faults():
    assert policy_check() == []


def test_every_shipped_value_says_where_it_comes_from():
    values = [line for line in DEFAULT.split("[versions.sla]")[1].splitlines() if re.match(r"\w+ = ", line)]

    assert len(values) > 120
    assert [line for line in values if not re.search(r"# \[[PLSA]\]", line)] == []


@pytest.mark.parametrize(
    ("sla_class", "limit", "first_contact", "window"),
    [
        ("emergency", hours(2), hours(1), timedelta(minutes=30)),
        ("utilities", hours(24), hours(12), hours(24)),
        ("general", days(7), hours(24), hours(24)),
        ("complex", days(15), hours(24), hours(24)),
    ],
)
def test_limits_of_each_class(policy, sla_class, limit, first_contact, window):
    assert policy.sla.limit(sla_class) == limit
    assert policy.first_contact(limit, sla_class) == first_contact
    assert policy.returns.window(limit) == window


def test_an_extension_is_as_long_as_the_limit_up_to_the_most(policy):
    assert policy.extension.granted_for(days(7)) == days(7)
    assert policy.extension.granted_for(days(30)) == policy.extension.max == days(15)


def test_each_tier_but_the_district_hands_on_after_its_time(policy):
    assert [policy.escalation.after(tier) for tier in Tier] == [days(7), days(15), days(30), days(15)]
    assert policy.escalation.failed_meetings == 2


@pytest.mark.parametrize(
    ("level", "urgent", "notice"),
    [
        ("entrance", False, Days(3)),
        ("grid", False, Days(3)),
        ("community", False, Days(3)),
        ("street", False, Days(5, working=True)),
        ("street", True, hours(24)),
        ("owners", False, Days(15)),
        ("owners", True, Days(15)),
    ],
)
def test_notice_of_a_session(policy, level, urgent, notice):
    assert policy.notice.for_session(level, urgent) == notice


def test_thresholds_are_exact(policy):
    assert policy.quorum.representatives.is_met_by(2, 3)
    assert not policy.quorum.council.is_met_by(5, 10)
    assert policy.quorum.council.is_met_by(6, 10)
    assert policy.majority.owners_special == Threshold(Fraction(3, 4), strict=False)
    assert not policy.majority.ordinary.is_met_by(0, 0)


def test_the_other_defaults_of_the_field(policy):
    assert (policy.warnings.yellow_ratio, policy.warnings.red_ratio) == (0.75, 1.0)
    assert (policy.group.callers, policy.group.within) == (5, days(30))
    assert (policy.returns.per_unit, policy.returns.per_order) == (1, 2)
    assert (policy.callback.tries, policy.callback.within, policy.callback.satisfied_from) == (3, days(3), 4)
    assert policy.look_back.after == (days(30), days(90), days(180))
    assert (policy.weights.response, policy.weights.resolution, policy.weights.satisfaction) == (10, 45, 45)
    assert (policy.speech.seconders, policy.speech.turn_length, policy.speech.turns) == (1, timedelta(minutes=2), 2)
    assert policy.inbox.early_for == hours(24)
    assert (policy.inbox.max_attempts, policy.linking.similarity_ratio) == (5, 0.6)


def test_a_later_version_changes_only_what_it_says_from_its_day_on(a_file):
    book = PolicyBook.load(a_file(DEFAULT + LATER))
    last_second = datetime(2026, 6, 30, 15, 59, 59, tzinfo=UTC)  # 23:59:59 in Shanghai

    before, after = book.at(last_second), book.at(last_second + timedelta(seconds=1))

    assert (before.version, before.sla.general, before.valid_to) == ("1", days(7), date(2026, 6, 30))
    assert (after.version, after.sla.general, after.valid_to) == ("2", days(5), None)
    assert after.sla.complex == before.sla.complex


def test_a_file_is_read_once_and_again_when_it_was_changed(a_file):
    file = a_file(DEFAULT)
    first = PolicyBook.load(file)
    assert PolicyBook.load(file) is first
    assert len(PolicyBook.load(a_file(DEFAULT + LATER)).versions) == len(first.versions) + 1


def test_before_the_first_version_there_is_no_policy():
    with pytest.raises(NoPolicyThen):
        PolicyBook.load().on(date(1999, 12, 31))


def test_a_units_own_values_hold_for_it_and_below_and_the_lowest_wins(a_file):
    book = PolicyBook.load(a_file(DEFAULT + DEEPER + OWN))

    assert book.at(NOON).warnings.yellow_ratio == 0.75
    assert book.at(NOON, lineage_by_code("110105018")).version == "1"
    assert book.at(NOON, lineage_by_code("110105017")).warnings.yellow_ratio == 0.5
    assert book.at(NOON, lineage_by_code("110105017003005")).warnings.yellow_ratio == 0.4
    assert book.on(date(2026, 1, 15), lineage_by_code("110105017003")).warnings.yellow_ratio == 0.5
    assert book.at(NOON, lineage_by_code("110105017")).version == "1+110105017@2026-01-01"


@pytest.mark.parametrize(
    ("written", "instead", "field", "message"),
    [
        ("general_days = 7 ", "general_days = -7 ", "versions.0.sla.general_days", "must be between"),
        ("general_days = 7 ", 'general_days = "7" ', "versions.0.sla.general_days", "must be a number"),
        ("known_for_days = 30", "known_for_days = 0.1", "versions.0.inbox.known_for_days", "must be between 1 and"),
        ("general_days = 7 ", "general_hours = 7 ", "versions.0.sla.general_hours", "is unknown"),
        ("yellow_ratio = 0.75", "yellow_ratio = 75", "versions.0.warnings.yellow_ratio", "must be between 0 and 1"),
        ("yellow_ratio = 0.75", "yellow_ratio = 1.0", "versions.0.warnings.yellow_ratio", "below red_ratio"),
        ('council_ratio = "> 1/2"', 'council_ratio = "1/2"', "versions.0.quorum.council_ratio", "must look like"),
        ("callers = 5", "callers = 5.5", "versions.0.group.callers", "whole number"),
        ("callers = 5", "callers = true", "versions.0.group.callers", "whole number"),
        ("ties_fail = true", "ties_fail = 1", "versions.0.majority.ties_fail", "must be true or false"),
        ("[30, 90, 180]", "[90, 30]", "versions.0.look_back.after_days", "ascending"),
        ("response_percent = 10", "response_percent = 20", "versions.0.weights", "add up to 100"),
        ("valid_from = 2000-01-01", 'valid_from = "2000"', "versions.0.valid_from", "must be a day"),
        ("[versions.redo]", "[versions.rework]", "versions.0.rework", "is unknown"),
    ],
)
def test_a_fault_is_named_by_line_and_field(a_file, written, instead, field, message):
    assert written in DEFAULT
    path = a_file(DEFAULT.replace(written, instead))

    faults = {fault.field: fault for fault in policy_check(path)}

    assert message in faults[field].message
    line = path.read_text(encoding="utf-8").splitlines()[faults[field].line - 1]
    assert field.rpartition(".")[2] in line
    with pytest.raises(BadTomlFile, match=f"line {faults[field].line}"):
        PolicyBook.load(path)


@pytest.mark.parametrize(
    ("added", "field", "message"),
    [
        (LATER.replace("2026-07-01", "1999-01-01"), "versions.1.valid_from", "later than"),
        (LATER.replace('"2"', '"1"'), "versions.1.version", "already used"),
        (
            OWN.replace("[overrides.warnings]\nyellow_ratio", "[overrides.redo]\nshare_of_limit_ratio"),
            "overrides.0.redo",
            "may not set values",
        ),
        (OWN.replace("110105017", "1101"), "overrides.0.unit", "not a unit code"),
        (OWN.replace("0.5", "5"), "overrides.0.warnings.yellow_ratio", "between 0 and 1"),
        (OWN + "overridable = false\n", "overrides.0.warnings.overridable", "not for a unit"),
        ("\n[extra]\na = 1\n", "extra", "is unknown"),
    ],
)
def test_what_comes_after_the_first_version_is_checked_too(a_file, added, field, message):
    faults = {fault.field: fault.message for fault in policy_check(a_file(DEFAULT + added))}

    assert message in faults[field]


def test_a_units_own_values_hold_however_its_code_was_written(a_file):
    own = PolicyBook.load(a_file(DEFAULT + OWN.replace("110105017", "110105017000")))

    assert own.at(NOON, lineage_by_code("110105017003")).warnings.yellow_ratio == 0.5


def test_a_unit_that_moved_has_the_values_of_what_it_lies_in_and_not_of_what_its_code_says(a_file):
    book = PolicyBook.load(a_file(DEFAULT + OWN))

    assert book.at(NOON, ("110105", "110105018", "110105017003")).warnings.yellow_ratio == 0.75
    assert book.at(NOON, ("110105", "110105017", "110105018003")).warnings.yellow_ratio == 0.5


def test_all_faults_are_told_at_once_and_broken_files_too(a_file, tmp_path):
    broken = DEFAULT.replace("callers = 5", "callers = 0").replace("tries = 3 ", "tries = 0 ")
    assert [fault.field for fault in policy_check(a_file(broken))] == [
        "versions.0.group.callers",
        "versions.0.callback.tries",
    ]
    assert "is not TOML" in policy_check(a_file("a = = 1"))[0].message
    assert "at least one" in policy_check(a_file(""))[0].message
    assert "can't be read" in policy_check(tmp_path / "none.toml")[0].message


def test_the_command_tells_faults_and_ends_with_one(a_file):
    path = str(a_file(DEFAULT.replace("callers = 5", "callers = 0")))

    found = CliRunner().invoke(command, ["check", path])

    assert found.exit_code == 1
    assert "versions.0.group.callers: must be between 1" in found.output
    assert '"field": "versions.0.group.callers"' in CliRunner().invoke(command, ["check", path, "--json"]).output
    assert CliRunner().invoke(command, ["check"]).exit_code == 0
    assert CliRunner().invoke(command, ["check", path + ".gone"]).exit_code == 2


def test_both_commands_say_which_values_nothing_acts_on():
    shown, checked = (CliRunner().invoke(command, [name]).output.splitlines() for name in ("show", "check"))
    as_json = [json.loads(CliRunner().invoke(command, [name, "--json"]).output) for name in ("show", "check")]

    assert 'counted_from = "dispatch"  # not yet applied' in shown
    assert "general_days = 7" in shown
    told = checked[checked.index("Not yet applied, whatever the file says:") + 1 :]
    assert told[0] == "  sla: counted_from"
    assert max(map(len, told)) <= 80
    assert " ".join(told).count(",") + len([line for line in told if ":" in line]) == len(NOT_YET_APPLIED)
    assert [one["not_yet_applied"] for one in as_json] == [list(NOT_YET_APPLIED)] * 2


def test_the_command_shows_what_holds_on_a_day(a_file, monkeypatch):
    monkeypatch.setenv("GONGSHANG_POLICY_FILE", str(a_file(DEFAULT + LATER)))
    settings.cache_clear()
    try:
        shown = CliRunner().invoke(command, ["show", "--at", "2026-07-01"]).output
        assert 'version = "2"' in shown
        assert "general_days = 5" in shown
        nowhere = CliRunner().invoke(command, ["show", "--at", "1990-01-01"])
        assert (nowhere.exit_code, nowhere.output) == (1, "Error: no version of the policy holds on 1990-01-01\n")
    finally:
        settings.cache_clear()
