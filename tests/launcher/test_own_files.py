"""A district's own files are read before anything starts, by `up` and by `doctor`."""

from pathlib import Path

import pytest

from services.cli.main import main
from services.cli.servers.broker import BrokerNode, GivenBroker
from shared.policy.files import SHIPPED
from shared.settings import settings


@pytest.mark.parametrize(
    ("variable", "content", "fault"),
    [
        ("GONGSHANG_POLICY_FILE", "version =\nx = 1", "line 1: is not TOML"),
        ("GONGSHANG_UNITS_FILE", "code,name\n", "lacks the column kind"),
        ("GONGSHANG_CATEGORIES_FILE", "[matching]\n", "categories: is missing"),
        ("GONGSHANG_DUTIES_FILE", "", "fallback: is missing"),
        ("GONGSHANG_DUTIES_FILE", None, "can't be read"),
    ],
)
def test_up_names_every_fault_of_a_file_and_starts_nothing(
    variable: str,
    content: str | None,
    fault: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if content is not None:
        (tmp_path / "own").write_text(content)
    monkeypatch.setenv(variable, str(tmp_path / "own"))
    settings.cache_clear()
    try:
        assert main(["up"]) == 1
        told = capsys.readouterr().err
        assert main(["doctor"]) == 1
        found = capsys.readouterr().out
    finally:
        monkeypatch.undo()
        settings.cache_clear()

    assert "Nothing was started" in told
    assert variable in told
    assert fault in told
    assert fault in found


def test_the_policy_shown_is_a_policy_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "show", "--at", "2026-03-02"]) == 0
    file = tmp_path / "shown.toml"
    file.write_text(capsys.readouterr().out, encoding="utf-8")

    assert main(["policy", "check", str(file)]) == 0
    assert values_of(file, capsys) == values_of(SHIPPED, capsys)


def values_of(file: Path, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GONGSHANG_POLICY_FILE", str(file))
        settings.cache_clear()
        main(["policy", "show", "--at", "2026-03-02", "--json"])
    settings.cache_clear()
    return capsys.readouterr().out


def test_the_doctor_says_of_a_broker_that_runs_that_it_depends_on_the_policy(
    tmp_path: Path,
    broker: BrokerNode | GivenBroker,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "own").write_text("version =")
    monkeypatch.setenv("GONGSHANG_POLICY_FILE", str(tmp_path / "own"))
    settings.cache_clear()
    try:
        assert main(["doctor"]) == 1
        found = capsys.readouterr().out
        assert main(["topology", "check"]) == 1
        told = capsys.readouterr().err
    finally:
        monkeypatch.undo()
        settings.cache_clear()

    assert "is not TOML" in found
    assert "Mend that file first." in found
    assert told.startswith("Error: ")
    assert "is not TOML" in told
