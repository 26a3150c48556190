"""Ranks of a published period, each with its interval and what it rests on."""

from flask import Blueprint, Response, render_template

from services.board.reading.measures import Ranks
from services.gateway.at_hand import board
from services.gateway.pages.addressed import asked
from services.gateway.pages.downloads import as_csv
from services.gateway.pages.rankings import COLUMNS, in_order, lines_of
from shared.errors import NotFound

page = Blueprint("ranks", __name__)


@page.get("/ranks")
def show() -> str:
    ranks = _ranks()
    return render_template("public/ranks.html", ranks=ranks, tables=in_order(ranks.tables) if ranks else ())


@page.get("/ranks.csv")
def table() -> Response:
    ranks = _ranks()
    tables = in_order(ranks.tables) if ranks else ()
    return as_csv("ranks", COLUMNS, (line for one in tables for line in lines_of(one)))


def _ranks() -> Ranks | None:
    """Those that are asked for, else the last ones; None before the first. Raises NotFound for an unknown period."""
    period = asked("period")
    try:
        return board().ranks(period)
    except NotFound:
        if period:
            raise
        return None
