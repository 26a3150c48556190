"""A command as a form of its own: a page that says what will follow, asks for what is needed, and sends it.

A row of a table says all of it (`Act`). What is wrong, and what the service refuses, stands beside its field in
Chinese; what was typed is kept. The form's key goes with the command: sent twice, it is done once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from services.gateway.accounts.forms import form_key
from services.gateway.accounts.signing import signed_in
from services.gateway.at_hand import Reply, ask
from services.gateway.pages.forms import Form, again
from services.gateway.person import NotOfPost, Person
from services.gateway.words.catalogue import zh
from services.gateway.words.explained import explained
from services.gateway.words.names import NAMES
from services.gateway.words.refusals import refusal
from shared.auth import Role
from shared.errors import GongshangError

TOO_LONG, NOT_OFFERED = zh("写得太长了，请缩短一些"), zh("请从列出的里面选一个")
NO_NUMBER, NO_DAY = zh("请填一个整数，最多九位"), zh("请填一个日期，写作 2026-05-01")
MOST_DIGITS = 9
FILES = "files"
Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Field:
    """What is asked for. `look`: words, line, number, day, pick, choose, tick, ticks, several, files.

    `kind` names what is offered. Of `ticks` and `several` any number holds, with 、 between them.
    """

    name: str
    label: str
    look: str = "words"
    help: str = ""
    longest: int = 500
    is_required: bool = True
    kind: str = ""
    codes: tuple[str, ...] = ()

    def options(self, offered: Mapping[str, Options]) -> Options:
        """What can be chosen: of the page's own, or codes by their names."""
        if self.name in offered:
            return offered[self.name]
        names = NAMES[self.kind] if self.kind else {}
        return [(code, names[code]) for code in self.codes or names]


REASON = Field(name="reason", label=zh("理由"), help=zh("写给以后查看的人；会留在记录里。"))


@dataclass(frozen=True, kw_only=True)
class Act:
    """A command, and how its page speaks of it. `fixed` is sent with it; `shaped` makes a request of what was typed.

    `if_empty` is told, and nothing sent, where all was left empty; without it each field speaks for itself.
    """

    service: str
    method: str
    title: str
    follows: str
    send: str
    fields: tuple[Field, ...] = (REASON,)
    roles: frozenset[Role] = frozenset({Role.CLERK})
    fixed: Mapping[str, object] = field(default_factory=dict)
    states: frozenset[str] = frozenset()
    shaped: Callable[[Form], dict[str, object]] | None = None
    if_empty: str = ""

    @property
    def takes_files(self) -> bool:
        return any(one.look == FILES for one in self.fields)

    def suits(self, person: Person, state: str) -> bool:
        """Whether it is offered to the person for something in this state."""
        return person.is_any_of(*self.roles) and (not self.states or state in self.states)

    def must_be_for(self, person: Person) -> None:
        """Raises NotOfPost, which says for whom it is."""
        if not person.is_any_of(*self.roles):
            raise NotOfPost.of(person, self.roles, f"{self.service}.{self.method} is not for {person.login}")


@dataclass(frozen=True, kw_only=True)
class About:
    """What a form is about: the names that go with the command, what is known of it, and where one goes on."""

    ids: Mapping[str, object]
    title: str
    back: str
    facts: Sequence[tuple[str, str]] = ()
    offered: Mapping[str, Options] = field(default_factory=dict)


def show_act(act: Act, about: About, form: Form) -> str:
    return render_template("staff/act.html", act=act, about=about, form=form)


def do_act(act: Act, about: About) -> ResponseReturnValue:
    """Send what came with this request; or show it again with what is wrong."""
    form = Form.sent()
    check_fields(form, act.fields, about.offered)
    if act.if_empty and not any(form[one.name] for one in act.fields):
        form.trouble = act.if_empty
    if form.is_good and tell(act, about.ids, form) is not None:
        return redirect(f"{about.back}{'&' if '?' in about.back else '?'}done=yes", HTTPStatus.SEE_OTHER)
    return again(show_act(act, about, form), form)


def tell(act: Act, ids: Mapping[str, object], form: Form) -> Reply | None:
    """Have it done. None where it was refused: the form then says why."""
    typed = act.shaped(form) if act.shaped else {one.name: _value(form, one) for one in act.fields}
    request = {name: value for name, value in typed.items() if value is not None} | dict(ids) | dict(act.fixed)
    return told(act.service, act.method, request, form, [one.name for one in act.fields])


def told(
    service: str, method: str, request: Mapping[str, object], form: Form, names: Sequence[str] = ()
) -> Reply | None:
    """The same of any command; faults of fields named here stand beside them."""
    try:
        return ask(service, method, {**request, "idempotency_key": form_key()}, by=signed_in())
    except GongshangError as error:
        refused(form, error, names)
        return None


def refused(form: Form, error: GongshangError, names: Sequence[str]) -> None:
    """Let the form say why: beside the fields named here that are at fault, else above all of them.

    What a part is about is also a field: `tasks.0.co_units` stands beside `co_units`.
    """
    form.refused = error
    beside = {part for name in error.fields for part in name.split(".")} & set(names)
    form.faults |= {name: explained(error, name) or refusal(error) for name in sorted(beside)}
    form.trouble = "" if beside else refusal(error)


def check_fields(form: Form, fields: Sequence[Field], offered: Mapping[str, Options]) -> None:
    """Note what is missing, too long, or nothing that is offered; each fault with what its field is called."""
    form.labels = {one.name: one.label for one in fields}
    for one in fields:
        _check(form, one, offered)


def _check(form: Form, one: Field, offered: Mapping[str, Options]) -> None:
    if one.look == FILES:
        form.take_files(one.name)
    if one.is_required and one.look != "tick":
        form.needs(one.name)
    if not form[one.name]:
        return
    if one.look in ("pick", "choose"):
        form.one_of(one.name, dict(one.options(offered)), NOT_OFFERED)
    elif one.look in ("several", "ticks"):
        form.each_of(one.name, dict(one.options(offered)), NOT_OFFERED)
        form.at_most(one.name, one.longest, TOO_LONG)
    elif one.look == "number":
        form.is_number(one.name, MOST_DIGITS, NO_NUMBER)
    elif one.look == "day":
        form.is_day(one.name, NO_DAY)
    else:
        form.at_most(one.name, one.longest, TOO_LONG)


def _value(form: Form, one: Field) -> object:
    if one.look == "tick":
        return bool(form[one.name])
    if not form[one.name]:
        return None
    return int(form[one.name]) if one.look == "number" else form[one.name]
