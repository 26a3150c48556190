"""Opening a poll 逐户表决 on a motion: who votes, by a register in a file; shown what will follow, then opened.

Deliberation reads the file, and says what is wrong beside its rows. What it read goes with the page, and is not kept.
"""

import base64
import json
import zlib
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.gateway.accounts.signing import colleague, staff_page
from services.gateway.at_hand import Reply, ask, with_instants
from services.gateway.pages.books import NOT_READ, book_sent, faults_said, faults_said_of
from services.gateway.pages.forms import Form, again
from services.gateway.pages.staff.acts import Field, check_fields, refused, told
from services.gateway.pages.staff.poll_acts import INSTANTS
from services.gateway.pages.staff.room_acts import HALL
from services.gateway.words.catalogue import zh
from shared.errors import GongshangError

page = Blueprint("poll_opening", __name__)
LONGEST_OPTIONS = 4000
MOST_UNPACKED = 4_000_000
ITEMS = {
    "1": zh("制定、修改业主大会议事规则"),
    "2": zh("制定、修改管理规约"),
    "3": zh("选举业主委员会或者更换其成员"),
    "4": zh("选聘、解聘物业服务企业或者其他管理人"),
    "5": zh("使用维修资金"),
    "6": zh("筹集维修资金"),
    "7": zh("改建、重建建筑物及其附属设施"),
    "8": zh("改变共有部分的用途，或者利用共有部分经营"),
    "9": zh("共有和共同管理权利的其他重大事项"),
}
"""Of 民法典 278, by their numbers."""
FIELDS = (
    Field(name="electorate", label=zh("哪一种表决"), look="choose", kind="electorate"),
    Field(
        name="owners_item",
        label=zh("业主表决的是哪一项"),
        help=zh("民法典第278条的九项；居民户表决的不选。"),
        look="pick",
        is_required=False,
    ),
    Field(
        name="options",
        label=zh("有哪些选项"),
        help=zh("几个方案里选一个的，每行写一个；不填就是“同意、不同意”。"),
        longest=LONGEST_OPTIONS,
        is_required=False,
    ),
    Field(name="days", label=zh("收票多少天"), look="number"),
)
NAMES = (*(one.name for one in FIELDS), "content")
OFFERED = {"owners_item": list(ITEMS.items())}


@page.get("/poll-open", endpoint="ask")
@staff_page(*HALL)
def ask_for_register() -> str:
    return _page(_motion(), Form())


@page.post("/poll-open")
@staff_page(*HALL)
def check() -> ResponseReturnValue:
    """Nothing is opened yet."""
    motion, form = _motion(), Form.sent()
    check_fields(form, FIELDS, OFFERED)
    book = book_sent(form, "register")
    found = _previewed(motion, form, book) if form.is_good else None
    shown = _page(motion, form, found)
    return shown if form.is_good and found and not found["faults"] else again(shown, form)


@page.post("/poll-open/send")
@staff_page(*HALL)
def send() -> ResponseReturnValue:
    """With the register as it was read."""
    motion, form = _motion(), Form.sent()
    check_fields(form, FIELDS, OFFERED)
    register = _register_in(form)
    if form.is_good:
        opened = told("deliberation", "open_poll", _asked(motion, form) | {"register": register}, form, NAMES)
        if opened is not None:
            return redirect(url_for("polls.one", poll_id=opened["poll_id"], done="yes"), HTTPStatus.SEE_OTHER)
    return again(_page(motion, form), form)


def _motion() -> Reply:
    return ask("deliberation", "get_motion", {"motion_id": request.args.get("motion", "")}, by=colleague())


def _asked(motion: Reply, form: Form) -> dict[str, object]:
    return {
        "motion_id": motion["motion_id"],
        "electorate": form["electorate"],
        "options": [one.strip() for one in form["options"].splitlines() if one.strip()],
        "days": int(form["days"]),
        "owners_item": int(form["owners_item"] or 0),
    }


def _previewed(motion: Reply, form: Form, book: Mapping[str, str]) -> Reply | None:
    """What would follow, or what is wrong in which row. None where it is refused: the form says why."""
    try:
        found = ask("deliberation", "preview_poll", {**_asked(motion, form), **book}, by=colleague())
    except GongshangError as error:
        refused(form, error, NAMES)
        form.faults |= {name: words for name in NAMES if (words := faults_said_of(form, name))}
        if "content" in form.faults:
            form.trouble, form.faults["register"] = NOT_READ, form.faults.pop("content")
        return None
    return with_instants(found, *INSTANTS) | {"faults": faults_said(found["faults"]), "packed": _packed(found)}


def _packed(found: Reply) -> str:
    """The register, small enough for a page."""
    return base64.b64encode(zlib.compress(json.dumps(found["register"], ensure_ascii=False).encode())).decode()


def _register_in(form: Form) -> Any:  # noqa: ANN401
    """The register that came with the page; deliberation looks at each of its rows again."""
    try:
        packed = base64.b64decode(form["packed"], validate=True)
        return json.loads(zlib.decompressobj().decompress(packed, MOST_UNPACKED))
    except (ValueError, RecursionError, zlib.error):
        form.trouble = NOT_READ
        return []


def _page(motion: Reply, form: Form, found: Reply | None = None) -> str:
    form.labels = {one.name: one.label for one in FIELDS} | {"register": zh("选名册文件")}
    return render_template(
        "staff/poll_opening.html",
        motion=motion,
        form=form,
        found=found,
        fields=FIELDS,
        offered=OFFERED,
        items=ITEMS,
    )
