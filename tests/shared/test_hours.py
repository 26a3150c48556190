"""Opening hours as offices write them, and what is not guessed."""

from datetime import datetime, timedelta

import pytest

from shared.clock import SHANGHAI
from shared.directory.hours import read_hours

USUAL = "周一至周五 9:00-21:00；周六、周日 9:00-17:30"
FRIDAY, SATURDAY, SUNDAY = 6, 7, 8  # of March 2026


def is_open(text, day, hour, minute=0, hours=2.0):
    read = read_hours(text)
    assert read is not None, text
    return read.covers(datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI), timedelta(hours=hours))


@pytest.mark.parametrize(
    ("day", "hour", "minute", "opened"),
    [
        (FRIDAY, 8, 59, False),
        (FRIDAY, 9, 0, True),
        (FRIDAY, 19, 0, True),
        (FRIDAY, 19, 1, False),
        (SATURDAY, 15, 30, True),
        (SATURDAY, 15, 31, False),
        (SATURDAY, 19, 0, False),
        (SUNDAY, 10, 0, True),
    ],
)
def test_a_hall_is_open_as_long_as_a_meeting_lasts(day, hour, minute, opened):
    assert is_open(USUAL, day, hour, minute) is opened


@pytest.mark.parametrize(
    "text",
    [
        "周五 19:00-21:00",
        "星期一到星期五19：00—21：00",
        "每周一、三、五 晚上7点-9点",
        "工作日：上午9:00-12:00，下午13:30-21:00",
        "每天 8:30～22:00",
        "周一至周日 9点半至21点",
        "全天",
        "周五：全天；周六：9:00-12:00",
        "24小时开放",
        "周五至周一 18:00-02:00",
        "18:00-24:00",
        "周四、周五、周六日 19:00－21:00",
    ],
)
def test_friday_evening_is_told_however_it_is_written(text):
    assert is_open(text, FRIDAY, 19)


def test_hours_past_midnight_belong_to_the_evening_on_which_they_began():
    assert is_open("周五 20:00-02:00", SATURDAY, 0)
    assert not is_open("周五 20:00-02:00", FRIDAY, 0)


def test_a_day_that_is_not_named_is_closed():
    assert not is_open("周一至周五 9:00-21:00", SATURDAY, 10)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "电话预约",
        "周一至周五",
        "9:00",
        "周一至周五 9:00-25:00",
        "周一至周五 9:00-21:00（法定节假日除外）",
        "9:75-10:00",
    ],
)
def test_what_can_only_be_guessed_is_not_read(text):
    assert read_hours(text) is None
