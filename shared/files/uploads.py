"""A file that came in a message: its bytes, bounded before anything of them is unpacked, put where files are read."""

import base64
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from shared.files.faults import BadFile

MOST_UNPACKED = 30_000_000


@contextmanager
def uploaded(name: str, content: str) -> Iterator[Path]:
    """The file under the last part of its name, of `content` in base64; it is gone afterwards. Raises BadFile."""
    try:
        raw = base64.b64decode(content, validate=True)
    except ValueError:
        raise BadFile("is not in base64") from None
    if zipfile.is_zipfile(BytesIO(raw)):
        with zipfile.ZipFile(BytesIO(raw)) as book:
            if sum(part.file_size for part in book.infolist()) > MOST_UNPACKED:
                raise BadFile("is larger than 30 MB when unpacked; split it")
    with TemporaryDirectory() as folder:
        file = Path(folder) / Path(name.replace("\\", "/")).name.replace("\0", "")
        try:
            file.write_bytes(raw)
        except OSError:
            raise BadFile("has a name that no file can have") from None
        yield file
