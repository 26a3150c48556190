"""Intake's unit of work without a database."""

from typing import Any

from services.intake.domain.rejection import UndoneLink
from services.intake.storage.repository import IntakeStore
from tests.fakes import a_work_of


class FakeUndoneLinks:
    """Keeps what the table would."""

    def __init__(self) -> None:
        self.all: list[UndoneLink] = []

    def add(self, link: UndoneLink) -> None:
        self.all.append(link)


def a_work() -> Any:
    work: Any = a_work_of(IntakeStore)
    work.undone_links = FakeUndoneLinks()
    return work
