"""What a clerk enters by a spreadsheet is where the next session meets, who is invited, and who gets the next task."""

import csv
from datetime import UTC, datetime, timedelta

import pytest

from services.cli.main import main
from services.councils.service import CouncilsService
from services.directory.service import DirectoryService
from services.dispatch.service import DispatchService
from shared.clock import SHANGHAI
from shared.contracts.councils import SessionScheduledV1
from shared.contracts.directory import (
    DeputiesChangedV1,
    DesksChangedV1,
    DutyPart,
    HallsChangedV1,
    OrganisationsChangedV1,
    ShiftsChangedV1,
    StaffChangedV1,
)
from shared.contracts.directory_words import Lead
from shared.contracts.dispatch import TaskAssignedV1
from shared.storage.engine import engine_for
from shared.units import Tier
from tests.councils.builders import listed
from tests.databases import KINDS, lent
from tests.directory.clerk import BOOK, COMMUNITY, DEPUTIES, HALLS
from tests.dispatch.builders import issue_raised
from tests.harness import Bus
from tests.told import an_entry, tell

TOLD = (
    OrganisationsChangedV1,
    DesksChangedV1,
    ShiftsChangedV1,
    StaffChangedV1,
    DeputiesChangedV1,
    HallsChangedV1,
)
TOMORROW = datetime.now(SHANGHAI).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=1)


@pytest.fixture(params=KINDS)
def told(request, tmp_path):
    """What the directory tells of the clerk's book."""
    folder = tmp_path / "名录"
    folder.mkdir()
    for name, rows in BOOK.items():
        with (folder / f"{name}.csv").open("w", encoding="gb18030", newline="") as lines:
            csv.writer(lines).writerows(rows)
    with lent(request, "directory", "councils", "dispatch"):
        duty = an_entry(
            DutyPart,
            "D1",
            category="sanitation",
            tier=Tier.COMMUNITY,
            lead=Lead.LEADS,
            organisation="社区居委会",
            rank=1,
        )
        for service in ("directory", "councils", "dispatch"):
            tell(engine_for(service), duty)
        assert main(["directory", "import", str(folder)]) == 0
        yield Bus(engine_for("directory"), DirectoryService, TOMORROW.astimezone(UTC)).told(*TOLD)


def bus_of(service, events, at):
    bus = Bus(engine_for(service.name), service, at.astimezone(UTC))
    with bus.begin() as work:
        for event in events:
            work.directory.learn(event)
    return bus


def test_the_next_session_is_in_an_entered_hall_with_entered_deputies(told):
    bus = bus_of(CouncilsService, told, TOMORROW)

    bus.hear(listed(at=TOMORROW.astimezone(UTC), unit=COMMUNITY))
    bus.move(TOMORROW.astimezone(UTC))

    (session,) = bus.told(SessionScheduledV1)
    assert session.hall_name in {row[0] for row in HALLS[1:]}
    assert {one.name for one in session.deputies} <= {row[1] for row in DEPUTIES[2:]}
    assert len(session.deputies) >= 5


def test_a_task_in_the_night_goes_to_whoever_is_on_duty_then(told):
    night = TOMORROW.replace(hour=23)
    bus = bus_of(DispatchService, told, night)

    at = night.astimezone(UTC)
    bus.hear(issue_raised(unit_code=COMMUNITY, dispatched_at=at, due_at=at + timedelta(days=7), raised_at=at))

    (task,) = bus.told(TaskAssignedV1)
    assert (task.unit_code, task.department) == (COMMUNITY, "社区居委会")
    assert task.person in {"韩社工", "杨社工"}
