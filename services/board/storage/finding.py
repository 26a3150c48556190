"""Documents that a search looks in, and where two characters stand in them: written once a transaction, as a whole."""

from collections.abc import Iterable

from sqlalchemy import select

from services.board.domain.document import Document
from services.board.storage.projections import Tables
from shared.storage.many import is_any
from shared.storage.work import Work
from shared.storage.writes import Row, Writes

Grams = set[tuple[str, int]]


class Documents:
    """What was put in last is what is found. A document keeps the instant with which it came first."""

    def __init__(self, work: Work, tables: Tables) -> None:
        self._connection, self._tables = work.connection, tables
        self._put: dict[str, Document] = {}
        work.parts.append(self)

    def put(self, document: Document) -> None:
        before = self._put.get(document.id)
        if before is not None:
            document.at = before.at
        self._put[document.id] = document

    def mark(self) -> None:
        """Nothing here is undone: no command changes a document."""

    def restore(self) -> None:
        """As above."""

    def flush(self, writes: Writes) -> None:
        if not self._put:
            return
        known = self._known(self._put)
        gone: list[Row] = []
        new: list[Row] = []
        for document in self._put.values():
            before = known.get(document.id)
            was: Grams = set(before.grams.items()) if before else set()
            document.at = before.at if before else document.at
            now: Grams = set(document.grams.items())
            gone += _rows(document, was - now)
            new += _rows(document, now - was)
        writes.insert(self._tables.documents, [vars(one) for one in self._put.values()], replace="id")
        writes.delete(self._tables.grams, gone)
        writes.insert(self._tables.grams, new)

    def _known(self, ids: Iterable[str]) -> dict[str, Document]:
        table = self._tables.documents
        rows = self._connection.execute(select(table).where(is_any(table.c.id, ids)))
        return {row.id: Document(**row._asdict()) for row in rows}


def _rows(document: Document, grams: Grams) -> list[Row]:
    return [
        {"gram": gram, "weight": weight, "at": document.at, "document_id": document.id}
        for gram, weight in sorted(grams)
    ]
