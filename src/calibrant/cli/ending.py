"""How the program ends when it is told to from outside."""

from __future__ import annotations

import signal
import sys
from types import FrameType

_ORDERS = ("SIGTERM", "SIGHUP")


def end_in_order() -> None:
    """Have the orders to end, but not those that are ignored, remove what is half-written first."""
    for name in _ORDERS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _leave)


def _leave(number: int, frame: FrameType | None) -> None:
    for name in _ORDERS:  # a second order does not interrupt the tidying
        if (other := getattr(signal, name, None)) is not None:
            signal.signal(other, signal.SIG_IGN)
    sys.exit(128 + number)
