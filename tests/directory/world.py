"""One request for every call of the directory."""

from services.directory.service import DirectoryService
from shared.auth import Role
from tests.directory.builders import (
    COMMUNITY,
    DISTRICT,
    MONDAY,
    STREET,
    book_of,
    community,
    deciding,
    ending,
    entering,
    hall,
    in_base64,
)
from tests.harness import Bus, Request
from tests.told import tell

SERVICES = (DirectoryService,)
BEGIN = MONDAY


def requests(bus: Bus) -> dict[str, Request]:
    tell(bus.engine)
    for number in range(3):
        bus.ask("propose_entry", entering("hall", f"H{number}", hall()), Role.CLERK, COMMUNITY)
    proposed = bus.ask(
        "propose_entry", entering("unit", STREET + "099", community()), Role.LEADER, STREET, subject="one"
    )
    book = {"name": "议事厅.csv", "content": in_base64(book_of(hall(name="楼下议事厅"))), "categories": {}}
    checked = bus.ask("check_book", book, Role.CLERK, COMMUNITY)
    return {
        "check_book": Request(COMMUNITY, book),
        "import_book": Request(COMMUNITY, book | {"plan_sha256": checked["plan_sha256"], "why": "社区建了议事厅"}),
        "export_book": Request(COMMUNITY, {"categories": {}}),
        "get_entry": Request(COMMUNITY, {"kind": "hall", "entry_id": "H0"}),
        "list_entries": Request(COMMUNITY, {"kind": "hall", "unit_code": COMMUNITY}),
        "list_posts": Request(COMMUNITY, {"login": "clerk-1"}),
        "list_changes": Request(COMMUNITY, {"unit_code": COMMUNITY}),
        "propose_entry": Request(COMMUNITY, entering("hall", "H9", hall())),
        "change_entry": Request(COMMUNITY, entering("hall", "H1", hall(name="百姓议事厅"))),
        "end_entry": Request(COMMUNITY, ending("hall", "H2")),
        "list_my_work": Request(DISTRICT, {}),
        "decide_change": Request(DISTRICT, deciding(proposed["change"]["change_id"], approve=True)),
    }
