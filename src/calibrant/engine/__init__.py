"""What runs a sum over rows and parts: here, the threads of one machine.

An engine knows nothing of what it sums; kernels know nothing of who runs them.
"""

from calibrant.engine.local import DEFAULT_ENGINE, ROWS_PER_BLOCK, LocalEngine
from calibrant.engine.protocol import Engine, Part
from calibrant.engine.room import Room, free_memory

__all__ = ["DEFAULT_ENGINE", "ROWS_PER_BLOCK", "Engine", "LocalEngine", "Part", "Room", "free_memory"]
