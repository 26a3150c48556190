"""Places in addresses and texts: which unit they name, if it is ours, and what contradicts what."""

import csv
import time
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.units import Finding, NamedPlace, PlaceFinder, Tier, UnitDirectory
from shared.units.elsewhere import CITIES
from shared.units.files import read_neighbours
from shared.units.gazetteer import TRADITIONAL
from shared.units.names import names_of, shared_beginnings
from tests.shared.address_table import GROUPS

CHAOYANG = UnitDirectory.load()
STREETS, COMMUNITIES = CHAOYANG.of_tier(Tier.STREET), CHAOYANG.of_tier(Tier.COMMUNITY)
BY_CODE = {unit.code: unit for tier in Tier for unit in CHAOYANG.of_tier(tier)}
SHARED_BY_NEIGHBOURS = {"八里庄街道", "东风街道"}


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


AS_TRADITIONAL = {row["simplified"]: row["traditional"] for row in rows_of(TRADITIONAL)}


@pytest.mark.parametrize(
    ("address", "text", "finding", "unit"),
    [pytest.param(*row, id=f"{group}: {row[0]}|{row[1]}") for group, rows in GROUPS.items() for row in rows],
)
def test_an_address_and_a_text_are_found_where_they_are(address, text, finding, unit):
    found = CHAOYANG.find_place(address, text)

    assert (found.finding, found.unit.name if found.unit else None) == (finding, unit), found.names


def test_every_community_is_found_by_each_full_name_behind_each_name_of_its_street():
    bearers = defaultdict(list)
    for unit in COMMUNITIES:
        for name in set(names_of(unit).full):
            bearers[unit.code[:9], name].append(unit.code)
    missed = [
        (before + name, found)
        for (street, name), codes in bearers.items()
        for before in (*names_of(BY_CODE[street]).full, f"北京市朝阳区{BY_CODE[street].name} ")
        if (found := CHAOYANG.find_place(f"{before}{name}12号楼").unit.code) not in codes
    ]

    assert missed == []


def test_every_street_is_found_by_each_of_its_names_alone():
    named = [(name, unit) for unit in STREETS for name in (*names_of(unit).full, *names_of(unit).bare)]

    assert [name for name, unit in named if CHAOYANG.find_place(name).unit != unit] == []


def test_every_neighbour_and_each_of_its_streets_is_elsewhere():
    districts = {unit.code: unit for unit in read_neighbours() if unit.tier is Tier.DISTRICT}
    alone = [unit.name for unit in read_neighbours() if unit.name not in SHARED_BY_NEIGHBOURS]
    whole = [f"北京市{districts[unit.code[:6]].name}{unit.name}" for unit in read_neighbours()]

    for name in alone + whole:
        assert (name, CHAOYANG.find_place(name).finding) == (name, Finding.ELSEWHERE)


def test_every_province_and_city_is_elsewhere():
    names = [row["name"] for row in rows_of(CITIES)]

    assert len(names) > 700
    assert [name for name in names if CHAOYANG.find_place(name).finding is not Finding.ELSEWHERE] == []


@given(st.sampled_from(STREETS + COMMUNITIES), st.booleans())
def test_a_name_in_traditional_characters_is_the_same_name(unit, is_behind_its_street):
    name = f"{BY_CODE[unit.code[:9]].name}{unit.name}" if is_behind_its_street else unit.name
    written = "".join(AS_TRADITIONAL.get(letter, letter) for letter in name)

    assert CHAOYANG.find_place(written).unit == CHAOYANG.find_place(name).unit


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_text_breaks_the_search(address, text):
    found = CHAOYANG.find_place(address, text)

    assert (found.unit is None) or found.finding in (Finding.OURS, Finding.CONTRADICTION)


@given(
    st.lists(st.sampled_from([unit.name for unit in (*STREETS, *read_neighbours())] + ["朝阳区", "，", "到", "河北省"]))
)
def test_a_unit_is_named_where_it_is_ours_and_none_where_it_is_elsewhere_or_nothing(names):
    found = CHAOYANG.find_place("".join(names))

    assert (found.unit is not None) == (found.finding in (Finding.OURS, Finding.CONTRADICTION))
    assert all(name in "".join(names) for name in found.names)


def test_what_was_found_says_by_which_names_as_they_were_written():
    found = CHAOYANG.find_place("朝陽區勁松街道", "潘家园社区和海淀区")

    assert found.names == ("朝陽區", "勁松街道", "潘家园社区", "海淀区")


def test_what_several_communities_begin_with_is_a_name_of_them_all():
    beginnings = dict(shared_beginnings(COMMUNITIES))

    assert {"芍药居", "北苑家园", "西坝河", "垂杨柳"} <= beginnings.keys()
    assert len(beginnings["芍药居"]) == 5
    assert not {"望京西", "清苑路", "南湖西"} & beginnings.keys()


PLACES = [
    NamedPlace("华腾园", ("110105016059",), ("华腾园小区", "华腾东园")),
    NamedPlace("沿海赛洛城", ("110105021028", "110105021030")),
    NamedPlace("富力城", ("110105016060", "110105017036")),
    NamedPlace("翠城", ("110105019026",)),
    NamedPlace("阳光家园", ("110105041014",)),
    NamedPlace("梧桐苑", ("110105016059",)),
    NamedPlace("梧桐苑", ("110105037001",)),
    NamedPlace("幻想园", ("110105999001",)),
]


@pytest.fixture(scope="module")
def with_compounds():
    return PlaceFinder(BY_CODE, PLACES)


@pytest.mark.parametrize(
    ("name", "address", "code"),
    [
        ("by its name", "华腾园12号楼", "110105016059"),
        ("by an alias", "朝阳区华腾东园", "110105016059"),
        ("in traditional characters", "華騰園", "110105016059"),
        ("in two communities of a street", "沿海赛洛城一期", "110105021"),
        ("across two streets", "富力城", "110105"),
        ("across two streets, with one of them named", "双井街道富力城", "110105016060"),
        ("of two of the same name, with a street named", "孙河地区梧桐苑", "110105037001"),
        ("of two of the same name", "梧桐苑", "110105"),
        ("a short name that says it is a compound", "翠城小区", "110105019026"),
        ("an ordinary word that says it is a compound", "阳光家园小区", "110105041014"),
        ("a short name alone", "翠城", None),
        ("an ordinary word alone", "阳光家园", None),
        ("of a unit that does not exist", "幻想园", None),
        ("behind another district", "通州区华腾园", None),
    ],
)
def test_a_compound_is_found(with_compounds, name, address, code):
    found = with_compounds.find_place(address)

    assert (found.unit.code if found.unit else None) == code, name


def test_a_compound_right_behind_a_street_in_which_it_does_not_lie_is_a_contradiction(with_compounds):
    assert with_compounds.find_place("劲松街道华腾园").finding is Finding.CONTRADICTION


def least_time(act):
    took = []
    for _ in range(7):
        started = time.process_time()
        act()
        took.append(time.process_time() - started)
    return min(took)


def test_an_index_of_all_units_and_1500_compounds_is_made_in_a_moment():
    names = [
        f"{a}{b}{c}苑"
        for a in "春夏秋冬金木水火土山晨"
        for b in "和平安康福禄寿喜庆丰"
        for c in "东西南北上下前后左右内外甲乙"
    ]
    places = [
        NamedPlace(name, (unit.code,), (name + "南区",))
        for name, unit in zip(names[:1500], [*COMMUNITIES, *COMMUNITIES], strict=False)
    ]

    assert len(places) == 1500
    assert least_time(lambda: PlaceFinder(BY_CODE, places)) < 0.2


def test_the_places_of_a_long_text_full_of_names_are_found_in_no_time():
    text = ("北京市朝陽區勁松街道農光里社區路燈不亮，" * 50)[:1000]
    assert CHAOYANG.find_place("", text).unit.name == "农光里社区居委会"

    assert least_time(lambda: CHAOYANG.find_place("", text)) < 0.005


def test_another_districts_own_file_makes_it_ours(tmp_path):
    file = tmp_path / "units.csv"
    head = "code,name,kind,population,valid_from,valid_to,replaced_by\n"
    file.write_text(head + "110108,海淀区,,,,,\n110108005,八里庄街道,,,,,\n", encoding="utf-8")
    haidian = UnitDirectory.load(file)

    assert haidian.find_place("海淀区八里庄").unit.code == "110108005"
    assert haidian.find_place("丰台区八里庄").finding is Finding.ELSEWHERE
    assert haidian.find_place("河北省高碑店市").finding is Finding.ELSEWHERE
