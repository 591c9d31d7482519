"""Processes as a cluster: a lost one changes nothing, and a scheduler that is not there is named."""

from __future__ import annotations

import builtins
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from calibrant.calibrators import TemperatureScaling
from calibrant.engine import Engine, LocalEngine
from calibrant.errors import ClusterUnavailable, InvalidArgument, MissingExtra
from calibrant.io import read, table, write
from calibrant.predictions import Table
from calibrant.scale import DaskEngine, clusters, connected, local_workers
from tests.cli.program import run_program
from tests.drawn_predictions import overconfident
from tests.predictions.tables import in_parts

if TYPE_CHECKING:
    from distributed import Client


@pytest.fixture(scope="module")
def processes() -> Iterator[Client]:
    """Return a client of two processes."""
    with local_workers(2) as client:
        yield client


def address_of(client: Client) -> str:
    return str(client.scheduler_info()["address"])


class Killing:
    """An engine under which a worker dies in the middle of a pass, once it holds parts from earlier ones."""

    def __init__(self, client: Client) -> None:
        self._engine, self._client, self._passes = DaskEngine(client), client, 0
        self.killed: list[int] = []

    def for_rows(self, work: Any, rows: int, columns: int) -> None:
        self._engine.for_rows(work, rows, columns)

    def sum_rows(self, sums: Any, rows: int, columns: int, width: int) -> Any:
        return self._engine.sum_rows(sums, rows, columns, width)

    def over_parts(self, work: Callable[[Any, Engine], Any], parts: Sequence[Any]) -> Iterator[Any]:
        self._passes += 1
        for number, result in enumerate(self._engine.over_parts(work, parts)):
            if self._passes > 2 and number == 1 and not self.killed:
                self.kill_the_one_that_holds_most()
            yield result

    def kill_the_one_that_holds_most(self) -> None:
        held = {address: len(keys) for address, keys in self._client.has_what().items()}
        fullest = max(held, key=held.__getitem__)
        assert held[fullest] > 0
        self.killed.append(self._client.run(os.getpid)[fullest])
        os.kill(self.killed[0], signal.SIGKILL)


def test_the_program_uses_a_cluster_that_is_running(
    processes: Client, path: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    elsewhere = ("--engine", "dask", "--scheduler", address_of(processes))
    fits = [
        run_program("fit", path, "--json", "-o", tmp_path / f"{number}.json", *words)
        for number, words in enumerate((("--in-parts",), elsewhere))
    ]
    assert fits[0].json == fits[1].json
    assert [fit.err.replace("1.json", "0.json") for fit in fits] == [fits[0].err] * 2
    assert (tmp_path / "0.json").read_bytes() == (tmp_path / "1.json").read_bytes()
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("command", ["evaluate", "sweep", "reliability", "compare", "apply"])
def test_every_command_on_rows_in_parts_uses_a_cluster(
    processes: Client, path: Path, tmp_path: Path, command: str
) -> None:
    TemperatureScaling().fit(read(path)).save(tmp_path / "c.json")
    words = {
        "apply": (tmp_path / "c.json", path, "-o", tmp_path / "out.npy"),
        "compare": (path, "--validation", other_rows(tmp_path), "--methods", "temperature,vector"),
    }.get(command, (path,))
    elsewhere = ("--engine", "dask", "--scheduler", address_of(processes))
    here, there = (run_program(command, *words, "--json", *who).json for who in (("--in-parts",), elsewhere))
    for score in [*here.get("scores", ()), *there.get("scores", ())]:
        del score["fit_seconds"]
    assert here == there


def other_rows(folder: Path) -> Path:
    target = folder / "other.npy"
    write(overconfident(500, 3, seed=5), target)
    return target


def test_an_interrupt_of_the_terminal_is_left_to_this_process(
    processes: Client, capfd: pytest.CaptureFixture[str]
) -> None:
    before = processes.run(os.getpid)
    assert len(before) == 2
    for pid in before.values():
        os.kill(pid, signal.SIGINT)
    time.sleep(0.3)
    assert processes.run(os.getpid) == before
    assert capfd.readouterr() == ("", "")


def test_a_worker_killed_in_the_middle_of_a_fit_changes_nothing(
    processes: Client, path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    in_memory = in_parts(overconfident(1_200, 3, weighted=True), 300, 600, 900).parts

    def rows(engine: Engine) -> Table:
        in_files = table(path, rows=500)
        return Table([*in_files.parts, *in_memory], 3, engine)

    engine = Killing(processes)
    fitted = TemperatureScaling().fit(rows(engine))
    assert len(engine.killed) == 1
    expected = TemperatureScaling().fit(rows(LocalEngine(1)))
    assert fitted.parameters() == expected.parameters()
    assert fitted.fitted_on_ == expected.fitted_on_
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("scheduler", "what"),
    [
        (
            "tcp://127.0.0.1:1",
            "the Dask scheduler at tcp://127.0.0.1:1 cannot be reached.*Start one with `dask",
        ),
        ("nowhere", "'nowhere' is no address of a Dask scheduler .missing port number"),
        ("http://far:80", "'http://far:80' is no address of a Dask scheduler .unknown address scheme"),
        ("", "'' is no address of a Dask scheduler"),
    ],
)
def test_a_scheduler_that_is_not_there_is_named_in_time(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], scheduler: str, what: str
) -> None:
    assert clusters.PATIENCE <= 10
    monkeypatch.setattr(clusters, "PATIENCE", 1.0)
    begun = time.monotonic()
    with pytest.raises(ClusterUnavailable, match=what), connected(scheduler):
        pass
    assert time.monotonic() - begun < 5
    assert capfd.readouterr() == ("", "")


def test_a_scheduler_without_workers_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from distributed import LocalCluster

    monkeypatch.setattr(clusters, "PATIENCE", 1.0)
    with (
        LocalCluster(
            n_workers=0, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0"
        ) as cluster,
        pytest.raises(ClusterUnavailable, match=r"has no worker\. Start some with `dask worker tcp://"),
        connected(cluster.scheduler_address),
    ):
        pass


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"a": "0.0.7"}, r"have calibrant 0\.0\.7; here is .*same version everywhere"),
        (ModuleNotFoundError("No module named 'calibrant'"), r"cannot import calibrant \(No module named"),
    ],
)
def test_workers_with_another_calibrant_or_none_are_refused(answers: Any, words: str) -> None:
    class Workers:
        def wait_for_workers(self, number: int, timeout: float) -> None:
            pass

        def run(self, function: object) -> Any:
            if isinstance(answers, Exception):
                raise answers
            return answers

    with pytest.raises(ClusterUnavailable, match=words):
        clusters._check_workers(Workers(), "tcp://far:8786")  # type: ignore[arg-type]


def test_no_workers_are_no_cluster() -> None:
    with pytest.raises(InvalidArgument, match="at least one worker; got 0"), local_workers(0):
        pass


def test_without_distributed_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    found = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.partition(".")[0] == "distributed":
            raise ModuleNotFoundError(name)
        return found(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    for name in [name for name in sys.modules if name.partition(".")[0] == "distributed"]:
        monkeypatch.delitem(sys.modules, name)
    for cluster in (local_workers(1), connected("tcp://127.0.0.1:8786")):
        with pytest.raises(MissingExtra, match=r"'distributed'.*pip install 'calibrant\[scale\]'"), cluster:
            pass
