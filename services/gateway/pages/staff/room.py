"""The meeting room 议事现场: the live record of a session, for its chair and clerks, and big enough to be projected.

What it shows is deliberation's own reading, asked anew each second by a small script; whoever writes does so on a page
of its own, so that nothing that is typed is lost when others record something.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from services.gateway.accounts.signing import signed_in, staff_page
from services.gateway.at_hand import Reply, ask, board
from services.gateway.filters import said
from services.gateway.pages.forms import Form
from services.gateway.pages.staff.acts import About, Act, Options, do_act, show_act
from services.gateway.pages.staff.room_acts import NEXT, OF_MOTIONS, OF_RESOLUTIONS, OF_SESSIONS, adopting, voting
from services.gateway.reader import times
from services.gateway.words.catalogue import zh
from services.gateway.words.names import name_of
from shared.auth import Role
from shared.errors import GongshangError

page = Blueprint("room", __name__)
HALL = (Role.CHAIR, Role.CLERK)
LATEST = 40
ENDED = frozenset({"closed", "inquorate"})
WHO = ("mover", "seconder", "speaker", "expert", "person_id")
"""What an entry of the record calls a person, apart from those who came or left."""


@page.get("/room/<path:session_id>")
@staff_page(*HALL)
def show(session_id: str) -> str:
    return render_template("staff/room.html", **_seen(session_id))


@page.get("/room-now/<path:session_id>")
@staff_page(*HALL)
def now_there(session_id: str) -> str:
    """What changes while a session goes on."""
    return render_template("staff/room_now.html", **_seen(session_id))


@page.get("/room-do/<name>")
@staff_page(*HALL)
def form(name: str) -> str:
    act, about = _act_and_about(name)
    return show_act(act, about, Form({"item": "0", "number": request.args.get("number", "")} | _suggested(name)))


@page.post("/room-do/<name>")
@staff_page(*HALL)
def do(name: str) -> ResponseReturnValue:
    return do_act(*_act_and_about(name))


def _seen(session_id: str) -> dict[str, Any]:
    """A session as it stands, and a mark that changes with anything that is shown of it."""
    session = _ask("deliberation", "get_session", session_id=session_id)
    invited = _ask("councils", "get_session", session_id=session_id)
    record = _ask("deliberation", "get_record", session_id=session_id)
    minutes = _ask("deliberation", "get_minutes", session_id=session_id) if session["state"] in ENDED else None
    motions = [_ask("deliberation", "get_motion", motion_id=one["motion_id"]) for one in session["motions"]]
    resolved = [one["resolution_id"] for one in motions if one["resolution_id"]]
    resolutions = {one: _ask("deliberation", "get_resolution", resolution_id=one) for one in resolved}
    led = _who_can_lead(session, invited)
    told = json.dumps([session, record["head_hash"], minutes, motions, resolutions], ensure_ascii=False, sort_keys=True)
    return {
        "session": session,
        "invited": invited,
        "names": _names(invited),
        "chair": led.get(session["chair"], ""),
        "clerks": [led[one] for one in session["clerks"] if one in led],
        "motions": motions,
        "resolutions": resolutions,
        "minutes": minutes,
        "entries": list(reversed(record["entries"]))[:LATEST],
        "is_intact": record["is_intact"],
        "next_acts": NEXT,
        "who": WHO,
        "mark": hashlib.sha256(told.encode()).hexdigest()[:16],
    }


def _who_can_lead(session: Reply, invited: Reply) -> Mapping[str, str]:
    """The staff among whom its chair and clerks are, by name; nobody before it has any, and while the board is away."""
    if not (session["chair"] or session["clerks"]):
        return {}
    try:
        return board().staff(invited["unit_code"])
    except (GongshangError, SQLAlchemyError):
        return {}


def _ask(service: str, method: str, **asked: str) -> Reply:
    return ask(service, method, asked, by=signed_in())


def _entries(session_id: str) -> list[Reply]:
    """What is on record, the last one last."""
    entries: list[Reply] = _ask("deliberation", "get_record", session_id=session_id)["entries"]
    return entries


def _told(entry: Reply, names: Mapping[str, str]) -> str:
    """What was recorded, of whom, and when."""
    content = entry["content"]
    whom = [*content.get("person_ids", []), *(content[part] for part in WHO if content.get(part))]
    at = times().when(datetime.fromisoformat(entry["recorded_at"]))
    return " ".join([at, said(name_of("recorded", entry["kind"])), *(names.get(one, one) for one in whom)])


def _suggested(name: str) -> dict[str, str]:
    """For a resolution what was moved, and whom dispatch would give it to, if it knows of anybody."""
    if name != "adopt":
        return {}
    motion = _ask("deliberation", "get_motion", motion_id=request.args.get("motion", ""))
    invited = _ask("councils", "get_session", session_id=motion["motion_id"].rpartition("/")[0])
    try:
        desk = _ask("dispatch", "get_desk", unit_code=invited["unit_code"], category=invited["category"])
    except GongshangError:
        return {"what": motion["motion"]}
    first, *others = desk["posts"] or [{"department": "", "person": ""}]
    return {
        "what": motion["motion"],
        "leader": desk["leader"],
        "department": first["department"],
        "person": first["person"],
        "co_units": "、".join(one["department"] for one in others[:1]),
    }


def _names(invited: Reply) -> dict[str, str]:
    return {one["person_id"]: one["name"] for one in (*invited["deputies"], *invited["experts"])}


def _act_and_about(name: str) -> tuple[Act, About]:
    if resolution_id := request.args.get("resolution", ""):
        return OF_RESOLUTIONS.get(name) or abort(404), _about_resolution(resolution_id)
    motion_id = request.args.get("motion", "")
    session_id = motion_id.rpartition("/")[0] if motion_id else request.args.get("session", "")
    session = _ask("deliberation", "get_session", session_id=session_id)
    invited = _ask("councils", "get_session", session_id=session_id)
    offered = _offered(session, invited)
    if name == "second":
        offered = offered | {"seconder": _others(offered["mover"], motion_id)}
    act = _act(name, motion_id, offered)
    ids = {"motion_id": motion_id} if motion_id else {"session_id": session_id}
    facts = [(zh("会议状态"), name_of("session_state", session["state"]))]
    for one in session["motions"]:
        if one["motion_id"] == motion_id:
            facts += [(zh("动议"), one["motion"]), (zh("走到哪一步"), name_of("motion_state", one["state"]))]
    facts += [(zh("刚刚记下的"), _told(one, _names(invited))) for one in _entries(session_id)[-1:]]
    back = url_for("room.show", session_id=session_id)
    return act, About(ids=ids, title=session["title"], back=back, facts=facts, offered=offered)


def _about_resolution(resolution_id: str) -> About:
    """With the objections that wait for an answer: their words stand here alone, for the room may be projected."""
    told = _ask("deliberation", "get_resolution", resolution_id=resolution_id)
    open_ones = [one for one in told["objections"] if not one["review"]]
    facts = [(zh("现在"), name_of("resolution_state", told["state"]))]
    facts += [(zh("异议"), f"{one['number']}. {one['reasons']}") for one in open_ones]
    back = url_for("room.show", session_id=told["session_id"])
    return About(ids={"resolution_id": resolution_id}, title=told["motion"], back=back, facts=facts)


def _act(name: str, motion_id: str, offered: Mapping[str, Options]) -> Act:
    if motion_id and name in ("vote", "adopt"):
        motion = _ask("deliberation", "get_motion", motion_id=motion_id)
        deputies = [one for one in offered["mover"] if one[0] not in motion["recused"]]
        return voting(deputies) if name == "vote" else adopting(leaves_as_is=motion["leaves_as_is"])
    found = (OF_MOTIONS if motion_id else OF_SESSIONS).get(name)
    return found if found is not None else abort(404)


def _others(deputies: Options, motion_id: str) -> Options:
    """Nobody seconds their own motion."""
    mover = _ask("deliberation", "get_motion", motion_id=motion_id)["mover"]
    return [one for one in deputies if one[0] != mover]


def _offered(session: Reply, invited: Reply) -> dict[str, Options]:
    """Whom each field can name: deputies who are here, experts who are here, or whoever is invited."""
    here = set(session["present_ids"])
    deputies = [(one["person_id"], one["name"]) for one in invited["deputies"] if one["person_id"] in here]
    experts = [(one["person_id"], one["name"]) for one in invited["experts"] if one["person_id"] in here]
    items = [("0", session["title"])] + [(str(one["number"]), one["matter"]) for one in session["agenda"]]
    all_invited = list(_names(invited).items())
    return {
        **dict.fromkeys(("mover", "speaker"), deputies),
        "person_id": [*deputies, *experts],
        "expert": experts,
        "person": all_invited,
        "item": items,
    }
