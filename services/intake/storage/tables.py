"""The tables of intake beside the bus's own. Migrations write them out again, on purpose."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text, text

from services.intake.domain.complaint import ComplaintState
from services.intake.domain.history import Decided
from services.intake.domain.issue import IssueState
from services.intake.domain.look import LookReason
from services.intake.storage.seal import SealedText
from shared.bus.tables import bus_tables
from shared.contracts.vocabulary import (
    DispatchKind,
    Disposition,
    Doubt,
    EmergencyLine,
    HandoverOutcome,
    ListingReason,
    Outcome,
    Publicity,
    RequestKind,
    Route,
    SlaClass,
)
from shared.directory.tables import directory_tables
from shared.requests.tables import requests_table
from shared.storage import Instant, Json, Words

metadata = MetaData()
bus = bus_tables(metadata)
directory = directory_tables(metadata)
requests = requests_table(metadata)

_URGES = "first_order_no <> ''"
_IS_FURTHER = "of_order <> ''"
waits_for_signatures = text("signatures > 0 AND verified_signatures IS NULL AND of_order = ''")

complaints = Table(
    "complaints",
    metadata,
    Column("order_no", String(64), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("filed_at", Instant, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("request_kind", Words(RequestKind), nullable=False),
    Column("title", String(200), nullable=False),
    Column("said", LargeBinary, nullable=False),
    Column("channel", String(40), nullable=False),
    Column("caller_ref", String(64), nullable=False),
    Column("unit_code", String(15), nullable=False),
    Column("category", String(60), nullable=False),
    Column("sla_class", Words(SlaClass), nullable=False),
    Column("dispatch_kind", Words(DispatchKind), nullable=False),
    Column("dispatch_no", Integer, nullable=False),
    Column("dispatched_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("has_own_limit", Boolean, nullable=False),
    Column("state", Words(ComplaintState), nullable=False),
    Column("disposition", Words(Disposition)),
    Column("first_order_no", String(64), nullable=False),
    Column("issue_id", String(120), nullable=False),
    Column("linked_at", Instant),
    Column("linked_by", String(200), nullable=False),
    Column("reply", Text, nullable=False),
    Column("replied_at", Instant),
    Column("outcome", Words(Outcome)),
    Column("closed_at", Instant),
    Column("suggested_disposition", Words(Disposition)),
    Column("decisions", Integer, nullable=False),
    Column("respondents", Text, nullable=False),
    Column("of_order", String(64), nullable=False),
    Column("matters", Integer, nullable=False),
    Column("extended_seconds", Integer, nullable=False),
    Column("extended_because", Text, nullable=False),
    Column("is_interim", Boolean, nullable=False),
    Column("is_alone", Boolean, nullable=False),
    Column("signatures", Integer, nullable=False),
    Column("verified_signatures", Integer),
    Index("complaints_by_caller", "caller_ref", "filed_at"),
    Index("complaints_by_issue", "issue_id"),
    Index("complaints_by_order", "of_order", sqlite_where=text(_IS_FURTHER), postgresql_where=text(_IS_FURTHER)),
    Index("complaints_by_first_order", "first_order_no", sqlite_where=text(_URGES), postgresql_where=text(_URGES)),
    Index(
        "complaints_unverified",
        "unit_code",
        "filed_at",
        sqlite_where=waits_for_signatures,
        postgresql_where=waits_for_signatures,
    ),
)

callers = Table(
    "callers",
    metadata,
    Column("order_no", String(64), primary_key=True),
    Column("key_id", String(16), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("kept_at", Instant, nullable=False),
)

is_open = text("state = 'open'")  # a condition with a parameter would not find the index
_open_and_moved = text("state = 'open' AND unit_code <> origin_unit")
_listed = text("listed_unit <> ''")
waits_for_words = text("listed_unit <> '' AND worded_at IS NULL")

issues = Table(
    "issues",
    metadata,
    Column("id", String(120), primary_key=True),
    Column("first_order_no", String(64), nullable=False),
    Column("origin_unit", String(15), nullable=False),
    Column("unit_code", String(15), nullable=False),
    Column("street", String(15), nullable=False, server_default=""),
    Column("category", String(60), nullable=False),
    Column("title", String(200), nullable=False),
    Column("gist_words", SealedText, nullable=False),
    Column("spots", Text, nullable=False, server_default=""),
    Column("request_kind", Words(RequestKind), nullable=False),
    Column("sla_class", Words(SlaClass), nullable=False),
    Column("route", Words(Route), nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("publicity", Words(Publicity), nullable=False),
    Column("worded_at", Instant),
    Column("respondents", Text, nullable=False),
    Column("state", Words(IssueState), nullable=False),
    Column("recent_callers", Json, nullable=False),
    Column("listed_unit", String(15), nullable=False),
    Column("listing_reason", Words(ListingReason)),
    Column("listed_at", Instant),
    Column("moved_at", Instant),
    Column("outcome", Words(Outcome)),
    Column("closed_at", Instant),
    Index("issues_open", "origin_unit", "category", "raised_at", sqlite_where=is_open, postgresql_where=is_open),
    Index(
        "issues_open_and_moved",
        "unit_code",
        "category",
        sqlite_where=_open_and_moved,
        postgresql_where=_open_and_moved,
    ),
    Index("issues_open_in_street", "street", "category", "raised_at", sqlite_where=is_open, postgresql_where=is_open),
    Index("issues_listed", "listed_unit", sqlite_where=_listed, postgresql_where=_listed),
)

waits_for_clerk = text("settled_at IS NULL")

unsettled = Table(
    "unsettled",
    metadata,
    Column("order_no", String(64), primary_key=True),
    Column("unit_code", String(15), nullable=False),
    Column("doubt", Words(Doubt), nullable=False),
    Column("named", Json, nullable=False),
    Column("suggested_unit", String(15), nullable=False),
    Column("waits_since", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("settled_at", Instant),
    Index("unsettled_open", "unit_code", "due_at", sqlite_where=waits_for_clerk, postgresql_where=waits_for_clerk),
)

to_follow = text("followed_at IS NULL")

handovers = Table(
    "handovers",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("order_no", String(64), nullable=False, index=True),
    Column("line", Words(EmergencyLine)),
    Column("reference", String(100), nullable=False),
    Column("unit_code", String(15), nullable=False),
    Column("handed_by", String(200), nullable=False),
    Column("handed_at", Instant, nullable=False),
    Column("follow_by", Instant, nullable=False),
    Column("followed_at", Instant),
    Column("followed_by", String(200), nullable=False),
    Column("outcome", Words(HandoverOutcome)),
    Index("handovers_open", "unit_code", "follow_by", sqlite_where=to_follow, postgresql_where=to_follow),
)

history = Table(
    "history",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("order_no", String(64), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("kind", Words(Decided), nullable=False),
    Column("before", Json, nullable=False),
    Column("after", Json, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_by", String(200), nullable=False),
    Column("decided_at", Instant, nullable=False),
)

rejections = Table(
    "rejections",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("order_no", String(64), nullable=False, index=True),
    Column("message_id", String(200), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("fields", Json, nullable=False),
    Column("rejected_at", Instant, nullable=False),
)

reports = Table(
    "reports",
    metadata,
    Column("id", String(120), primary_key=True),
    Column("order_no", String(64), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("received_at", Instant, nullable=False),
)

undone_links = Table(
    "undone_links",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("order_no", String(64), nullable=False, index=True),
    Column("issue_id", String(120), nullable=False),
    Column("linked_at", Instant, nullable=False),
    Column("linked_by", String(200), nullable=False),
    Column("unlinked_at", Instant, nullable=False),
    Column("unlinked_by", String(200), nullable=False),
    Column("reason", Text, nullable=False),
)

in_charge = Table(
    "in_charge",
    metadata,
    Column("issue_id", String(120), primary_key=True),
    Column("unit_code", String(15), primary_key=True),
    Column("organisation_id", String(120), primary_key=True),
    Column("since", Instant, nullable=False),
)

who_saw = Table(
    "who_saw",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("order_no", String(64), nullable=False, index=True),
    Column("subject", String(200), nullable=False),
    Column("organisation", String(120), nullable=False),
    Column("roles", Json, nullable=False),
    Column("unit_code", String(15), nullable=False),
    Column("reason", Words(LookReason), nullable=False),
    Column("fields", Json, nullable=False),
    Column("looked_at", Instant, nullable=False),
)
