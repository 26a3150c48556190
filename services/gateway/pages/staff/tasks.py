"""Task board 办理: tasks by person, desk, organisation and unit; one task whole, with what can be done with it."""

from collections.abc import Mapping

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from services.gateway.accounts.signing import colleague, staff_page
from services.gateway.at_hand import Reply, ask, with_instants
from services.gateway.pages.addressed import asked, cursor
from services.gateway.pages.forms import Form, again
from services.gateway.pages.staff.doing import offered
from services.gateway.pages.staff.reading import orders_of, read, reasons_of
from services.gateway.pages.staff.task_acts import ACTS, is_theirs
from services.gateway.person import Person
from services.gateway.words.catalogue import zh
from shared.auth import Role

page = Blueprint("tasks", __name__)

READERS = (Role.HANDLER, Role.LEADER, Role.SUPERVISOR)
A_PAGE = 25
INSTANTS = ("due_at", "assigned_at")
UNFINISHED = frozenset({"assigned", "signed_for", "in_hand", "blocked", "sent_back"})
WHOSE: Mapping[str, tuple[str, str]] = {
    "person": (zh("我的"), "person_id"),
    "organisation": (zh("本单位"), "organisation_id"),
    "unit": (zh("本辖区"), "unit_code"),
    "desk": (zh("这个岗位"), "desk_id"),
}
"""By what the board is narrowed, and how the call names it; a desk is chosen by its name in a list."""


@page.get("/tasks", endpoint="all")
@staff_page(*READERS)
def show_all() -> str:
    person = colleague()
    whose = asked("by") if asked("by") in WHOSE else "person" if person.is_any_of(Role.HANDLER) else "unit"
    ended = asked("ended") == "yes"
    found = _listed(WHOSE[whose][1], _value(whose, person), ended, person)
    return render_template(
        "staff/tasks.html",
        tasks=[with_instants(one, *INSTANTS) for one in found["tasks"]],
        next_after=found["next_after"],
        whose=whose,
        offered={name: title for name, (title, _) in WHOSE.items() if name != "desk" or whose == "desk"},
        ended=ended,
        unfinished=UNFINISHED,
    )


@page.get("/tasks/<path:task_id>", endpoint="one")
@staff_page(*READERS)
def show(task_id: str) -> str:
    return _shown(task_id, Form())


@page.post("/tasks/<path:task_id>")
@staff_page(*READERS)
def read_words(task_id: str) -> ResponseReturnValue:
    """Read what a resident said: the reason is kept with the look."""
    form = Form.sent()
    words = read(form, colleague())
    shown = _shown(task_id, form, words)
    return shown if words is not None else again(shown, form)


def _shown(task_id: str, form: Form, words: Reply | None = None) -> str:
    person = colleague()
    task = with_instants(ask("dispatch", "get_task", {"task_id": task_id}, by=person), *INSTANTS)
    theirs = [name for name, act in ACTS.items() if is_theirs(act, task, person)]
    return render_template(
        "staff/task.html",
        task=task,
        acts=offered("task", task_id, person, task["state"], among=theirs),
        form=form,
        orders=orders_of(task["issue_id"], person),
        reasons=reasons_of(person),
        words=words,
        unfinished=UNFINISHED,
    )


def _listed(name: str, value: str, ended: bool, person: Person) -> Reply:
    if not value:
        return {"tasks": [], "next_after": ""}
    wanted = {name: value, "after": cursor(), "most": A_PAGE, "ended_too": ended}
    return ask("dispatch", "list_tasks", wanted, by=person)


def _value(whose: str, person: Person) -> str:
    """Whose tasks they are, by id."""
    if whose == "person":
        posts = ask("directory", "list_posts", {"login": person.login})["posts"]
        return str(posts[0]["person"]) if posts else ""
    return {"organisation": person.post.organisation, "unit": person.unit, "desk": asked("desk")}[whose]
