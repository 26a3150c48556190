"""What may be kept and logged of an error: never the values in its text, which may be what a person said.

Kept are its class, the words that stand in the code itself, names of fields among them, and positions. Whoever needs
the rest has the message, which is kept sealed, and does again what failed.
"""

import re
import traceback
from collections.abc import Iterator
from pathlib import Path

from shared.errors import OwnWords

HIDDEN = "***"
SHORTEST_PHRASE = 3
_ROOT = Path(__file__).resolve().parents[1]
_POSITION = r"\b(?:line|column|char|position|index|byte) [0-9]{1,9}\b"
_IS_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


def told(error: BaseException) -> str:
    """In one line. Where something is hidden, the place where it was raised stands in its stead."""
    kind, text = type(error).__name__, _text_of(error)
    if text is None:
        hidden = _without_values(str(error), set(_words_of_code(error)))
        text = f"{hidden} ({place_of(error)})" if HIDDEN in hidden else hidden
    return f"{kind}: {text}" if text else kind


def traced(error: BaseException) -> str:
    """As Python prints it, with what led to it first, and without values."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    led = f"{traced(before)}\n\nwhich led to\n\n" if before is not None else ""
    return led + "".join(traceback.format_tb(error.__traceback__)) + told(error)


def place_of(error: BaseException) -> str:
    """File and line of ours where it was raised, or of whoever raised it."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [one for one in frames if Path(one.filename).is_relative_to(_ROOT) and "site-packages" not in one.filename]
    if not frames:
        return "raised nowhere"
    last = (ours or frames)[-1]
    file = Path(last.filename)
    return f"{file.relative_to(_ROOT) if ours else file.name}:{last.lineno}"


def _text_of(error: BaseException) -> str | None:
    """Of errors whose text is known to have no values."""
    if isinstance(error, UnicodeDecodeError | UnicodeEncodeError):
        return f"{error.encoding} at position {error.start}: {error.reason}"
    is_of_database = hasattr(error, "sqlstate") or hasattr(error, "sqlite_errorname") or hasattr(error, "orig")
    is_of_system = isinstance(error, OSError) and error.errno is not None
    if is_of_database or is_of_system or isinstance(error, OwnWords):
        return str(error)  # of a database's errors `concealing` has taken the values out
    return None


def _words_of_code(error: BaseException) -> Iterator[str]:
    """Texts and names in the functions through which it came."""
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        yield from (*code.co_names, *code.co_varnames, *_texts_in(code.co_consts))
        trace = trace.tb_next


def _texts_in(constants: tuple[object, ...] | frozenset[object]) -> Iterator[str]:
    for one in constants:
        if isinstance(one, str):
            yield one
        elif isinstance(one, tuple | frozenset):
            yield from _texts_in(one)


def _without_values(text: str, known: set[str]) -> str:
    """What stands in none of the known texts is hidden; a name counts where it is quoted."""
    names = [rf"(?<=['\"`]){one}(?=['\"`])" for one in known if _IS_NAME.fullmatch(one)]
    phrases = [re.escape(one) for one in known if len(one.strip()) >= SHORTEST_PHRASE and not _IS_NAME.fullmatch(one)]
    kept = re.compile("|".join([*sorted(phrases, key=len, reverse=True), *names, _POSITION]))
    parts, end = [], 0
    for found in kept.finditer(text):
        parts += [_hidden(text[end : found.start()]), found[0]]
        end = found.end()
    return "".join([*parts, _hidden(text[end:])])


def _hidden(text: str) -> str:
    """What stands between two kept parts; blanks and signs round it are theirs."""
    said = text.strip(" '\"`:()[]{},;.")
    return text.replace(said, HIDDEN) if said else text
