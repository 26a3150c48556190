"""Halls 议事厅: by place, with hours, contact and what is held there next."""

from dataclasses import dataclass

from flask import Blueprint, render_template

from services.board.reading.shapes import HallFilter, HallKind
from services.gateway import places
from services.gateway.at_hand import board
from services.gateway.pages.addressed import asked_of, asked_unit, cursor

page = Blueprint("halls", __name__)


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to, as it stands in the address."""

    unit: str
    kind: HallKind | None


@page.get("/halls", endpoint="all")
def show_all() -> str:
    wanted = Wanted(asked_unit(), asked_of(HallKind, "kind"))
    found = board().halls(HallFilter(unit=wanted.unit, kind=wanted.kind), cursor())
    return render_template(
        "public/halls.html", page=found, wanted=wanted, streets=places.streets(), kinds=list(HallKind)
    )


@page.get("/halls/<path:hall_id>", endpoint="one")
def show(hall_id: str) -> str:
    return render_template("public/hall.html", page=board().hall(hall_id))
