"""Install a Debian package for its programs only: the system's own server is neither started nor enabled."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from services.cli.servers.unavailable import NodeUnavailable

POLICY = Path("/usr/sbin/policy-rc.d")
POLICY_KEPT = Path("/usr/sbin/policy-rc.d.kept-by-gongshang")
LOCK = Path("/run/lock/gongshang-install")
NOTHING_STARTS = "#!/bin/sh\nexit 101\n"
APT_OPTIONS = ("-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300")


def can_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install_without_starting(package: str, *, units: tuple[str, ...] = ()) -> None:
    """Install `package` and leave its `units` off, now and after a reboot."""
    click.echo(f"Installing {package} with apt-get (its system service stays off) ...", err=True)
    with installing_alone(), services_kept_from_starting():
        if not run_apt("install", *APT_OPTIONS, package):
            run_apt("update")
            if not run_apt("install", *APT_OPTIONS, package):
                raise NodeUnavailable(f"apt-get could not install {package}. Try: apt-get install {package}")
    disable(units)


@contextmanager
def installing_alone() -> Iterator[None]:
    with LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def services_kept_from_starting() -> Iterator[None]:
    """Lay a refusing policy over the machine's own, and put that back; also after a run that was cut off."""
    if POLICY_KEPT.exists():
        POLICY_KEPT.replace(POLICY)
    if POLICY.exists():
        POLICY.replace(POLICY_KEPT)
    POLICY.write_text(NOTHING_STARTS)
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        if POLICY_KEPT.exists():
            POLICY_KEPT.replace(POLICY)
        else:
            POLICY.unlink(missing_ok=True)


def run_apt(*arguments: str) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "UCF_FORCE_CONFFOLD": "1"}
    finished = subprocess.run(
        ["apt-get", "-q", *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode != 0:
        click.echo("\n".join(finished.stderr.strip().splitlines()[-3:]), err=True)
    return finished.returncode == 0


def disable(units: tuple[str, ...]) -> None:
    systemctl = shutil.which("systemctl")
    for unit in units if systemctl else ():
        subprocess.run([str(systemctl), "disable", unit], capture_output=True, check=False)
