"""Unit codes say tier and parent; the directory knows names and finds them in texts."""

import time
from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.units import (
    BadUnitCode,
    BadUnitsFile,
    ElsewhereUnit,
    NoCoveringUnit,
    Tier,
    UnitDirectory,
    UnknownUnit,
    ancestors_of,
    canonical_code,
    covering_unit,
    is_within,
    parent_of,
    tier_of,
)
from shared.units.files import read_neighbours

DISTRICT, STREET, COMMUNITY, GRID = "110105", "110105017", "110105017003", "110105017003005"
HEADER = "code,name,kind,population,valid_from,valid_to,replaced_by\n"

CODES = (
    st.sampled_from([6, 9, 12, 15])
    .flatmap(lambda n: st.text("0123456789", min_size=n - 6, max_size=n - 6))
    .map(lambda rest: DISTRICT + rest)
)


@pytest.fixture(scope="module")
def chaoyang():
    return UnitDirectory.load()


@pytest.mark.parametrize(
    ("code", "tier", "parent"),
    [
        (DISTRICT, Tier.DISTRICT, None),
        (STREET, Tier.STREET, DISTRICT),
        (COMMUNITY, Tier.COMMUNITY, STREET),
        (GRID, Tier.GRID, COMMUNITY),
    ],
)
def test_a_code_alone_says_its_tier_and_its_parent(code, tier, parent):
    assert tier_of(code) is tier
    assert parent_of(code) == parent


@pytest.mark.parametrize("code", ["", "1101", "1101051", "11010x", "１１０１０５", "110105 017", "-10105"])
def test_a_bad_code_is_refused_with_the_code_and_what_would_be_right(code):
    with pytest.raises(BadUnitCode) as refused:
        tier_of(code)

    assert repr(code) in refused.value.message
    assert "6 (district)" in refused.value.message


@pytest.mark.parametrize(
    ("name", "written", "code"),
    [
        ("a street with zeros for its communities", "110105015000", "110105015"),
        ("a district with zeros for its streets", "110105000", DISTRICT),
        ("a district in twelve digits", "110105000000", DISTRICT),
        ("a community in fifteen digits", "110105017003000", COMMUNITY),
        ("the country and a district", "156110105", DISTRICT),
        ("the country and a street", "156110105017", STREET),
        ("the country and a district with zeros", "156110105000000", DISTRICT),
        ("the country and a grid", "156" + GRID, GRID),
        ("a code as it should be", GRID, GRID),
        ("a code that only begins like the country", "156110", "156110"),
    ],
)
def test_a_code_that_is_written_longer_is_read_as_what_it_is(name, written, code):
    assert canonical_code(written) == code, name


@pytest.mark.parametrize("written", ["", "15611010", "156", "1561101050", "１５６110105", "110105015000 "])
def test_what_is_no_code_however_long_it_is_written_is_refused(written):
    with pytest.raises(BadUnitCode):
        canonical_code(written)


@given(CODES)
def test_the_canonical_code_of_a_canonical_code_is_itself(code):
    short = canonical_code(code)

    assert canonical_code(short) == canonical_code("156" + code) == short
    assert code.startswith(short)


def test_tiers_compare_by_height_and_know_the_one_above():
    assert Tier.GRID < Tier.COMMUNITY < Tier.STREET < Tier.DISTRICT
    assert max(Tier.STREET, Tier.GRID) is Tier.STREET
    assert Tier.STREET.above is Tier.DISTRICT
    assert Tier.DISTRICT.above is None


def test_ancestors_come_nearest_first():
    assert ancestors_of(GRID) == (COMMUNITY, STREET, DISTRICT)


@pytest.mark.parametrize(
    ("codes", "covering"),
    [
        ([GRID], GRID),
        ([GRID, COMMUNITY], COMMUNITY),
        (["110105017003", "110105017004"], STREET),
        (["110105017003", "110105018003"], DISTRICT),
        (["110105017003001", "110105017013"], STREET),
    ],
)
def test_the_covering_unit_is_the_lowest_that_holds_all(codes, covering):
    assert covering_unit(codes) == covering


@pytest.mark.parametrize("codes", [[], ["110105", "110106"]])
def test_units_of_two_districts_have_no_covering_unit(codes):
    with pytest.raises(NoCoveringUnit):
        covering_unit(codes)


@given(st.lists(CODES, min_size=1, max_size=6))
def test_the_covering_unit_covers_each_and_no_lower_one_does(codes):
    covering = covering_unit(codes)

    assert all(is_within(code, covering) for code in codes)
    lower = {unit for code in codes for unit in (code, *ancestors_of(code)) if len(unit) > len(covering)}
    assert not any(all(is_within(code, unit) for code in codes) for unit in lower)


def test_the_shipped_directory_has_all_of_chaoyang(chaoyang):
    assert [len(chaoyang.of_tier(tier)) for tier in reversed(Tier)] == [1, 43, 768, 3 * 768]
    assert chaoyang.get(STREET).name == "劲松街道"
    assert [grid.name for grid in chaoyang.children_of("110105001026")] == ["第一网格", "第二网格", "第三网格"]


def test_an_unknown_unit_is_not_a_bad_code(chaoyang):
    assert chaoyang.find("110105999") is None
    with pytest.raises(UnknownUnit):
        chaoyang.get("110105999")
    with pytest.raises(BadUnitCode):
        chaoyang.get("劲松")


def test_the_directory_knows_its_units_by_every_code_they_have(chaoyang):
    airport = chaoyang.get("110105020")

    assert airport.name == "首都机场街道"
    for code in ("110105400", "110105400000", "110105020000", "156110105020"):
        assert chaoyang.get(code) is chaoyang.find(code) is airport
    assert chaoyang.find("劲松") is None


@pytest.mark.parametrize(
    ("code", "where"),
    [
        ("110108", "海淀区"),
        ("156110108", "海淀区"),
        ("110108011", "中关村街道"),
        ("110108011000", "中关村街道"),
        ("110108011001", "中关村街道"),
        ("110113999", "顺义区"),
    ],
)
def test_a_neighbours_code_is_told_from_one_that_nobody_knows(chaoyang, code, where):
    assert chaoyang.find(code) is None
    with pytest.raises(ElsewhereUnit) as refused:
        chaoyang.get(code)

    assert refused.value.code == "elsewhere_unit"
    assert f"{code} is in {where}" in refused.value.message
    assert (chaoyang.find_elsewhere(code).name, chaoyang.find_elsewhere(code).kind) == (where, "elsewhere")


@pytest.mark.parametrize("code", ["110105999", "110199", "310101", "999999"])
def test_a_code_that_nobody_knows_is_unknown_and_not_elsewhere(chaoyang, code):
    assert chaoyang.find_elsewhere(code) is None
    with pytest.raises(UnknownUnit):
        chaoyang.get(code)


def test_all_fifteen_neighbours_are_known_and_none_of_them_is_ours(chaoyang):
    neighbours = read_neighbours()

    assert [sum(unit.tier is tier for unit in neighbours) for tier in (Tier.DISTRICT, Tier.STREET)] == [15, 306]
    assert not any(chaoyang.find(unit.code) for unit in neighbours)
    assert {unit.kind for unit in neighbours} == {"elsewhere"}


def test_kinds_are_told_by_names_and_not_by_digits(chaoyang):
    kinds = Counter((unit.tier, unit.kind) for tier in Tier for unit in chaoyang.of_tier(tier))

    assert kinds[Tier.STREET, "street"] == 24
    assert kinds[Tier.STREET, "area"] == 19
    assert kinds[Tier.COMMUNITY, "village"] == 143
    assert kinds[Tier.COMMUNITY, "neighbourhood"] == 625
    assert chaoyang.get("110105020400").kind == "neighbourhood"
    assert {unit.is_rural for unit in chaoyang.of_tier(Tier.COMMUNITY)} == {None}


def test_an_area_is_also_known_as_the_township_it_is_elsewhere(chaoyang):
    areas = [unit for unit in chaoyang.of_tier(Tier.STREET) if unit.kind == "area"]

    assert chaoyang.get("110105033").aliases == ("常营回族乡",)
    assert all(unit.aliases[0].endswith("乡") for unit in areas)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("朝阳区建外街道永安里社区3号楼漏水", "永安里社区居委会"),
        ("永安里社区第二网格路灯不亮", "第二网格"),
        ("劲松八区停车难", "劲松街道"),
        ("潘家园旧货市场占道", "潘家园街道"),
        ("潘家园社区旧货市场占道", "潘家园社区居委会"),
        ("平房乡黄渠村的路", "黄渠村委会"),
        ("高碑店地区半壁店村", "半壁店村委会"),
        ("劲松街道和潘家园街道交界处", "朝阳区"),
        ("望京西园四区和酒仙桥之间", "朝阳区"),
        ("朝阳区某处", "朝阳区"),
        ("平房漏雨，后街无灯", None),
        ("海淀区中关村", None),
        ("", None),
    ],
)
def test_a_text_names_the_lowest_unit_that_covers_its_places(chaoyang, text, name):
    unit = chaoyang.find_in_text(text)

    assert (unit.name if unit else None) == name


def test_a_street_named_beside_settles_a_name_that_two_units_bear(chaoyang):
    bearers = {unit.code[:9] for unit in chaoyang.of_tier(Tier.COMMUNITY) if unit.name.startswith("大郊亭")}
    assert len(bearers) == 2

    for street in bearers:
        found = chaoyang.find_in_text(f"{chaoyang.get(street).name}大郊亭")
        assert found.code.startswith(street)
        assert found.tier is Tier.COMMUNITY
    assert chaoyang.find_in_text("大郊亭").code == DISTRICT


def test_every_community_is_found_by_its_street_and_full_name(chaoyang):
    missed = [
        unit
        for unit in chaoyang.of_tier(Tier.COMMUNITY)
        if chaoyang.find_in_text(f"{chaoyang.get(unit.code[:9]).name}{unit.name}") != unit
    ]
    assert missed == []


def test_a_thousand_characters_are_searched_in_no_time(chaoyang):
    text = ("小区东门大街北侧新建停车场影响居民出行请有关部门尽快处理谢谢" * 40)[:990] + "永安里社区"
    assert chaoyang.find_in_text(text).name == "永安里社区居委会"

    took = []
    for _ in range(20):
        started = time.perf_counter()
        chaoyang.find_in_text(text)
        took.append(time.perf_counter() - started)
    assert min(took) < 0.0005


def test_an_operators_own_file_replaces_ours(tmp_path):
    file = tmp_path / "units.csv"
    rows = "110199,新区,,50000,,,\n110199001,河东街道,street,20000,2020-01-01,2025-12-31,110199002\n"
    file.write_text(HEADER + rows + "110199002,河西街道,street,,,,\n", encoding="utf-8")

    units = UnitDirectory.load(file)

    east = units.get("110199001")
    assert (east.population, east.replaced_by) == (20000, "110199002")
    assert east.is_valid_on(date(2025, 12, 31))
    assert not east.is_valid_on(date(2026, 1, 1))
    assert units.find_in_text("河西街道办").code == "110199002"


def test_a_file_may_give_kinds_aliases_other_codes_and_who_is_rural(tmp_path):
    file = tmp_path / "units.csv"
    head = HEADER.replace("\n", ",aliases,other_codes,is_rural\n")
    rows = "110199000000,新区,,,,,,,,\n156110199001,河东镇,town,,,,,河东乡;东乡,110199400;110199401000,yes\n"
    file.write_text(head + rows, encoding="utf-8")

    east = UnitDirectory.load(file).get("110199401")

    assert (east.code, east.kind, east.is_rural) == ("110199001", "town", True)
    assert east.aliases == ("河东乡", "东乡")


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("110199,新区,street,,,,,,,\n", "line 2: kind 'street' is none of a district: district"),
        ("110199,新区,,,,,,,,maybe\n", "line 2: is_rural 'maybe' is neither yes nor no nor empty"),
        ("110199,新区,,,,,,,1101,\n", "line 2: '1101' is not a unit code"),
        (
            "110199,新区,,,,,,,,\n110199001,河东街道,,,,,,,110199,\n",
            "line 3: other_codes 110199 is the code of another",
        ),
        ("110199,新区,,,,,,,,\n110199000,旧区,,,,,,,,\n", "line 3: code 110199 was already on line 2"),
    ],
)
def test_a_fault_in_what_a_file_may_give_is_named_too(tmp_path, rows, fault):
    file = tmp_path / "units.csv"
    file.write_text(HEADER.replace("\n", ",aliases,other_codes,is_rural\n") + rows, encoding="utf-8")

    with pytest.raises(BadUnitsFile) as refused:
        UnitDirectory.load(file)

    assert fault in str(refused.value)


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("11019,新区,,,,,\n", "line 2: '11019' is not a unit code"),
        ("110199,,,,,,\n", "line 2: name is empty"),
        ("110199,新区,,many,,,\n", "line 2: population 'many' is not a whole number"),
        ("110199,新区,,,1.1.2020,,\n", "line 2: valid_from '1.1.2020' is not a day"),
        ("110199,新区,,,2020-02-01,2020-01-01,\n", "line 2: valid_to 2020-01-01 is before valid_from"),
        ("110199,新区,,,,,\n110199,旧区,,,,,\n", "line 3: code 110199 was already on line 2"),
        ("110199,新区,,,,,\n110198001,河东街道,,,,,\n", "line 3: 110198001 河东街道 has no parent 110198"),
        ("110199,新区,,,,,110198\n", "line 2: replaced_by 110198 is not in the file"),
        ("", "has no units"),
    ],
)
def test_a_faulty_units_file_is_refused_with_the_line(tmp_path, rows, fault):
    file = tmp_path / "units.csv"
    file.write_text(HEADER + rows, encoding="utf-8")

    with pytest.raises(BadUnitsFile) as refused:
        UnitDirectory.load(file)

    assert fault in str(refused.value)


def test_a_units_file_that_is_missing_lacks_a_column_or_is_not_text_is_refused(tmp_path):
    file = tmp_path / "units.csv"
    with pytest.raises(BadUnitsFile, match="can't be read"):
        UnitDirectory.load(file)
    file.write_text("code,name\n110199,新区\n", encoding="utf-8")
    with pytest.raises(BadUnitsFile, match="line 1: lacks the column kind"):
        UnitDirectory.load(file)
    file.write_bytes(HEADER.encode() + "110199,新区,,,,,\n".encode("gb18030"))
    with pytest.raises(BadUnitsFile, match="not UTF-8"):
        UnitDirectory.load(file)
