"""`python -m shared.tied PROGRAM …` becomes PROGRAM, asked by the kernel to end when its parent dies.

Keeps services from living on without the supervisor that would restart, and one day stop, them.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def tie_to_parent() -> None:
    """Linux only; elsewhere nothing happens. Survives exec."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


if __name__ == "__main__":
    tie_to_parent()
    os.execvp(sys.argv[1], sys.argv[1:])
