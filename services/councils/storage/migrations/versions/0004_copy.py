"""Halls and people come from the copy of the directory, and a listing remembers the units that passed it on.

What `halls` and `people` held was made from a seed and is dropped. Sessions keep the names of whom they invited and
where they met, and what is booked stays booked, under the ids of then.
"""

import sqlalchemy as sa
from alembic import op

from shared.storage import Json

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NAMED = (("sessions", "hall_id"), ("hall_bookings", "hall_id"), ("person_bookings", "person_id"))
"""Columns with an id of the directory."""


def upgrade() -> None:
    op.drop_table("halls")
    op.drop_table("people")
    op.add_column("listings", sa.Column("passed_on", Json, nullable=False, server_default="[]"))
    op.create_index("ix_listings_unit_code", "listings", ["unit_code"])
    _make_wide(120, was=60)


def downgrade() -> None:
    _make_wide(60, was=120)
    op.drop_index("ix_listings_unit_code", "listings")
    with op.batch_alter_table("listings") as listings:
        listings.drop_column("passed_on")
    _create_directory()


def _make_wide(length: int, *, was: int) -> None:
    for table, column in NAMED:
        with op.batch_alter_table(table) as changed:
            changed.alter_column(column, existing_type=sa.String(was), type_=sa.String(length), existing_nullable=False)


def _create_directory() -> None:
    op.create_table(
        "halls",
        sa.Column("id", sa.String(60), primary_key=True),
        sa.Column("unit_code", sa.String(15), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("opening_hours", sa.String(200), nullable=False),
        sa.Column("contact", sa.String(200), nullable=False),
    )
    op.create_index("ix_halls_unit_code", "halls", ["unit_code"])
    op.create_table(
        "people",
        sa.Column("id", sa.String(60), primary_key=True),
        sa.Column("unit_code", sa.String(15), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("category", sa.String(60), nullable=False),
    )
    op.create_index("ix_people_unit_code", "people", ["unit_code"])
