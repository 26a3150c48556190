"""`GET /api/v1/my-work`: all that waits for who asks, of all services, the most urgent first."""

from typing import Any

from flask_smorest import Blueprint

from services.gateway.api.callers import caller
from services.gateway.api.calls import REFUSALS
from services.gateway.api.catalogue import all_calls, all_schemas
from services.gateway.at_hand import ask
from services.gateway.person import Person
from shared.errors import NotAuthenticated, Unavailable

LIST = "list_my_work"
MOST = 500
"""Of each service: as many as it tells at once."""
TEXT = {"type": "string"}
REPLY = {
    "type": "object",
    "properties": {
        "waits": {"type": "array", "items": {"$ref": "#/components/schemas/Wait"}},
        "away": {"type": "array", "items": {"type": "string"}, "description": "Services that did not answer."},
    },
    "required": ["waits", "away"],
}


def wait_schema() -> dict[str, Any]:
    """Of one thing that waits: as services describe it, with the service whose it is."""
    described = all_schemas()["intake.WaitPart"]
    properties = {"service": TEXT, **described["properties"]}
    return {**described, "properties": properties, "required": ["service", *described["required"]]}


my_work = Blueprint("api_my_work", __name__, url_prefix="/api/v1/my-work", description="What waits for somebody.")


@my_work.get("")
@my_work.doc(
    operationId="my_work",
    tags=["my work"],
    responses={
        "200": {"description": "Done.", "content": {"application/json": {"schema": REPLY}}},
        **{code: {"$ref": "#/components/responses/Problem"} for code in REFUSALS},
    },
    security=[{"token": []}, {"session": []}],
)
def list_my_work() -> dict[str, Any]:
    """What waits for whoever asks, in all services, by when and with what happens otherwise."""
    person = caller()
    if person is None:
        raise NotAuthenticated("sign in first, or name a token: work waits for somebody")
    waits, away = waits_of(person)
    return {"waits": waits, "away": away}


def waits_of(person: Person) -> tuple[list[dict[str, Any]], list[str]]:
    """Of all services that have work for one of the person's roles; and those that are away."""
    waits: list[dict[str, Any]] = []
    away: list[str] = []
    for call in all_calls():
        if call.method != LIST or not person.is_any_of(*call.roles):
            continue
        try:
            waits += [
                {"service": call.service, **wait}
                for wait in ask(call.service, LIST, {"most": MOST}, by=person)["waits"]
            ]
        except Unavailable:
            away.append(call.service)
    return sorted(waits, key=lambda wait: (wait["due_at"] is None, wait["due_at"] or "")), away
