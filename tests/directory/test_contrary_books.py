"""Books that would break the directory, or say one thing twice; and what comes back from a book as it was."""

from datetime import timedelta

import pytest

from services.cli.main import main
from services.directory.domain.errors import BadFacts
from services.directory.domain.opening import WEEK
from shared.auth import Role
from shared.contracts.directory import OrganisationPart
from shared.contracts.directory_words import OrganisationKind
from shared.storage.engine import engine_for
from tests.directory.builders import COMMUNITY, DISTRICT, MONDAY, STREET, ending, entering, hall
from tests.directory.test_import import HALL, entries, halls, run, write
from tests.harness import statements_of
from tests.told import an_entry, desk_of, tell

__all__ = ["write"]

OFFICE = [["名称", "类型", "单位"], ["社区居委会", "居委会", COMMUNITY]]
STAFF = ["姓名", "机构", "单位", "登录名", "手机"]
UNIT = ["代码", "名称", "类型", "有效自", "有效至", "接续"]
FIRST, SECOND = STREET + "001", STREET + "002"


def faults(capsys, *words):
    code, found, _ = run(capsys, *words)
    assert (code, found["imported"]) == (1, False)
    return [(one["sheet"], one["column"], one["wrong"]) for one in found["faults"]]


def test_a_person_whose_phone_stands_in_a_later_sheet_alone_is_entered_once_with_it(bus, capsys, write):
    staff = [STAFF[:-1], ["沈主任", "社区居委会", COMMUNITY, "shen"]]
    deputies = [["姓名", "单位", "类别", "手机"], ["沈主任", COMMUNITY, "居民代表", "13800000001"]]

    code, found, _ = run(capsys, write(机构=OFFICE, 工作人员=staff, 议事代表=deputies))

    assert (code, found["counts"]["person"]["entered"]) == (0, 1)
    ((person,),) = entries(bus, "person").values()
    assert (person.name, person.phone) == ("沈主任", "13800000001")


def test_two_phones_of_one_person_are_told_and_none_is_taken(bus, capsys, write):
    staff = [STAFF, ["沈主任", "社区居委会", COMMUNITY, "shen", "13800000001"]]
    deputies = [["姓名", "单位", "类别", "手机"], ["沈主任", COMMUNITY, "居民代表", "13800000002"]]

    wrong = "is another phone of the same person than in 工作人员 row 2"
    assert faults(capsys, write(机构=OFFICE, 工作人员=staff, 议事代表=deputies)) == [("议事代表", "手机", wrong)]


@pytest.mark.parametrize(
    ("rows", "column", "wrong"),
    [
        ([[DISTRICT, "朝阳区", "区", "", "2099-12-31", ""]], "有效至", "ends the district itself"),
        ([[DISTRICT, "朝阳区", "外区", "2000-01-01", "", ""]], "类型", "leaves no district that is ours"),
        ([[STREET, "劲松街道", "外区", "", "", ""]], "类型", "is 外区, but its code is one of ours"),
        ([["110101", "东城区", "区", "", "", ""]], "类型", "is a district, and there is one already"),
        ([[FIRST, "第1社区", "居", "", "2099-12-31", FIRST]], "接续", "comes back to itself"),
        (
            [[FIRST, "第1社区", "居", "", "2099-12-31", SECOND], [SECOND, "第2社区", "居", "", "2099-12-31", FIRST]],
            "接续",
            "comes back to itself",
        ),
    ],
)
def test_what_would_leave_units_without_a_district_or_a_successor_is_refused(bus, capsys, write, rows, column, wrong):
    found = faults(capsys, write(单位=[UNIT, *rows]))

    assert {(sheet, named) for sheet, named, _ in found} == {("单位", column)}
    assert all(told.startswith(wrong) for _, _, told in found)


def test_the_district_does_not_end_by_a_call_either(bus):
    with pytest.raises(BadFacts):
        bus.ask("end_entry", ending("unit", DISTRICT), Role.CLERK, DISTRICT)


@pytest.mark.parametrize(
    ("login", "right"), [("Shen", "shen?"), ("ｓｈｅｎ", "shen?"), ("sh en", "shen?"), ("ѕhen", "small")]
)
def test_a_login_that_looks_like_another_is_refused(bus, capsys, write, login, right):
    staff = [STAFF, ["沈主任", "社区居委会", COMMUNITY, login, ""]]

    _, found, _ = run(capsys, write(机构=OFFICE, 工作人员=staff))
    ((column, told),) = [(one["column"], one["right"]) for one in found["faults"]]
    assert (column, told.startswith(right)) == ("登录名", True)


def test_nobody_stands_in_for_themselves(bus, capsys, write):
    staff = [STAFF, ["沈主任", "社区居委会", COMMUNITY, "shen", ""]]
    acting = [["被代理人", "代理人"], ["沈主任", "沈主任"]]

    found = faults(capsys, write(机构=OFFICE, 工作人员=staff, 代理=acting))
    assert found == [("代理", "代理人", "is the person who is away")]


def test_no_place_lies_in_itself(bus):
    def place(id, **more):
        return entering("place", id, {"name": id, "kind": "compound", "units": [COMMUNITY]} | more)

    bus.ask("propose_entry", place("甲"), Role.CLERK, COMMUNITY)
    bus.ask("propose_entry", place("乙", within="甲"), Role.CLERK, COMMUNITY)

    for around in ("甲", "乙"):
        with pytest.raises(BadFacts) as refused:
            bus.ask("change_entry", place("甲", within=around), Role.CLERK, COMMUNITY)
        assert list(refused.value.fields) == ["within"]


def test_an_id_that_is_too_long_and_a_number_that_is_none_are_told(bus, capsys, write):
    book = [["编号", *halls()[0]], ["x" * 121, *HALL], ["H2", *HALL[:-1], "1_0"]]

    assert faults(capsys, write(议事厅=book)) == [
        ("议事厅", "编号", "has 121 characters"),
        ("议事厅", "可容纳人数", "is no number"),
    ]


@pytest.mark.parametrize("name", ["名录.xlsx", "名录册"])
def test_what_was_entered_by_call_comes_back_from_a_book_as_it_was(bus, capsys, tmp_path, name):
    tell(bus.engine, *(a_committee("甲、乙居委会"), a_committee("丙居委会", serves=[STREET])))
    odd = {"name": "=1+1", "address": "-1层", "longitude": -73.5, "latitude": -0.25}
    days = [f"2026-{month:02}-{day:02}" for month in (5, 10) for day in range(1, 31)]
    for method, facts in (
        ("propose_entry", hall(name="错的")),
        ("change_entry", hall(name="下午就改了")),
        ("change_entry", hall(closed_on=days, **odd)),
    ):
        bus.ask(method, entering("hall", "H1", facts), Role.CLERK, COMMUNITY)
        bus.clock.instant += timedelta(hours=1)

    kinds = [word for kind in ("hall", "organisation", "unit") for word in ("--kind", kind)]
    assert main(["directory", "export", str(tmp_path / name), *kinds]) == 0
    code, found, _ = run(capsys, str(tmp_path / name))
    assert (code, found["faults"], found["changes"]) == (0, [], [])


def a_committee(name, **more):
    facts = {"name": name, "kind": OrganisationKind.COMMITTEE, "unit": COMMUNITY} | more
    return an_entry(OrganisationPart, name, **facts)


@pytest.mark.parametrize("facts", [hall(name=" 厅"), hall(contact="  "), {"aliases": ["甲、乙"]}])
def test_what_no_file_could_say_is_not_entered_by_call(bus, facts):
    kind = "hall" if "address" in facts else "organisation"
    asked = facts if kind == "hall" else facts | {"name": "居委会", "kind": "committee", "unit": COMMUNITY}

    with pytest.raises(BadFacts, match="no file could say"):
        bus.ask("propose_entry", entering(kind, "1", asked), Role.CLERK, COMMUNITY)


def test_what_was_ended_as_it_began_may_be_entered_by_a_file_on_the_same_day(bus, capsys, write):
    bus.ask("propose_entry", entering("hall", "H1", hall()), Role.CLERK, COMMUNITY)
    bus.ask("end_entry", ending("hall", "H1"), Role.CLERK, COMMUNITY)

    book = [["编号", *halls()[0], "有效自"], ["H1", *HALL, f"{MONDAY:%Y-%m-%d}"]]
    assert run(capsys, write(议事厅=book))[0] == 0
    assert entries(bus, "hall")["H1"][-1].valid_to is None
    assert run(capsys, write(议事厅=book))[1]["changes"] == []


def test_many_posts_take_as_few_questions_as_two(bus, capsys, write):
    asked = []
    for number in (2, 40):
        staff = [STAFF, *([f"{n}号社工", "社区居委会", COMMUNITY, f"s{n}", ""] for n in range(number))]
        with statements_of(engine_for("directory")) as statements:
            assert run(capsys, write(机构=OFFICE, 工作人员=staff), "--dry-run")[0] == 0
        asked.append(len(statements))

    assert asked[0] == asked[1]


def test_a_check_of_many_posts_takes_as_few_questions_as_one_of_two(bus, capsys, write):
    asked = []
    for number in (2, 40):
        staff = [STAFF, *([f"{n}号社工", "社区居委会", COMMUNITY, f"s{n}", ""] for n in range(number))]
        assert run(capsys, write(机构=OFFICE, 工作人员=staff))[0] == 0
        with statements_of(engine_for("directory")) as statements:
            main(["directory", "check"])
        asked.append(len(statements))

    assert asked[0] == asked[1]


def test_a_row_of_the_past_that_leaves_the_present_standing_is_remarked(bus, capsys, write):
    def book(begins, ends):
        return write(议事厅=[["编号", *halls()[0], "有效自", "有效至"], ["H1", *HALL, begins, ends]])

    run(capsys, book("2025-06-01", ""))
    _, found, _ = run(capsys, book("2025-01-01", "2025-03-31"))
    said = [(one["column"], one["right"]) for one in found["remarks"] if one["column"] == "有效至"]
    assert (found["imported"], said) == (True, [("有效至", "2025-06-01 in 有效自, if that is what has ended")])

    _, found, _ = run(capsys, book("2025-06-01", "2025-09-30"))
    assert [one for one in found["remarks"] if one["column"] == "有效至"] == []


def test_a_row_that_ends_before_it_begins_is_told_how_something_ends_at_once(bus, capsys, write):
    book = write(议事厅=[[*halls()[0], "有效自", "有效至"], [*HALL, "2026-05-02", "2026-05-01"]])

    _, found, _ = run(capsys, book)
    assert [one["right"].partition(";")[0] for one in found["faults"]] == ["2026-05-02 or later"]
    assert found["faults"][0]["right"].endswith("./gongshang call directory end_entry")


def test_a_shift_of_every_day_is_read_back_as_it_was_whether_it_names_the_days_or_not(bus, capsys, tmp_path):
    tell(bus.engine, a_committee("居委会"), desk_of(a_committee("居委会"), "D1"))
    for person in ("甲", "乙"):
        bus.ask("propose_entry", entering("person", person, {"name": person, "unit": COMMUNITY}), Role.CLERK, COMMUNITY)
        days = {"days": [day.value for day in WEEK]} if person == "甲" else {}
        shift = entering("shift", f"{person}的班", {"desk": "D1", "person": person} | days)
        bus.ask("propose_entry", shift, Role.CLERK, COMMUNITY)

    assert main(["directory", "export", str(tmp_path / "值班.csv"), "--kind", "值班"]) == 0
    code, found, _ = run(capsys, str(tmp_path / "值班.csv"))
    assert (code, found["faults"], found["changes"]) == (0, [], [])
