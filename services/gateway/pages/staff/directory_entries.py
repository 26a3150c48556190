"""Entries of the directory 名录 of a kind, all of them: read a page at a time, as far as somebody wants to read."""

from collections.abc import Iterator

from services.gateway.at_hand import Reply, ask
from services.gateway.person import Person

A_PAGE = 500


def entries_in(kind: str, unit: str, by: Person | None = None, *, alone: bool = False) -> Iterator[Reply]:
    """Those that hold now in a unit and all inside it, or in the unit alone, by their ids."""
    asked, after = {"kind": kind, "unit_code": unit, "alone": alone, "most": A_PAGE}, ""
    while True:
        page = ask("directory", "list_entries", asked | {"after": after}, by=by)
        yield from page["entries"]
        if page["next_after"] <= after:  # nothing is behind it
            return
        after = page["next_after"]
