"""The board as pages see it: each look is a few reads, and waits for no writer. It changes nothing.

Pages read here in their own process: a look through the broker would take longer than the page. It is free of the
bus's libraries, and must stay so (an import rule holds it).
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine, select

from services.board.reading import counted, lists, pages, searching
from services.board.reading.looking import PAGE, Look, looking
from services.board.reading.measures import Figures, Ranks, Wall
from services.board.reading.meetings import SessionPage
from services.board.reading.shapes import (
    Found,
    Front,
    HallFilter,
    HallRow,
    IssueFilter,
    IssueRow,
    Page,
    SessionFilter,
    SessionRow,
)
from services.board.reading.whole import HallPage, IssuePage
from services.board.storage import tables
from shared.clock import Clock, clock_from
from shared.settings import settings

P = ParamSpec("P")
T = TypeVar("T")


class Board:
    """All looks at the board. One serves any number of threads.

    `duty_in` is the unit in which the reader has a duty: what is not public there is shown to them.
    """

    def __init__(self, engine: Engine, clock: Clock | None = None) -> None:
        self._engine = engine
        self._clock = clock or clock_from(settings())

    def front(self, now: datetime | None = None) -> Front:
        return self._look(now, counted.front)

    def issue(self, issue_id: str, *, duty_in: str = "") -> IssuePage:
        """Raises NotFound, also for what the reader may not see."""
        return self._look(None, pages.issue_page, issue_id, duty_in)

    def issues(self, wanted: IssueFilter | None = None, cursor: str = "", most: int = PAGE) -> Page[IssueRow]:
        return self._look(None, lists.issues, wanted or IssueFilter(), cursor, most)

    def session(self, session_id: str, *, duty_in: str = "") -> SessionPage:
        """Raises NotFound, also for what the reader may not see."""
        return self._look(None, pages.session_page, session_id, duty_in)

    def staff(self, unit_code: str) -> dict[str, str]:
        """The names of who works in a unit or above it now, by their person ids."""
        return self._look(None, lambda look: look.staff_of(unit_code, look.now))

    def sessions(self, wanted: SessionFilter | None = None, cursor: str = "", most: int = PAGE) -> Page[SessionRow]:
        """Without a filter those to come."""
        return self._look(None, lists.sessions, wanted or SessionFilter(from_at=self._clock.now()), cursor, most)

    def hall(self, hall_id: str) -> HallPage:
        """Raises NotFound."""
        return self._look(None, pages.hall_page, hall_id)

    def halls(self, wanted: HallFilter | None = None, cursor: str = "", most: int = PAGE) -> Page[HallRow]:
        return self._look(None, lists.halls, wanted or HallFilter(), cursor, most)

    def ranks(self, period: str = "", *, within: str = "") -> Ranks:
        """Of the last published period, if none is named. Raises NotFound for one that is not published."""
        return self._look(None, counted.ranks, period, within)

    def search(self, words: str, cursor: str = "", *, duty_in: str = "", most: int = PAGE) -> Page[Found]:
        """Raises BadRequest for less than two characters."""
        return self._look(None, searching.search, words, cursor, duty_in, most)

    def wall(self, unit: str = "", now: datetime | None = None) -> Wall:
        return self._look(now, counted.wall, unit)

    def figures(self, unit: str, since: date, until: date) -> Figures:
        return self._look(None, counted.figures, unit, since, until)

    def behind(self) -> timedelta:
        """How long what was written last had been on its way."""
        return self._look(None, _behind)

    def _look(
        self, now: datetime | None, query: Callable[Concatenate[Look, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        with looking(self._engine, now or self._clock.now()) as look:
            return query(look, *args, **kwargs)


def _behind(look: Look) -> timedelta:
    lag = look.connection.execute(select(tables.heard.c.until, tables.heard.c.at)).one_or_none()
    return max(lag.at - lag.until, timedelta(0)) if lag is not None else timedelta(0)
