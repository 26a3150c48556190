"""A few days of the district, played for real: broker, six services, all people."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from services.cli.commands import demo, replay
from services.cli.servers.processes import children_of, command_line, wait_until
from shared.settings import settings
from tests.databases import runs_on
from tests.faults.flow import surroundings
from tests.forked_world import ForkedWorld
from tests.lodging import lodge
from tests.orders_files import made_orders, shapes_of
from tests.small_district import write_units

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT.parent / "shared" / "data" / "complaints" / "messages_2019.csv"
MESSAGES = 200
COUNTED = (
    "sent",
    "accepted",
    "answered",
    "urged",
    "rejected",
    "reasons",
    "issues_raised",
    "largest_issue",
    "reconciled",
)
SHAPE = {
    "days": int,
    "seed": int,
    "complaints": [
        *("sent", "accepted", "answered", "urged", "rejected", "matters", "petitions", "answered_later"),
        *("handed_over", "referred", "merged", "recalled", "amended", "withdrawn", "reinstated", "represented"),
    ],
    "issues": ["raised", "closed", "open", "relapsed", "without_orders"],
    "sessions": ["held", "postponed", "inquorate"],
    "polls": ["opened", "carried", "lost", "void"],
    "resolutions": ["adopted", "failed", "objected", "declined", "stands", "returned", "referred", "unanswered"],
    "tasks": ["done", "returned", "open"],
    "escalations": ["grid_to_community", "community_to_street", "street_to_district"],
    "requests": ["asked", "granted", "refused", "defaulted"],
    "organisations_asked": ["asked", "granted", "refused", "defaulted"],
    "hotline_asked": ["asked", "granted", "refused", "defaulted"],
    "appeals": int,
    "corrections": int,
    "redispatched": int,
    "lapsed_sessions": int,
    "pending": int,
    "self_checks": int,
    "incidents_settled": int,
    "rates": ["response", "resolution", "satisfaction"],
    "incidents": int,
    "stuck": int,
    "reconciled": bool,
    "wall_seconds": float,
}


def started(folder, *words, **wanted):
    """The program as a user starts it, in an area of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GONGSHANG_")}
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "services.cli.main", *words],
        cwd=ROOT,
        env=environment | {"GONGSHANG_VAR": str(folder), "PYTHONPATH": str(ROOT)} | wanted,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def gongshang(folder, *words):
    """The same, to its end."""
    with started(folder, *words) as process:
        out, err = process.communicate(timeout=280)
    return subprocess.CompletedProcess(words, process.returncode, out, err)


def in_forks(command, folder, *words, **wanted):
    """A command to its end in this process, in a world whose services are forks."""
    with surroundings(GONGSHANG_VAR=str(folder), **wanted):
        return CliRunner().invoke(command, words, catch_exceptions=False)


def process_of(service, program):
    """The process of a service that the program has started."""
    return next(
        child for child in children_of(program) if command_line(child).rstrip().endswith(f"shared.run {service}")
    )


def heard(folder, url, service):
    """How many events a service has in its inbox; 0 while its database is not made."""
    file = folder / "replay" / "data" / f"{service}.sqlite"
    if not url and not file.exists():
        return 0
    engine = create_engine(url or f"sqlite:///{file}")
    try:
        with engine.connect() as connection:
            return connection.scalar(text(f"SELECT count(*) FROM {service + '.' if url else ''}inbox"))
    except DBAPIError:
        return 0
    finally:
        engine.dispose()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("world")


@pytest.fixture
def small(folder):
    """A setting with which there are fewer people and desks."""
    return {"GONGSHANG_UNITS_FILE": write_units(folder / "units.csv")}


@pytest.fixture
def forks(monkeypatch, broker):
    """Worlds of commands are made of forks, and lodge with the tests."""
    for command in (demo, replay):
        monkeypatch.setattr(command, "World", ForkedWorld)
    monkeypatch.setattr(ForkedWorld, "lodges_at", lodge(broker))


@pytest.mark.timeout(300)
def test_four_days_end_reconciled_with_nothing_left_over_and_in_the_shape_that_programs_read(folder, small, forks):
    ended = in_forks(demo.command, folder, "--days", "4", "--seed", "7", "--exit", "--json", **small)
    assert ended.exit_code == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert list(found) == list(SHAPE)
    assert {name: list(found[name]) for name, inner in SHAPE.items() if isinstance(inner, list)} == {
        name: inner for name, inner in SHAPE.items() if isinstance(inner, list)
    }
    assert found["reconciled"] is True
    assert (found["incidents"], found["stuck"]) == (0, 0)
    counts = found["complaints"]
    assert counts["sent"] == counts["accepted"] + counts["answered"] + counts["urged"] + counts["rejected"]
    assert found["issues"]["raised"] == found["issues"]["closed"] + found["issues"]["open"] > 0
    assert found["tasks"]["done"] > 0


@pytest.mark.timeout(300)
def test_a_file_of_orders_is_replayed_to_the_end_and_every_row_is_accounted_for(folder, small, tmp_path, forks):
    file = tmp_path / "orders.csv"
    rows = [f"A{number},2026-03-02 09:00,{number}号楼楼道灯不亮,物业一直没有修,110105017041" for number in range(40)]
    rows.append(",2026-03-02 09:00,没有编号,没有编号,110105017041")
    rows.append("B1,2026-03-02 09:00,,没有标题,110105017041")
    file.write_text("order_no,filed_at,title,content,unit_code\n" + "\n".join(rows) + "\n", encoding="utf-8")
    report = tmp_path / "faults.csv"
    ended = in_forks(replay.command, folder, str(file), "--report", str(report), "--json", **small)
    assert ended.exit_code == 1, ended.stderr
    assert "row 42, order_no: '' is empty: there is no order_no" in ended.stderr
    assert report.read_text(encoding="utf-8-sig").splitlines()[1].startswith("42,order_no,")
    found = json.loads(ended.stdout)
    assert (found["sent"], found["accepted"], found["rejected"]) == (42, 40, 2)
    assert found["reasons"] == {"not_mappable": 1, "contract_broken": 1}
    assert found["reconciled"] is True
    assert (found["unreadable"], found["read_as"]) == (1, "UTF-8, comma")


@pytest.mark.timeout(300)
def test_the_same_orders_in_three_shapes_end_in_the_same_counts_though_one_is_refused(folder, small, tmp_path, forks):
    """They go to services that run, one file after the other: what came before is not counted again."""
    orders = [*made_orders(40), ("B1", "2026-03-02T09:00:00", "", "没有标题", "", "110105017041")]
    counts = []
    with surroundings(GONGSHANG_VAR=str(folder), **small), ForkedWorld("shapes") as world:
        for file in shapes_of(orders, tmp_path):
            ended = in_forks(replay.command, settings().var_folder, str(file), "--json", AMQP_URI=world.uri)
            assert ended.exit_code == 0, ended.stderr
            found = json.loads(ended.stdout)
            counts.append({name: found[name] for name in COUNTED})
    assert (counts[0]["sent"], counts[0]["rejected"], counts[0]["reconciled"]) == (41, 1, True)
    assert counts[0] == counts[1] == counts[2]


@pytest.mark.parametrize(("rows", "says"), [("", "no rows"), (",2026-03-02,t,c\n", "no row that can be read")])
def test_a_file_with_nothing_to_send_is_found_wrong_before_anything_is_started(folder, tmp_path, rows, says):
    file = tmp_path / "orders.csv"
    file.write_text("order_no,filed_at,title,content\n" + rows, encoding="utf-8")
    ended = gongshang(folder, "replay", str(file), "--json")
    assert (ended.returncode, "Starting" in ended.stderr) == (1, False)
    assert says in json.loads(ended.stdout)["error"]


@pytest.mark.skipif(not REAL.exists(), reason=f"{REAL} is not there")
@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", runs_on())
def test_the_real_messages_are_replayed_whole_though_a_service_is_killed_in_the_middle(kind, tmp_path, request):
    url = request.getfixturevalue("postgres").create_database("replayed") if kind == "postgresql" else ""
    file = tmp_path / "messages.csv"
    messages = REAL.read_text(encoding="utf-8").splitlines(keepends=True)[:MESSAGES]
    file.write_text("".join(messages), encoding="utf-8")
    with started(tmp_path / "world", "replay", str(file), "--json", *(["--database", url] if url else [])) as replaying:
        for service, least in (("intake", 1), ("supervision", 50)):
            wait_until(lambda service=service, least=least: heard(tmp_path / "world", url, service) >= least, 90)
            os.kill(process_of(service, replaying.pid), signal.SIGKILL)
        out, err = replaying.communicate(timeout=250)
    assert replaying.returncode == 0, err
    found = json.loads(out)
    assert found["reconciled"] is True
    assert found["sent"] == found["accepted"] + found["answered"] + found["urged"] + found["rejected"] > 0
    assert "intake was killed; it is started again." in err
    assert "supervision was killed; it is started again." in err
