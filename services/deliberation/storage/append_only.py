"""Triggers that refuse to change or delete a row: nobody, of any rank, changes a vote or a record.

They bind every program that opens the database, this one too. SQLite and PostgreSQL each have their own words for it.
"""

from sqlalchemy import DDL, Table, event

APPEND_ONLY = ("journal", "votes", "ballots", "papers", "checks", "tallies", "resolutions")


def statements_for(dialect: str, table: str) -> list[str]:
    """The statements that make a table append-only."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{action} BEFORE {action} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for action in ("update", "delete")
        ]
    return [
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"'BEGIN RAISE EXCEPTION ''{table} is append-only''; END'",
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()",
    ]


def seal_when_created(table: Table) -> None:
    """Seal a table that is made from the metadata rather than by a migration."""
    for dialect in ("sqlite", "postgresql"):
        for statement in statements_for(dialect, table.name):
            event.listen(table, "after_create", DDL(statement).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]
