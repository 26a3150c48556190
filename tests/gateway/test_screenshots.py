"""Pictures of every page are taken from a suite that runs, as a program and as a member of staff would see them."""

from pathlib import Path

import pytest

from services.cli.suite.pictures import Login, Look, take
from services.gateway.accounts import logins
from services.gateway.accounts.sessions import moment
from services.gateway.api.catalogue import all_calls
from services.gateway.storage.logins import acting
from tests.gateway import case_things, test_operations
from tests.gateway.in_chromium import served
from tests.gateway.people import PASSWORD, a_post, with_account

PHONE = Look(390, "en", "dark")


@pytest.fixture
def taken(chromium, app, engine, services, tmp_path: Path):
    """`taken(login)`: the files."""

    def make(login: Login | None = None) -> set[str]:
        with served(app) as address:
            return {file.name for file in take(chromium, address, tmp_path, looks=[PHONE], login=login)}

    return make


def test_there_is_one_of_every_page_that_the_head_leads_to_and_of_the_first_in_each_list(taken, tmp_path):
    files = taken()

    assert {f"{name}-390-en-dark.png" for name in ("front", "issues", "issues-one", "halls-one", "my-order")} <= files
    assert "board.png" in files
    assert all((tmp_path / name).read_bytes().startswith(b"\x89PNG") for name in files)


def test_a_member_of_staff_finds_their_own_pages(taken, engine, services):
    services.answers["directory.list_posts"] = {"posts": [a_post("handler")]}
    services.answers["dispatch.list_my_work"] = {"waits": []}
    with_account(engine)

    assert "my-work-390-en-dark.png" in taken(Login("li.na", PASSWORD))


def test_a_supervisor_finds_the_wall_a_case_and_what_it_leads_to(taken, engine, services):
    services.answers |= case_things.answers()
    services.answers["directory.list_posts"] = {"posts": [a_post("supervisor")]}
    services.answers |= {call.name: {"waits": []} for call in all_calls() if call.method == "list_my_work"}
    with_account(engine)
    files = taken(Login("li.na", PASSWORD))

    assert {f"wall{name}-390-en-dark.png" for name in ("", "-one", "-clocks", "-escalate", "-do")} <= files


def test_an_operator_finds_the_services_and_what_is_stuck_in_one(taken, engine, services):
    services.answers |= test_operations.answers()
    services.answers["directory.list_stuck"] = services.answers["dispatch.list_stuck"]  # the first of all
    with acting(engine) as kept:
        logins.accept(kept, logins.invite(kept, "ops", moment(), is_operator=True), PASSWORD, moment())

    files = taken(Login("ops", PASSWORD))
    assert {f"operations{name}-390-en-dark.png" for name in ("", "-one", "-operations-stuck")} <= files
