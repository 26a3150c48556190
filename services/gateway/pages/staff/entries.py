"""One entry of the directory 名录 entered, changed or ended: `/directory/do/<name>/<kind>?about=`.

Something new is about the unit it belongs to; the rest about the entry by its id.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from services.gateway import places
from services.gateway.accounts.signing import colleague, staff_page
from services.gateway.at_hand import Reply, ask
from services.gateway.filters import said
from services.gateway.pages.forms import Form, again
from services.gateway.pages.staff.acts import About, Act, Options, check_fields, show_act, tell
from services.gateway.pages.staff.directory import KEEPERS, NAMED, Named, categories
from services.gateway.pages.staff.directory_entries import entries_in
from services.gateway.pages.staff.entry_acts import AGREED, FACTS_OF, TITLE, act_of, codes_of, typed_of
from services.gateway.person import Person
from services.gateway.places import place_named, unit_name
from services.gateway.words.catalogue import zh
from services.gateway.words.names import name_of
from shared.auth import Role
from shared.errors import NotAllowed, NotFound
from shared.units import is_within, tier_of

page = Blueprint("entries", __name__)
UNIT_OF = {"unit": "parent", "place": "units"}
"""Where an entry says whose it is, if not in `unit`."""
HANG_ON_OTHERS = frozenset({"contract", "shift", "acting", "duty"})
"""They name no unit: what they are about does."""


@page.get("/directory/do/<name>/<kind>")
@staff_page(*KEEPERS)
def form(name: str, kind: str) -> str:
    act, about, entry = _found(name, kind)
    return show_act(act, about, Form(typed_of(kind, entry["facts"])))


@page.post("/directory/do/<name>/<kind>")
@staff_page(*KEEPERS)
def do(name: str, kind: str) -> ResponseReturnValue:
    act, about, entry = _found(name, kind)
    form = Form.sent()
    check_fields(form, act.fields, about.offered)
    done = tell(act, about.ids, form) if form.is_good else None
    if done is None:
        return again(show_act(act, about, form), form)
    return redirect(_seen_at(done["change"], entry["unit"]), HTTPStatus.SEE_OTHER)


def _found(name: str, kind: str) -> tuple[Act, About, Reply]:
    """The act, what it is about, and the entry as it is, or as it would begin."""
    if name not in TITLE or kind not in FACTS_OF or (kind == "person" and name != "enter"):
        abort(404)
    person, about = colleague(), request.args.get("about", "")
    entry = _new(kind, about, person) if name == "enter" else _entry(kind, about, person)
    unit, facts = entry["unit"], entry["facts"]
    named = Named(person, unit)
    offered = (
        {"replaced_by": _successors(kind, entry, person)} if name == "end" else _offered(kind, entry, named, person)
    )
    ids = {"kind": kind} if name == "enter" else {"kind": kind, "entry_id": about}
    kept = {one: value for one, value in facts.items() if one not in FACTS_OF[kind] and value not in (None, "", [])}
    act = replace(
        act_of(name, kind, offered, kept), title=f"{said(TITLE[name])}{said('：')}{said(name_of('entry', kind))}"
    )
    title = said(name_of("entry", kind)) if name == "enter" else entry["name"]
    shown = [(zh("单位"), unit_name(unit)), *([(zh("谁同意"), said(AGREED))] if kind == "unit" else [])]
    back = _list_of(kind, unit) if name == "enter" else url_for("directory.one", kind=kind, entry_id=about)
    return act, About(ids=ids, title=title, back=back, facts=shown, offered=offered), entry


def _new(kind: str, unit: str, person: Person) -> Reply:
    """What would be entered in a unit. Raises NotFound, or NotAllowed for one that is not theirs."""
    if place_named(unit) is None:
        raise NotFound(f"no unit {unit}")
    if not is_within(unit, person.unit):
        raise NotAllowed(f"{unit} is not in the unit of {person.login}")
    whose = UNIT_OF.get(kind, "unit")
    facts: dict[str, Any] = {} if kind in HANG_ON_OTHERS else {whose: [unit] if whose == "units" else unit}
    return {"unit": unit, "facts": facts, "entry_id": "", "name": ""}


def _entry(kind: str, entry_id: str, person: Person) -> Reply:
    """As it holds now, with its name and whose it is."""
    found: Reply = ask("directory", "get_entry", {"kind": kind, "entry_id": entry_id}, by=person)["entry"]
    facts = found["facts"]
    units = facts.get(UNIT_OF.get(kind, "unit")) or person.unit
    return found | {"unit": units[0] if isinstance(units, list) else units, "name": _choice(found)[1]}


def _seen_at(change: Reply, unit: str) -> str:
    """Where what was done is seen: what another decides among what waits, what has a page there, else its list."""
    kind, entry_id = change["kind"], change["entry_id"]
    if change["state"] == "proposed":
        return url_for("directory.changes", done="yes")
    if change["action"] != "end" and kind != "person":
        return url_for("directory.one", kind=kind, entry_id=entry_id, done="yes")
    return _list_of(kind, unit, done="yes")


def _list_of(kind: str, unit: str, done: str | None = None) -> str:
    return url_for("directory.show", kind="staff" if kind == "person" else kind, unit=unit, done=done)


def _offered(kind: str, entry: Reply, named: Named, person: Person) -> Mapping[str, Options]:
    """What can be chosen for each fact; what stands there already can stay."""
    found: dict[str, Options] = {}
    for name in FACTS_OF[kind]:
        if codes := codes_of(kind, name):
            found[name] = list(codes.items())
        elif name in ("units", "serves"):
            found[name] = [(code, unit_name(code)) for code, _ in places.inside(places.district_code())]
        elif name in ("category", "categories"):
            found[name] = list(categories().items())
        elif name in NAMED and kind != "duty":
            known = entry["facts"].get(name)
            stays = {known: named(NAMED[name], known)} if known else {}
            found[name] = list(({**stays, **dict(_choices(kind, NAMED[name], entry["unit"], person))}).items())
    return found


def _choices(kind: str, named: str, unit: str, person: Person) -> Iterator[tuple[str, str]]:
    """Entries of a kind in the unit itself, by name; of organisations also the district's own."""
    if named == "person":
        yield from _people(kind, unit, person)
        return
    for where in dict.fromkeys((unit, places.district_code()) if named == "organisation" else (unit,)):
        yield from map(_choice, entries_in(named, where, person, alone=True))


def _people(kind: str, unit: str, person: Person) -> Iterator[tuple[str, str]]:
    """Members of staff; who gets a post or a seat can be anybody who was entered, as far as clerks are shown people."""
    if kind in ("staff", "deputy") and person.is_any_of(Role.CLERK):
        yield from map(_choice, entries_in("person", unit, person, alone=True))
        return
    for one in entries_in("staff", unit, person, alone=True):
        yield one["facts"]["person"], str(one["facts"]["person_name"])


def _successors(kind: str, entry: Reply, person: Person) -> Options:
    """Others of the kind in the same unit."""
    if kind in HANG_ON_OTHERS:
        return []
    if kind == "unit":
        tier = tier_of(entry["entry_id"])
        beside = [one for one in places.inside(entry["unit"]) if tier_of(one[0]) is tier]
        return [one for one in beside if one[0] != entry["entry_id"]]
    others = map(_choice, entries_in(kind, entry["unit"], person, alone=True))
    return [one for one in others if one[0] != entry["entry_id"]]


def _choice(entry: Reply) -> tuple[str, str]:
    """An entry by its id, with its name or its person's; its id where it has none."""
    facts, entry_id = entry["facts"], entry["entry_id"]
    return entry_id, str(facts.get("name") or facts.get("person_name") or entry_id)
