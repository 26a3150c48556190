"""Search: issues, sessions, resolutions and halls by words, two characters at least."""

from flask import Blueprint, render_template

from services.gateway.at_hand import board
from services.gateway.pages.addressed import asked, cursor
from services.gateway.pages.duty import duty

page = Blueprint("search", __name__)
SHORTEST = 2


@page.get("/search")
def show() -> str:
    words = asked("words")
    is_too_short = 0 < len(words) < SHORTEST
    found = board().search(words, cursor(), duty_in=duty()) if words and not is_too_short else None
    return render_template("public/search.html", words=words, page=found, too_short=is_too_short)
