"""The moment at which something is done: the policy of a unit is that of what it lies in then."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.bus.moment import Moment, PolicyAt
from shared.directory.copy import NotTold
from shared.directory.dated import DatedUnits
from shared.directory.units import units_from
from shared.policy import PolicyBook
from shared.policy.files import SHIPPED
from tests.told import few_units

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
MOVED_AT = NOON + timedelta(days=1)
STREET, OTHER, COMMUNITY = "110105017", "110105018", "110105017003"
OWN = '\n[[overrides]]\nunit = "{}"\nvalid_from = 2026-01-01\n[overrides.warnings]\nyellow_ratio = {}\n'


class Told:
    """A unit of work whose directory has a community that changed its street."""

    def units(self, now: datetime) -> DatedUnits:
        (before,) = [one for one in few_units() if one.id == COMMUNITY]
        periods = [replace(before, valid_to=MOVED_AT), replace(before, valid_from=MOVED_AT, parent=OTHER)]
        return units_from([*(one for one in few_units() if one.id != COMMUNITY), *periods], now)


class Untold:
    def units(self, now: datetime) -> DatedUnits:
        raise NotTold("nobody has told")


@pytest.fixture
def policies(tmp_path):
    """Two streets have values of their own."""
    file = tmp_path / "policy.toml"
    file.write_text(SHIPPED.read_text(encoding="utf-8") + OWN.format(STREET, 0.5) + OWN.format(OTHER, 0.6), "utf-8")
    return PolicyAt(PolicyBook.load(file))


def yellow(policies, now, work):
    return Moment(now, policies, work=work).policy_in(COMMUNITY).warnings.yellow_ratio


def test_a_community_that_moved_has_the_values_of_its_new_street_from_then_on(policies):
    assert [yellow(policies, now, Told()) for now in (NOON, MOVED_AT)] == [0.5, 0.6]


def test_where_nobody_has_told_which_units_there_are_the_code_says_it(policies):
    assert [yellow(policies, MOVED_AT, work) for work in (Untold(), None)] == [0.5, 0.5]


def test_where_no_unit_has_values_of_its_own_nobody_looks_up_where_it_lies():
    class Unasked:
        def units(self, now):
            raise AssertionError("looked up")

    assert yellow(PolicyAt(PolicyBook.load()), NOON, Unasked()) == 0.75
