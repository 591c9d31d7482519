"""The table of a campaign from its log: ``python -m tools.fuzz.summary FOLDER``, in Markdown."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, final

from tools.fuzz.campaign import LOG, STATUS
from tools.fuzz.targets import TARGETS

_HEAD = (
    "| target | CPU hours | executions | edges | slowest, s | memory, MiB | findings |",
    "|---|---:|---:|---:|---:|---:|---:|",
)


@final
@dataclass(slots=True)
class Total:
    """What all processes of a target came to."""

    seconds: float = 0.0
    executions: int = 0
    edges: int = 0
    slowest: float = 0.0
    peak: int = 0
    findings: set[str] = field(default_factory=set)

    def add(self, entry: Mapping[str, Any]) -> None:
        """Add one process, as it stands in the log."""
        self.seconds += entry.get("cpu_seconds", 0.0)
        self.executions += entry["executions"]
        self.edges = max(self.edges, entry.get("edges", 0))
        self.slowest = max(self.slowest, entry.get("slowest_seconds", 0.0))
        self.peak = max(self.peak, entry.get("peak_mib", 0))
        self.findings |= set(entry.get("new_findings", ()))

    def row(self, name: str) -> str:
        """Return a row of the table."""
        cells = (
            f"`{name}`",
            f"{self.seconds / 3600:.3f}",
            f"{self.executions:,}",
            f"{self.edges:,}" if self.edges else "–",
            f"{self.slowest:.1f}",
            f"{self.peak:,}" if self.peak else "–",
            str(len(self.findings)),
        )
        return f"| {' | '.join(cells)} |"


def totals(entries: Iterable[Mapping[str, Any]]) -> dict[str, Total]:
    """Return the totals by target, in the order of the targets; those that never ran are left out."""
    found = {name: Total() for name in TARGETS}
    ran = set()
    for entry in entries:
        found[entry["target"]].add(entry)
        ran.add(entry["target"])
    return {name: total for name, total in found.items() if name in ran}


def entries_of(folder: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the processes of the log, then those that still run, from what they last said."""
    if (folder / LOG).exists():
        for line in (folder / LOG).read_text(encoding="utf-8").splitlines():
            yield json.loads(line)
    for status in sorted(folder.glob(f"*/{STATUS}")):
        yield {"target": status.parent.name, **json.loads(status.read_text(encoding="utf-8"))}


def main(folder: Path) -> None:
    """Print the table."""
    print(*_HEAD, sep="\n")
    for name, total in totals(entries_of(folder)).items():
        print(total.row(name))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
