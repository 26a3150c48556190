"""A clock explains itself so that a civil servant can follow."""

import pytest

from services.supervision.domain.explanation import explain, in_words
from tests.supervision.builders import MARKS, MONDAY, a_clock, days, hours


def test_the_ledger_is_told_in_order_with_who_and_why():
    clock = a_clock(budget=days(7))
    clock.pause(at=MONDAY + days(1), by="li", reason="等待业主")
    clock.resume(at=MONDAY + days(3), by="wang")
    clock.extend_to(MONDAY + days(12), at=MONDAY + days(4), by="wang", reason="材料未到")

    words = explain(clock, MONDAY + days(5))

    assert words == [
        "承办层级时限：自 2026-03-02 09:00 起计，限 7天（规则版本 1，不分昼夜与节假日）。",
        "2026-03-02 09:00 至 2026-03-03 09:00：计时 1天（督办时钟）。",
        "2026-03-03 09:00 至 2026-03-05 09:00：暂停，不计时 2天（li，原因：等待业主）。",
        "2026-03-05 09:00 至 现在：计时 2天（wang）。",
        "2026-03-06 09:00：延期 3天（wang，原因：材料未到）。",
        "共可用 10天，已用 3天，尚余 7天；到期时间 2026-03-14 09:00；正在计时。",
    ]


def test_an_overdue_clock_says_by_how_much():
    clock = a_clock(budget=hours(2))
    clock.strike(MONDAY + hours(3), MARKS)

    assert "已超 1小时" in explain(clock, MONDAY + hours(3))[-1]


@pytest.mark.parametrize(
    ("length", "words"),
    [(hours(27.5), "1天3小时30分钟"), (hours(0), "0秒"), (hours(1 / 120), "30秒"), (days(15), "15天")],
)
def test_lengths_as_people_say_them(length, words):
    assert in_words(length) == words


def test_a_clock_on_hold_says_that_its_due_time_will_move():
    clock = a_clock(budget=days(7))
    clock.pause(at=MONDAY + days(1), by="li", reason="等待业主")
    on_hold = explain(clock, MONDAY + days(2))[-1]
    clock.resume(at=MONDAY + days(3), by="wang")

    assert on_hold.endswith("到期时间 2026-03-09 09:00（恢复计时后顺延）；已暂停。")
    assert "顺延" not in explain(clock, MONDAY + days(4))[-1]
