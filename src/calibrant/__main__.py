"""The program `calibrant`, also as `python -m calibrant`: ready to be interrupted before it is loaded."""

from __future__ import annotations

import sys


def main() -> None:
    """Load the program and run it."""
    try:
        from calibrant.cli.main import main as run
    except KeyboardInterrupt:
        print("calibrant: interrupted", file=sys.stderr)
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
