"""A list that a service tells as a whole, shown a page at a time: a cursor says after what to go on, not how many."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from services.gateway.pages.addressed import asked

T = TypeVar("T")
A_PAGE = 25
NAME = "after"


@dataclass(frozen=True)
class Part(Generic[T]):
    """What a page shows of a list, of how many in all, and where the next one begins; empty at the end."""

    rows: list[T]
    count: int
    next_after: str


def part_of(all_rows: Iterable[T], place: Callable[[T], str], *, most: int = A_PAGE, name: str = NAME) -> Part[T]:
    """The rows in the order of their places, from the one behind that which the address names.

    A place is a text that no two rows share: what was done meanwhile shifts nothing, and nothing is shown twice.
    """
    rows, after = sorted(all_rows, key=place), asked(name)
    ahead = [one for one in rows if place(one) > after]
    shown = ahead[:most]
    return Part(shown, len(rows), place(shown[-1]) if len(ahead) > most else "")
