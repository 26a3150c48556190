"""Opening hours and days of duty, as people write them."""

from datetime import time

import pytest

from services.directory.domain.opening import Opening, Unreadable, days_in, days_in_words, weekly_openings
from shared.contracts.directory_words import DayKind
from shared.directory.hours import read_hours

NINE, NOON, FIVE, NINE_PM, MIDNIGHT = time(9), time(12), time(17), time(21), time(0)


@pytest.mark.parametrize(
    ("words", "monday", "sunday"),
    [
        ("周一至周五 09:00-21:00；周六、周日 09:00-17:00", [(NINE, NINE_PM)], [(NINE, FIVE)]),
        ("星期一到星期五 9:00～21:00", [(NINE, NINE_PM)], []),
        ("每天 09:00-12:00、17:00-21:00", [(NINE, NOON), (FIVE, NINE_PM)], [(NINE, NOON), (FIVE, NINE_PM)]),
        ("每天 09:00-12:00、12:00-17:00", [(NINE, NOON), (NOON, FIVE)], [(NINE, NOON), (NOON, FIVE)]),
        ("9:00—17:00", [(NINE, FIVE)], [(NINE, FIVE)]),
        ("９：００－１７：００", [(NINE, FIVE)], [(NINE, FIVE)]),
        ("周末 9点至17点", [], [(NINE, FIVE)]),
        ("全天", [(MIDNIGHT, MIDNIGHT)], [(MIDNIGHT, MIDNIGHT)]),
        ("周一 17:00-24:00", [(FIVE, MIDNIGHT)], []),
    ],
)
def test_hours_are_read_as_they_are_meant(words, monday, sunday):
    read = weekly_openings(words)

    assert [(one.starts, one.ends) for one in read if one.day is DayKind.MONDAY] == monday
    assert [(one.starts, one.ends) for one in read if one.day is DayKind.SUNDAY] == sunday


def test_days_off_may_have_hours_of_their_own():
    assert weekly_openings("节假日 09:00-12:00") == [Opening(DayKind.DAY_OFF, NINE, NOON)]


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ("", "names no hours"),
        ("周一至周五", "has no hours in 周一至周五"),
        ("周八 09:00-10:00", "has 周八, which is no day"),
        ("每天 8点到晚上", "has 8点到晚上, which is no time from and until"),
        ("每天 09:00-25:00", "has 25:00, which is no time of day"),
        ("周一 21:00-09:00", "ends before it begins in 21:00-09:00"),
        ("周五至周一 09:00-10:00", "goes backwards in 周五至周一"),
        ("周一 09:00-12:00；每天 10:00-11:00", "opens twice at the same time on one day (10:00)"),
    ],
)
def test_what_can_not_be_read_is_told(words, wrong):
    with pytest.raises(Unreadable) as told:
        weekly_openings(words)

    assert str(told.value).startswith(wrong)


@pytest.mark.parametrize(
    "words",
    [
        *("节假日 09:00-12:00", "工作日 9:00-17:00；休息日 10:00-12:00", "周末 9点至17点", "全天24小时"),
        *("周一至周五、周日 9时-17时", "9时30分-17时", "每天 09:00-12:00、17:00-24:00", "星期天：9:00-17:00"),
    ],
)
def test_whoever_calls_a_session_reads_the_hours_as_they_were_entered(words):
    read = read_hours(words)
    assert read is not None

    entered: dict[int, list[tuple[int, int]]] = {}
    for one in weekly_openings(words):
        for day in WEEKDAYS_OF.get(one.day, [list(DayKind).index(one.day)]):
            ends = one.ends.hour * 60 + one.ends.minute
            entered.setdefault(day, []).append((one.starts.hour * 60 + one.starts.minute, ends or 24 * 60))
    assert {day: list(spans) for day, spans in read.spans.items()} == entered


WEEKDAYS_OF = {DayKind.WORKING_DAY: range(5), DayKind.DAY_OFF: range(5, 7)}


@pytest.mark.parametrize("words", ["每天", "周一至周五", "周二、周四、周六", "工作日", "周六、周日、休息日"])
def test_days_are_written_as_they_are_read(words):
    assert days_in_words(days_in(words)) == words
