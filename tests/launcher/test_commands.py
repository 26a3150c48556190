"""The command line as its users meet it: help with examples, exit codes, plain words instead of tracebacks."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest

from services import PROCESSES
from services.cli.commands.test import WHOLE_SUITE, pytest_words
from services.cli.demo.console import beside
from services.cli.demo.orders_file import KNOWN, NEEDED
from services.cli.folders import ROOT
from services.cli.main import COMMANDS, gongshang, main
from services.cli.output import table
from services.cli.suite.checks import Finding
from services.cli.suite.choosing import chosen
from shared.auth import read_token
from shared.errors import NotAuthenticated
from shared.settings import settings
from shared.storage.engine import close_engines

WRITTEN = [name for name in COMMANDS if (ROOT / "services" / "cli" / "commands" / f"{name}.py").exists()]


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0

    told = capsys.readouterr().out
    assert all(f"  {name} " in told for name in COMMANDS)


@pytest.mark.parametrize("name", WRITTEN)
def test_every_command_has_help_with_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0

    assert f"gongshang {name}" in capsys.readouterr().out.partition("Example")[2]


@pytest.mark.parametrize("name", WRITTEN)
def test_the_help_of_a_command_breaks_off_no_sentence(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0

    listed = capsys.readouterr().out.partition("Commands:")[2].partition("Example")[0]
    assert [line for line in listed.splitlines() if line.endswith("...")] == []


def test_whoever_sits_before_a_demo_is_told_how_to_ask_beside_it_and_how_it_carries_on() -> None:
    lines = beside(Path("/var/demo"), "li.na", datetime(2026, 3, 5, tzinfo=UTC)).splitlines()

    assert "  GONGSHANG_VAR=/var/demo GONGSHANG_CLOCK=stepped ./gongshang work --as li.na" in lines
    assert lines[-1] == "  GONGSHANG_VAR=/var/demo GONGSHANG_CLOCK=scaled:1@2026-03-06T08:00:00+08:00 ./gongshang up"


def test_the_columns_that_a_file_of_orders_needs_are_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "--help"]) == 0

    told = " ".join(capsys.readouterr().out.split())
    assert f"must have: {', '.join(NEEDED)}" in told
    assert all(name in told for name in KNOWN)


def test_an_unknown_command_is_a_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fly"]) == 2

    assert "No such command 'fly'" in capsys.readouterr().err


def test_a_command_without_its_module_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(COMMANDS, "levitate", "Not there.")

    assert main(["levitate"]) == 1

    assert "not part of this version" in capsys.readouterr().err


def test_a_missing_library_is_not_mistaken_for_a_missing_command(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(name: str) -> None:
        raise ModuleNotFoundError("No module named 'somelibrary'", name="somelibrary")

    monkeypatch.setattr("services.cli.main.importlib.import_module", fails)

    with pytest.raises(ModuleNotFoundError, match="somelibrary"):
        gongshang.get_command(click.Context(gongshang), "up")


def test_a_service_that_does_not_exist_is_named_with_those_that_do() -> None:
    with pytest.raises(click.UsageError, match=r"no service 'intaek'.*intake"):
        chosen(["intaek"])


def test_services_are_taken_in_the_order_of_the_stages() -> None:
    assert chosen([]) == [name for name in PROCESSES if name in chosen([])]


def test_json_is_the_only_thing_on_standard_output_even_for_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["token", "--subject", "x", "--role", "street_system", "--unit", "12", "--json"])

    out, err = capsys.readouterr()
    assert code == 2
    assert "unit" in json.loads(out)["error"]
    assert "Traceback" not in err


def test_a_token_carries_what_it_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(
        ["token", "--subject", "bali", "--role", "street_system", "--unit", "110105017", "--lifetime=90d", "--json"]
    )

    told = json.loads(capsys.readouterr().out)
    assert code == 0
    assert (told["subject"], told["roles"], told["unit"]) == ("bali", ["street_system"], "110105017")
    assert told["lifetime_seconds"] == 90 * 24 * 3600


@pytest.mark.parametrize("lifetime", ["", "5", "5 days", "-1h", "1.5h"])
def test_a_lifetime_that_can_not_be_read_is_a_wrong_use(lifetime: str) -> None:
    assert main(["token", "--subject", "x", "--role", "hotline", "--lifetime", lifetime]) == 2


def test_a_bad_setting_is_told_by_its_name(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from shared.settings import settings

    monkeypatch.setenv("GONGSHANG_DATABASE", "mysql://nope")
    settings.cache_clear()
    try:
        assert main(["status"]) == 2
    finally:
        monkeypatch.delenv("GONGSHANG_DATABASE")
        settings.cache_clear()

    assert "GONGSHANG_DATABASE" in capsys.readouterr().err


def test_doctor_ends_every_wrong_line_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("services.cli.suite.checks.LEAST_FREE_GIB", 10**9)

    code = main(["doctor", "--json"])

    found = json.loads(capsys.readouterr().out)
    disk = next(one for one in found["findings"] if one["name"] == "disk")
    assert (code, found["well"], disk["ok"]) == (1, False, False)
    assert "Free some" in disk["advice"]


def test_an_advice_that_holds_for_several_lines_is_given_once_below_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = [
        Finding("queue a", "missing", "Apply."),
        Finding("queue b", "missing", "Apply."),
        Finding("disk", "full", "Free some."),
        Finding("clock", "set"),
    ]
    monkeypatch.setattr("services.cli.commands.doctor.all_findings", lambda: iter(found))

    main(["doctor"])

    assert capsys.readouterr().out.splitlines() == [
        "WRONG  queue a: missing",
        "WRONG  queue b: missing",
        "       -> Apply.",
        "WRONG  disk: full",
        "       -> Free some.",
        "ok     clock: set",
    ]


def test_a_key_that_others_can_read_is_found_wrong(capsys: pytest.CaptureFixture[str], working_area: Path) -> None:
    main(["token", "--subject", "hotline", "--role", "hotline"])
    key = working_area / "keys" / "token.key"
    key.chmod(0o644)
    try:
        main(["doctor"])
    finally:
        key.chmod(0o600)

    assert f"chmod 600 {key}" in capsys.readouterr().out


def test_a_database_that_is_away_is_told_in_a_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGSHANG_DATABASE", "postgresql+psycopg://user:hidden@127.0.0.1:1/none")
    settings.cache_clear()
    close_engines()
    try:
        code = main(["stuck", "list"])
    finally:
        monkeypatch.undo()
        settings.cache_clear()
        close_engines()

    told = capsys.readouterr().err
    assert code == 1
    assert told.startswith("Error: A database does not answer as it should")
    assert len(told.splitlines()) == 1
    assert "hidden" not in told


def test_the_version_is_the_projects(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert f'version = "{capsys.readouterr().out.split()[-1]}"' in (ROOT / "pyproject.toml").read_text()


def test_a_token_is_taken_back_by_command_and_its_key_is_replaced(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def said(*words: str) -> str:
        assert main(["token", *words]) == 0
        return capsys.readouterr().out.strip()

    token = said("--subject", "hotline", "--role", "hotline")
    earlier = json.loads(said("keys", "--json"))["signs"]
    assert read_token(token).subject == "hotline"
    said("revoke", "--subject", "hotline", "--reason", "left")
    with pytest.raises(NotAuthenticated, match="taken back"):
        read_token(token)
    assert "left" in said("revoked")
    fresh = said("new-key").rpartition(" ")[2]
    said("retire-key", earlier)
    assert [key["kid"] for key in json.loads(said("keys", "--json"))["keys"]] == [fresh]


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ([], "needs --subject"),
        (["revoke", "--reason", "x"], "either --subject or --token-id"),
        (["retire-key", "none"], "token keys"),
        (["retire-key", "-UPduTHUCRkJIR5j5R6OpbJBdEAz7ys2uiP5dgBC3ho"], "BC3ho is no key that can be retired"),
        (["--subject", "x", "--role", "hotline", "--lifetime", "400d"], "at most 180 days"),
        (["--subject", "x", "--role", "hotline", "--role", "operator"], "stands alone"),
        (["--subject", "x", "--role", "street_system"], "needs a unit"),
    ],
)
def test_a_token_command_that_cannot_be_done_says_what_would_be_right(
    words: list[str], hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["token", *words]) == 2
    assert hint in capsys.readouterr().err


def test_table_columns_are_as_wide_as_their_widest_cell() -> None:
    assert table(("a", "b"), [("long", 1)]) == "a     b\nlong  1"


@pytest.mark.parametrize("options", [[], ["-q"], ["-x", "-k", "lock"]])
def test_options_alone_leave_the_suite_whole_and_on_all_its_workers(options: list[str]) -> None:
    assert pytest_words(options) == [*WHOLE_SUITE, *options]


@pytest.mark.parametrize("arguments", [["-n", "0"], ["-n0", "-q"], ["--pdb"]])
def test_who_says_how_many_workers_gets_so_many(arguments: list[str]) -> None:
    assert pytest_words(arguments) == arguments


def test_who_names_a_file_gets_that_alone(tmp_path: Path) -> None:
    assert pytest_words(["-q", f"{tmp_path}::test_one"]) == ["-q", f"{tmp_path.resolve()}::test_one"]
