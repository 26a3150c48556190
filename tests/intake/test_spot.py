"""Which building or entrance a text names, and when two texts are of two places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.spot import are_apart, spots_in


@pytest.mark.parametrize(
    ("text", "spots"),
    [
        ("望京西园3号楼电梯坏了", {"building:3"}),
        ("望京西园３号楼电梯坏了", {"building:3"}),
        ("三号楼二单元的灯", {"building:3", "entrance:2"}),
        ("03栋、12幢", {"building:3", "building:12"}),
        ("十二号楼", {"building:12"}),
        ("二十号楼和一百零二号楼", {"building:20", "building:102"}),
        ("3、5、8号楼都没有热水", {"building:3", "building:5", "building:8"}),
        ("3号楼至5号楼之间", {"building:3", "building:5"}),
        ("b座 2 单元", {"building:B", "entrance:2"}),
        ("甲3号院", {"yard:甲3"}),
        ("3楼的住户，10月3号开始，13800001111", set()),
        ("这座楼、两个单元、整栋", set()),
        ("", set()),
    ],
)
def test_spots_are_read_in_any_script(text, spots):
    assert spots_in(text) == spots


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("3号楼电梯坏了", "8号楼电梯坏了", True),
        ("3号楼电梯坏了", "三号楼电梯又坏了", False),
        ("3号楼电梯坏了", "电梯坏了", False),
        ("3号楼1单元电梯坏了", "3号楼2单元电梯坏了", True),
        ("3号楼1单元电梯坏了", "3号楼电梯坏了", False),
        ("3、5号楼停水", "5、7号楼停水", False),
    ],
)
def test_texts_are_apart_when_they_name_other_spots_of_one_kind(one, other, apart):
    assert are_apart(spots_in(one), spots_in(other)) is apart
    assert are_apart(spots_in(other), spots_in(one)) is apart


@given(st.integers(1, 9999))
def test_every_number_is_read_whole(number):
    assert spots_in(f"小区{number}号楼") == {f"building:{number}"}
