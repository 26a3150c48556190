"""The table of a service's requests, and its repository."""

from collections.abc import Collection

from sqlalchemy import Boolean, Column, Index, MetaData, String, Table, Text

from shared.contracts.requests import RequestReason, Want
from shared.requests.request import Request, RequestState, UnknownRequest
from shared.storage import Instant, Json, Repository, Words, is_any


def requests_table(metadata: MetaData) -> Table:
    """Adds the table to a service's own."""
    return Table(
        "requests",
        metadata,
        Column("id", String(140), primary_key=True),
        Column("wants", Words(Want), nullable=False),
        Column("about", String(120), nullable=False),
        Column("unit_code", String(15), nullable=False),
        Column("reason", Words(RequestReason), nullable=False),
        Column("words", Text, nullable=False),
        Column("evidence", Json, nullable=False),
        Column("facts", Json, nullable=False),
        Column("appeals", String(140), nullable=False),
        Column("asked_by", Text, nullable=False),
        Column("asked_person", Text, nullable=False),
        Column("asked_at", Instant, nullable=False),
        Column("decided_in", String(15), nullable=False),
        Column("decide_by", Instant, nullable=False),
        Column("state", Words(RequestState), nullable=False),
        Column("is_default", Boolean, nullable=False),
        Column("answer", Text, nullable=False),
        Column("decided_by", Text, nullable=False),
        Column("decided_at", Instant),
        Index("requests_about", "about"),
        Index("requests_open", "decided_in", "state"),
    )


class RequestRepository(Repository[Request]):
    """Requests by id. A service names its table in a subclass."""

    entity = Request

    def unknown(self, key: str) -> UnknownRequest:
        return UnknownRequest(f"no request has the id {key!r}", {"request_id": ["Unknown request."]})

    def list_in(
        self,
        unit_codes: Collection[str],
        states: Collection[RequestState],
        most: int,
        wants: Collection[Want] = tuple(Want),
    ) -> list[Request]:
        """Those in these states that these units decide, the soonest to be decided first."""
        at = self.table.c
        wanted = self.select_from_here().where(
            is_any(at.decided_in, unit_codes), at.state.in_(states), at.wants.in_(wants)
        )
        return self.look_up(wanted.order_by(at.decide_by, at.id).limit(most))
