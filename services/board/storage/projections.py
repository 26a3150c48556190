"""The tables that are looked at, in two generations: one serves while the other is made anew (`rebuild`).

Nothing here is the truth of anything. What one publisher told stands in columns of its own; what lists sort and filter
by is worked out of these.
"""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    text,
)

from services.board.domain.words import FoundKind, Light, SessionState, Stage
from shared.contracts.vocabulary import (
    Decider,
    IncidentKind,
    IssueOrigin,
    Outcome,
    Publicity,
    RequestKind,
    Review,
    Route,
    SessionKind,
    SlaClass,
)
from shared.storage.types import Instant, Json, Words
from shared.units import Tier

GENERATIONS = (1, 2)


class Tables(NamedTuple):
    """One generation. `stories` holds what happened to each issue, `grams` in which documents two characters stand."""

    issues: Table
    stories: Table
    sessions: Table
    resolutions: Table
    incidents: Table
    tallies: Table
    figures: Table
    periods: Table
    rankings: Table
    categories: Table
    documents: Table
    grams: Table


def projection_tables(metadata: MetaData, generation: int) -> Tables:
    """Add the tables of a generation to a metadata."""
    return Tables(
        issues=_issues(metadata, f"issues_{generation}"),
        stories=_stories(metadata, f"stories_{generation}"),
        sessions=_sessions(metadata, f"sessions_{generation}"),
        resolutions=_resolutions(metadata, f"resolutions_{generation}"),
        incidents=_incidents(metadata, f"incidents_{generation}"),
        tallies=_tallies(metadata, f"tallies_{generation}"),
        figures=_figures(metadata, f"figures_{generation}"),
        periods=_periods(metadata, f"periods_{generation}"),
        rankings=_rankings(metadata, f"rankings_{generation}"),
        categories=_categories(metadata, f"categories_{generation}"),
        documents=_documents(metadata, f"documents_{generation}"),
        grams=_grams(metadata, f"grams_{generation}"),
    )


def _issues(metadata: MetaData, name: str) -> Table:
    shown = text("is_shown")
    running = text("due_at IS NOT NULL")
    return Table(
        name,
        metadata,
        Column("issue_id", String(120), primary_key=True),
        *_told_by_intake(),
        *_told_by_others(),
        *_seen(),
        Index(f"{name}_changed", "is_open", "changed_at", "issue_id", sqlite_where=shown, postgresql_where=shown),
        Index(f"{name}_due", "due_at", "issue_id", sqlite_where=running, postgresql_where=running),
        Index(f"{name}_unit", "unit_code", "is_open", "changed_at", "issue_id"),
        Index(f"{name}_unit_due", "unit_code", "due_at", "issue_id", sqlite_where=running, postgresql_where=running),
    )


def _told_by_intake() -> Iterator[Column[object]]:
    yield Column("is_raised", Boolean, nullable=False)
    yield Column("title", String(200), nullable=False)
    yield Column("category", String(100), nullable=False)
    yield Column("publicity", Words(Publicity), nullable=False)
    yield Column("request_kind", Words(RequestKind))
    yield Column("raised_class", Words(SlaClass))
    yield Column("origin", Words(IssueOrigin))
    yield Column("proposed_by", String(200), nullable=False)
    yield Column("origin_unit", String(15), nullable=False)
    yield Column("raised_at", Instant)
    yield Column("listed_at", Instant)
    yield Column("orders", Json, nullable=False)


def _told_by_others() -> Iterator[Column[object]]:
    """Supervision tells who holds it, its clocks and incidents, deliberation, dispatch and evaluation one instant."""
    yield Column("held_by", String(15), nullable=False)
    yield Column("held_at", Instant)
    yield Column("moved_at", Instant)
    yield Column("moved_route", Words(Route))
    yield Column("closed_at", Instant)
    yield Column("reopened_at", Instant)
    yield Column("outcome", Words(Outcome))
    yield Column("ordered_at", Instant)
    yield Column("clocks", Json, nullable=False)
    yield Column("incidents", Json, nullable=False)
    yield Column("adopted_at", Instant)
    yield Column("handled_at", Instant)
    yield Column("redo_at", Instant)


def _seen() -> Iterator[Column[object]]:
    """What lists sort and filter by."""
    yield Column("began", Json, nullable=False)
    yield Column("unit_code", String(15), nullable=False)
    yield Column("tier", Words(Tier))
    yield Column("stage", Words(Stage), nullable=False)
    yield Column("light", Words(Light), nullable=False)
    yield Column("sla_class", Words(SlaClass))
    yield Column("due_at", Instant)
    yield Column("people", Integer, nullable=False)
    yield Column("is_open", Boolean, nullable=False)
    yield Column("is_shown", Boolean, nullable=False)
    yield Column("held_since", Instant)
    yield Column("changed_at", Instant, nullable=False)


def _stories(metadata: MetaData, name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("issue_id", String(120), primary_key=True),
        Column("event_id", String(200), primary_key=True),
        Column("at", Instant, nullable=False),
        Column("kind", String(60), nullable=False),
        Column("facts", Json, nullable=False),
    )


def _sessions(metadata: MetaData, name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("session_id", String(140), primary_key=True),
        Column("issue_id", String(120), nullable=False),
        Column("title", String(200), nullable=False),
        Column("unit_code", String(15), nullable=False),
        Column("number", Integer, nullable=False),
        Column("kind", Words(SessionKind)),
        Column("planned", Words(SessionState)),
        Column("held", Words(SessionState)),
        Column("state", Words(SessionState), nullable=False),
        Column("starts_at", Instant),
        Column("hall_id", String(120), nullable=False),
        Column("hall_name", String(200), nullable=False),
        Column("items", Integer, nullable=False),
        Column("is_noticed", Boolean, nullable=False),
        Index(f"{name}_issue", "issue_id"),
        Index(f"{name}_starts", "starts_at", "session_id"),
        Index(f"{name}_hall", "hall_id", "starts_at"),
        Index(f"{name}_unit", "unit_code", "starts_at"),
    )


def _resolutions(metadata: MetaData, name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("resolution_id", String(140), primary_key=True),
        Column("issue_id", String(120), nullable=False),
        Column("session_id", String(140), nullable=False),
        Column("unit_code", String(15), nullable=False),
        Column("motion", Text, nullable=False),
        Column("decider", Words(Decider)),
        Column("leaves_as_is", Boolean, nullable=False),
        Column("adopted_at", Instant),
        Column("displayed_until", Instant),
        Column("review", Words(Review)),
        Index(f"{name}_issue", "issue_id"),
        Index(f"{name}_adopted", "adopted_at", "resolution_id"),
    )


def _incidents(metadata: MetaData, name: str) -> Table:
    unsettled = text("settled_at IS NULL")
    return Table(
        name,
        metadata,
        Column("incident_id", String(160), primary_key=True),
        Column("issue_id", String(120), nullable=False),
        Column("unit_code", String(15), nullable=False),
        Column("kind", Words(IncidentKind), nullable=False),
        Column("about", String(200), nullable=False),
        Column("opened_at", Instant, nullable=False),
        Column("settled_at", Instant),
        Index(f"{name}_issue", "issue_id"),
        Index(f"{name}_open", "unit_code", "opened_at", sqlite_where=unsettled, postgresql_where=unsettled),
    )


def _tallies(metadata: MetaData, name: str) -> Table:
    """How many open issues a unit holds, by stage and light. A row that comes to nothing goes."""
    return Table(
        name,
        metadata,
        Column("id", String(60), primary_key=True),
        Column("unit_code", String(15), nullable=False),
        Column("stage", Words(Stage), nullable=False),
        Column("light", Words(Light), nullable=False),
        Column("number", BigInteger, nullable=False),
        Index(f"{name}_unit", "unit_code"),
    )


def _figures(metadata: MetaData, name: str) -> Table:
    """How often something happened in a unit on a day; orders by the hour too, all else at hour 0."""
    return Table(
        name,
        metadata,
        Column("id", String(80), primary_key=True),
        Column("unit_code", String(15), nullable=False),
        Column("day", Date, nullable=False),
        Column("hour", SmallInteger, nullable=False),
        Column("what", String(40), nullable=False),
        Column("number", BigInteger, nullable=False),
        Index(f"{name}_day", "day", "unit_code"),
    )


def _periods(metadata: MetaData, name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("period_id", String(7), primary_key=True),
        Column("starts_at", Instant),
        Column("ends_at", Instant),
        Column("samples", Integer, nullable=False),
        Column("sha256", String(64), nullable=False),
        Column("policy_version", String(40), nullable=False),
        Column("classes", Json, nullable=False),
        Column("errata", Json, nullable=False),
        Column("published_at", Instant),
    )


def _rankings(metadata: MetaData, name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("id", String(100), primary_key=True),
        Column("period_id", String(7), nullable=False),
        Column("group", String(20), nullable=False),
        Column("within", String(15), nullable=False),
        Column("dispatch_kind", String(20), nullable=False),
        Column("entries", Json, nullable=False),
        Index(f"{name}_period", "period_id", "within"),
    )


def _categories(metadata: MetaData, name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("code", String(100), primary_key=True),
        Column("name", String(200), nullable=False),
        Column("told_at", Instant, nullable=False),
    )


def _documents(metadata: MetaData, name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("id", String(160), primary_key=True),
        Column("kind", Words(FoundKind), nullable=False),
        Column("issue_id", String(120), nullable=False),
        Column("title", String(200), nullable=False),
        Column("words", Text, nullable=False),
        Column("unit_code", String(15), nullable=False),
        Column("at", Instant, nullable=False),
    )


def _grams(metadata: MetaData, name: str) -> Table:
    """In the order in which a search shows them: in titles before texts, then the newest; all in the key."""
    return Table(
        name,
        metadata,
        Column("gram", String(2), primary_key=True),
        Column("weight", SmallInteger, primary_key=True, autoincrement=False),
        Column("at", Instant, primary_key=True),
        Column("document_id", String(160), primary_key=True),
    )
