"""A Chromium and what it takes to drive it: found here, or Debian's packages installed as the broker's is."""

import ctypes
import shutil
import subprocess
from pathlib import Path

from services.cli.servers.packages import can_install, install_without_starting
from services.cli.servers.unavailable import NodeUnavailable

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PACKAGE, FONT_PACKAGE = "chromium-headless-shell", "fonts-noto-cjk"
LIBRARY, LIBRARY_PACKAGE = "libatomic.so.1", "libatomic1"
"""What Playwright's own program needs, and not every Chromium brings."""


def find_or_install() -> Path:
    """The program. Raises NodeUnavailable, which says what to do."""
    here = {PACKAGE: find() is not None, LIBRARY_PACKAGE: has_library()}
    missing = [package for package, is_here in here.items() if not is_here]
    if missing and not can_install():
        raise NodeUnavailable(
            "No Chromium, or not all that it takes to drive it, and it can't be installed from here.\n"
            f"  Debian, as root:  apt-get install {' '.join(missing)} {FONT_PACKAGE}"
        )
    for package in missing:
        install_without_starting(package)
    found = find()
    if found is None:
        raise NodeUnavailable(f"{PACKAGE} was installed, and yet there is none of {', '.join(NAMES)} on the path.")
    if not has_chinese_font() and can_install():
        install_without_starting(FONT_PACKAGE)
    return found


def find() -> Path | None:
    """The first of its names on the path."""
    paths = (shutil.which(name) for name in NAMES)
    return next((Path(path) for path in paths if path), None)


def has_library() -> bool:
    """As the loader says."""
    try:
        ctypes.CDLL(LIBRARY)
    except OSError:
        return False
    return True


def has_chinese_font() -> bool:
    """As fontconfig says, which comes with Chromium."""
    if shutil.which("fc-list") is None:
        return False
    listed = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip())
