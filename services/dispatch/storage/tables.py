"""The tables of dispatch beside the bus's own: issues and their tasks."""

from typing import Any

from sqlalchemy import Boolean, Column, Dialect, ForeignKey, Index, Integer, MetaData, String, Table, Text
from sqlalchemy.types import TypeDecorator

from services.dispatch.domain.issue import IssueState
from services.dispatch.domain.task import Evidence, Milestone, TaskState
from shared.bus.tables import bus_tables
from shared.contracts.base import schema_of
from shared.contracts.deliberation import FundingSharePart
from shared.contracts.vocabulary import Publicity, SlaClass, TaskOrigin
from shared.directory.tables import directory_tables
from shared.requests.tables import requests_table
from shared.storage import Instant, Json, Words


class Parts(TypeDecorator[list[Any]]):
    """A list of small frozen dataclasses as JSON. Replace the list; a change inside is not noticed."""

    impl = Json
    cache_ok = True

    def __init__(self, kind: type) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: list[Any] | None, dialect: Dialect) -> list[dict[str, Any]]:
        return schema_of(self.kind).dump(value, many=True) if value else []

    def process_result_value(self, value: list[dict[str, Any]] | None, dialect: Dialect) -> list[Any]:
        return list(schema_of(self.kind).load(value, many=True)) if value else []


metadata = MetaData()
bus = bus_tables(metadata)
directory = directory_tables(metadata)
requests = requests_table(metadata)

issues = Table(
    "issues",
    metadata,
    Column("id", String(120), primary_key=True),
    Column("unit_code", String(15), nullable=False),
    Column("category", String(60), nullable=False),
    Column("title", Text, nullable=False),
    Column("sla_class", Words(SlaClass), nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("state", Words(IssueState), nullable=False),
    Column("is_awaiting_resolution", Boolean, nullable=False),
    Column("handled_at", Instant),
    Column("settled_tasks", Integer, nullable=False),
    Column("heard", Json, nullable=False),
    Column("returns", Json, nullable=False),
    Column("respondents", Json, nullable=False, server_default="[]"),
    Column("publicity", Words(Publicity), nullable=False, server_default="public"),
    Column("left_as_is", Text, nullable=False, server_default=""),
    Index("issues_unit_state", "unit_code", "state"),
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
    Column("publicity", Words(Publicity), nullable=False, server_default="public"),
    Column("sla_class", Words(SlaClass), nullable=False),
    Column("organisation_id", String(120), nullable=False),
    Column("desk_id", String(120), nullable=False),
    Column("person_id", String(120), nullable=False),
    Column("assisting_ids", Json, nullable=False),
    Column("state", Words(TaskState), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("is_forced", Boolean, nullable=False),
    Column("extensions", Integer, nullable=False),
    Column("milestone", Words(Milestone)),
    Column("blocked_because", Text, nullable=False),
    Column("withdrawn_to", String(15), nullable=False),
    Column("withdrawn_because", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("evidence", Parts(Evidence), nullable=False),
    Column("funding", Parts(FundingSharePart), nullable=False),
    Column("accepted_at", Instant),
    Column("resolution_id", String(160), nullable=False),
    Column("order_nos", Json, nullable=False),
    Column("is_alone", Boolean, nullable=False),
    Index("tasks_issue", "issue_id", "number", unique=True),
    Index("tasks_unit_state", "unit_code", "state", "id"),
    Index("tasks_organisation_state", "organisation_id", "state", "id"),
    Index("tasks_desk", "desk_id", "id"),
    Index("tasks_person", "person_id", "id"),
)
