"""What progress looks like, on stderr: bars of work whose length is known, and a count where it is not.

It imports nothing but Rich; who moves the bars is told by other modules.
"""

from __future__ import annotations

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text


def bars() -> Progress:
    """Return bars with a description, words about the state (the field `state`), the time past and left."""
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[state]}", markup=False),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )


def counter() -> Progress:
    """Return a number (the field `count`) with a description and the time past; it vanishes when it ends.

    Where stderr is no terminal nothing is written, not even what makes it vanish.
    """
    console = Console(stderr=True)
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.fields[count]:,} {task.description}", markup=False),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def passes() -> Progress:
    """Return a bar of rows, with how many a second and the time left; it vanishes when it ends.

    Where stderr is no terminal nothing is written.
    """
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f} rows"),
        _RateColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def step() -> Progress:
    """Return what is being done, with the time past; it vanishes when it ends.

    Where stderr is no terminal nothing is written.
    """
    console = Console(stderr=True)
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


class _RateColumn(ProgressColumn):
    """Rows a second, once that is known."""

    def render(self, task: Task) -> Text:
        return Text("" if task.speed is None else f"{task.speed:,.0f} rows/s")
