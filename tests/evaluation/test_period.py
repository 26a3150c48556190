"""Which month an instant lies in, and what may be done with a period when."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.evaluation.domain.errors import PeriodNotFrozen, PeriodNotPublished
from services.evaluation.domain.period import Period, PeriodState
from shared.clock import SHANGHAI
from tests.evaluation.builders import MONDAY

APRIL = datetime(2026, 4, 1, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("what", "instant", "start_day", "period_id"),
    [
        ("the last moment of March in Shanghai", APRIL - timedelta(microseconds=1), 1, "2026-03"),
        ("the first of April in Shanghai, still March in UTC", APRIL.astimezone(UTC), 1, "2026-04"),
        ("New Year's Eve", datetime(2026, 12, 31, 12, tzinfo=UTC), 1, "2026-12"),
        ("the day before a month that starts on the 26th", datetime(2026, 3, 25, tzinfo=SHANGHAI), 26, "2026-02"),
        ("the day it starts", datetime(2026, 3, 26, tzinfo=SHANGHAI), 26, "2026-03"),
        ("January before the 26th", datetime(2026, 1, 5, tzinfo=SHANGHAI), 26, "2025-12"),
    ],
)
def test_an_instant_lies_in_the_month_that_shanghai_says(what, instant, start_day, period_id):
    assert Period.around(instant, start_day).id == period_id, what


@given(st.integers(0, 3_000_000_000), st.integers(1, 28))
def test_periods_cover_all_time_without_a_gap(second, start_day):
    instant = datetime.fromtimestamp(second, UTC)
    period = Period.around(instant, start_day)

    assert period.starts_at <= instant < period.ends_at
    assert Period.around(period.ends_at, start_day).starts_at == period.ends_at
    assert Period.around(period.starts_at - timedelta(seconds=1), start_day).ends_at == period.starts_at


def test_a_period_is_frozen_once():
    period = Period.around(MONDAY, 1)
    period.freeze(b"{}", 3, at=APRIL)

    assert (period.state, period.sha256[:8]) == (PeriodState.FROZEN, "44136fa3")
    with pytest.raises(ValueError, match="frozen"):
        period.freeze(b"[]", 3, at=APRIL)


def test_a_running_period_is_not_published_and_one_that_is_not_published_not_mended():
    period = Period.around(MONDAY, 1)
    with pytest.raises(PeriodNotFrozen):
        period.publish(at=APRIL)
    period.freeze(b"{}", 0, at=APRIL)
    with pytest.raises(PeriodNotPublished):
        period.mend("错", "对", by="evaluator-1", at=APRIL)


def test_an_erratum_stands_beside_the_result_and_names_it():
    period = Period.around(MONDAY, 1)
    period.freeze(b"{}", 0, at=APRIL)
    assert period.publish(at=APRIL)
    assert not period.publish(at=APRIL)
    first = period.mend("统计口径", "样本为 12", by="evaluator-1", at=APRIL)
    second = period.mend("统计口径", "样本为 13", by="evaluator-1", at=APRIL)

    assert (period.result, first.period_sha256, first.number, second.number) == (b"{}", period.sha256, 1, 2)
    assert first.sha256 != second.sha256
