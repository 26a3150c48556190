"""Who is the same caller, and who can't be told from others."""

import pytest

from services.intake.domain.caller import known_by
from shared.contracts.hotline import CallerPart


@pytest.mark.parametrize(
    "phone",
    ["13900001111", "139-0000-1111", "139 0000 1111", "+86 13900001111", "１３９００００１１１１", " 139.0000.1111 "],
)
def test_a_phone_is_the_same_however_it_is_written(phone):
    assert known_by(CallerPart(phone=phone)) == "phone:13900001111"


@pytest.mark.parametrize(
    "phone",
    [
        "",
        "139****1111",
        "139＊＊＊＊1111",
        "139XXXX1111",
        "139xxxx1111",
        "139●●●●1111",
        "0",
        "110",
        "00000000000",
        "无",
    ],
)
def test_a_masked_phone_or_a_filler_is_nobody_in_particular(phone):
    assert known_by(CallerPart(phone=phone)) == ""


@pytest.mark.parametrize(
    "ref", ["匿名", "匿名市民", " 匿名 ", "NULL", "n/a", "NaN", "None", "不详", "-", "0", "000", "张**"]
)
def test_an_anonymous_reference_is_nobody_in_particular_and_the_phone_counts(ref):
    assert known_by(CallerPart(ref=ref)) == ""
    assert known_by(CallerPart(ref=ref, phone="13900001111")) == "phone:13900001111"


def test_a_reference_counts_before_the_phone_and_full_width_is_the_same():
    assert (
        known_by(CallerPart(ref="Ｃ－1001", phone="13900001111")) == known_by(CallerPart(ref="C-1001")) == "ref:C-1001"
    )
