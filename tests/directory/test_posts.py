"""Tokens for whoever has several posts: one is named, by what tells it from the others."""

import click
import pytest

from services.cli.main import main
from services.cli.suite.staff import token_for
from shared.auth import read_token
from shared.contracts.directory import StaffPart
from tests.directory.builders import COMMUNITY, STREET
from tests.told import an_entry, tell


def a_post(id, organisation, unit, role):
    told = {"person": "P", "person_name": "李娜", "login": "li.na", "roles": [role]}
    return an_entry(StaffPart, id, organisation=organisation, unit=unit, **told)


@pytest.fixture
def li_na(bus):
    """In two organisations of one community, and in one of them in the street as well."""
    posts = [("1", "A", COMMUNITY, "handler"), ("2", "B", COMMUNITY, "clerk"), ("3", "B", STREET, "leader")]
    tell(bus.engine, *(a_post(*one) for one in posts))


def token_said(capsys, *words):
    code = main(["token", "--subject", "li.na", *words])
    return code, capsys.readouterr()


@pytest.mark.parametrize(
    ("unit", "organisation", "roles"),
    [(COMMUNITY, "A", {"handler"}), (COMMUNITY, "B", {"clerk"}), (STREET, None, {"leader"}), (None, "A", {"handler"})],
)
def test_each_post_can_be_named(li_na, capsys, unit, organisation, roles):
    caller = read_token(token_for("li.na", None, unit, organisation))
    assert caller.roles == roles

    named = (*(("--unit", unit) if unit else ()), *(("--organisation", organisation) if organisation else ()))
    code, said = token_said(capsys, *named)
    assert (code, read_token(said.out.strip()).roles) == (0, roles)


@pytest.mark.parametrize(("unit", "organisation"), [(None, None), (COMMUNITY, None), (None, "B")])
def test_of_several_none_is_chosen_and_each_is_told_as_it_is_named(li_na, capsys, unit, organisation):
    with pytest.raises(click.UsageError, match=f"--organisation B --unit {COMMUNITY}"):
        token_for("li.na", None, unit, organisation)

    named = (*(("--unit", unit) if unit else ()), *(("--organisation", organisation) if organisation else ()))
    code, said = token_said(capsys, *named)
    assert (code, "has several posts; name one" in said.err) == (2, True)


def test_one_post_that_two_entries_tell_has_the_roles_of_both(bus):
    tell(bus.engine, a_post("1", "A", COMMUNITY, "handler"), a_post("2", "A", COMMUNITY, "clerk"))

    assert read_token(token_for("li.na", None, None)).roles == {"handler", "clerk"}
