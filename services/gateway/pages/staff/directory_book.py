"""A clerk's book into the directory 名录: checked, its faults beside the rows; shown what it changes; then entered.

The directory reads the file. Between checking and entering the book goes with the page, and is kept nowhere.
"""

import base64
import binascii
from collections.abc import Mapping

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.gateway.accounts.signing import colleague, staff_page
from services.gateway.at_hand import Reply, ask, with_instants
from services.gateway.pages.books import NO_FILE, NOT_READ, book_sent, faults_said
from services.gateway.pages.downloads import attached
from services.gateway.pages.forms import Form, again
from services.gateway.pages.staff.acts import TOO_LONG, told
from services.gateway.pages.staff.directory import KEEPERS, categories
from services.gateway.pages.workbooks import XLSX
from services.gateway.words.catalogue import zh
from services.gateway.words.explained import in_language
from shared.errors import BadRequest

page = Blueprint("directory_book", __name__)

SHORTEST_WHY, LONGEST_WHY = 2, 500
CHANGED = zh("核对以后名录又有变动，请看看现在会怎样变，再提交一次")
TOO_SHORT = zh("请写明为什么")


@page.get("/directory/import")
@staff_page(*KEEPERS)
def ask_for_book() -> str:
    return _page(Form())


@page.post("/directory/import")
@staff_page(*KEEPERS)
def check() -> ResponseReturnValue:
    """Nothing is entered yet."""
    form = Form.sent()
    book = book_sent(form, "book")
    return _checked(form, book) if book else again(_page(form), form)


@page.post("/directory/import/enter")
@staff_page(*KEEPERS)
def enter() -> ResponseReturnValue:
    """What the page before showed, all of it."""
    form = Form.sent()
    book = {name: form[name] for name in ("name", "content")}
    form.needs("why", TOO_SHORT)
    form.at_most("why", LONGEST_WHY, TOO_LONG)
    if len(form["why"]) < SHORTEST_WHY:
        form.faults.setdefault("why", TOO_SHORT)
    if form.is_good:
        command = {**book, "categories": categories(), "plan_sha256": form["plan_sha256"], "why": form["why"]}
        if told("directory", "import_book", command, form) is not None:
            return redirect(url_for("directory.show", done="yes"), 303)
        if form.refused is not None and form.refused.code == "changed_since":
            form.trouble = CHANGED
    return _checked(form, book)


@page.get("/directory/book.xlsx")
@staff_page(*KEEPERS)
def take() -> Response:
    """What the reader's unit has; or with `template` the sheets alone."""
    wanted = {"categories": categories(), "is_template": request.args.get("template") == "yes"}
    found = ask("directory", "export_book", wanted, by=colleague())
    return attached(found["name"], base64.b64decode(found["content"]), XLSX)


def _checked(form: Form, book: Mapping[str, str]) -> ResponseReturnValue:
    """The page with what is wrong, or with what will change."""
    try:
        base64.b64decode(book["content"], validate=True)
        found = ask("directory", "check_book", {**book, "categories": categories()}, by=colleague())
    except binascii.Error:
        form.faults["book"] = NO_FILE
        return again(_page(form), form)
    except BadRequest as error:
        form.refused, form.trouble = error, NOT_READ
        form.faults["book"] = in_language(" ".join(error.fields.get("content", ())) or error.message)
        return again(_page(form), form)
    shown = _page(form, book, _shown(found))
    return shown if form.is_good and not found["faults"] else again(shown, form)


def _page(form: Form, book: Mapping[str, str] | None = None, found: Reply | None = None) -> str:
    return render_template("staff/import.html", form=form, book=book, found=found)


def _shown(found: Reply) -> Reply:
    """In the reader's language, with instants."""
    said = {name: faults_said(found[name]) for name in ("faults", "remarks")}
    changes = [with_instants(one, "valid_from", "valid_to") for one in found["changes"]]
    in_all = sum(number for fated in found["counts"].values() for fate, number in fated.items() if fate != "unchanged")
    return found | said | {"changes": changes, "changes_in_all": in_all}
