"""What an operator does to the directory by command, on both databases."""

import json

from services.cli.main import main
from shared.auth import Role, read_token
from shared.contracts.directory import DirectoryToldV1, HallsChangedV1, StaffPart, UnitsChangedV1
from tests.directory.builders import COMMUNITY, STREET
from tests.directory.test_entries import enter_hall
from tests.staff import employ
from tests.told import an_entry, few_units


def test_a_snapshot_tells_everything_again_and_that_it_was_all(bus, capsys):
    enter_hall(bus)

    assert main(["directory", "snapshot", "--json"]) == 0

    assert json.loads(capsys.readouterr().out) == {"told": len(few_units()) + 2}
    assert sum(len(event.entries) for event in bus.told(UnitsChangedV1)) == len(few_units())
    assert [one.unit for event in bus.told(HallsChangedV1) for one in event.entries] == [COMMUNITY, COMMUNITY]
    assert bus.told()[-1] == DirectoryToldV1.wire_type


def a_post(id, **values):
    told = {"person": "P-1", "person_name": "李娜", "login": "li.na", "roles": ["clerk", "chair"]}
    return an_entry(StaffPart, id, **(told | values))


def test_a_token_for_a_person_says_what_their_post_says(bus, capsys):
    employ(bus.engine, a_post("S-1", unit=COMMUNITY, organisation="O-1"))

    assert main(["token", "--subject", "li.na"]) == 0

    caller = read_token(capsys.readouterr().out.strip())
    assert (caller.organisation, caller.unit, caller.roles) == ("O-1", COMMUNITY, {Role.CLERK, Role.CHAIR})
    assert main(["token", "--subject", "li.na", "--role", "chair"]) == 0
    assert read_token(capsys.readouterr().out.strip()).roles == {Role.CHAIR}


def test_of_several_posts_one_is_named_and_without_any_there_is_no_token(bus, capsys):
    employ(bus.engine, a_post("S-1", unit=COMMUNITY, organisation="O-1"))
    employ(bus.engine, a_post("S-2", unit=STREET, organisation="O-2"))

    assert main(["token", "--subject", "li.na"]) == 2
    assert f"--organisation O-1 --unit {COMMUNITY}" in capsys.readouterr().err
    assert main(["token", "--subject", "li.na", "--organisation", "O-2"]) == 0
    assert read_token(capsys.readouterr().out.strip()).unit == STREET
    for words in (["--subject", "nobody"], ["--subject", "li.na", "--role", "leader"]):
        assert main(["token", *words]) == 2
        assert "no member of staff with the login" in capsys.readouterr().err


def test_who_names_a_login_that_there_is_not_is_told_where_logins_stand(bus, capsys):
    employ(bus.engine, a_post("S-1", unit=COMMUNITY, organisation="O-1"))

    assert main(["work", "--as", "li.nu"]) == 2
    assert "directory show CODE names who works in a unit" in " ".join(capsys.readouterr().err.split())
