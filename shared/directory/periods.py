"""Periods of entries, without a database: from `valid_from` on, and no longer at `valid_to`."""

from datetime import datetime

from shared.contracts.directory import EntryPart


def holds(period: EntryPart, at: datetime) -> bool:
    """From its beginning on, and no longer at its end."""
    return period.valid_from <= at and lasts_beyond(period, at)


def lasts_beyond(period: EntryPart, at: datetime) -> bool:
    """Whether it is not over at an instant; it need not have begun."""
    return period.valid_to is None or at < period.valid_to
