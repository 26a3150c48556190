"""A secret that the gateway's workers share, in the keys folder: forms are marked with it. Made when first asked."""

import fcntl
import secrets
from functools import lru_cache
from pathlib import Path

from shared.settings import settings
from shared.whole_file import write_whole

FILE = "gateway.secret"


def shared_secret() -> bytes:
    """The same for all workers, and after a restart."""
    return _read(settings().keys_folder)


@lru_cache(maxsize=8)
def _read(folder: Path) -> bytes:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / ".gateway.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / FILE).exists():
            write_whole(folder / FILE, secrets.token_bytes(32), 0o600)
    return (folder / FILE).read_bytes()
