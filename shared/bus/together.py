"""Many pieces of work in one transaction; where that fails, in halves, until what can't be done stands alone."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from shared.logs import get_logger
from shared.storage.engine import is_transient
from shared.telling import told

PASSING_TRIES = 3

T = TypeVar("T")
R = TypeVar("R")
log = get_logger()


class Together(Generic[T]):
    """Runs work of one kind, always the same one; `give_up` settles a piece that fails alone.

    Trouble that passes is raised, for all to be done again. Where it comes again and again although the database
    answers (`ask` raises if it does not), one of them brings it about, and is found as any other that fails.
    """

    def __init__(self, give_up: Callable[[T, Exception], None], ask: Callable[[], object]) -> None:
        self._give_up = give_up
        self._ask = ask
        self._passing = 0

    def run(self, do: Callable[[Sequence[T]], set[R]], some: Sequence[T]) -> set[R]:
        """`do` does some, in their order, in one transaction, and says what it did."""
        done = self._run(do, some)
        self._passing = 0
        return done

    def _run(self, do: Callable[[Sequence[T]], set[R]], some: Sequence[T]) -> set[R]:
        try:
            return do(some)
        except Exception as error:
            if is_transient(error):
                self._passing += 1
                if self._passing < PASSING_TRIES:
                    raise
                self._ask()
            if len(some) == 1:
                self._give_up(some[0], error)
                return set()
            log.warning("work_split", size=len(some), error=told(error))
        middle = len(some) // 2
        return self._run(do, some[:middle]) | self._run(do, some[middle:])
