"""The duty list of a database as of an instant, kept in memory until it changes or a line of it begins or ends."""

from collections.abc import Sequence
from datetime import datetime

from shared.contracts.directory import DutyPart
from shared.directory.as_of import AsOf
from shared.directory.copy import DirectoryCopy
from shared.directory.duty_list import DutyList
from shared.directory.periods import holds


def duties_as_of(copy: DirectoryCopy, now: datetime) -> DutyList:
    """The duty list at an instant. Raises NotTold where it is not wholly known yet."""
    return _duties.at(copy, now)


def _as_of(lines: Sequence[DutyPart], now: datetime) -> DutyList:
    return DutyList(line for line in lines if holds(line, now))


_duties = AsOf(DutyPart, _as_of)
