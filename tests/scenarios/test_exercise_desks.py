"""What is made for exercises is enough for dispatch: whatever comes up in whichever unit, a desk there gets it."""

from datetime import timedelta

import pytest

from services.directory.service import DirectoryService
from services.directory.storage.duty_file import read_duties
from services.directory.storage.exercise_file import exercise_plan
from services.directory.storage.repository import DirectoryStore
from services.directory.use_cases.generating import Wanted, generate
from services.dispatch.storage.repository import DispatchStore
from shared.bus.work import reading, transaction
from shared.contracts.directory import DesksChangedV1, DutyPart, OrganisationsChangedV1, ShiftsChangedV1, StaffChangedV1
from shared.storage.engine import engine_for
from tests.databases import lent
from tests.directory.builders import MONDAY
from tests.fakes import a_moment
from tests.harness import Bus
from tests.told import an_entry, few_units, tell

TOLD = (OrganisationsChangedV1, DesksChangedV1, ShiftsChangedV1, StaffChangedV1)


@pytest.fixture(params=["sqlite"])
def dispatch(request):
    """The database of dispatch, told of a few units, the duty list that ships, and an exercise in these units."""
    with lent(request, "directory", "dispatch"):
        tell(engine_for("directory"))
        with transaction(engine_for("directory"), DirectoryStore) as work:
            generate(work, Wanted(exercise_plan(), read_duties(), 7, False, "somebody"), a_moment(MONDAY))
        lines = [an_entry(DutyPart, f"D{n}", **vars(facts)) for n, facts in enumerate(read_duties().lines())]
        tell(engine_for("dispatch"), *lines)
        with transaction(engine_for("dispatch"), DispatchStore) as work:
            for event in Bus(engine_for("directory"), DirectoryService, MONDAY).told(*TOLD):
                work.directory.learn(event)
        yield engine_for("dispatch")


@pytest.mark.parametrize("hour", [1, 15, 24 * 5 + 3], ids=["Monday 9:00", "Monday night", "Saturday"])
def test_every_unit_that_may_lead_has_a_desk_with_somebody_there_at_any_hour(dispatch, hour):
    now = MONDAY + timedelta(hours=hour - 1)
    with reading(dispatch, DispatchStore) as work:
        offices = work.offices(now)
        led = {
            (unit.id, category): offices.lead_post(unit.id, category)
            for unit in few_units()
            if unit.id[:9] in ("110105", "110105001", "110105017")
            for category in offices.duties.categories
        }

    assert len(led) > 1000
    for (unit, category), post in led.items():
        assert post.unit_code == offices.lead_units(unit, category)[0]
        assert offices.assisting(post.unit_code, post.department, category, helper=unit)
