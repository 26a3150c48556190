"""What holds of every public page: both languages whole, small, nothing from elsewhere, no script or style inside."""

import csv
import re
from html.parser import HTMLParser
from io import StringIO
from urllib.parse import urlsplit

import pytest
from icalendar import Calendar

from services.board.reading.shapes import HallKind, IssueFilter, Light, Stage
from services.gateway.pages.downloads import as_csv
from services.gateway.words.catalogue import ENGLISH
from services.gateway.words.happenings import HAPPENED
from shared.contracts import EVENTS
from tests.gateway.fake_board import ISSUE, NEXT, SESSION
from tests.gateway.pages_to_try import PAGES

LARGEST_PAGE, LARGEST_SCRIPTS = 200_000, 60_000
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH_WORD = re.compile(r"[A-Za-z]{3,}")
NO_WORDS = {"English", "CSV"}
"""What stands in Latin letters on Chinese pages: the name of the other language, and that of a format."""


class Read(HTMLParser):
    """A page as one reads it: its addresses, its tags, and its texts but for what is marked as another language.

    A title, and a choice in a form, are in one language whatever they name.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.addresses: list[str] = []
        self.inline: list[str] = []
        self._foreign: list[bool] = []
        self._void = {"meta", "link", "input", "br", "img", "hr"}
        self._language = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self._language = given["lang"] or ""
        self.addresses += [given[name] or "" for name in ("href", "src", "action") if name in given]
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        self.inline += ["script"] if tag == "script" and "src" not in given else []
        self.inline += ["style"] if tag == "style" else []
        said = [given.get(name) or "" for name in ("aria-label", "placeholder", "title", "data-label")]
        is_foreign = given.get("lang", self._language) != self._language or tag in ("option", "title")
        if tag not in self._void:
            self._foreign.append(is_foreign)
        if not any(self._foreign):
            self.texts += [text for text in said if text]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._void and self._foreign:
            self._foreign.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(self._foreign):
            self.texts.append(data.strip())


@pytest.fixture
def read(visitor):
    """`read(address, language)`: a page as one reads it."""

    def look(address: str, language: str = "zh") -> Read:
        visitor.set_cookie("language", language)
        return Read(visitor.get(address).text)

    return look


@pytest.mark.parametrize("name", PAGES)
def test_a_chinese_page_says_no_word_of_english(read, name):
    texts = read(PAGES[name]).texts
    words = {word for text in texts for word in ENGLISH_WORD.findall(text)}

    assert texts
    assert {word for word in words - NO_WORDS if not _is_a_mark(word, texts)} == set()


def _is_a_mark(word: str, texts: list[str]) -> bool:
    """Part of a number, checksum or address: it stands among digits, without a space."""
    return all(re.search(rf"[\d-]\S*{word}|{word}\S*[\d-]", text) for text in texts if word in text)


@pytest.mark.parametrize("name", PAGES)
def test_an_english_page_says_chinese_only_where_it_is_marked_as_such(read, name):
    texts = read(PAGES[name], ENGLISH).texts

    assert texts
    assert [text for text in texts if CHINESE.search(text)] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_small_and_carries_no_script_or_style_inside(visitor, read, name):
    page = visitor.get(PAGES[name])
    files = {address for address in read(PAGES[name]).addresses if address.startswith("/static/")}
    sizes = {address: _size(visitor, address) for address in files}

    assert read(PAGES[name]).inline == []
    assert len(page.data) + sum(sizes.values()) <= LARGEST_PAGE
    assert sum(size for address, size in sizes.items() if ".js" in address) <= LARGEST_SCRIPTS


def _size(visitor, address):
    with visitor.get(address) as file:
        return len(file.data)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_names_no_address_but_our_own(read, name):
    assert [address for address in read(PAGES[name]).addresses if urlsplit(address).netloc] == []


@pytest.mark.parametrize("name", ["front", "issues", "sessions", "halls", "ranks"])
def test_an_empty_list_says_why_and_what_will_be_there(visitor, board, name):
    board.is_empty = True

    assert 'class="empty"' in visitor.get(PAGES[name].partition("?")[0]).text


@pytest.mark.parametrize("kind", ["issues", "sessions", "halls"])
def test_what_the_board_does_not_show_is_a_page_that_is_not_there(visitor, kind):
    assert visitor.get(f"/{kind}/unknown").status_code == 404


def test_a_list_is_narrowed_by_what_stands_in_its_address(visitor, board):
    visitor.get("/issues?unit=110105015&stage=deliberate&light=late&state=all&after=here")

    wanted = IssueFilter(unit="110105015", stage=Stage.DELIBERATE, light=Light.LATE, is_open=None)
    assert board.asked == [(wanted, "here")]


@pytest.mark.parametrize("query", ["stage=nowhere", "light=green", "tier=moon", "unit=999"])
def test_a_filter_that_does_not_exist_is_a_bad_address_and_no_fault_of_ours(visitor, query):
    assert visitor.get(f"/issues?{query}").status_code == 400


def test_the_next_page_keeps_the_filter(visitor):
    assert f"/issues?stage=handle&amp;after={NEXT}" in visitor.get("/issues?stage=handle").text


def test_halls_are_narrowed_by_their_kind(visitor, board):
    visitor.get("/halls?kind=online")

    assert board.asked[0][0].kind is HallKind.ONLINE


def test_the_streets_are_ranked_first_and_over_all_before_by_kind_of_dispatch(visitor):
    page = visitor.get("/ranks").text

    assert page.index("街道（乡、地区） · 综合") < page.index("街道（乡、地区） · 直派") < page.index("部门 · 综合")


def test_one_character_is_too_short_to_search_by(visitor, board):
    answer = visitor.get("/search?words=水")

    assert "请至少输入两个字" in answer.text
    assert board.asked == []


def test_a_list_is_taken_away_as_a_table(visitor):
    lines = list(csv.reader(StringIO(visitor.get("/issues.csv").text.lstrip("\ufeff"))))

    assert lines[0][:2] == ["议题编号", "议题"]
    assert len(lines) == 1 + len(Light) * len(Stage)


def test_no_cell_of_a_table_is_taken_for_a_formula(visitor):
    with visitor.application.test_request_context():
        answer = as_csv("issues", ["议题"], [["=1+1"], ["@x"], [3]])

    assert answer.get_data(as_text=True).splitlines()[1:] == ["'=1+1", "'@x", "3"]


def test_an_issue_is_followed_by_a_feed_of_what_happened(visitor):
    answer = visitor.get(f"/feeds/issues/{ISSUE}")

    assert answer.mimetype == "application/atom+xml"
    assert "承办人已签收" in answer.text


def test_meetings_and_due_dates_go_into_a_calendar(visitor):
    of_issue = Calendar.from_ical(visitor.get(f"/calendars/issues/{ISSUE}").data)
    of_session = Calendar.from_ical(visitor.get(f"/calendars/sessions/{SESSION}").data)

    assert len(of_issue.events) == 2
    assert [str(event["location"]) for event in of_session.events] == ["甘露园社区议事厅"]


def test_whoever_asks_for_english_gets_it_and_the_switch_prevails(visitor):
    visitor.delete_cookie("language")
    asked = visitor.get("/", headers={"Accept-Language": "en-GB,en;q=0.9"}).text
    visitor.get("/look?language=zh&back=/issues")

    assert '<html lang="en"' in asked
    assert '<html lang="zh-CN"' in visitor.get("/", headers={"Accept-Language": "en-GB"}).text


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "x"])
def test_the_switch_leads_to_pages_of_ours_alone(visitor, back):
    assert visitor.get("/look", query_string={"theme": "dark", "back": back}).location == "/"


def test_every_event_that_a_timeline_may_show_has_its_words():
    told = {name.partition(".")[0] for name, event in EVENTS.items() if event.publisher not in ("hotline", "directory")}

    assert told - set(HAPPENED) == set()
    assert set(HAPPENED) - told == set()
