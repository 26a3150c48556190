"""A row's cells as text, codes and instants; what can't be read in one way is a fault with what would be right."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.files.instants import NoInstant, Times, instant_in
from shared.files.reading import RowReading

NINE_TWELVE = "2026-03-02T09:12:00+08:00"


def reading(cell):
    return RowReading(7, {"column": cell})


def text_of(cell):
    return reading(cell).text("column")


def fault_of(read, cell):
    row = reading(cell)
    read(row)
    (fault,) = row.faults
    assert (fault.row, fault.column) == (7, "column")
    return fault


@pytest.mark.parametrize(
    "written",
    [
        "2026/3/2 9:12",
        "2026-03-02 09:12:00",
        "2026.3.2 9:12",
        "2026年3月2日 9时12分",
        "2026年3月2日9:12",
        "2026年3月2日 星期一 9:12",
        "2026/3/2 上午 9:12",
        "2026/3/2 上午9:12:00",
        "2026/3/2 9:12 AM",
        "２０２６/３/２　９：１２",
        "2026-03-02T09:12:00.000+08:00",
        "2026-03-02t01:12:00z",
        "2026-03-02T01:12:00+0000",
        "20260302091200",
        "202603020912",
        "20260302T091200",
        "20260302091200+0800",
        "20260302011200Z",
        "03/02/2026 09:12:00 AM",
    ],
)
def test_a_time_is_read_as_offices_write_it(written):
    assert instant_in(written).isoformat() == NINE_TWELVE


def test_the_usual_stamp_is_read_to_its_second():
    assert instant_in("20261127203015+0800") == datetime(2026, 11, 27, 12, 30, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026/3/2", "2026-03-02T00:00:00+08:00"),
        ("20260302", "2026-03-02T00:00:00+08:00"),
        ("2026/3/2 12:05 AM", "2026-03-02T00:05:00+08:00"),
        ("2026/3/2 下午 12:05", "2026-03-02T12:05:00+08:00"),
        ("07/20/2020 10:51:12 PM", "2020-07-20T22:51:12+08:00"),
    ],
)
def test_days_and_halves_of_days_are_read(written, instant):
    assert instant_in(written).isoformat() == instant


@pytest.mark.parametrize(
    "written",
    [
        "yesterday",
        "03/02/2026",
        "13/02/2026 09:12",
        "26/3/2",
        "2026-W10-1",
        "2026-03-02X09:12",
        "2026/3-2",
        "2026-02-30",
        "2026-03-02 24:00",
        "2026-03-02 13:00 AM",
        "46083.38",
        "1772413920",
        "1772413920000",
        "########",
        "1900-01-00",
        "1900-01-01",
        "9999-12-31",
        "2026-03-02 09:12 CST",
        "2026-03-02 09:12+99:00",
        "٢٠٢٦-03-02",
    ],
)
def test_a_time_that_can_be_read_in_two_ways_or_none_is_refused(written):
    with pytest.raises(NoInstant):
        instant_in(written)


def test_a_file_says_its_zone_and_whether_the_day_stands_first():
    new_york = Times(ZoneInfo("America/New_York"), day_first=False)
    assert instant_in("07/02/2020 10:51:12 AM", new_york).isoformat() == "2020-07-02T22:51:12+08:00"
    assert instant_in("02/07/2020", Times(day_first=True)).isoformat() == "2020-07-02T00:00:00+08:00"


@pytest.mark.parametrize("cell", [datetime(2026, 3, 2, 9, 12), "2026/3/2 9:12", 202603020912.0, 202603020912])  # noqa: DTZ001
def test_a_date_cell_a_text_and_a_stamp_that_became_a_number_are_the_same_instant(cell):
    instant = reading(cell).instant("column")
    assert instant is not None
    assert instant.isoformat() == NINE_TWELVE


@pytest.mark.parametrize(("fraction", "second"), [(59.997, 60), (0.003, 0), (12.4, 12.4)])
def test_the_noise_of_a_fraction_of_a_day_is_no_part_of_a_time(fraction, second):
    nine_eleven = datetime(2026, 3, 2, 9, 11, tzinfo=UTC)
    assert reading(nine_eleven + timedelta(seconds=fraction)).instant("column") == nine_eleven + timedelta(
        seconds=second
    )


def test_a_day_begins_at_midnight_in_the_zone_of_the_file():
    row = RowReading(7, {"column": date(2026, 3, 2)}, times=Times(UTC))
    assert row.instant("column") == datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize("cell", [46083.38, time(9, 12), timedelta(hours=9), "soon", True])
def test_a_cell_that_is_no_time_is_a_fault_with_a_time_that_would_be_right(cell):
    assert "2026-03-02 09:12:00" in fault_of(lambda row: row.instant("column"), cell).right


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (" 路灯　", "路灯"),
        ("一_x000D_\n二\r\n三\r四", "一\n二\n三\n四"),
        ('="000123"', "000123"),
        ('="a""b"', 'a"b'),
        (13800138000.0, "13800138000"),
        (110105015033, "110105015033"),
        (12.5, "12.5"),
        (True, "TRUE"),
        (None, ""),
        (float("nan"), ""),
        ("NULL", ""),
        ("\ufeffA1\u200b", "A1"),
    ],
)
def test_a_cell_is_read_as_the_text_that_was_meant(cell, text):
    assert text_of(cell) == text


@pytest.mark.parametrize("cell", ["#N/A", "#REF!", "a\0b", "\ud800", "x" * 100_001, ["a"], {"a": 1}])
def test_what_is_no_text_is_a_fault(cell):
    assert fault_of(lambda row: row.text("column"), cell).right


def test_a_number_of_eighteen_digits_typed_as_a_number_is_refused_for_excel_kept_fifteen():
    fault = fault_of(lambda row: row.code("column", needed=True), 1.10105199001011234e17)
    assert fault.value.startswith("110105199001011")
    assert "kept 15" in fault.wrong
    assert fault_of(lambda row: row.code("column"), 1e15).wrong == fault.wrong
    assert reading("110105199001011234").code("column") == "110105199001011234"
    assert reading(110105199001011234).code("column") == "110105199001011234"


@pytest.mark.parametrize("cell", ["1.10105E+17", "2.0260302E+10", date(2026, 3, 1), datetime(2026, 3, 1, 9)])  # noqa: DTZ001
def test_a_code_that_a_spreadsheet_has_spoilt_is_a_fault(cell):
    assert "as text" in fault_of(lambda row: row.code("column"), cell).right


def test_an_apostrophe_before_a_code_is_no_part_of_it():
    assert reading("'000123").code("column") == "000123"


@pytest.mark.parametrize("cell", ["a b", "a,b", "a、b", "a；b", ["a", "b"]])
def test_several_codes_in_a_cell_are_several(cell):
    assert reading(cell).codes("column") == ["a", "b"]


def test_a_cell_that_must_not_be_empty_is_one_fault():
    assert "there is no column" in fault_of(lambda row: row.text("column", needed=True), "NULL").wrong
    assert fault_of(lambda row: row.code("column", needed=True), "#N/A").value == "#N/A"
