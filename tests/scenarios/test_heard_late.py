"""Handled in time and heard of late: what dispatch and supervision make of it together, whoever hears first."""

from collections.abc import Iterator

import pytest

from services.dispatch.service import DispatchService
from services.supervision.service import SupervisionService
from shared.auth import Role
from shared.contracts import dispatch as of_dispatch
from shared.contracts import supervision as of_supervision
from shared.storage.engine import engine_for
from tests.databases import KINDS, lent
from tests.dispatch.builders import COMMUNITY, GRID, MONDAY, SHA, days, hours, issue_raised
from tests.harness import Bus
from tests.told import few_desks, few_duties, tell

SHOWN = [{"uri": "https://example.org/1.jpg", "sha256": SHA}]
TASK = {"task_id": "I-1/T1"}
TIME_OF_THE_GRID = MONDAY + days(7)


class Both:
    """Dispatch and supervision; neither hears of the other before it is told."""

    def __init__(self) -> None:
        for service in ("dispatch", "supervision"):
            tell(engine_for(service), *few_duties(), *(few_desks() if service == "dispatch" else ()))
        self.dispatch = Bus(engine_for("dispatch"), DispatchService, MONDAY)
        self.supervision = Bus(engine_for("supervision"), SupervisionService, self.dispatch.clock)
        self.dispatch.hear(issue_raised())
        self.supervision.hear(issue_raised())

    def handle(self) -> None:
        """The grid's desk does it, and its leader accepts."""
        for method, role, asked in (
            ("sign_for_task", Role.HANDLER, {}),
            ("finish_task", Role.HANDLER, {"result": "已清运", "evidence": SHOWN}),
            ("accept_task", Role.LEADER, {}),
        ):
            self.dispatch.ask(method, TASK | asked | {"idempotency_key": "k"}, role, GRID)

    def tell_each_other(self) -> None:
        """All that was said so far, of the kinds on which the other acts here."""
        for _ in range(2):
            moves = self.supervision.told(of_supervision.IssueEscalatedV1, of_supervision.EscalationUndoneV1)
            news = self.dispatch.told(of_dispatch.IssueHandledV1, of_dispatch.TaskTakenOverV1)
            self.dispatch.hear(*moves)
            self.supervision.hear(*news)

    def case(self) -> tuple[str, bool]:
        """Who holds it, and whether it is handled as far as supervision knows."""
        asked = self.supervision.ask("get_case", {"issue_id": "I-1"}, Role.SUPERVISOR, "110105")
        return asked["case"]["unit_code"], asked["handled_at"] is not None

    def tasks(self) -> list[tuple[str, str]]:
        found = self.dispatch.ask("list_tasks", {"issue_id": "I-1"}, Role.LEADER, "110105")["tasks"]
        return [(task["unit_code"], task["state"]) for task in found]


@pytest.fixture(params=KINDS)
def both(request: pytest.FixtureRequest) -> Iterator[Both]:
    with lent(request, "dispatch", "supervision"):
        yield Both()


def test_it_is_as_if_it_had_not_climbed(both):
    both.dispatch.clock.instant = TIME_OF_THE_GRID - hours(1)
    both.handle()
    both.supervision.move(TIME_OF_THE_GRID)
    both.tell_each_other()

    assert (both.case(), both.tasks()) == ((GRID, True), [(GRID, "accepted")])
    assert both.supervision.told(of_supervision.EscalationUndoneV1)


def test_handled_after_its_time_it_stays_done_and_the_next_holder_has_it(both):
    both.supervision.move(TIME_OF_THE_GRID)
    both.dispatch.clock.instant = TIME_OF_THE_GRID + hours(1)
    both.handle()
    both.tell_each_other()

    assert (both.case(), both.tasks()) == ((COMMUNITY, True), [(GRID, "accepted")])
    assert not both.supervision.told(of_supervision.EscalationUndoneV1)
