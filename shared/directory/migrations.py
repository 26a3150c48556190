"""The tables of a copy in their first form. Frozen: later forms are migrations of their own."""

from typing import Any

from sqlalchemy import BigInteger, Column, Integer, String

from shared.storage.types import Instant, Json


def create_directory(op: Any) -> None:
    op.create_table(
        "directory_periods",
        Column("id", String(120), primary_key=True),
        Column("kind", String(20), primary_key=True),
        Column("valid_from", Instant, primary_key=True),
        Column("valid_to", Instant),
        Column("revision", Integer, nullable=False),
        Column("origin", String(40), nullable=False),
        Column("replaced_by", Json, nullable=False),
        Column("unit_code", String(15), nullable=False),
        Column("about", String(200), nullable=False),
        Column("facts", Json, nullable=False),
    )
    op.create_index("directory_by_unit", "directory_periods", ["unit_code"])
    op.create_index("directory_by_about", "directory_periods", ["about"])
    op.create_table(
        "directory_state",
        Column("kind", String(20), primary_key=True),
        Column("changes", BigInteger, nullable=False),
        Column("told_at", Instant),
    )


def drop_directory(op: Any) -> None:
    op.drop_table("directory_state")
    op.drop_table("directory_periods")
