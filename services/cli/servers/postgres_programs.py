"""Where PostgreSQL's server programs are on this machine, how they get there, and who may run them."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.cli.servers.packages import can_install, install_without_starting
from services.cli.servers.unavailable import NodeUnavailable

CLUSTER_SETTINGS = Path("/etc/postgresql-common/createcluster.conf")
UNITS = ("postgresql.service",)
HOW_TO_GET_ONE = (
    "No PostgreSQL server found, and it can't be installed from here. One of these helps:\n"
    "  Debian or Ubuntu, as root:  apt-get install postgresql\n"
    "  a server you have already:  GONGSHANG_TEST_POSTGRES=postgresql://user:password@host/database ./gongshang test"
)


@dataclass(frozen=True)
class Runner:
    """The account that runs the server: PostgreSQL refuses root."""

    user: int | None = None
    group: int | None = None

    @property
    def as_arguments(self) -> dict[str, Any]:
        """For `subprocess`."""
        return {} if self.user is None else {"user": self.user, "group": self.group, "extra_groups": []}

    def can_reach(self, folder: Path) -> bool:
        tried = subprocess.run(["test", "-w", str(folder)], cwd="/", check=False, **self.as_arguments)
        return tried.returncode == 0


def find_runner() -> Runner:
    if os.geteuid() != 0:
        return Runner()
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return Runner(account.pw_uid, account.pw_gid)
    raise NodeUnavailable("PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody.")


def find_programs() -> Path | None:
    """The folder with `initdb` and `postgres`; the newest version where there are several."""
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda found: int(found.parts[-3]))
    if packaged:
        return packaged[-1].parent
    on_path = shutil.which("postgres")
    return Path(on_path).resolve().parent if on_path else None


def find_or_install() -> Path:
    found = find_programs()
    if found is None and can_install():
        install_without_cluster()
        found = find_programs()
    if found is None:
        raise NodeUnavailable(HOW_TO_GET_ONE)
    return found


def install_without_cluster() -> None:
    """Debian's package makes a cluster of the system's own on the way; it is told not to, this once."""
    install_without_starting("postgresql-common", units=UNITS)
    kept = CLUSTER_SETTINGS.read_bytes()
    CLUSTER_SETTINGS.write_bytes(kept + b"\ncreate_main_cluster = false\n")
    try:
        install_without_starting("postgresql", units=UNITS)
    finally:
        CLUSTER_SETTINGS.write_bytes(kept)
