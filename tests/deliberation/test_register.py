"""A register in a file becomes the electorate of a poll, or is told row by row what is wrong with it."""

import base64
from io import BytesIO

import pytest
from xlsxwriter import Workbook

from services.deliberation.domain.errors import ElectorateRefused, StepOutOfOrder, UnreadableRegister
from services.deliberation.use_cases import polls
from services.gateway.words.book_faults import in_chinese
from shared.contracts.vocabulary import ElectorateKind, MoneySource
from tests.deliberation.builders import Hall
from tests.deliberation.test_poll import POLL

HEADER = "房号,户主,面积"
CJK = range(0x4E00, 0xA000)


@pytest.fixture
def ready(work) -> Hall:
    """A motion before its vote."""
    hall = Hall(work)
    hall.open()
    hall.five_steps(motion="小广场铺装方案")
    return hall


def preview(hall, *lines, name="名册.csv", header=HEADER, raw=None, **asked):
    content = raw if raw is not None else "\n".join([header, *lines]).encode("gb18030")
    about = {"electorate": ElectorateKind.HOUSEHOLDS, "days": 14, "options": [], "owners_item": 0} | asked
    return hall.ask(polls.preview_poll, name=name, content=base64.b64encode(content).decode(), **about)


def faults_of(hall, *lines, **asked):
    return [(one.row, one.column, one.wrong) for one in preview(hall, *lines, **asked).faults]


def test_a_register_is_read_from_three_columns_and_the_rest_is_left_in_the_file(ready):
    lines = ("1室,H1,80.5,13800000000", '2室,H2、H3,"1,080",13900000000')
    told = preview(ready, *lines, header="房屋坐落,权利人,建筑面积（平方米）,手机")

    assert [(one.dwelling, one.holders, one.area_m2) for one in told.register] == [
        ("1室", ["H1"], 80.5),
        ("2室", ["H2", "H3"], 1080.0),
    ]
    assert (told.rows, told.faults, told.base_heads, told.base_area_m2) == (2, [], 2, 1160.5)
    assert "138" not in str(told)


def test_a_workbook_is_read_as_it_is_and_what_was_previewed_is_opened(ready):
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        book.add_worksheet("说明").write_row(0, 0, ["请逐户填写"])
        sheet = book.add_worksheet("业主名册")
        sheet.write_row(0, 0, ["甘露园业主名册"])
        sheet.write_row(1, 0, ["房号", "权利人", "面积"])
        sheet.write_row(2, 0, [101, 7001, 89.5])
    told = preview(ready, raw=file.getvalue(), name="名册.xlsx")
    opened = ready.ask(
        polls.open_poll, electorate=ElectorateKind.HOUSEHOLDS, register=told.register, options=[], days=14
    )

    assert [(one.dwelling, one.holders) for one in told.register] == [("101", ["7001"])]
    assert (opened.poll_id, opened.base_area_m2) == (POLL, told.base_area_m2)
    assert (opened.opens_at, opened.closes_at, opened.due_at) == (told.opens_at, told.closes_at, told.due_at)


@pytest.mark.parametrize(
    ("line", "column", "wrong"),
    [
        (",H9,80", "房号", "is empty"),
        ("9室,,80", "户主", "is empty"),
        ("9室,H9,很大", "面积", "is no number"),
        ("9室,H9,-1", "面积", "is no number"),
        ("1室,H9,80", "房号", "1室 is named twice."),
        ("9室,H9、H8、H9,80", "户主", "Names each holder once."),
        (f"9室,{'H' * 121},80", "户主", "has 121 characters"),
        (f"9室,{'、'.join(f'H{n}' for n in range(21))},80", "户主", "names 21 holders"),
    ],
)
def test_what_is_wrong_is_told_beside_its_row_in_either_language(ready, line, column, wrong):
    told = preview(ready, "1室,H1,80", line)

    assert [(one.row, one.column, one.wrong) for one in told.faults] == [(3, column, wrong)]
    assert (told.register, told.base_heads, told.opens_at) == ([], 0, None)
    for sentence in (wrong, told.faults[0].right):
        assert any(ord(letter) in CJK for letter in in_chinese(sentence)), sentence


def test_owners_vote_by_area_too_so_each_has_some(ready):
    of_owners = {"electorate": ElectorateKind.OWNERS, "owners_item": 6}
    ready.work.motions.get(POLL.rpartition("/")[0]).money = MoneySource.OWNERS

    assert faults_of(ready, "1室,H1,", **of_owners) == [
        (2, "面积", "An owner's vote counts by area too: say how much.")
    ]


def test_a_register_without_a_column_that_is_needed_says_which(ready):
    assert faults_of(ready, "1室,80", header="房号,面积") == [(1, "权利人", "is missing")]
    assert faults_of(ready, "x,y", header="甲,乙") == [(1, "", "has no header")]


@pytest.mark.parametrize("asked", [{"name": "名册.pdf"}, {"raw": b"\xff\xfe\x00"}, {"name": "名册.xlsx"}])
def test_what_is_no_table_is_refused_as_a_whole(ready, asked):
    with pytest.raises(UnreadableRegister) as refused:
        preview(ready, "1室,H1,80", **asked)
    assert list(refused.value.fields) == ["content"]


def test_what_could_not_be_opened_is_refused_before_the_file_is_read(ready):
    with pytest.raises(ElectorateRefused):
        preview(ready, owners_item=6)
    ready.ask(
        polls.open_poll,
        electorate=ElectorateKind.HOUSEHOLDS,
        register=preview(ready, "1室,H1,80").register,
        options=[],
        days=14,
    )
    with pytest.raises(StepOutOfOrder):
        preview(ready, "1室,H1,80")
