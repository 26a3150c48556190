"""Polls 逐户表决 of a unit: each with what is due, its papers, who has handed in none, and what it came to.

Papers are entered a few at a time; somebody else holds each against what was entered.
"""

from collections.abc import Sequence
from http import HTTPStatus

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from services.gateway.accounts.signing import colleague, staff_page
from services.gateway.at_hand import Reply, ask, now, with_instants
from services.gateway.filters import said
from services.gateway.pages.books import faults_said_of
from services.gateway.pages.forms import MISSING, Form, again
from services.gateway.pages.paging import part_of
from services.gateway.pages.staff.acts import NOT_OFFERED, TOO_LONG, told
from services.gateway.pages.staff.doing import offered
from services.gateway.pages.staff.poll_acts import INSTANTS, STAGES, poll_of, stage_of
from services.gateway.pages.staff.room_acts import HALL
from services.gateway.words.catalogue import zh

page = Blueprint("polls", __name__)
LAST_SECOND = 10**12 - 1
MOST, ROWS, CHECKED_AT_ONCE, MOST_SUGGESTED = 200, 6, 12, 500
NONE_MARKED = zh("未选（弃权）")
COLUMNS = {
    "dwelling": (zh("房号"), 120),
    "choice": (zh("选了什么"), 2),
    "signed_by": (zh("谁签的字"), 500),
    "authorised": (zh("委托书"), 200),
}
"""What is entered of a paper: the title of each column, and how long it can be."""
NEEDED = ("dwelling", "choice")
NO_PAPER, NONE_CHECKED = zh("一张票也没有填"), zh("一张也没有核对：请逐张选一致或者不一致")
ANSWERS = {"right": zh("一致"), "wrong": zh("不一致")}
WHY = zh("有不一致的，请写明哪里不对")
LONGEST_WHY = 500


@page.get("/polls", endpoint="all")
@staff_page(*HALL)
def show_all() -> str:
    person = colleague()
    polls = ask("deliberation", "list_polls", {"unit_code": person.unit, "most": MOST}, by=person)["polls"]
    shown = [with_instants(one, *INSTANTS) for one in polls]
    part = part_of(shown, _place)
    stages = {one["poll_id"]: STAGES[stage_of(one, now())] for one in part.rows}
    return render_template("staff/polls.html", part=part, stages=stages)


@page.get("/polls/<path:poll_id>", endpoint="one")
@staff_page(*HALL)
def show(poll_id: str) -> str:
    person = colleague()
    poll = poll_of(poll_id, person)
    return render_template(
        "staff/poll.html",
        poll=poll,
        result=_result(poll),
        stage=STAGES[poll["stage"]],
        papers=part_of(poll["papers"], lambda one: f"{one['number']:06}"),
        outstanding=part_of(poll["outstanding"], str, most=100, name="outstanding_after"),
        choices=dict(_choices(poll)),
        to_check=len(_to_check(poll)),
        acts=offered("poll", poll_id, person, poll["stage"]),
    )


@page.get("/poll-papers/<path:poll_id>", endpoint="papers")
@staff_page(*HALL)
def show_papers(poll_id: str) -> str:
    return _papers_page(poll_of(poll_id, colleague()), Form())


@page.post("/poll-papers/<path:poll_id>")
@staff_page(*HALL)
def enter(poll_id: str) -> ResponseReturnValue:
    """All rows in which something stands; with a fault in one, none."""
    form, poll = Form.sent(), poll_of(poll_id, colleague())
    numbers = [number for number in range(1, ROWS + 1) if any(form[f"{name}_{number}"] for name in COLUMNS)]
    _check_rows(form, numbers, dict(_choices(poll)))
    if not numbers:
        form.trouble = NO_PAPER
    if form.is_good:
        papers = [_paper(form, number) for number in numbers]
        if told("deliberation", "enter_papers", {"poll_id": poll_id, "papers": papers}, form) is not None:
            return redirect(url_for("polls.papers", poll_id=poll_id, done="yes"), HTTPStatus.SEE_OTHER)
        _say_by_row(form, numbers)
    return again(_papers_page(poll, form), form)


@page.get("/poll-checks/<path:poll_id>", endpoint="checks")
@staff_page(*HALL)
def show_checks(poll_id: str) -> str:
    return _checks_page(poll_of(poll_id, colleague()), Form())


@page.post("/poll-checks/<path:poll_id>")
@staff_page(*HALL)
def check(poll_id: str) -> ResponseReturnValue:
    """Those that were found right or wrong; the rest waits."""
    form, poll = Form.sent(), poll_of(poll_id, colleague())
    found = {
        name: [one["number"] for one in poll["papers"] if form[f"paper_{one['number']}"] == name] for name in ANSWERS
    }
    if not any(found.values()):
        form.trouble = NONE_CHECKED
    if found["wrong"]:
        form.needs("reason", WHY)
    form.at_most("reason", LONGEST_WHY, TOO_LONG)
    if form.is_good:
        asked = {"poll_id": poll_id, **found, "reason": form["reason"]}
        if told("deliberation", "check_papers", asked, form, ["reason"]) is not None:
            return redirect(url_for("polls.one", poll_id=poll_id, done="yes"), HTTPStatus.SEE_OTHER)
        form.trouble = faults_said_of(form, "papers") or form.trouble
    return again(_checks_page(poll, form), form)


def _place(one: Reply) -> str:
    """What is to be counted by when it is due, then what was, the latest first."""
    is_over, due = one["state"] != "open", int(one["due_at"].timestamp())
    return f"{is_over:d} {LAST_SECOND - due if is_over else due:012} {one['poll_id']}"


def _papers_page(poll: Reply, form: Form) -> str:
    form.labels = {
        f"{name}_{number}": f"{number}. {said(title)}"
        for name, (title, _) in COLUMNS.items()
        for number in range(1, ROWS + 1)
    }
    few = poll["outstanding"] if len(poll["outstanding"]) <= MOST_SUGGESTED else []
    longest = {name: most for name, (_, most) in COLUMNS.items()}
    titles = {name: title for name, (title, _) in COLUMNS.items()}
    return render_template(
        "staff/papers.html",
        poll=poll,
        form=form,
        rows=range(1, ROWS + 1),
        titles=titles,
        longest=longest,
        choices=_choices(poll),
        suggested=few,
    )


def _checks_page(poll: Reply, form: Form) -> str:
    form.labels = {"reason": WHY}
    waiting = _to_check(poll)
    return render_template(
        "staff/checks.html",
        poll=poll,
        form=form,
        papers=waiting[:CHECKED_AT_ONCE],
        waiting=len(waiting),
        answers=ANSWERS,
        why=WHY,
        longest=LONGEST_WHY,
        choices=dict(_choices(poll)),
    )


def _check_rows(form: Form, numbers: Sequence[int], choices: dict[str, str]) -> None:
    for number in numbers:
        for name, (_, longest) in COLUMNS.items():
            if name in NEEDED:
                form.needs(f"{name}_{number}", MISSING)
            form.at_most(f"{name}_{number}", longest, TOO_LONG)
        if form[f"choice_{number}"]:
            form.one_of(f"choice_{number}", choices, NOT_OFFERED)


def _paper(form: Form, number: int) -> dict[str, object]:
    """As deliberation takes it; where nobody is named, all holders signed."""
    signed = form[f"signed_by_{number}"].replace("，", "、").replace(",", "、").split("、")
    return {
        "dwelling": form[f"dwelling_{number}"],
        "choice": int(form[f"choice_{number}"]),
        "signed_by": [one.strip() for one in signed if one.strip()],
        "authorised": form[f"authorised_{number}"],
    }


def _say_by_row(form: Form, numbers: Sequence[int]) -> None:
    """What was refused beside the rows it is about: `papers.0` is the first that was sent."""
    for place, number in enumerate(numbers):
        for name in COLUMNS:
            if words := faults_said_of(form, f"papers.{place}.{name}"):
                form.faults[f"{name}_{number}"] = words
    if form.faults:
        form.trouble = ""


def _to_check(poll: Reply) -> list[Reply]:
    """What somebody else entered, and nobody checked."""
    return [one for one in poll["papers"] if not (one["is_checked"] or one["is_own"])]


def _choices(poll: Reply) -> list[tuple[str, str]]:
    """What can be marked on a paper, by its number."""
    return [*((str(number), words) for number, words in enumerate(poll["options"], 1)), ("0", NONE_MARKED)]


def _result(poll: Reply) -> Reply:
    """As a poll is shown to everybody."""
    tally = with_instants(poll["tally"], "counted_at") if poll["tally"] else {"outcome": "", "counted_at": None}
    return poll | tally
