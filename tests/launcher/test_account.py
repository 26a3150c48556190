"""Accounts by command: somebody of the directory is invited by a link, and put out at once."""

import json
from collections.abc import Callable, Iterator

import pytest

from services.cli.main import main
from services.gateway.accounts import logins
from services.gateway.accounts.sessions import moment
from services.gateway.storage.logins import acting
from shared.auth import Role, issue_token, read_token
from shared.errors import NotAuthenticated
from shared.settings import settings
from shared.storage.engine import engine_for
from tests.databases import lent
from tests.staff import HOUR, a_post, employ

Said = Callable[..., str]


@pytest.fixture(params=["sqlite"])
def said(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Said]:
    """What a command prints, where li.na is a clerk."""

    def run(*words: str, code: int = 0) -> str:
        assert main(["account", *words]) == code
        captured = capsys.readouterr()
        return captured.out.strip() if code == 0 else captured.err

    with lent(request, "directory", "gateway"):
        monkeypatch.setenv("GONGSHANG_WEB_URL", "https://gongshang.example")
        settings.cache_clear()
        employ(engine_for("directory"), a_post(Role.CLERK, "110105015", "li.na"))
        yield run


def test_a_link_is_printed_by_which_a_password_is_set_once(said: Said) -> None:
    link = said("invite", "li.na")

    assert link.startswith("https://gongshang.example/invite/")
    assert json.loads(said("list", "--json"))["accounts"][0]["state"] == "invited"
    with acting(engine_for("gateway")) as kept:
        assert logins.accept(kept, link.rpartition("/")[2], "a good long password", moment()) == "li.na"
    assert "may sign in" in said("list")


def test_before_anybody_was_invited_nobody_may_sign_in(said: Said) -> None:
    assert "Nobody may sign in yet" in said("list")


def test_who_is_not_in_the_directory_is_not_invited(said: Said) -> None:
    assert "directory import" in said("invite", "nobody", code=2)
    assert "14 days" in said("invite", "li.na", "--lifetime", "15d", code=2)


def test_who_runs_the_machine_is_invited_under_a_login_that_no_member_of_staff_has(said: Said) -> None:
    link = said("invite", "ops", "--operator")
    with acting(engine_for("gateway")) as kept:
        logins.accept(kept, link.rpartition("/")[2], "a good long password", moment())

    assert "may sign in as operator" in said("list")
    assert "a login of its own" in said("invite", "li.na", "--operator", code=2)


def test_who_is_put_out_has_no_account_no_link_and_no_token(said: Said) -> None:
    said("invite", "li.na")
    token = issue_token("li.na", Role.OPERATOR, None, lifetime=HOUR)

    said("end", "li.na", "--reason", "has left")

    assert "Nobody may sign in yet" in said("list")
    with pytest.raises(NotAuthenticated, match="taken back"):
        read_token(token)
    assert '"account_ended"' in (settings().var_folder / "log" / "operators.log").read_text()


def test_without_a_database_the_way_to_one_is_told(said: Said) -> None:
    (settings().var_folder / "data" / "gateway.sqlite").unlink()

    assert "migrate" in said("list", code=1)
