"""The tables of dispatch: issues and their tasks, beside the bus's own. Importing this maps the domain classes."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import Boolean, Column, Dialect, ForeignKey, Index, Integer, MetaData, String, Table, Text
from sqlalchemy.orm import registry, relationship
from sqlalchemy.types import TypeDecorator

from services.dispatch.domain.funding import FundingShare
from services.dispatch.domain.issue import Issue, IssueState
from services.dispatch.domain.task import Evidence, Milestone, Task, TaskState
from shared.bus.tables import bus_tables
from shared.contracts.vocabulary import SlaClass, TaskOrigin
from shared.storage import Instant, Json, Words


class Parts(TypeDecorator[list[Any]]):
    """A list of small frozen dataclasses as JSON. Replace the list; a change inside is not noticed."""

    impl = Json
    cache_ok = True

    def __init__(self, kind: type) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: list[Any] | None, dialect: Dialect) -> list[dict[str, Any]]:
        return [asdict(one) for one in value or ()]

    def process_result_value(self, value: Any, dialect: Dialect) -> list[Any]:
        return [self.kind(**one) for one in value or ()]


metadata = MetaData()
bus = bus_tables(metadata)

issues = Table(
    "issues",
    metadata,
    Column("id", String(120), primary_key=True),
    Column("unit_code", String(15), nullable=False),
    Column("category", String(60), nullable=False),
    Column("title", Text, nullable=False),
    Column("sla_class", Words(SlaClass), nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("state", Words(IssueState), nullable=False),
    Column("is_awaiting_resolution", Boolean, nullable=False),
    Column("handled_at", Instant),
    Column("settled_tasks", Integer, nullable=False),
    Column("heard", Json, nullable=False),
    Column("returns", Json, nullable=False),
)

tasks = Table(
    "tasks",
    metadata,
    Column("id", String(140), primary_key=True),
    Column("issue_id", String(120), ForeignKey("issues.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("unit_code", String(15), nullable=False),
    Column("origin", Words(TaskOrigin), nullable=False),
    Column("what", Text, nullable=False),
    Column("leader", String(200), nullable=False),
    Column("department", String(200), nullable=False),
    Column("person", String(200), nullable=False),
    Column("co_units", Json, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("assigned_at", Instant, nullable=False),
    Column("state", Words(TaskState), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("is_forced", Boolean, nullable=False),
    Column("extensions", Integer, nullable=False),
    Column("milestone", Words(Milestone)),
    Column("blocked_because", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("evidence", Parts(Evidence), nullable=False),
    Column("funding", Parts(FundingShare), nullable=False),
    Column("accepted_at", Instant),
    Index("tasks_issue", "issue_id", "number", unique=True),
    Index("tasks_unit_state", "unit_code", "state", "id"),
)

mapper = registry(metadata=metadata)


def map_domain() -> None:
    """Tie the domain classes to the tables. A second call changes nothing."""
    if getattr(Issue, "__mapper__", None) is not None:
        return
    mapper.map_imperatively(Task, tasks)
    # raise_on_sql: an issue whose tasks were not loaded with it is a mistake, and must not cost a query per event.
    mapper.map_imperatively(
        Issue,
        issues,
        properties={"tasks": relationship(Task, order_by=tasks.c.number, lazy="raise_on_sql", passive_deletes="all")},
    )
    mapper.configure()  # at once, so that objects made before are whole too


map_domain()
