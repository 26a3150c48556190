"""A book that came over the bus: its bytes, bounded before anything of them is unpacked, read as a file is."""

import base64
import zipfile
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from services.directory.domain.errors import UnreadableBook
from services.directory.storage.book_file import Book, read_book
from shared.files.faults import BadFile

MOST_UNPACKED = 30_000_000
MOST_ROWS = 2_000
"""More keeps everybody else waiting: it is entered by command."""


def book_in(name: str, content: str) -> Book:
    """Raises UnreadableBook, in whose fields stands what would be right."""
    try:
        raw = base64.b64decode(content, validate=True)
    except ValueError:
        raise _unreadable("is not in base64") from None
    if zipfile.is_zipfile(BytesIO(raw)):
        with zipfile.ZipFile(BytesIO(raw)) as book:
            if sum(part.file_size for part in book.infolist()) > MOST_UNPACKED:
                raise _unreadable("is larger than 30 MB when unpacked; split it")
    with TemporaryDirectory() as folder:
        file = Path(folder) / Path(name.replace("\\", "/")).name.replace("\0", "")
        try:
            file.write_bytes(raw)
            found = read_book(file)
        except BadFile as fault:
            raise _unreadable(str(fault)) from None
        except OSError:
            raise _unreadable("has a name that no file can have") from None
    if len(found.rows) > MOST_ROWS:
        raise _unreadable(f"has {len(found.rows)} rows; at most {MOST_ROWS}: split it, or enter it by command")
    if not found.rows and not found.faults:
        raise _unreadable("has no rows below its headers")
    return found


def _unreadable(wrong: str) -> UnreadableBook:
    return UnreadableBook(f"the book {wrong}", {"content": [wrong]})
