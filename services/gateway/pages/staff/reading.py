"""Reading what residents said 诉求原话: for who has the duty, for a reason, and kept on record with every look."""

from collections.abc import Mapping

from services.gateway.at_hand import Reply, ask, with_instants
from services.gateway.pages.forms import Form
from services.gateway.pages.staff.acts import told
from services.gateway.person import Person
from services.gateway.words.catalogue import zh
from shared.auth import Role
from shared.errors import GongshangError

REASONS: Mapping[str, tuple[str, frozenset[Role]]] = {
    "handle": (zh("办理：联系诉求人、核实情况"), frozenset({Role.HANDLER, Role.LEADER, Role.CLERK})),
    "call_back": (zh("回访：打电话给诉求人"), frozenset({Role.CALLBACK_AGENT})),
    "supervise": (zh("督查"), frozenset({Role.SUPERVISOR})),
}
"""A reason is a duty, and only those who have the duty give it."""


def reasons_of(person: Person) -> dict[str, str]:
    """For what the person may read."""
    return {name: title for name, (title, roles) in REASONS.items() if person.is_any_of(*roles)}


def orders_of(issue_id: str, person: Person) -> list[str]:
    """The orders of an issue by their numbers; none where supervision can't say, or tells the person nothing of it."""
    try:
        case = ask("supervision", "get_case", {"issue_id": issue_id}, by=person)
    except GongshangError:
        return []
    return sorted({case["order_no"], *(one["order_no"] for one in case["clocks"])} - {""})


def read(form: Form, person: Person) -> Reply | None:
    """An order as it was said, and the look is kept. None if it was refused: the form says why."""
    form.needs("order_no")
    form.one_of("reason", reasons_of(person), zh("请选择为什么查看"))
    if not form.is_good:
        return None
    wanted = {name: form[name] for name in ("order_no", "reason")}
    words = told("intake", "read_order", wanted, form, ("order_no", "reason"))
    return words and with_instants(words, "filed_at")
