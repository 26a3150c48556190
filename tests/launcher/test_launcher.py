"""The launcher at the root, run as it is, with a folder of its own for what it makes."""

import importlib.machinery
import importlib.util
import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

from services.cli.folders import ROOT

LOCKS = ("requirements.lock", "requirements-test.lock")


def pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / "docker" / lock).read_text(), re.MULTILINE))


@pytest.fixture
def launcher(tmp_path: Path) -> ModuleType:
    """The launcher's own functions, working on a checkout that is only two locks."""
    (tmp_path / "docker").mkdir()
    for lock in LOCKS:
        shutil.copy(ROOT / "docker" / lock, tmp_path / "docker" / lock)
    shutil.copy(ROOT / "gongshang", tmp_path / "gongshang")
    loader = importlib.machinery.SourceFileLoader("launcher", str(tmp_path / "gongshang"))
    spec = importlib.util.spec_from_loader("launcher", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    venv = tmp_path / "var" / "venv"
    module.VAR, module.VENV = str(tmp_path / "var"), str(venv)
    module.PYTHON, module.STAMP = str(venv / "bin" / "python"), str(venv / "installed.json")
    return module


def pretend_installed(launcher: ModuleType) -> None:
    python = Path(launcher.PYTHON)
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    stamp = {which: launcher.fingerprint(which) for which in ("run", "test")}
    launcher.write_stamp({**stamp, "python": str(Path(sys.executable).resolve())})


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address_and_no_machine_path(lock: str) -> None:
    text = (ROOT / "docker" / lock).read_text()

    assert "://" not in text
    assert "--index-url" not in text
    assert not re.search(r"(^|\s)/\w", text)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_in_a_lock_has_a_version_and_hashes(lock: str) -> None:
    blocks = re.split(r"^(?=[\w.-]+==)", (ROOT / "docker" / lock).read_text(), flags=re.MULTILINE)

    assert all("--hash=sha256:" in block for block in blocks if "==" in block)


def test_tests_run_with_the_very_packages_that_deployments_run_with() -> None:
    assert pins("requirements.lock").items() <= pins("requirements-test.lock").items()


def test_an_installation_with_both_locks_is_found_whole(launcher: ModuleType) -> None:
    pretend_installed(launcher)

    assert launcher.is_installed(["run", "test"])


def test_a_changed_lock_is_noticed(launcher: ModuleType) -> None:
    pretend_installed(launcher)
    with open(launcher.lock_file("run"), "a") as lock:
        lock.write("# one more line\n")

    assert not launcher.is_installed(["run"])


def test_an_installation_that_was_cut_off_is_not_taken_for_a_whole_one(launcher: ModuleType) -> None:
    pretend_installed(launcher)
    Path(launcher.STAMP).unlink()

    assert not launcher.is_installed(["run"])


def test_a_stamp_that_is_half_written_counts_as_none(launcher: ModuleType) -> None:
    pretend_installed(launcher)
    Path(launcher.STAMP).write_text('{"run": "12')

    assert not launcher.is_installed(["run"])


def test_a_python_that_was_replaced_below_the_virtual_environment_is_noticed(launcher: ModuleType) -> None:
    pretend_installed(launcher)
    launcher.write_stamp({**launcher.read_stamp(), "python": "/usr/bin/python3.99"})

    assert not launcher.is_installed(["run"])


def test_an_installation_that_was_cut_off_is_made_anew_and_then_stamped(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setattr(launcher, "make_venv", lambda: (done.append("venv"), pretend_python(launcher)))
    monkeypatch.setattr(launcher, "install_lock", done.append)
    (Path(launcher.VENV) / "half").mkdir(parents=True)

    launcher.install_alone(["run", "test"])

    assert done == ["venv", "run", "test"]
    assert launcher.is_installed(["run", "test"])


def pretend_python(launcher: ModuleType) -> None:
    python = Path(launcher.PYTHON)
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)


def test_the_second_start_is_quick_and_does_not_install() -> None:
    run_launcher("--help")
    began = time.monotonic()

    finished = run_launcher("--help")

    assert time.monotonic() - began < 3
    assert "nstall" not in finished.stderr
    assert finished.stdout.startswith("Usage: gongshang")


def test_the_program_is_found_from_any_folder_and_not_mistaken_for_the_users_own_files(tmp_path: Path) -> None:
    (tmp_path / "services.py").write_text("raise RuntimeError('not ours')")

    finished = run_launcher("token", "--subject", "hotline", "--role", "hotline", "--json", cwd=tmp_path)

    assert finished.returncode == 0, finished.stderr
    assert json.loads(finished.stdout)["roles"] == ["hotline"]


def run_launcher(*words: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """With the virtual environment these tests run in, so that nothing is installed twice."""
    venv = Path(sys.prefix)
    environment = {"GONGSHANG_VAR": str(venv.parent), "PATH": "/usr/bin:/bin", "HOME": str(cwd)}
    command = [sys.executable, str(ROOT / "gongshang"), *words]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=60, check=False)
