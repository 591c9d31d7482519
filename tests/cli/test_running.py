"""Who does the work: what the options mean, and which do not go together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from calibrant import scale
from calibrant.cli.running import Running
from calibrant.engine import LocalEngine
from calibrant.errors import InvalidArgument
from calibrant.scale import DaskEngine
from tests.cli.conftest import Program


def test_this_process_with_the_threads_that_are_asked_for() -> None:
    assert not Running().elsewhere
    assert Running().here().threads is None
    with Running(threads=3).started() as engine:
        assert isinstance(engine, LocalEngine)
        assert engine.threads == 3


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"workers": 2}, "--workers belongs to a cluster: add --engine dask"),
        ({"scheduler": "tcp://far:8786"}, "--scheduler belongs to a cluster: add --engine dask"),
        ({"engine": "dask", "workers": 2, "scheduler": "tcp://far:8786"}, "name one"),
    ],
)
def test_options_that_do_not_go_together(options: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidArgument, match=message):
        Running(**options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("running", "begun"),
    [
        (Running("dask", workers=3), ["workers 3", "ended"]),
        (Running("dask", scheduler="tcp://far:8786"), ["scheduler tcp://far:8786", "ended"]),
    ],
)
def test_a_cluster_is_started_or_connected_to_and_ended(
    monkeypatch: pytest.MonkeyPatch, running: Running, begun: list[str]
) -> None:
    events: list[str] = []

    def cluster(kind: str) -> object:
        @contextmanager
        def entered(what: object) -> Iterator[object]:
            events.append(f"{kind} {what}")
            yield object()
            events.append("ended")

        return entered

    monkeypatch.setattr(scale, "local_workers", cluster("workers"))
    monkeypatch.setattr(scale, "connected", cluster("scheduler"))
    assert running.elsewhere
    with running.started() as engine:
        assert isinstance(engine, DaskEngine)
    assert events == begun


@pytest.mark.parametrize("command", ["evaluate", "fit"])
def test_threads_change_no_number(calibrant: Program, validation: Path, tmp_path: Path, command: str) -> None:
    words = ("-o", tmp_path / "c.json") if command == "fit" else ()
    one, other = (
        calibrant(command, validation, *words, "--json", *more) for more in ((), ("--threads", "2"))
    )
    assert one.json == other.json


@pytest.mark.parametrize("command", ["evaluate", "fit"])
def test_a_scheduler_without_the_engine_is_refused(
    calibrant: Program, validation: Path, tmp_path: Path, command: str
) -> None:
    words = ("-o", tmp_path / "c.json") if command == "fit" else ()
    outcome = calibrant(command, validation, *words, "--scheduler", "tcp://far:8786")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == "calibrant: --scheduler belongs to a cluster: add --engine dask.\n"
