"""The text in a file's bytes: UTF-8 with or without a byte order mark, UTF-16 with one, else GB18030, the whole of it.

GB18030 takes in GBK and GB2312, which Chinese office software writes, and reads almost any bytes as some Chinese text.
So UTF-8 with a broken place in it must never get that far: it would come out as nonsense, and be sent on.
"""

import codecs

from shared.files.faults import BadFile

MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
LOST = "\ufffd"


def decode(raw: bytes) -> tuple[str, str]:
    """The text without its mark, and the name of its encoding. Raises BadFile with the line that is in none."""
    for mark, codec, name in MARKS:
        if raw.startswith(mark):
            return _strictly(raw[len(mark) :], codec, name), name
    if raw[:200].count(0) > len(raw[:200]) // 16:
        raise BadFile("looks like UTF-16 without a byte order mark; save it as UTF-8")
    try:
        return raw.decode(), "UTF-8"
    except UnicodeDecodeError as fault:
        if _is_damaged_utf8(raw):
            raise BadFile(f"is UTF-8, but line {_line(raw, fault)} is damaged; export it again") from None
    return _strictly(raw, "gb18030", "GB18030"), "GB18030"


def _strictly(raw: bytes, codec: str, name: str) -> str:
    try:
        return raw.decode(codec)
    except UnicodeDecodeError as fault:
        what = "neither UTF-8 nor GB18030" if name == "GB18030" else f"marked as {name}, but is not"
        raise BadFile(f"is {what} in line {_line(raw, fault)}; save it as UTF-8") from None


def _is_damaged_utf8(raw: bytes) -> bool:
    """In GB18030 hardly ever three bytes happen to be a Chinese character in UTF-8; damaged UTF-8 is full of them."""
    read = raw.decode(errors="replace")
    return sum(letter > "\u07ff" and letter != LOST for letter in read) > read.count(LOST)


def _line(raw: bytes, fault: UnicodeDecodeError) -> int:
    return raw.count(b"\n", 0, fault.start) + 1
