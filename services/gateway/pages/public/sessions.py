"""Sessions 会议: those to come and those that were, and one whole: notice, agenda, hall, votes, minutes."""

from dataclasses import dataclass

from flask import Blueprint, Response, render_template

from services.board.reading.shapes import SessionFilter
from services.gateway import places
from services.gateway.at_hand import board, now
from services.gateway.pages.addressed import asked, asked_unit, cursor
from services.gateway.pages.duty import duty
from services.gateway.pages.following import calendar_of_session
from services.gateway.words.catalogue import zh

page = Blueprint("sessions", __name__)
PAST = "past"
WHENS = (("", zh("接下来的")), (PAST, zh("开过的")))


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to, as it stands in the address."""

    unit: str
    when: str


@page.get("/sessions", endpoint="all")
def show_all() -> str:
    wanted = Wanted(asked_unit(), PAST if asked("when") == PAST else "")
    chosen = SessionFilter(from_at=now(), is_past=wanted.when == PAST, unit=wanted.unit, duty_in=duty())
    found = board().sessions(chosen, cursor())
    return render_template("public/sessions.html", page=found, wanted=wanted, streets=places.streets(), whens=WHENS)


@page.get("/sessions/<path:session_id>", endpoint="one")
def show(session_id: str) -> str:
    return render_template("public/session.html", page=board().session(session_id, duty_in=duty()))


@page.get("/calendars/sessions/<path:session_id>")
def calendar(session_id: str) -> Response:
    return calendar_of_session(board().session(session_id, duty_in=duty()))
