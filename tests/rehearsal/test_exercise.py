"""An exercise is about the district that the settings name."""

from datetime import datetime, timedelta

from services.cli.bench.complaints import write_complaints
from services.cli.suite.staff import Staff
from services.rehearsal.exercise import Exercise
from shared.clock import SHANGHAI
from shared.settings import settings
from shared.units import UnitDirectory
from tests.small_district import write_units

MIDNIGHT = datetime(2026, 3, 3, tzinfo=SHANGHAI)
DAY = timedelta(days=1)


def test_orders_name_no_unit_that_an_operators_own_file_lacks(monkeypatch, tmp_path):
    with monkeypatch.context() as patch:
        patch.setenv("GONGSHANG_UNITS_FILE", write_units(tmp_path / "units.csv"))
        settings.cache_clear()
        rehearsed = Exercise("amqp://nowhere", Staff(), seed=7, starts_at=MIDNIGHT, days=1).hotline.take_due(
            MIDNIGHT + DAY
        )
        measured = write_complaints(100, at=MIDNIGHT)
        orders = [*(one.content for one in rehearsed), *measured]
    settings.cache_clear()
    shipped, ours = UnitDirectory.load(), UnitDirectory.load(tmp_path / "units.csv")

    named = {code for order in orders for code in order["place"]["unit_codes"] if shipped.find(code)}

    assert len(rehearsed) > 10
    assert len(named) > 10
    assert [code for code in named if ours.find(code) is None] == []
