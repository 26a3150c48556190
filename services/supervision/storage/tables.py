"""The tables of supervision beside the bus's own.

`escalations` lets no rung be climbed twice; `timeline` takes each entry once and is never changed.
"""

from sqlalchemy import Boolean, Column, Index, Integer, MetaData, String, Table, Text, UniqueConstraint, text

from services.supervision.domain.case import CaseState
from services.supervision.domain.incident import Decision
from services.supervision.storage.ledgers import LedgerColumn
from shared.bus.tables import bus_tables
from shared.contracts.vocabulary import (
    ClockKind,
    DispatchKind,
    EscalationReason,
    IncidentKind,
    IssueOrigin,
    Outcome,
    Publicity,
    RequestKind,
    Route,
    SlaClass,
)
from shared.directory.tables import directory_tables
from shared.requests.tables import requests_table
from shared.storage import Instant, Json, Words
from shared.storage.types import Position

metadata = MetaData()
bus = bus_tables(metadata)
directory = directory_tables(metadata)
requests = requests_table(metadata)

is_pending = text("pending <> ''")

cases = Table(
    "cases",
    metadata,
    Column("issue_id", String(120), primary_key=True),
    Column("order_no", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("category", String(100), nullable=False),
    Column("request_kind", Words(RequestKind), nullable=False),
    Column("sla_class", Words(SlaClass), nullable=False),
    Column("dispatch_kind", Words(DispatchKind), nullable=False),
    Column("origin_unit", String(15), nullable=False),
    Column("unit_code", String(15), nullable=False),
    Column("route", Words(Route), nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("held_since", Instant, nullable=False),
    Column("state", Words(CaseState), nullable=False),
    Column("handled_at", Instant),
    Column("closed_at", Instant),
    Column("outcome", Words(Outcome)),
    Column("rung", Integer, nullable=False),
    Column("relapses", Integer, nullable=False),
    Column("tier_clocks", Integer, nullable=False),
    Column("resident_clocks", Integer, nullable=False),
    Column("open_incidents", Integer, nullable=False),
    Column("sent_back", Integer, nullable=False),
    Column("is_decided", Boolean, nullable=False),
    Column("requests", Integer, nullable=False),
    Column("pending", String(140), nullable=False),
    Column("review_at", Instant),
    Column("has_tried", Boolean, nullable=False),
    Column("tried_by", Json, nullable=False),
    Column("failed_meetings", Integer, nullable=False),
    Column("concerned", Json, nullable=False),
    Column("came_from", Json, nullable=False),
    Column("publicity", Words(Publicity), nullable=False),
    Column("origin", Words(IssueOrigin), nullable=False),
    Column("joined", Json, nullable=False),
    Column("respondents", Json, nullable=False),
    Index("cases_unit", "unit_code", "state"),
    Index("cases_pending", "review_at", sqlite_where=is_pending, postgresql_where=is_pending),
)

clocks = Table(
    "clocks",
    metadata,
    Column("id", String(140), primary_key=True),
    Column("issue_id", String(120), nullable=False),
    Column("unit_code", String(15), nullable=False),
    Column("kind", Words(ClockKind), nullable=False),
    Column("ledger", LedgerColumn, nullable=False),
    Column("order_no", String(64), nullable=False),
    Column("dispatch_no", Integer),
    Column("sla_class", Words(SlaClass)),
    Column("joined_at", Instant),
    Column("dispatch_ended_at", Instant),
    Column("yellow_at", Instant),
    Column("red_at", Instant),
    Column("breached_at", Instant),
    Column("ordered_at", Instant),
    Column("met_at", Instant),
    Column("late_at", Instant),
    Index("clocks_issue", "issue_id"),
)

escalations = Table(
    "escalations",
    metadata,
    Column("id", String(140), primary_key=True),
    Column("issue_id", String(120), nullable=False),
    Column("rung", Integer, nullable=False),
    Column("from_unit", String(15), nullable=False),
    Column("to_unit", String(15), nullable=False),
    Column("reason", Words(EscalationReason), nullable=False),
    Column("explanation", Text, nullable=False),
    Column("tried", Text, nullable=False),
    Column("evidence", Json, nullable=False),
    Column("escalated_by", Text, nullable=False),
    Column("escalated_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("was_handled", Boolean, nullable=False),
    Column("withdrawn_at", Instant),
    UniqueConstraint("issue_id", "rung", name="escalations_rung"),
)

incidents = Table(
    "incidents",
    metadata,
    Column("id", String(140), primary_key=True),
    Column("issue_id", String(120), nullable=False),
    Column("unit_code", String(15), nullable=False),
    Column("reason", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("kind", Words(IncidentKind), nullable=False),
    Column("about", String(140), nullable=False),
    Column("settled_at", Instant),
    Column("settled_by", Text, nullable=False),
    Column("decision", Words(Decision)),
    Column("remark", Text, nullable=False),
    Index("incidents_issue", "issue_id"),
    Index("incidents_open", "unit_code", "settled_at"),
)

look_backs = Table(
    "look_backs",
    metadata,
    Column("id", String(140), primary_key=True),
    Column("issue_id", String(120), nullable=False),
    Column("number", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("announced_at", Instant),
    Column("dropped_at", Instant),
    Column("done_at", Instant),
    Column("done_by", Text, nullable=False),
    Column("has_relapsed", Boolean),
    Column("remark", Text, nullable=False),
    Index("look_backs_issue", "issue_id"),
)

timeline = Table(
    "timeline",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=True),
    Column("key", String(40), nullable=False, unique=True),
    Column("issue_id", String(120), nullable=False),
    Column("at", Instant, nullable=False),
    Column("kind", String(100), nullable=False),
    Column("actor", Text, nullable=False),
    Column("unit_code", String(15), nullable=False),
    Column("facts", Json, nullable=False),
    Index("timeline_issue", "issue_id", "at", "position"),
)
