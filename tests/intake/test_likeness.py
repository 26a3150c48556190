"""Whether two texts speak of the same matter."""

from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.likeness import OpenIssue, closest, gist_of, likeness

ISSUES = [
    OpenIssue("I-1", gist_of("三里小区电梯经常坏", "电梯三天两头坏。", 120)),
    OpenIssue("I-2", gist_of("三里小区东门停车位被占用", "停车位被长期占用。", 120)),
]


def _closest(title: str, content: str = "", issues: list[OpenIssue] = ISSUES) -> str | None:
    return closest(gist_of(title, content, 120), issues, similarity_ratio=0.6, least_characters=6)


def test_the_same_matter_in_other_words_is_found():
    assert _closest("三里小区东门的停车位总被占用!") == "I-2"


def test_a_matter_nobody_spoke_of_is_none_of_them():
    assert _closest("幼儿园何时开学") is None


def test_a_like_beginning_is_enough():
    assert _closest("求助", "电梯三天两头坏!!") == "I-1"


def test_a_title_that_says_nothing_links_to_nothing():
    assert _closest("求助", issues=[OpenIssue("I-3", gist_of("求助", "", 120))]) is None


def test_of_equally_close_issues_the_first_is_taken():
    twins = [OpenIssue("I-8", ISSUES[0].gist), OpenIssue("I-9", ISSUES[0].gist)]

    assert _closest("三里小区电梯经常坏", issues=twins) == "I-8"


def test_of_a_beginning_twice_the_characters_are_read_for_signs_that_say_nothing():
    assert gist_of("", "。。电梯坏了", 3).beginning == "电梯坏"
    assert gist_of("", "。。。。。。电梯坏了", 3).beginning == ""


def test_the_same_words_about_another_building_are_another_matter_and_about_the_same_one_are_not():
    third = [OpenIssue("I-3", gist_of("三里小区3号楼电梯经常坏", "电梯三天两头坏。", 120))]

    assert _closest("三里小区8号楼电梯经常坏", "电梯三天两头坏。", third) is None
    assert _closest("三里小区三号楼电梯经常坏", "电梯三天两头坏。", third) == "I-3"
    assert _closest("三里小区电梯经常坏", "电梯三天两头坏。", third) == "I-3"


def test_the_address_names_the_building_too():
    other = gist_of("电梯经常坏", "三天两头坏。", 120, address="三里小区8号楼")

    assert likeness(gist_of("电梯经常坏", "三天两头坏。", 120, address="三里小区3号楼"), other) == 0
    assert likeness(gist_of("电梯经常坏", "三天两头坏。", 120), other) == 1


@given(st.text(max_size=60), st.text(max_size=200), st.text(max_size=60))
def test_likeness_is_a_share_and_the_same_both_ways(title, content, other):
    one, two = gist_of(title, content, 120), gist_of(other, content, 120)

    assert 0 <= likeness(one, two) <= 1
    assert likeness(one, two) == likeness(two, one)


@given(st.text(min_size=6, max_size=60, alphabet="电梯停车小区东门噪音坏了"))
def test_a_text_is_closest_to_itself(title):
    itself = OpenIssue("I-0", gist_of(title, "", 120))

    assert _closest(title, issues=[*ISSUES, itself]) is not None
