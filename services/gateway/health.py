"""Whether the gateway can do its work, for whoever watches it: `/healthz`, without a word about the inside."""

from flask import Flask, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from services.gateway.at_hand import at_hand
from shared.logs import get_logger
from shared.storage.engine import READS
from shared.telling import told

log = get_logger()


def join(app: Flask) -> None:
    """Give the app its `/healthz`."""
    app.add_url_rule("/healthz", "healthz", healthz)


def healthz() -> Response:
    """200 while pages can be shown; calls that can't be made are told on the pages that need them."""
    trouble = _trouble()
    answer = jsonify({"ok": trouble is None, "trouble": trouble})
    answer.status_code = 503 if trouble else 200
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _trouble() -> str | None:
    try:
        with at_hand().engine.connect().execution_options(**READS) as connection:
            connection.exec_driver_sql("SELECT 1 FROM accounts WHERE 1 = 0")
    except SQLAlchemyError as fault:
        log.warning("database_away", error=told(fault))
        return "its database is away or not migrated"
    return None
