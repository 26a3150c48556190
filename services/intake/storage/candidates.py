"""The open issues that a new order may belong to: loaded for a whole batch at once, few columns of many rows."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Dialect, Select, Subquery, and_, func, select, true

from services.intake.domain.issue import Issue
from services.intake.domain.likeness import OpenIssue, gist_from
from services.intake.storage import tables
from shared.storage import Writes, given
from shared.storage.work import Work

Matter = tuple[str, str]
"""Unit code and category code."""


class Candidates:
    """The newest open issues of each matter, as they are in this unit of work.

    `known` are the issues it has read or added: what they say of themselves holds, not what was loaded here. An issue
    that `touch` names may have come to a matter: it is looked at anew when somebody asks next. With `by_street` the
    unit of a matter is a street, and everything raised inside it counts that names no building.
    """

    def __init__(self, work: Work, known: Mapping[str, Issue | None], *, by_street: bool = False) -> None:
        self._by_street = by_street
        self._connection = work.connection
        self._known = known
        self._of: dict[Matter, dict[str, OpenIssue]] = {}
        self._touched: dict[str, Issue] = {}
        work.parts.append(self)

    def load(self, matters: Iterable[Matter], *, most: int) -> None:
        """Look up in two queries what is open of these matters: raised at the unit, or held by it now."""
        missing = {matter for matter in matters if matter not in self._of}
        if not missing:
            return
        self._of.update((matter, {}) for matter in missing)
        for query in _newest_open(missing, most, by_street=self._by_street, on=self._connection.dialect):
            for row in self._connection.execute(query):
                one = OpenIssue(row.id, gist_from(row.gist_words, row.spots), row.respondents)
                self._of[row.unit_code, row.category][row.id] = one
        self._touched.update((name, issue) for name, issue in self._known.items() if issue is not None)

    def of(self, matter: Matter, *, most: int) -> list[OpenIssue]:
        """The newest open issues of a unit and category, the oldest of them first."""
        if matter not in self._of:
            self.load([matter], most=most)
        for issue in self._touched.values():
            self._place(issue)
        self._touched.clear()
        return [one for one in self._of[matter].values() if self._is_still(one.issue_id, matter)][-most:]

    def touch(self, issue: Issue) -> None:
        self._touched[issue.id] = issue

    def mark(self) -> None:
        """Nothing to remember: what is restored is looked up again."""

    def restore(self) -> None:
        self._of.clear()
        self._touched.clear()

    def flush(self, writes: Writes) -> None:
        """Nothing is written."""

    def _place(self, issue: Issue) -> None:
        for unit_code in self._units_of(issue):
            found = self._of.get((unit_code, issue.category))
            if found is not None and issue.id not in found and issue.is_open:
                found[issue.id] = OpenIssue(issue.id, issue.gist, issue.respondents)

    def _units_of(self, issue: Issue) -> tuple[str, ...]:
        return (issue.street,) if self._by_street else (issue.origin_unit, issue.unit_code)

    def _is_still(self, issue_id: str, matter: Matter) -> bool:
        issue = self._known.get(issue_id)
        if issue is None:
            return True
        return issue.is_open and matter[1] == issue.category and matter[0] in self._units_of(issue)


def _newest_open(matters: Iterable[Matter], most: int, *, by_street: bool, on: Dialect) -> Iterator[Select[Any]]:
    wanted = given(matters, "unit_code", "category", on=on)
    c = tables.issues.c
    if by_street:
        yield _newest_open_by(c.street, c.spots == "", wanted, most, on=on)
        return
    for unit, condition in ((c.origin_unit, true()), (c.unit_code, c.unit_code != c.origin_unit)):
        yield _newest_open_by(unit, condition, wanted, most, on=on)


def _newest_open_by(
    unit: ColumnElement[str], condition: ColumnElement[bool], wanted: Subquery, most: int, *, on: Dialect
) -> Select[Any]:
    """At most so many of each wanted unit and category, so that a batch stays as small as it is.

    PostgreSQL must be made to look up one matter after the other: left to itself it reads all open issues there are,
    as long as its statistics know of few. SQLite can't be, and need not.
    """
    c = tables.issues.c
    is_meant = and_(tables.is_open, unit == wanted.c.unit_code, c.category == wanted.c.category, condition)
    newest_first = (c.raised_at.desc(), c.id.desc())
    columns = (c.id, wanted.c.unit_code, wanted.c.category, c.gist_words, c.spots, c.respondents, c.raised_at)
    if on.name == "postgresql":
        newest: Any = select(*columns).where(is_meant).correlate(wanted).order_by(*newest_first).limit(most).lateral()
        return select(newest).select_from(wanted.join(newest, true())).order_by(newest.c.raised_at, newest.c.id)
    place = func.row_number().over(partition_by=(unit, c.category), order_by=newest_first).label("place")
    newest = select(*columns, place).join(wanted, is_meant).subquery()
    return select(newest).where(newest.c.place <= most).order_by(newest.c.raised_at, newest.c.id)
