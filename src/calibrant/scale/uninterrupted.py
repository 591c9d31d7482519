"""What a worker process of this machine loads first: an interrupt of the terminal is its parent's business.

Without it every worker would print a traceback on Ctrl-C.
"""

from __future__ import annotations

import signal


def dask_setup(worker: object) -> None:
    """Ignore interrupts; Dask calls this when a worker starts."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
