"""The table of requests in its first form. Frozen: later forms are migrations of their own."""

from typing import Any

from sqlalchemy import Boolean, Column, String, Text

from shared.storage.types import Instant, Json


def create_requests(op: Any) -> None:
    op.create_table(
        "requests",
        Column("id", String(140), primary_key=True),
        Column("wants", String(40), nullable=False),
        Column("about", String(120), nullable=False),
        Column("unit_code", String(15), nullable=False),
        Column("reason", String(40), nullable=False),
        Column("words", Text, nullable=False),
        Column("evidence", Json, nullable=False),
        Column("facts", Json, nullable=False),
        Column("appeals", String(140), nullable=False),
        Column("asked_by", Text, nullable=False),
        Column("asked_person", Text, nullable=False),
        Column("asked_at", Instant, nullable=False),
        Column("decided_in", String(15), nullable=False),
        Column("decide_by", Instant, nullable=False),
        Column("state", String(40), nullable=False),
        Column("is_default", Boolean, nullable=False),
        Column("answer", Text, nullable=False),
        Column("decided_by", Text, nullable=False),
        Column("decided_at", Instant),
    )
    op.create_index("requests_about", "requests", ["about"])
    op.create_index("requests_open", "requests", ["decided_in", "state"])
