"""Object 异议 to a resolution while it is on display: who objects and what they say is for those who answer it."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from services.board.reading.meetings import ResolutionShown
from services.board.reading.shapes import ResolutionState
from services.gateway.accounts.forms import form_key
from services.gateway.at_hand import ask, board
from services.gateway.pages.addressed import asked
from services.gateway.pages.forms import AWAY, Form, again
from services.gateway.person import resident
from services.gateway.words.catalogue import zh
from services.gateway.words.refusals import refusal
from shared.errors import GongshangError, NotFound, Unavailable

page = Blueprint("objection", __name__)
LONGEST = 2000


@page.get("/objection")
def show() -> str:
    return _page(Form())


@page.post("/objection")
def take() -> ResponseReturnValue:
    form = Form.sent()
    form.needs("reasons", zh("请写明为什么有异议"))
    form.at_most("reasons", LONGEST, zh("请不超过 2000 个字"))
    if not form.is_good:
        return again(_page(form), form)
    key = form_key()
    said = {"resolution_id": asked("resolution"), "reasons": form["reasons"], "idempotency_key": key}
    try:
        ask("deliberation", "object_to_resolution", said, by=resident(key))
    except GongshangError as error:
        is_away = isinstance(error, Unavailable)
        form.refused, form.trouble = error, AWAY if is_away else refusal(error)
        return again(_page(form), form)
    return _page(form, is_taken=True)


def _page(form: Form, *, is_taken: bool = False) -> str:
    found = _resolution()
    is_open = found.row.state is ResolutionState.DISPLAYED
    return render_template("public/objection.html", form=form, found=found, is_open=is_open, is_taken=is_taken)


def _resolution() -> ResolutionShown:
    """That of the address. Raises NotFound, also where its issue is not public."""
    of_issue = board().issue(asked("issue")).resolutions
    found = (one for one in of_issue if one.row.resolution_id == asked("resolution"))
    resolution = next(found, None)
    if resolution is None:
        raise NotFound("no such resolution")
    return resolution
