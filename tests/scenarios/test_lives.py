"""Whatever happens to orders, and in whatever order services hear of it: when everybody has done their part it is over.

Each seed is a life. The short form lives a handful, LIVES=500 as many from the first one on.
"""

import os
from collections.abc import Iterator

import pytest

from shared.contracts.vocabulary import SlaClass
from tests.databases import lent, runs_on
from tests.scenarios.acts import something_happens
from tests.scenarios.endings import everybody_does_their_part, left_over
from tests.scenarios.lives import PARTS, Life, course_told, tell_of_desks

LIVES = int(os.environ.get("LIVES", "6"))


@pytest.fixture(params=runs_on("sqlite"))
def _databases(request: pytest.FixtureRequest) -> Iterator[None]:
    with lent(request, *PARTS, fill=tell_of_desks):
        yield


@pytest.mark.usefixtures("_databases")
@pytest.mark.parametrize("seed", range(LIVES))
def test_a_life_comes_to_its_end(seed: int) -> None:
    life = Life(seed)
    with course_told(life):
        two_orders_are_filed(life)
        for _ in range(life.dice.randrange(6, 26)):
            something_happens(life)
            some_news_are_heard(life)
        everybody_does_their_part(life)

        assert list(left_over(life)) == []


def two_orders_are_filed(life: Life) -> None:
    """About one matter, the second an emergency."""
    for sla_class in (life.dice.choice([SlaClass.GENERAL, SlaClass.GENERAL, SlaClass.EMERGENCY]), SlaClass.EMERGENCY):
        life.file(sla_class)
        life.streams.deliver()


def some_news_are_heard(life: Life) -> None:
    """Nearly as often all as some, and seldom none."""
    heard = life.dice.random()
    if heard < 0.95:
        life.streams.deliver(most=None if heard < 0.45 else life.dice.randrange(1, 12))
