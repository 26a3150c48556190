"""The three clocks, and that all processes read the same time."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from shared.clock import SHANGHAI, RealClock, ScaledClock, SteppedClock, clock_from, for_people
from shared.settings import PROJECT_FOLDER, Settings

START = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)


def test_the_real_clock_is_aware_and_in_utc():
    assert abs(RealClock().now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert RealClock().now().tzinfo is UTC


def test_people_read_shanghai_time():
    assert for_people(datetime(2026, 3, 1, 16, 30, tzinfo=UTC)) == "2026-03-02 00:30"


def test_a_scaled_clock_starts_where_it_is_told_and_runs_faster():
    clock = ScaledClock(1000, START)
    before, real_before = clock.now(), datetime.now(UTC)
    while datetime.now(UTC) - real_before < timedelta(milliseconds=5):
        pass

    assert clock.now() - before >= timedelta(seconds=5)
    assert before >= START
    assert clock.seconds_of_waiting(timedelta(seconds=1000)) == 1


def test_scaled_clocks_of_two_processes_agree(tmp_path):
    path = tmp_path / "clock.json"
    first, second = ScaledClock(3600, START, path), ScaledClock(3600, START, path)

    early, between, late = first.now(), second.now(), first.now()

    assert early <= between <= late


def test_a_scaled_clock_of_another_speed_begins_anew(tmp_path):
    path = tmp_path / "clock.json"
    ScaledClock(3600, START, path)

    assert ScaledClock(60, START, path).now() - START < timedelta(hours=1)


def test_processes_that_start_at_once_over_an_outdated_file_agree(tmp_path):
    path = tmp_path / "clock.json"
    ScaledClock(60, START, path)
    program = (
        "import sys; from pathlib import Path; from datetime import datetime; from shared.clock import ScaledClock\n"
        "print(ScaledClock(3600, datetime.fromisoformat(sys.argv[2]), Path(sys.argv[1]))._anchored_at)"
    )
    command = [sys.executable, "-c", program, str(path), START.isoformat()]
    running = [subprocess.Popen(command, cwd=PROJECT_FOLDER, stdout=subprocess.PIPE, text=True) for _ in range(4)]

    anchors = {process.communicate(timeout=60)[0] for process in running}

    assert len(anchors) == 1
    assert {process.returncode for process in running} == {0}


def test_a_stepped_clock_stands_still_until_moved_and_every_reader_sees_it(tmp_path):
    mover, reader = (SteppedClock(tmp_path / "clock.json", START) for _ in range(2))
    assert mover.now() == reader.now() == START
    assert reader.step == 0

    mover.move(START + timedelta(days=1))

    assert reader.now() == START + timedelta(days=1)
    assert reader.now().tzinfo is UTC
    assert reader.step == 1


def test_a_stepped_clock_never_goes_back(tmp_path):
    clock = SteppedClock(tmp_path / "clock.json", START)

    with pytest.raises(ValueError, match="never goes back"):
        clock.move(START - timedelta(microseconds=1))

    clock.move(START)
    assert (clock.now(), clock.step) == (START, 1)


def test_a_stepped_clock_that_exists_keeps_its_time(tmp_path):
    SteppedClock(tmp_path / "clock.json", START).move(START + timedelta(hours=1))

    assert SteppedClock(tmp_path / "clock.json", START).now() == START + timedelta(hours=1)


@pytest.mark.parametrize(
    ("choice", "kind"),
    [
        ("real", RealClock),
        ("scaled:60", ScaledClock),
        ("scaled:60@2026-03-02T09:00:00+08:00", ScaledClock),
        ("stepped", SteppedClock),
        ("stepped@2026-03-02T09:00:00+08:00", SteppedClock),
    ],
)
def test_the_settings_choose_the_clock(tmp_path, choice, kind):
    settings = Settings.from_env({"GONGSHANG_VAR": str(tmp_path), "GONGSHANG_CLOCK": choice})

    clock = clock_from(settings)

    assert isinstance(clock, kind)
    assert (clock.now() - START < timedelta(minutes=10)) == ("@" in choice)
