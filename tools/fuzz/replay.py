"""Inputs read once, without a fuzzer: ``python -m tools.fuzz.replay TARGET FILE...``.

It prints the CPU time that each takes, and the most memory so far.
"""

from __future__ import annotations

import resource
import sys
import time
import traceback
from pathlib import Path

from tools.fuzz.targets import TARGETS, examine


def main(name: str, paths: list[str]) -> int:
    """Read the files, and return how many of them must not be read as they are."""
    wrong = 0
    for path in paths:
        start = time.process_time()
        try:
            examine(TARGETS[name].read(), Path(path).read_bytes())
            outcome = "as it must be"
        except Exception as error:
            wrong += 1
            outcome = "".join(traceback.format_exception(error))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        print(f"{path}: {time.process_time() - start:.2f} s, peak {peak} MiB so far: {outcome}")
    return wrong


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1], sys.argv[2:]), 100))
