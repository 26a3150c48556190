"""What everybody may look at: issues, sessions, halls, ranks and search, as the board shows them.

Who has a post sees what is not public in their unit as well. Lists go on with the `cursor` of the page before.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Response, request
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, fields, validate

from services.board.reading.measures import Ranks
from services.board.reading.meetings import SessionPage
from services.board.reading.shapes import (
    Found,
    HallFilter,
    HallKind,
    HallRow,
    IssueFilter,
    IssueRow,
    Light,
    Page,
    SessionFilter,
    SessionRow,
    SessionState,
    Stage,
    Tier,
)
from services.board.reading.whole import HallPage, IssuePage
from services.gateway.api.callers import caller
from services.gateway.api.calls import JSON, REFUSALS
from services.gateway.api.shown import as_json, schema_of
from services.gateway.at_hand import board as the_board
from services.gateway.at_hand import now
from shared.contracts.fields import Instant
from shared.contracts.json_schema import JsonSchema
from shared.errors import BadRequest

LONGEST_CURSOR = 500
components: dict[str, JsonSchema] = {}
"""The schemas of all that is shown here."""


looks = Blueprint("api_board", __name__, url_prefix="/api/v1", description="What everybody may look at.")


class Asked(Schema):
    """The parameters of an address."""

    class Meta:
        unknown = RAISE


class Listed(Asked):
    """Those of every list."""

    unit = fields.String(load_default="", validate=validate.Length(max=15))
    cursor = fields.String(load_default="", validate=validate.Length(max=LONGEST_CURSOR))


class IssuesAsked(Listed):
    """Which issues."""

    stage = fields.Enum(Stage, by_value=True)
    tier = fields.Enum(Tier, by_value=True)
    light = fields.Enum(Light, by_value=True)
    category = fields.String(validate=validate.Length(max=60))
    is_open = fields.Boolean(metadata={"description": "Left out: those that are open."})
    by_due = fields.Boolean(metadata={"description": "The next due first; else the last changed."})


class SessionsAsked(Listed):
    """Which sessions."""

    from_at = Instant(metadata={"description": "Those that begin from then on; left out: from now on."})
    is_past = fields.Boolean(metadata={"description": "Those before `from_at`, the latest first."})
    state = fields.Enum(SessionState, by_value=True)
    hall_id = fields.String(validate=validate.Length(max=120))


class HallsAsked(Listed):
    """Which halls."""

    kind = fields.Enum(HallKind, by_value=True)


class RanksAsked(Asked):
    """Of which period."""

    period = fields.String(load_default="", validate=validate.Regexp(r"^([0-9]{4}-[0-9]{2})?$"))


class SearchAsked(Asked):
    """What is looked for."""

    words = fields.String(required=True, validate=validate.Length(min=2, max=100))
    cursor = fields.String(load_default="", validate=validate.Length(max=LONGEST_CURSOR))


@looks.before_request
def each_once() -> None:
    """Raises BadRequest for a parameter that is named twice: readers take the first or the last, as they like."""
    twice = [name for name, values in request.args.lists() if len(values) > 1]
    if twice:
        raise BadRequest("a parameter is named twice", {name: ["Must be given once."] for name in twice})


def documented(name: str, kind: Any) -> Callable[[Any], Any]:
    """What a look is called, and what it shows."""
    answers: dict[str, Any] = {code: {"$ref": "#/components/responses/Problem"} for code in REFUSALS}
    answers["200"] = {"description": "As it stands.", "content": {JSON: {"schema": schema_of(kind, components)}}}
    answers["304"] = {"description": "As it was, says its ETag."}
    decorated: Callable[[Any], Any] = looks.doc(
        operationId=name, tags=["board"], responses=answers, security=[{}, {"token": []}, {"session": []}]
    )
    return decorated


def asking(schema: type[Asked]) -> Callable[[Any], Any]:
    """Reads the parameters of an address, as their schema says; what nobody knows is refused."""
    decorated: Callable[[Any], Any] = looks.arguments(schema, location="query", error_status_code=400, unknown=None)
    return decorated


@looks.get("/issues")
@documented("issues", Page[IssueRow])
@asking(IssuesAsked)
def issues(asked: dict[str, Any]) -> Response:
    """Issues 议题: those that are open, the last changed first, if nothing else is asked for."""
    cursor = asked.pop("cursor")
    return listed(the_board().issues(IssueFilter(**asked, duty_in=duty_in()), cursor))


@looks.get("/issues/<issue_id>")
@documented("issue", IssuePage)
def issue(issue_id: str) -> Response:
    """An issue's whole way: stages, tiers, clocks, sessions, votes, resolutions, tasks, timeline."""
    return shown(the_board().issue(issue_id, duty_in=duty_in()))


@looks.get("/sessions")
@documented("sessions", Page[SessionRow])
@asking(SessionsAsked)
def sessions(asked: dict[str, Any]) -> Response:
    """Sessions 会议: those to come, if nothing else is asked for."""
    cursor = asked.pop("cursor")
    from_at: datetime = asked.pop("from_at", None) or now()
    return listed(the_board().sessions(SessionFilter(**asked, from_at=from_at, duty_in=duty_in()), cursor))


@looks.get("/sessions/<path:session_id>")
@documented("session", SessionPage)
def session(session_id: str) -> Response:
    """A session with its notice, agenda, votes and minutes."""
    return shown(the_board().session(session_id, duty_in=duty_in()))


@looks.get("/halls")
@documented("halls", Page[HallRow])
@asking(HallsAsked)
def halls(asked: dict[str, Any]) -> Response:
    """Halls 议事厅, by the unit they are in."""
    cursor = asked.pop("cursor")
    return listed(the_board().halls(HallFilter(**asked), cursor))


@looks.get("/halls/<path:hall_id>")
@documented("hall", HallPage)
def hall(hall_id: str) -> Response:
    """A hall with its hours, contact and sessions."""
    return shown(the_board().hall(hall_id))


@looks.get("/ranks")
@documented("ranks", Ranks)
@asking(RanksAsked)
def ranks(asked: dict[str, Any]) -> Response:
    """Ranks of a published period, with their intervals; of the last one, if none is named."""
    return shown(the_board().ranks(asked["period"]))


@looks.get("/search")
@documented("search", Page[Found])
@asking(SearchAsked)
def search(asked: dict[str, Any]) -> Response:
    """Issues, sessions, halls and resolutions in which words stand; two characters suffice."""
    return listed(the_board().search(asked["words"], asked["cursor"], duty_in=duty_in()))


def duty_in() -> str:
    """The unit of who asks, if they are a member of staff there."""
    person = caller()
    return person.unit if person is not None and person.post.organisation else ""


def shown(value: object) -> Response:
    """As JSON."""
    return Response(as_json(value), mimetype=JSON)


def listed(page: Page[Any]) -> Response:
    """As JSON, with the address of the next page."""
    answer = shown(page)
    if page.next_cursor:
        following = f"{request.path}?{urlencode(request.args.to_dict() | {'cursor': page.next_cursor})}"
        answer.headers["Link"] = f'<{following}>; rel="next"'
    return answer
