"""A search by two-character pieces: what has all of them is found, in titles before texts, the newest first.

It begins with the piece that stands in the fewest documents, and looks the others up in the same index.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, literal, or_, select, tuple_, union_all
from sqlalchemy import func as fn

from services.board.domain.document import IN_TITLE, IN_WORDS, grams_of
from services.board.reading.looking import PAGE, Look, from_cursor, to_cursor
from services.board.reading.shapes import Found, Page
from shared.errors import BadRequest
from shared.storage.many import is_any
from shared.storage.types import Instant

MOST_GRAMS = 12
FEW, MANY = 1000, 5000
"""Pieces that stand in more documents than many are alike: common."""
AROUND = 60


def search(look: Look, words: str, cursor: str, duty_in: str = "", most: int = PAGE) -> Page[Found]:
    """Raises BadRequest for less than two characters."""
    grams = grams_of(words)[:MOST_GRAMS]
    if not grams:
        raise BadRequest("a search takes two characters that stand together", {"words": ["At least two characters."]})
    rarest, *others = _rarest_first(look, grams)
    grams_table, documents, issues = look.shelf.grams, look.shelf.documents, look.shelf.issues
    of = grams_table.c
    shown = issues.c.is_shown if not duty_in else or_(issues.c.is_shown, _theirs(look, duty_in))
    query = (
        select(of.weight, of.at, *documents.c)
        .join(documents, documents.c.id == of.document_id)
        .outerjoin(issues, issues.c.issue_id == documents.c.issue_id)
        .where(of.gram == rarest, or_(documents.c.issue_id == "", shown))
    )
    for gram in others:
        again = grams_table.alias()
        there = (again.c.gram == gram) & again.c.weight.in_((IN_TITLE, IN_WORDS)) & (again.c.at == of.at)
        there &= again.c.document_id == of.document_id
        query = query.where(select(again.c.gram).where(there).offset(0).exists())  # looked up for each, never joined
    if cursor:
        weight, at, id = from_cursor(cursor, int, datetime, str)
        after = tuple_(literal(weight), literal(at, Instant), literal(id))
        query = query.where(tuple_(of.weight, of.at, of.document_id) < after)
    order = (of.weight.desc(), of.at.desc(), of.document_id.desc())
    found = look.rows(query.order_by(*order).limit(most + 1))
    rows = [_found(look, one, words) for one in found[:most]]
    last = found[most - 1] if len(found) > most else None
    return Page(rows, to_cursor(last.weight, last.at, last.id) if last else "")


def _rarest_first(look: Look, grams: list[str]) -> list[str]:
    """What is counted first is cheap, and mostly enough."""
    for most in (FEW, MANY):
        counted = _documents(look, grams, most)
        if min(counted.values()) < most:
            break
    return sorted(grams, key=lambda gram: (counted[gram], gram))


def _documents(look: Look, grams: list[str], most: int) -> dict[str, int]:
    """In how many documents each stands, counted up to so many."""
    of = look.shelf.grams.c
    each = []
    for gram in grams:
        some = select(of.gram).where(of.gram == gram).limit(most).subquery()
        each.append(select(literal(gram).label("gram"), fn.count().label("documents")).select_from(some))
    return {row.gram: row.documents for row in look.connection.execute(union_all(*each))}


def _theirs(look: Look, duty_in: str) -> ColumnElement[bool]:
    units = look.inside(duty_in)
    issues = look.shelf.issues.c
    return issues.is_raised if units is None else issues.is_raised & is_any(issues.unit_code, units)


def _found(look: Look, one: Row[Any], words: str) -> Found:
    return Found(
        kind=one.kind,
        id=one.id.partition(":")[2],
        issue_id=one.issue_id,
        title=one.title,
        words=_around(one.words, words),
        unit=look.name(one.unit_code),
        at=one.at,
    )


def _around(text: str, words: str) -> str:
    """Where it stands in a text, with a little on both sides."""
    place = max(text.find(words.strip()), 0)
    begins = max(place - AROUND // 2, 0)
    return text[begins : begins + 2 * AROUND]
