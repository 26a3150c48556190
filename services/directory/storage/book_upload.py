"""A book that came over the bus, read as a file is."""

from services.directory.domain.errors import UnreadableBook
from services.directory.storage.book_file import Book, read_book
from shared.files.faults import BadFile
from shared.files.uploads import uploaded

MOST_ROWS = 2_000
"""More keeps everybody else waiting: it is entered by command."""


def book_in(name: str, content: str) -> Book:
    """Raises UnreadableBook, in whose fields stands what would be right."""
    try:
        with uploaded(name, content) as file:
            found = read_book(file)
    except BadFile as fault:
        raise _unreadable(str(fault)) from None
    if len(found.rows) > MOST_ROWS:
        raise _unreadable(f"has {len(found.rows)} rows; at most {MOST_ROWS}: split it, or enter it by command")
    if not found.rows and not found.faults:
        raise _unreadable("has no rows below its headers")
    return found


def _unreadable(wrong: str) -> UnreadableBook:
    return UnreadableBook(f"the book {wrong}", {"content": [wrong]})
