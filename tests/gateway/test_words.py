"""Every text of the pages has its English, and instants and lengths are said as people here say them."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from services.board.reading.shapes import Stage
from services.board.reading.whole import TimelineLine
from services.gateway.words.catalogue import CHINESE, ENGLISH, catalogue_of, said_in_code, translations, wanted_by
from services.gateway.words.facts import Fact, facts_of
from services.gateway.words.names import NAMES
from services.gateway.words.times import Times

NOW = datetime(2026, 3, 10, 1, tzinfo=UTC)
IN_CHINESE, IN_ENGLISH = Times(CHINESE, NOW), Times(ENGLISH, NOW)
DUE = datetime(2026, 3, 12, 9, tzinfo=UTC)
VALUES = re.compile(r"%\(\w+\)[sd]")


def test_every_text_has_an_english_one_and_none_is_left_over():
    said = set(said_in_code())
    known = {message.id[0] if isinstance(message.id, tuple) else message.id for message in catalogue_of(ENGLISH)}

    assert said - known == set()
    assert known - {""} - said == set()


def test_the_english_of_a_text_carries_the_same_values_and_no_chinese():
    for message in catalogue_of(ENGLISH):
        chinese = message.id[0] if isinstance(message.id, tuple) else message.id
        for english in message.string if isinstance(message.string, tuple) else (message.string,):
            if chinese:
                assert english, chinese
                assert sorted(VALUES.findall(english)) == sorted(VALUES.findall(chinese))
                assert not re.search(r"[\u4e00-\u9fff]", english)


def test_every_name_of_a_code_can_be_said_in_english():
    words = translations(ENGLISH)

    for names in NAMES.values():
        for text in names.values():
            assert words.ugettext(text) != text


@pytest.mark.parametrize(
    ("said", "chinese", "english"),
    [
        ("when", "3月12日 17:00 (周四)", "Thu 12 March, 17:00"),
        ("day", "3月12日 (周四)", "Thu 12 March"),
        ("left", "还剩 2 天 8 小时", "2 days 8 hours left"),
        ("hour", "17:00", "17:00"),
        ("weekday", "周四", "Thu"),
        ("month_name", "3月", "Mar"),
    ],
)
def test_an_instant_is_said_in_either_language(said, chinese, english):
    assert getattr(IN_CHINESE, said)(DUE) == chinese
    assert getattr(IN_ENGLISH, said)(DUE) == english


def test_another_year_is_named():
    assert IN_CHINESE.day(DUE - timedelta(days=365)) == "2025年3月12日 (周三)"
    assert IN_ENGLISH.when(DUE - timedelta(days=365)) == "Wed 12 March 2025, 17:00"


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=20), "不到 1 分钟"),
        (timedelta(minutes=45), "45 分钟"),
        (timedelta(hours=3), "3 小时"),
        (timedelta(hours=3, minutes=5), "3 小时 5 分钟"),
        (timedelta(days=2, minutes=5), "2 天"),
        (timedelta(days=2, hours=3, minutes=5), "2 天 3 小时"),
    ],
)
def test_a_length_is_said_by_its_two_largest_units(span, words):
    assert IN_CHINESE.lasting(span) == words


def test_what_is_over_says_since_how_long():
    assert IN_CHINESE.left(NOW - timedelta(hours=5)) == "已超期 5 小时"
    assert IN_ENGLISH.left(NOW - timedelta(days=1)) == "overdue by 1 day"


def test_a_period_is_said_by_its_month():
    assert IN_CHINESE.period("2026-03") == "2026年3月"
    assert IN_ENGLISH.period("2026-03") == "March 2026"


@pytest.mark.parametrize(
    ("header", "language"),
    [("", "zh"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en-US,en", "en"), ("fr,en;q=0.5", "en"), ("fr", "zh")],
)
def test_a_browser_gets_the_first_of_our_languages_that_it_asks_for(header, language):
    assert wanted_by(header) == language


def told(kind: str, **facts: str | int) -> list[Fact]:
    line = TimelineLine(
        at=NOW, kind=kind, stage=Stage.DELIBERATE, told_by="councils", unit=None, facts=facts, event_id="e-1"
    )
    return facts_of(line, IN_CHINESE)


def test_a_line_of_the_timeline_tells_peoples_words_as_they_are_and_codes_and_instants_as_we_say_them():
    assert told("motion_stated.v1", mover="张某", motion="换水管", money="public") == [
        Fact("张某", True),
        Fact("换水管", True),
    ]
    assert told("motion_voted.v1", outcome="carried", votes_for=7, votes_against=1, abstained=1) == [
        Fact("通过"),
        Fact("赞成 7，反对 1，弃权 1"),
    ]
    assert told("session_postponed.v1", reason="weather", starts_at=DUE.isoformat()) == [
        Fact("恶劣天气"),
        Fact("时间 3月12日 17:00 (周四)"),
    ]


def test_a_display_that_ends_at_midnight_is_said_by_its_last_day():
    ends_at = datetime(2026, 3, 12, 16, tzinfo=UTC)

    assert told("resolution_published.v1", displayed_until=ends_at.isoformat()) == [Fact("公示到 3月12日 (周四)")]
