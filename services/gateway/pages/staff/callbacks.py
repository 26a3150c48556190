"""Callbacks 回访: whom to ask, by when; one order's survey, its phone behind a reason on record, and every answer."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from services.gateway.accounts.signing import colleague, staff_page
from services.gateway.at_hand import Reply, ask, with_instants
from services.gateway.pages.addressed import asked, cursor
from services.gateway.pages.forms import Form, again
from services.gateway.pages.staff.doing import offered
from services.gateway.pages.staff.reading import read, reasons_of
from services.gateway.words.catalogue import zh
from shared.auth import Role

page = Blueprint("callbacks", __name__)

READERS = (Role.CALLBACK_AGENT, Role.EVALUATOR, Role.SUPERVISOR)
A_PAGE = 25
INSTANTS = ("due_at", "asks_at", "answer_by", "asked_at", "completed_at")
OWN, HOTLINE = "own", "hotline"
ASKERS = {OWN: zh("由我们回访"), HOTLINE: zh("由热线回访，可以自查")}


@page.get("/callbacks", endpoint="all")
@staff_page(*READERS)
def show_all() -> str:
    person = colleague()
    asker = asked("asker") if asked("asker") in ASKERS else OWN
    wanted = {"unit_code": person.unit, "asker": asker, "after": cursor(), "most": A_PAGE}
    found = ask("evaluation", "list_callbacks_due", wanted, by=person)
    callbacks = [with_instants(one, *INSTANTS) for one in found["callbacks"]]
    return render_template(
        "staff/callbacks.html", callbacks=callbacks, next_after=found["next_after"], asker=asker, askers=ASKERS
    )


@page.get("/callbacks/<path:order_no>", endpoint="one")
@staff_page(*READERS)
def show(order_no: str) -> str:
    return _shown(order_no, Form())


@page.post("/callbacks/<path:order_no>")
@staff_page(*READERS)
def read_words(order_no: str) -> ResponseReturnValue:
    """Read the order with its phone: the reason is kept with the look."""
    form = Form.sent()
    words = read(form, colleague())
    shown = _shown(order_no, form, words)
    return shown if words is not None else again(shown, form)


def _shown(order_no: str, form: Form, words: Reply | None = None) -> str:
    person = colleague()
    survey = with_instants(ask("evaluation", "get_survey", {"order_no": order_no}, by=person), *INSTANTS)
    state = "asking" if survey["asker"] == HOTLINE else survey["state"]
    return render_template(
        "staff/callback.html",
        survey=survey,
        answers=[with_instants(one, *INSTANTS) for one in survey["callbacks"]],
        acts=offered("survey", order_no, person, state),
        form=form,
        reasons=reasons_of(person),
        words=words,
        askers=ASKERS,
    )
