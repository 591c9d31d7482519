"""Which process this is where several train together, from the variables that ``torchrun`` sets.

It imports no PyTorch, so that commands can ask at once.
"""

from __future__ import annotations

import os


def is_started_together() -> bool:
    """Return whether ``torchrun``, or `calibrant.train.launch`, started this process."""
    return "TORCHELASTIC_RUN_ID" in os.environ


def is_first_process() -> bool:
    """Return whether this process is the one that writes files and reports."""
    return not is_started_together() or os.environ["RANK"] == "0"
