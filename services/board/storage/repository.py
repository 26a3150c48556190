"""The board's unit of work: what a batch of events is about is read at once, and written at once at its end."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import TypeVar

from sqlalchemy import Connection, Table, select

from services.board.domain.document import Document, document_id
from services.board.domain.issue import Issue, Place
from services.board.domain.period import Category, Period, Ranking
from services.board.domain.resolution import Incident, Resolution
from services.board.domain.session import Session
from services.board.domain.words import FoundKind
from services.board.storage import tables
from services.board.storage.counting import Counting
from services.board.storage.finding import Documents
from services.board.storage.projections import Tables
from shared.bus.work import Store
from shared.storage import Repository, Writes
from shared.storage.work import Work
from shared.storage.writes import Row

E = TypeVar("E")


class Stories:
    """What happened, added and never changed."""

    def __init__(self, work: Work, table: Table) -> None:
        self._table = table
        self._rows: list[Row] = []
        work.parts.append(self)

    def add(self, **row: object) -> None:
        self._rows.append(row)

    def mark(self) -> None:
        """Nothing here is undone: no command tells a story."""

    def restore(self) -> None:
        """As above."""

    def flush(self, writes: Writes) -> None:
        writes.insert(self._table, self._rows)


class Sight:
    """Before anything is written: what lists show of the issues, sessions and resolutions that were heard of."""

    def __init__(self, work: "BoardStore") -> None:
        self._work = work
        self._issues: dict[str, tuple[Issue, Place | None, str]] = {}
        work.parts.append(self)

    def watch(self, issue: Issue) -> None:
        """It is about to change."""
        if issue.issue_id not in self._issues:
            self._issues[issue.issue_id] = issue, issue.counted_at, issue.title

    def mark(self) -> None:
        """Nothing here is undone: no command changes an issue."""

    def restore(self) -> None:
        """As above."""

    def flush(self, writes: Writes) -> None:
        moved: dict[Place, int] = {}
        for issue, before, title in self._issues.values():
            issue.see()
            after = issue.counted_at
            for place, number in ((before, -1), (after, 1)):
                if place is not None and before != after:
                    moved[place] = moved.get(place, 0) + number
            if issue.title != title and issue.raised_at is not None:
                self._work.documents.put(_document(issue, issue.raised_at))
        for (unit_code, stage, light), number in moved.items():
            self._work.tallies.add(number, unit_code=unit_code, stage=stage, light=light)


class BoardStore(Store):
    """The unit of work that the board's use cases see: on the generation that serves, or on the one named."""

    def __init__(self, connection: Connection, generation: int | None = None) -> None:
        super().__init__(connection)
        self.generation = generation or serving(connection)
        self.shelf = tables.generation[self.generation]
        of = self.shelf
        self.sight = Sight(self)
        self.issues: Repository[Issue] = _repository(Issue, of.issues)(self)
        self.sessions: Repository[Session] = _repository(Session, of.sessions)(self)
        self.resolutions: Repository[Resolution] = _repository(Resolution, of.resolutions)(self)
        self.incidents: Repository[Incident] = _repository(Incident, of.incidents)(self)
        self.periods: Repository[Period] = _repository(Period, of.periods)(self)
        self.rankings: Repository[Ranking] = _repository(Ranking, of.rankings)(self)
        self.categories: Repository[Category] = _repository(Category, of.categories)(self)
        self.stories = Stories(self, of.stories)
        self.tallies = Counting(self, of.tallies)
        self.figures = Counting(self, of.figures)
        self.documents = Documents(self, of)

    def note_heard(self, until: datetime, at: datetime) -> None:
        """What happened last of all that is written now, and when that is."""
        self.writes.insert(tables.heard, [{"id": 1, "until": until, "at": at}], replace="id")

    def issue(self, issue_id: str, at: datetime) -> Issue:
        """The issue, which is about to change; what is heard of it first makes the record."""
        issue = self.issues.find(issue_id)
        if issue is None:
            issue = Issue(issue_id=issue_id, changed_at=at)
            self.issues.add(issue)
        self.sight.watch(issue)
        return issue


def serving(connection: Connection) -> int:
    """Which generation serves, the first until it is said otherwise. Whoever writes keeps it so until they are done."""
    return connection.scalar(select(tables.serving.c.generation).with_for_update(read=True)) or tables.FIRST


def clear(connection: Connection, shelf: Tables) -> None:
    """Empty all tables of a generation."""
    for table in shelf:
        connection.execute(table.delete())


@cache
def _repository(entity: type[E], table: Table) -> Callable[[Work], Repository[E]]:
    """Made once for each table: the two generations differ in nothing else."""
    return type(f"{entity.__name__}Repository", (Repository,), {"entity": entity, "table": table})


def _document(issue: Issue, at: datetime) -> Document:
    return Document(
        id=document_id(FoundKind.ISSUE, issue.issue_id),
        kind=FoundKind.ISSUE,
        issue_id=issue.issue_id,
        title=issue.title,
        words="",
        unit_code=issue.origin_unit,
        at=at,
    )
