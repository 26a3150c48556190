"""Makes the Flask application: what it stands on, its doors in order, its pages, and what goes with every answer."""

import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from services.board.reading.board import Board
from services.gateway import answers, dressing, health, proxy, trouble
from services.gateway.accounts import forms, signing
from services.gateway.accounts import views as accounts
from services.gateway.api import document
from services.gateway.at_hand import NAME, AtHand
from services.gateway.calls.asking import Asking
from services.gateway.calls.dead import count_dead
from services.gateway.pages import PAGES
from services.gateway.pages.staff import proofs
from shared.clock import clock_from
from shared.settings import settings
from shared.storage.engine import CONNECTIONS_OF_A_WEB_WORKER, connections_of, engine_for, make_engine

LARGEST_BODY = 1024 * 1024
LARGEST_FIELD = 256 * 1024
MOST_READ_AWAY = 64 * LARGEST_BODY
MOST_FIELDS = 1000
BOARD_CONNECTIONS = CONNECTIONS_OF_A_WEB_WORKER - connections_of("gateway")
A_YEAR = 365 * 24 * 3600


def make_app(at_hand: AtHand | None = None) -> Flask:
    """An app on what is given, else on what the settings name."""
    app = Flask("services.gateway", root_path=str(Path(__file__).parent))
    app.extensions[NAME] = at_hand or _as_set()
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_FIELD,
        MAX_FORM_PARTS=MOST_FIELDS,
        SEND_FILE_MAX_AGE_DEFAULT=A_YEAR,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.url_defaults(_with_version(app))
    app.before_request(_must_be_whole)
    app.after_request(_read_away_what_is_left)
    for part in (proofs, answers, trouble, health, signing, forms, dressing, document):
        part.join(app)
    app.register_blueprint(accounts.page)
    for page in PAGES:
        app.register_blueprint(page)
    app.wsgi_app = proxy.Proxied(app.wsgi_app, settings().web_proxy or ())  # type: ignore[method-assign]
    return app


def _as_set() -> AtHand:
    clock = clock_from(settings())
    board = Board(make_engine("board", settings().database, BOARD_CONNECTIONS), clock)
    return AtHand(asks=Asking(), engine=engine_for("gateway"), clock=clock, board=board, dead_letters=count_dead)


def _must_be_whole() -> None:
    """Of a body that comes in chunks, without a length, werkzeug would take the first mebibyte for all of it."""
    if "HTTP_TRANSFER_ENCODING" in request.environ and len(request.get_data()) >= LARGEST_BODY:
        raise RequestEntityTooLarge


def _read_away_what_is_left(answer: Response) -> Response:
    """Browsers look at an answer when they have sent all: of a line closed before that they say that it broke."""
    if request.method == "POST" and request.environ.get("wsgi.input_terminated"):
        left, source = MOST_READ_AWAY, request.environ["wsgi.input"]
        while left > 0 and (part := source.read(LARGEST_FIELD)):
            left -= len(part)
    return answer


def _with_version(app: Flask) -> Callable[[str, dict[str, Any]], None]:
    """A static file may be kept for a year: another content has another address. Ours stay while a process runs."""

    @lru_cache(maxsize=500)
    def version(name: str) -> str:
        file = Path(str(app.static_folder)) / name
        return hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else ""

    def add(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and version(values["filename"]):
            values["v"] = version(values["filename"])

    return add
