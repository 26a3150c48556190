"""A few days of the district, played for real: broker, six services, all people."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHAPE = {
    "days": int,
    "seed": int,
    "complaints": ["sent", "accepted", "answered", "urged", "rejected"],
    "issues": ["raised", "closed", "open", "relapsed"],
    "sessions": ["held", "postponed", "inquorate"],
    "resolutions": ["adopted", "failed"],
    "tasks": ["done", "returned", "open"],
    "escalations": ["grid_to_community", "community_to_street", "street_to_district"],
    "rates": ["response", "resolution", "satisfaction"],
    "incidents": int,
    "reconciled": bool,
    "wall_seconds": float,
}


def gongshang(folder, *words):
    """The program as a user starts it, in an area of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GONGSHANG_")}
    return subprocess.run(
        [sys.executable, "-P", "-m", "services.cli.main", *words],
        cwd=ROOT,
        env=environment | {"GONGSHANG_VAR": str(folder), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("world")


@pytest.mark.timeout(300)
def test_four_days_end_reconciled_without_incidents_and_in_the_shape_that_programs_read(folder):
    ended = gongshang(folder, "demo", "--days", "4", "--seed", "7", "--exit", "--json")
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert list(found) == list(SHAPE)
    assert {name: list(found[name]) for name, inner in SHAPE.items() if isinstance(inner, list)} == {
        name: inner for name, inner in SHAPE.items() if isinstance(inner, list)
    }
    assert found["reconciled"] is True
    assert found["incidents"] == 0
    counts = found["complaints"]
    assert counts["sent"] == counts["accepted"] + counts["answered"] + counts["urged"] + counts["rejected"]
    assert found["issues"]["raised"] == found["issues"]["closed"] + found["issues"]["open"] > 0
    assert found["tasks"]["done"] > 0


@pytest.mark.timeout(300)
def test_a_file_of_orders_is_replayed_to_the_end_and_every_row_is_accounted_for(folder, tmp_path):
    file = tmp_path / "orders.csv"
    rows = [f"A{number},2026-03-02 09:00,{number}号楼楼道灯不亮,物业一直没有修,110105017041" for number in range(40)]
    rows.append(",2026-03-02 09:00,没有编号,没有编号,110105017041")
    rows.append("B1,2026-03-02 09:00,单位不存在,单位不存在,110105999")
    file.write_text("order_no,filed_at,title,content,unit_code\n" + "\n".join(rows) + "\n", encoding="utf-8")
    ended = gongshang(folder, "replay", str(file), "--json")
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert (found["sent"], found["accepted"], found["rejected"]) == (42, 40, 2)
    assert found["reasons"] == {"not_mappable": 1, "unknown_unit": 1}
    assert found["reconciled"] is True
