"""The tables of a copy, in the service's own database: all periods of all entries, and how far the copy has come."""

from typing import NamedTuple

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table

from shared.contracts.directory_words import Origin
from shared.storage.types import Instant, Json, Words


class DirectoryTables(NamedTuple):
    """`periods` has a row for each period; `state` counts what changed of a kind, and says since when it is whole."""

    periods: Table
    state: Table


def directory_tables(metadata: MetaData) -> DirectoryTables:
    """Adds the tables to a service's own.

    The kind stands in no index but behind the id: PostgreSQL, which takes an empty table for a small one, would
    look up entries by nothing but their kind, and so read all of the copy again and again while it is filled.
    """
    periods = Table(
        "directory_periods",
        metadata,
        Column("id", String(120), primary_key=True),
        Column("kind", String(20), primary_key=True),
        Column("valid_from", Instant, primary_key=True),
        Column("valid_to", Instant),
        Column("revision", Integer, nullable=False),
        Column("origin", Words(Origin), nullable=False),
        Column("replaced_by", Json, nullable=False),
        Column("unit_code", String(15), nullable=False),
        Column("about", String(200), nullable=False),
        Column("facts", Json, nullable=False),
        Index("directory_by_unit", "unit_code"),
        Index("directory_by_about", "about"),
    )
    state = Table(
        "directory_state",
        metadata,
        Column("kind", String(20), primary_key=True),
        Column("changes", BigInteger, nullable=False),
        Column("told_at", Instant),
    )
    return DirectoryTables(periods, state)
