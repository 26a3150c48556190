"""Pictures of every page are taken from a suite that runs, as a program and as a member of staff would see them."""

from pathlib import Path

import pytest

from services.cli.suite.pictures import Login, Look, take
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
