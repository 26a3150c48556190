"""The tables of evaluation, beside the bus's own.

`callbacks` and `errata` are only ever added to; a period's result is computed from `callbacks` and `surveys` alone.
"""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text, text

from services.evaluation.domain.lead import LeadEnd
from services.evaluation.domain.period import PeriodState
from services.evaluation.domain.survey import SurveyState
from shared.bus.tables import bus_tables
from shared.contracts.vocabulary import Asker, DispatchKind, Outcome, Solved
from shared.directory.tables import directory_tables
from shared.storage import Instant, Json, Words

metadata = MetaData()
bus = bus_tables(metadata)
directory = directory_tables(metadata)
_asking = text("state = 'asking'")
_excluded = text("excluded_at IS NOT NULL")

issues = Table(
    "issues",
    metadata,
    Column("id", String(120), primary_key=True),
    Column("unit_code", String(15), nullable=False),
    Column("held_since", Instant),
    Column("judged_since", Instant),
    Column("work_goes_on", Boolean, nullable=False),
    Column("handled_unit", String(15), nullable=False),
    Column("handled_at", Instant),
    Column("sent_back_handling_at", Instant),
    Column("redos", Integer, nullable=False),
    Column("closed_at", Instant),
)

surveys = Table(
    "surveys",
    metadata,
    Column("order_no", String(100), primary_key=True),
    Column("issue_id", String(120), nullable=False),
    Column("origin_unit", String(15), nullable=False),
    Column("rank_unit", String(15), nullable=False, server_default=""),
    Column("dispatch_kind", Words(DispatchKind), nullable=False),
    Column("dispatched_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("linked_at", Instant, nullable=False),
    Column("period_id", String(7), nullable=False),
    Column("asks_at", Instant),
    Column("asker", Words(Asker), nullable=False),
    Column("state", Words(SurveyState), nullable=False),
    Column("round", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("began_at", Instant),
    Column("asked_at", Instant),
    Column("answer_by", Instant),
    Column("completed_at", Instant),
    Column("reached", Boolean),
    Column("solved", Words(Solved)),
    Column("handled_at", Instant),
    Column("is_sent_back", Boolean, nullable=False),
    Column("outcome", Words(Outcome)),
    Column("is_evaluated", Boolean, nullable=False),
    Column("extended_seconds", Integer, nullable=False),
    Column("is_late", Boolean, nullable=False),
    Column("excluded_at", Instant),
    Column("dispatch_no", Integer, nullable=False),
    Column("charged_unit", String(15), nullable=False),
    Column("charged_rank_unit", String(15), nullable=False),
    Column("charged_community", String(15), nullable=False),
    Column("released", Json, nullable=False),
    Column("is_alone", Boolean, nullable=False),
    Index("surveys_issue", "issue_id"),
    Index("surveys_excluded", "order_no", sqlite_where=_excluded, postgresql_where=_excluded),
    Index("surveys_asks", "asks_at", "order_no"),
    Index("surveys_asking", "asked_at", "order_no", sqlite_where=_asking, postgresql_where=_asking),
    Index("surveys_period", "period_id", "rank_unit"),
)

charges = Table(
    "charges",
    metadata,
    Column("id", String(120), primary_key=True),
    Column("order_no", String(100), nullable=False, index=True),
    Column("dispatch_no", Integer, nullable=False),
    Column("unit_code", String(15), nullable=False),
    Column("rank_unit", String(15), nullable=False),
    Column("community", String(15), nullable=False),
    Column("dispatch_kind", Words(DispatchKind), nullable=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("why", Text, nullable=False),
    Column("is_late", Boolean, nullable=False),
)

callbacks = Table(
    "callbacks",
    metadata,
    Column("id", String(120), primary_key=True),
    Column("order_no", String(100), nullable=False),
    Column("issue_id", String(120), nullable=False),
    Column("unit_code", String(15), nullable=False),
    Column("rank_unit", String(15), nullable=False, server_default=""),
    Column("community", String(15), nullable=False),
    Column("charged", Json, nullable=False),
    Column("dispatch_kind", Words(DispatchKind), nullable=False),
    Column("period_id", String(7), nullable=False),
    Column("asked_by", Words(Asker), nullable=False),
    Column("is_self_check", Boolean, nullable=False),
    Column("is_late", Boolean, nullable=False),
    Column("dispatch_no", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("completed_at", Instant, nullable=False),
    Column("recorded_by", String(200), nullable=False),
    Column("reached", Boolean, nullable=False),
    Column("contacted", Boolean),
    Column("solved", Words(Solved)),
    Column("satisfaction", Integer),
    Column("solved_words", String(40), nullable=False),
    Column("satisfaction_words", String(40), nullable=False),
    Index("callbacks_order", "order_no"),
    Index("callbacks_period", "period_id", "order_no", "completed_at", "round"),
    Index("callbacks_completed", "completed_at"),
)

leads = Table(
    "leads",
    metadata,
    Column("id", String(160), primary_key=True),
    Column("issue_id", String(120), nullable=False),
    Column("task_id", String(140), nullable=False),
    Column("unit_code", String(15), nullable=False),
    Column("organisation_id", String(120), nullable=False),
    Column("assisting_ids", Json, nullable=False),
    Column("from_at", Instant, nullable=False),
    Column("until", Instant),
    Column("ended_as", Words(LeadEnd)),
    Index("leads_issue", "issue_id"),
)

periods = Table(
    "periods",
    metadata,
    Column("id", String(7), primary_key=True),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("state", Words(PeriodState), nullable=False),
    Column("samples", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("result", LargeBinary),
    Column("frozen_at", Instant),
    Column("published_at", Instant),
    Column("errata", Integer, nullable=False),
)

errata = Table(
    "errata",
    metadata,
    Column("period_id", String(7), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("correction", Text, nullable=False),
    Column("period_sha256", String(64), nullable=False),
    Column("issued_by", String(200), nullable=False),
    Column("issued_at", Instant, nullable=False),
)
