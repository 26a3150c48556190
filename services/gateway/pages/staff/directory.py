"""The directory 名录 of a unit: its units, organisations, posts, halls and duty rosters, and what became of changes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import Blueprint, abort, render_template

from services.gateway import places
from services.gateway.accounts.signing import colleague, staff_page
from services.gateway.at_hand import Reply, ask, with_instants
from services.gateway.filters import said
from services.gateway.pages.addressed import asked, asked_within, cursor
from services.gateway.pages.paging import part_of
from services.gateway.pages.staff.directory_entries import entries_in
from services.gateway.pages.staff.doing import offered
from services.gateway.person import Person
from services.gateway.places import unit_name
from services.gateway.words.catalogue import zh
from services.gateway.words.directory_names import FACTS
from services.gateway.words.names import name_of
from shared.auth import Role
from shared.errors import GongshangError

page = Blueprint("directory", __name__)

KEEPERS = (Role.CLERK, Role.LEADER)
READERS = (*KEEPERS, Role.SUPERVISOR)
A_PAGE, MOST, MOST_PROPOSED = 25, 200, 500
EVERY_DAY = zh("每天")
"""A shift that names no days."""
INSTANTS = ("valid_from", "valid_to", "asked_at", "decide_by", "decided_at")

COLUMNS: Mapping[str, Sequence[str]] = {
    "unit": ("name", "kind", "population", "households"),
    "organisation": ("name", "kind", "unit", "contact"),
    "staff": ("person_name", "post", "roles", "unit", "organisation"),
    "desk": ("name", "organisation", "unit", "contact"),
    "shift": ("person", "desk", "days", "starts", "ends"),
    "acting": ("person", "acting", "desk", "reason"),
    "hall": ("name", "kind", "unit", "opening_hours", "contact"),
    "deputy": ("person_name", "category", "unit"),
    "place": ("name", "kind", "units", "address"),
    "contract": ("organisation", "place", "subject"),
    "duty": ("category", "tier", "lead", "organisation", "rank"),
}
"""What a list shows of each kind, what it is called first."""
CODES = {
    **{"standing": "standing", "role": "deputy_role", "days": "day_kind"},
    **{"roles": "role", "lead": "duty_lead", "tier": "tier"},
}
CODES_OF = {(kind, "kind"): f"{kind}_kind" for kind in ("unit", "place", "organisation", "hall")}
"""Facts that are codes, and of what kind their names are."""
UNITS = frozenset({"unit", "units", "parent", "serves"})
NAMED = {
    **{"organisation": "organisation", "desk": "desk", "place": "place", "within": "place"},
    **{"person": "person", "acting": "person", "leader": "person", "categories": "category"},
}
"""Facts that name another entry by its id, and of what kind."""


class Named:
    """What entries call each other: read page by page until it is found, and once for all that one page shows."""

    def __init__(self, person: Person, unit: str) -> None:
        self._person, self._unit = person, unit
        self._names: dict[str, dict[str, str]] = {}
        self._unread: dict[str, Iterator[tuple[str, str]]] = {}

    def __call__(self, kind: str, entry_id: str) -> str:
        """Its name; its id where nothing of this kind in the district is called so."""
        names = self._names.setdefault(kind, categories() if kind == "category" else {})
        unread = self._unread.setdefault(kind, iter(()) if kind == "category" else self._read(kind))
        while entry_id not in names and (found := next(unread, None)) is not None:
            names.setdefault(*found)
        return names.get(entry_id) or entry_id

    def _read(self, kind: str) -> Iterator[tuple[str, str]]:
        """Ids with names, those of the unit first. People by the posts they have: who they are besides is not shown."""
        for unit in dict.fromkeys((self._unit, places.district_code())):
            for one in entries_in("staff" if kind == "person" else kind, unit, self._person):
                facts = one["facts"]
                if kind == "person":
                    yield facts["person"], str(facts["person_name"])
                else:
                    yield one["entry_id"], str(facts.get("name", ""))


def categories() -> dict[str, str]:
    """The names of the catalogue's categories by code; none where nobody can say."""
    try:
        found = ask("intake", "list_categories", {}, by=colleague())["categories"]
    except GongshangError:
        return {}
    return {one["code"]: one["name"] for one in found}


@page.get("/directory")
@staff_page(*READERS)
def show() -> str:
    person = colleague()
    kind = asked("kind") if asked("kind") in COLUMNS else "unit"
    unit = asked_within(person.unit)
    wanted = {"kind": kind, "unit_code": unit, "after": cursor(), "most": A_PAGE}
    told = ask("directory", "list_entries", wanted, by=person)
    named = Named(person, unit)
    return render_template(
        "staff/directory.html",
        kinds=list(COLUMNS),
        kind=kind,
        unit=unit,
        units=places.inside(person.unit),
        titles=[FACTS[name] for name in COLUMNS[kind]],
        rows=[_row(one, named) for one in told["entries"]],
        next_after=told["next_after"],
        keeps=person.is_any_of(*KEEPERS),
        enters=kind != "duty" or person.unit == places.district_code(),
    )


@page.get("/directory/of/<kind>/<path:entry_id>", endpoint="one")
@staff_page(*READERS)
def show_entry(kind: str, entry_id: str) -> str:
    if kind not in COLUMNS:
        abort(404)
    person = colleague()
    told = ask("directory", "get_entry", {"kind": kind, "entry_id": entry_id}, by=person)
    wanted = {"kind": kind, "entry_id": entry_id, "unit_code": person.unit, "most": MOST}
    changes = ask("directory", "list_changes", wanted, by=person)["changes"]
    entry = with_instants(told["entry"], *INSTANTS)
    return render_template(
        "staff/entry.html",
        entry=entry,
        name=_name(entry),
        facts=_facts(entry, Named(person, person.unit)),
        periods=[with_instants(one, *INSTANTS) for one in reversed(told["periods"])],
        changes=[with_instants(one, *INSTANTS) for one in reversed(changes)],
        keeps=person.is_any_of(*KEEPERS),
    )


@page.get("/directory/changes", endpoint="changes")
@staff_page(*READERS)
def show_changes() -> str:
    """What was proposed and waits for the district, which decides there; a street sees its own."""
    person = colleague()
    wanted = {"unit_code": person.unit, "state": "proposed", "most": MOST_PROPOSED}
    told = ask("directory", "list_changes", wanted, by=person)["changes"]
    part = part_of(told, lambda one: f"{one['decide_by']} {one['change_id']}")
    return render_template("staff/changes.html", part=part, changes=[_proposed(one, person) for one in part.rows])


def _proposed(told: Reply, person: Person) -> Reply:
    one = with_instants(told, *INSTANTS)
    decides = person.unit == places.district_code() and told["asked_by"] != person.login
    acts = offered("change", told["change_id"], person) if decides else []
    named = told["facts"].get("name") or unit_name(told["entry_id"])
    return one | {"name": named, "acts": acts, "is_own": told["asked_by"] == person.login}


def _row(one: Reply, named: Named) -> dict[str, Any]:
    shown = [_shown(one["kind"], name, one["facts"].get(name), named) for name in COLUMNS[one["kind"]]]
    return with_instants(one, *INSTANTS) | {"cells": [shown[0] or one["entry_id"], *shown[1:]]}


def _facts(entry: Reply, named: Named) -> list[tuple[str, str]]:
    """Those that are known, by their titles; a person whose name stands there is not named twice."""
    hidden = {"person"} if "person_name" in entry["facts"] else set()
    known = {name: value for name, value in entry["facts"].items() if name not in hidden}
    words = [(FACTS[name], _shown(entry["kind"], name, known[name], named)) for name in FACTS if name in known]
    return [(title, text) for title, text in words if text]


def _shown(kind: str, name: str, value: object, named: Named) -> str:
    """A fact in words, several of them beside each other; empty where nothing is known."""
    if name == "days" and not value:
        return said(EVERY_DAY)
    some = value if isinstance(value, list) else [value]
    return "、".join(_word(kind, name, str(one), named) for one in some if one not in (None, ""))


def _word(kind: str, name: str, word: str, named: Named) -> str:
    """Units, organisations and desks by their names, codes by what they are called."""
    if name in UNITS:
        return unit_name(word)
    if kind == "duty" and name == "category":
        return named("category", word)
    if name in NAMED and kind != "duty":
        return named(NAMED[name], word)
    codes = CODES_OF.get((kind, name)) or CODES.get(name)
    if name == "category" and kind == "deputy":
        return said(name_of("deputy", name_of("expert", word)))
    return said(name_of(codes, word)) if codes else word


def _name(entry: Reply) -> str:
    """What it is called first in lists; a contract, which has no name, by its id."""
    first = entry["facts"].get(COLUMNS[entry["kind"]][0]) if entry["kind"] != "contract" else ""
    return str(first or entry["entry_id"])
