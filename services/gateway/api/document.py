"""The API as flask-smorest serves it: its OpenAPI 3.1 document, and a page that shows it."""

from pathlib import Path
from typing import Any

import flask_swagger_ui
from flask import Blueprint, Flask, Response, render_template, send_from_directory
from flask_smorest import Api

from services.gateway.api import board as looks_at
from services.gateway.api.calls import calls
from services.gateway.api.catalogue import all_schemas
from services.gateway.api.my_work import my_work, wait_schema
from services.gateway.trouble import PROBLEM
from shared.contracts.json_schema import described_exactly

SWAGGER = Path(flask_swagger_ui.__file__).parent / "dist"
SHOWN = frozenset({"swagger-ui.css", "swagger-ui-bundle.js"})
TEXT = {"type": "string"}
PROBLEM_SCHEMA = {
    "type": "object",
    "description": "Problem details (RFC 9457). `code` says which refusal it is, `errors` what is wrong where.",
    "properties": {
        "type": TEXT,
        "title": TEXT,
        "status": {"type": "integer"},
        "detail": TEXT,
        "code": TEXT,
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {**TEXT, "description": "JSON pointer into the body."},
                    "parameter": {**TEXT, "description": "Or a parameter of the address."},
                    "header": {**TEXT, "description": "Or a header."},
                    "detail": TEXT,
                },
                "required": ["detail"],
            },
        },
    },
    "required": ["type", "title", "status", "detail", "code"],
}

docs = Blueprint("api_docs", __name__, url_prefix="/api")


class SuiteApi(Api):  # type: ignore[misc]
    """Tells trouble as the rest of the gateway does."""

    def _register_error_handlers(self) -> None:
        """trouble.py tells it."""


def join(app: Flask) -> None:
    """Give the app its API."""
    app.config.update(
        API_TITLE="Gongshang 共商",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
    )
    api = SuiteApi()
    api.DEFAULT_ERROR_RESPONSE_NAME = None
    api.init_app(app, spec_kwargs={"info": {"description": _description()}})
    components = api.spec.components
    described_exactly(api.ma_plugin)
    for name, schema in all_schemas().items():
        components.schema(name, component=schema)
    components.schema("Problem", component=PROBLEM_SCHEMA)
    components.response("Problem", component=_problem())
    components.security_scheme("token", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"})
    components.security_scheme("session", {"type": "apiKey", "in": "cookie", "name": "session"})
    components.schema("Wait", component=wait_schema())
    for name, schema in looks_at.components.items():
        components.schema(name, component=schema)
    for part in (looks_at.looks, my_work, calls):
        api.register_blueprint(part)
    app.register_blueprint(docs)


@docs.get("/")
def page() -> str:
    """The document as people read it."""
    return render_template("api.html")


@docs.get("/swagger/<name>")
def swagger(name: str) -> Response:
    """Script and style of the installed package."""
    return send_from_directory(SWAGGER, name if name in SHOWN else "-", max_age=24 * 3600)


def _problem() -> dict[str, Any]:
    return {
        "description": "Refused, or not possible now.",
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _description() -> str:
    return (
        "Everything the pages show and do, for programs. A token comes from district IT; what is public needs none. "
        "What acts needs an `Idempotency-Key`. Refusals are problem details (RFC 9457)."
    )
