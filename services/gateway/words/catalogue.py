"""What a page says, in the reader's language. The Chinese text is the message itself; `en/messages.po` has its English.

The catalogue is compiled when the process starts: nothing compiled is kept, so that nothing can be out of date.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

CHINESE, ENGLISH = "zh", "en"
LANGUAGES: Mapping[str, str] = {CHINESE: "中文", ENGLISH: "English"}
FOLDER = Path(__file__).resolve().parent
MOST_ASKED = 8
KEYWORDS: Mapping[str, tuple[int, ...] | None] = {
    "_": None,
    "zh": None,
    "ugettext": None,
    "ngettext": (1, 2),
    "ungettext": (1, 2),
}


def zh(text: str) -> str:
    """Marks a Chinese text that a page says later in the reader's language. It is given back as it is."""
    return text


def catalogue_of(language: str) -> Catalog:
    """The texts of a language as they stand in its file."""
    with (FOLDER / language / "messages.po").open(encoding="utf-8") as file:
        return read_po(file, locale=language)


@lru_cache(maxsize=len(LANGUAGES))
def translations(language: str) -> NullTranslations:
    """What turns our Chinese into the language. Raises KeyError for one that the pages don't speak."""
    if language not in LANGUAGES:
        raise KeyError(language)
    if language == CHINESE:
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, catalogue_of(language))
    compiled.seek(0)
    return Translations(compiled)


def wanted_by(header: str) -> str:
    """The first of our languages that a browser asks for (`Accept-Language`); Chinese if it asks for none."""
    for asked in header.split(",")[:MOST_ASKED]:
        language = asked.partition(";")[0].strip().lower().partition("-")[0]
        if language in LANGUAGES:
            return language
    return CHINESE


def said_in_code() -> Iterator[str]:
    """Every Chinese text that the pages say, as it stands in templates and code, in the order of files."""
    for file in sorted(FOLDER.parent.rglob("*.py")) + sorted(FOLDER.parent.rglob("*.html")):
        with file.open("rb") as source:
            method = "python" if file.suffix == ".py" else "jinja2.ext:babel_extract"
            for _, found, _, _ in extract(method, source, KEYWORDS):
                yield found[0] if isinstance(found, tuple) else found
