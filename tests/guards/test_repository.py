"""The shape of the repository: what is at its top, in each service, and what must stand nowhere in it."""

import ast
import importlib
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from services import GATEWAY, SERVICES
from services.gateway.pages import PAGES
from shared.contracts.flow import LISTENERS
from shared.storage.engine import make_engine
from shared.storage.migrate import migrate
from shared.storage.revisions import migrations_of

ROOT = Path(__file__).resolve().parents[2]
TOP = {
    "services",
    "shared",
    "docker",
    "docker-compose.yml",
    "tests",
    "findings",
    "pyproject.toml",
    "README.md",
    "gongshang",
    "LICENSE",
}
SAYS_NOTHING = {"utils.py", "helpers.py", "common.py", "misc.py", "manager.py"}
FROZEN = {
    "shared.bus.migrations.v1",
    "shared.bus.migrations.v2",
    "shared.directory.migrations",
    "shared.requests.migrations",
    "shared.storage",
    "shared.storage.types",
}
LONGEST_FILE, LONGEST_FUNCTION = 400, 40
STRANGE = re.compile(
    "|".join(("pypi" + r"\.org", "python" + "hosted", "registry\\." + "npmjs", "deb\\." + "debian", "/work" + "/"))
)


def tracked() -> list[Path]:
    """A machine may have no git, and a release none of its history."""
    if shutil.which("git") is None:
        pytest.skip("there is no git here")
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split(
        "\n"
    )
    files = [ROOT / name for name in listed if name and (ROOT / name).is_file()]
    return files or pytest.skip("not a git checkout")  # type: ignore[return-value]


def sources() -> list[Path]:
    return [file for file in tracked() if file.suffix == ".py" and "migrations" not in file.parts]


def test_the_top_level_has_what_was_agreed_and_nothing_else():
    found = {file.relative_to(ROOT).parts[0] for file in tracked()}
    assert {name for name in found if not name.startswith(".")} == TOP


class Shape(NamedTuple):
    """What is looked at in a file of code."""

    lines: int
    long_functions: list[str]
    is_documented: bool


@cache
def shape_of(file: Path) -> Shape:
    text = file.read_text(encoding="utf-8")
    module = ast.parse(text)
    functions = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)]
    lengths = {node.name: (node.end_lineno or 0) - node.body[0].lineno + 1 for node in functions}
    long = [f"{file.name}:{name} has {lines} lines" for name, lines in lengths.items() if lines > LONGEST_FUNCTION]
    return Shape(len(text.splitlines()), long, ast.get_docstring(module) is not None or not text.strip())


def test_no_file_name_says_nothing_and_no_file_or_function_is_long():
    assert [file for file in sources() if file.name in SAYS_NOTHING] == []
    assert [file for file in sources() if shape_of(file).lines > LONGEST_FILE] == []
    assert [where for file in sources() for where in shape_of(file).long_functions] == []


def test_every_module_says_what_it_is():
    assert [file for file in sources() if not shape_of(file).is_documented] == []


def test_no_registry_and_no_path_of_a_machine_is_named():
    texts = [file for file in tracked() if file.suffix in {".py", ".sh", ".md", ".toml", ".yml", ".lock", ".json", ""}]
    named = [file for file in texts if STRANGE.search(file.read_text(encoding="utf-8", errors="replace"))]
    assert named == []


ROOMS = (
    "README.md",
    "service.py",
    "schemas/requests.py",
    "schemas/replies.py",
    "use_cases/queries.py",
    "domain/errors.py",
    "storage/tables.py",
    "storage/repository.py",
)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_the_shape_of_all_services(service):
    folder = ROOT / "services" / service
    rooms = [*ROOMS, "use_cases/events.py"] if service in LISTENERS else ROOMS
    assert [name for name in rooms if not (folder / name).is_file()] == []


def test_the_gateway_has_a_shape_of_its_own_and_each_of_its_pages_is_listed():
    folder = ROOT / "services" / GATEWAY
    rooms = ["README.md", "app.py", "server.py", "at_hand.py", "pages/__init__.py", "storage/tables.py"]
    listed = {page.import_name for page in PAGES}
    files = [file.relative_to(ROOT) for file in folder.glob("pages/*/[a-z]*.py") if has_page(file)]
    written = {".".join(file.with_suffix("").parts) for file in files}

    assert [name for name in rooms if not (folder / name).is_file()] == []
    assert written == listed


def has_page(file: Path) -> bool:
    return re.search(r"^page = Blueprint\(", file.read_text(encoding="utf-8"), re.MULTILINE) is not None


@pytest.mark.parametrize("service", SERVICES)
def test_an_entrance_is_one_line_that_passes_work_subject_and_moment_to_a_room(service):
    tree = ast.parse((ROOT / "services" / service / "service.py").read_text(encoding="utf-8"))
    entrances = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.decorator_list]

    assert entrances
    assert [one.name for one in entrances if not is_one_line_to_a_room(one)] == []


def is_one_line_to_a_room(entrance: ast.FunctionDef) -> bool:
    names = [argument.arg for argument in entrance.args.args]
    called = ast.unparse(entrance.body[-1]).removeprefix("return ")
    passes_on = re.fullmatch(rf"\w+\.\w+\(work, {names[1]}, at\)", called)
    return len(entrance.body) == 1 and names[2:] == ["work", "at"] and passes_on is not None


@pytest.mark.parametrize("service", SERVICES)
def test_no_room_is_a_list_of_what_stands_elsewhere(service):
    doors = (ROOT / "services" / service).rglob("__init__.py")
    assert [door for door in doors if len(ast.parse(door.read_text(encoding="utf-8")).body) > 1] == []


@pytest.mark.parametrize("service", [*SERVICES, GATEWAY])
def test_migrations_are_numbered_without_gaps_and_named_after_their_revisions(service):
    folder = migrations_of(service)
    names = sorted(file.name for file in (folder / "versions").glob("[0-9]*.py"))
    numbers = [f"{number:04}" for number in range(1, len(names) + 1)]
    revisions = [one.revision for one in ScriptDirectory(str(folder)).walk_revisions()]
    assert [name.partition("_")[0] for name in names] == numbers == revisions[::-1]


def test_a_migration_stands_on_nothing_that_may_change():
    scripts = [
        *ROOT.glob("services/*/storage/migrations/versions/*.py"),
        *ROOT.glob("shared/*/migrations/*.py"),
        ROOT / "shared/directory/migrations.py",
        ROOT / "shared/requests/migrations.py",
    ]
    assert {name for script in scripts for name in imported_by(script)} <= FROZEN


def imported_by(script: Path) -> set[str]:
    found = ast.walk(ast.parse(script.read_text(encoding="utf-8")))
    ours = [node for node in found if isinstance(node, ast.ImportFrom) and node.module]
    return {node.module for node in ours if node.module.startswith(("shared", "services"))}


@pytest.mark.parametrize("service", [*SERVICES, GATEWAY])
def test_a_migrated_database_has_exactly_the_tables_of_the_code(service, database):
    engine = make_engine(service, database)
    migrate(service, engine)
    metadata = importlib.import_module(f"services.{service}.storage.tables").metadata
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_ours})
        assert [str(difference) for difference in compare_metadata(context, metadata)] == []
    engine.dispose()


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    return not (kind == "table" and name == "alembic_version")
