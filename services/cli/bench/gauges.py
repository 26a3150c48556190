"""What the kernel says about running processes: memory and time on the processor. Linux only."""

import os
from pathlib import Path

from services.cli.servers.processes import children_of

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def rss_mb(pid: int) -> float:
    """Resident memory now."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return round(int(line.split()[1]) / 1024, 1)
    return 0.0


def cpu_seconds(pid: int, *, family: bool = False) -> float:
    """Time on the processor since its start; with `family` also that of its children, those that ended too."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    user, system, ended_user, ended_system = (int(word) for word in after_name[11:15])
    ticks = user + system + (ended_user + ended_system if family else 0)
    own = ticks / TICKS_A_SECOND
    return own + sum(cpu_seconds(child, family=True) for child in children_of(pid)) if family else own


class CpuGauge:
    """How much processor time each of several processes took since the last look."""

    def __init__(self, pids: dict[str, int], families: dict[str, int]) -> None:
        self._pids = pids
        self._families = families
        self._before = self._now()

    def take(self) -> dict[str, float]:
        now = self._now()
        taken = {name: round(now[name] - self._before[name], 2) for name in now}
        self._before = now
        return taken

    def _now(self) -> dict[str, float]:
        found = {name: cpu_seconds(pid) for name, pid in self._pids.items()}
        return found | {name: cpu_seconds(pid, family=True) for name, pid in self._families.items()}
