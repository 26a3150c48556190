"""What every template has at hand: words in the reader's language, filters, and the addresses of the frame."""

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import Flask, request, url_for
from markupsafe import Markup

from services.gateway import filters, places, reader
from services.gateway.accounts.signing import person_to_show
from services.gateway.pages.staff.navigation import Entry, entries_for
from services.gateway.words.catalogue import LANGUAGES, translations, zh

PUBLIC = (
    Entry("front.show", zh("公示栏")),
    Entry("issues.all", zh("议题")),
    Entry("sessions.all", zh("会议")),
    Entry("halls.all", zh("议事厅")),
    Entry("ranks.show", zh("考评")),
    Entry("file.choose", zh("我要反映")),
    Entry("my_order.show", zh("查我的诉求")),
)


def join(app: Flask) -> None:
    """Let the app's templates have it all."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(filters.said, _ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.globals |= {"_": _said, "here": here, "language_read": lambda: reader.look().language}
    app.jinja_env.tests["past"] = lambda at: at < reader.times().now
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(filters.FILTERS)
    app.context_processor(_at_hand)


def here(**changed: str | None) -> str:
    """The address of this page with something else in it; None takes a name out."""
    kept = {name: value for name, value in request.args.items() if value} | changed
    query = urlencode({name: value for name, value in kept.items() if value})
    return f"{request.path}?{query}" if query else request.path


def _at_hand() -> dict[str, Any]:
    look, person = reader.look(), person_to_show()
    return {
        "language": look.language,
        "theme": look.theme,
        "languages": LANGUAGES,
        "themes": reader.THEMES,
        "nav": entries_for(person) if person else PUBLIC,
        "now": reader.times().now,
        "look": _address_of_look,
        "static": _address_of_file,
        "district": places.district_name(),
    }


def _address_of_look(**chosen: str) -> str:
    return f"{url_for('look.choose')}?{urlencode({'back': here()} | chosen)}"


def _address_of_file(name: str) -> str:
    return _address_below(request.root_path, name)


@lru_cache(maxsize=500)
def _address_below(_root: str, name: str) -> str:
    """They are on every page, and change with what stands before all addresses alone."""
    return url_for("static", filename=name)


def _said(text: str, **variables: object) -> Markup:
    """What the extension's own `_` gives, which looks for `gettext` and makes new markup at each of a page's words."""
    look = reader.look()
    return _marked(look.language, text) % variables if variables else _plain(look.language, text)


@lru_cache(maxsize=5000)
def _marked(language: str, text: str) -> Markup:
    return Markup(translations(language).ugettext(text))


@lru_cache(maxsize=5000)
def _plain(language: str, text: str) -> Markup:
    return _marked(language, text) % {}


def _ngettext(one: str, many: str, number: int) -> str:
    return str(translations(reader.look().language).ungettext(one, many, number))
