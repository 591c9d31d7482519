"""Work goes to workers and comes back in order; what is kept is read once, what is wrong stops the rest."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from calibrant.calibrators import TemperatureScaling
from calibrant.engine import Engine, LocalEngine
from calibrant.errors import ClusterUnavailable, InvalidArgument, InvalidPredictions, UnreadableFile
from calibrant.io import table, write
from calibrant.predictions import Predictions, Table, Whole
from calibrant.scale import DaskEngine, dask_engine
from tests.drawn_predictions import overconfident, overconfident_probs

if TYPE_CHECKING:
    from distributed import Client

THREADS = 4
"""Of all workers of the shared cluster."""


@dataclass
class Seen:
    """What happened on the workers, which are threads of this process."""

    reads: list[int] = field(default_factory=list)
    works: list[int] = field(default_factory=list)


SEEN: dict[str, Seen] = {}


@pytest.fixture
def seen(request: pytest.FixtureRequest) -> str:
    """Return a name under which this test's work leaves what it did."""
    SEEN[request.node.name] = Seen()
    return str(request.node.name)


@dataclass(frozen=True)
class Numbered:
    """A part that notes when it is read, and is sent to workers as a shard is."""

    number: int
    seen: str

    def read(self) -> int:
        SEEN[self.seen].reads.append(self.number)
        return self.number


def squared(number: int, engine: Engine, *, seen: str, slow: int = -1) -> int:
    if number == slow:
        time.sleep(0.3)
    SEEN[seen].works.append(number)
    return number * number


@dataclass(frozen=True)
class Noting:
    """A part of rows that notes when it is read."""

    rows: Predictions
    number: int
    seen: str

    def read(self) -> Predictions:
        SEEN[self.seen].reads.append(self.number)
        return self.rows


def noting(seen: str, engine: Engine, rows: Predictions | None = None) -> Table:
    """Return three parts that note when they are read."""
    rows = rows or overconfident(900, 3)
    thirds = (rows.take(np.arange(start, start + 300)) for start in (0, 300, 600))
    return Table([Noting(part, number, seen) for number, part in enumerate(thirds)], 3, engine)


def until(true: Callable[[], bool]) -> bool:
    """Wait ten seconds at most."""
    end = time.monotonic() + 10
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    return true()


def test_results_come_in_the_order_of_the_parts_whoever_is_ready_first(client: Client, seen: str) -> None:
    parts = [Numbered(number, seen) for number in range(20)]
    results = DaskEngine(client).over_parts(partial(squared, seen=seen, slow=0), parts)
    assert list(results) == [number * number for number in range(20)]
    assert SEEN[seen].works[0] != 0


def test_no_more_parts_are_under_way_than_keep_the_threads_busy(client: Client, seen: str) -> None:
    parts = [Numbered(number, seen) for number in range(100)]
    results = DaskEngine(client).over_parts(partial(squared, seen=seen), parts)
    assert [next(results) for _ in range(3)] == [0, 1, 4]
    most = 2 * THREADS + 2
    assert until(lambda: len(SEEN[seen].works) == most)
    time.sleep(0.1)
    assert len(SEEN[seen].works) == most
    results.close()  # type: ignore[attr-defined]


def test_no_parts_give_no_results(client: Client) -> None:
    assert list(DaskEngine(client).over_parts(threads_of, [])) == []


def threads_of(rows: Any, engine: Engine) -> tuple[int | None, str]:
    assert isinstance(engine, LocalEngine)
    return engine.threads, threading.current_thread().name


def test_a_task_has_one_thread_and_a_worker_as_many_tasks_as_threads(client: Client, seen: str) -> None:
    found = list(DaskEngine(client).over_parts(threads_of, [Numbered(number, seen) for number in range(8)]))
    assert {threads for threads, _ in found} == {1}
    assert threading.current_thread().name not in {name for _, name in found}


def test_rows_of_one_part_in_memory_are_worked_on_here(client: Client) -> None:
    engine = DaskEngine(client, threads=3)
    (found,) = Table.whole(overconfident(10, 3), engine).each(threads_of)
    assert found == (3, threading.current_thread().name)


@pytest.mark.parametrize("draw", [overconfident, overconfident_probs])
def test_a_fit_reads_every_part_once(client: Client, seen: str, draw: Any) -> None:
    rows = draw(900, 3)
    fitted = TemperatureScaling().fit(noting(seen, DaskEngine(client), rows))
    assert sorted(SEEN[seen].reads) == [0, 1, 2]
    assert fitted.parameters() == TemperatureScaling().fit(noting(seen, LocalEngine(1), rows)).parameters()


def test_parts_for_which_the_workers_have_no_room_are_read_on_every_pass(client: Client, seen: str) -> None:
    kept = noting(seen, DaskEngine(client, keep=0)).kept()
    one, other = list(kept.each(sizes)), list(kept.each(sizes))
    assert one == other == [300] * 3
    assert sorted(SEEN[seen].reads) == [0, 0, 1, 1, 2, 2]


def sizes(rows: Predictions, engine: Engine) -> int:
    return rows.n


def test_as_many_parts_stay_as_there_is_room_for(client: Client, seen: str) -> None:
    limits = sum(each["memory_limit"] for each in client.scheduler_info()["workers"].values())
    size = overconfident(300, 3).nbytes
    engine = DaskEngine(client, keep=2.5 * size / limits)
    kept = noting(seen, engine).kept()
    for _ in range(3):
        list(kept.each(sizes))
    assert sorted(SEEN[seen].reads) == [0, 1, 2, 2, 2]
    del kept
    gc.collect()
    list(noting(seen, engine).kept().each(sizes))
    assert sorted(SEEN[seen].reads) == [0, 0, 1, 1, 2, 2, 2, 2]


def test_workers_forget_the_parts_of_a_table_that_is_gone(client: Client, seen: str) -> None:
    kept = noting(seen, DaskEngine(client)).kept()
    list(kept.each(sizes))

    def held() -> int:
        return sum("read_part" in key for keys in client.has_what().values() for key in keys)

    assert until(lambda: held() == 3)
    del kept
    gc.collect()
    assert until(lambda: held() == 0)


def test_a_pass_that_ends_early_leaves_nothing_behind(client: Client, seen: str) -> None:
    engine = DaskEngine(client)
    kept = noting(seen, engine).kept()
    passing = kept.each(sizes)
    assert next(passing) == 300
    passing.close()  # type: ignore[attr-defined]
    assert list(kept.each(sizes)) == [300] * 3
    assert len([number for number in SEEN[seen].reads if number == 0]) == 1


def test_rows_in_memory_are_sent_once(client: Client) -> None:
    halves = [Whole(overconfident(300_000, 3, seed=seed)) for seed in (0, 1)]
    rows = Table(halves, 3, DaskEngine(client))
    assert list(rows.each(sizes)) == [300_000] * 2
    assert list(rows.each(sizes)) == [300_000] * 2
    sent = [key for key in client.who_has() if "read_part" in key]
    assert len(sent) == 2


def test_a_shard_that_cannot_be_read_stops_the_job_by_its_name(client: Client, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / "parts").mkdir(exist_ok=True)
        write(overconfident(100, 3), tmp_path / "parts" / f"{name}.parquet")
    rows = table(tmp_path / "parts", engine=DaskEngine(client))
    away = (tmp_path / "parts" / "b.parquet").rename(tmp_path / "away.parquet")
    for each in (rows, rows.kept()):
        with pytest.raises(UnreadableFile, match=r"b\.parquet") as found:
            list(each.each(sizes))
        assert type(found.value) is UnreadableFile
    away.rename(tmp_path / "parts" / "b.parquet")
    assert list(rows.kept().each(sizes)) == [100, 100]


def test_a_shard_that_was_missing_is_read_again(client: Client, tmp_path: Path) -> None:
    file = tmp_path / "rows.npy"
    write(overconfident(100, 3), file)
    kept = table(file, rows=50, engine=DaskEngine(client)).kept()
    away = file.rename(tmp_path / "away.npy")
    with pytest.raises(UnreadableFile, match=r"rows\.npy"):
        list(kept.each(sizes))
    away.rename(file)
    assert list(kept.each(sizes)) == [50, 50]


def test_a_wrong_row_is_named_as_the_local_engine_names_it(client: Client, tmp_path: Path) -> None:
    scores = np.where(np.arange(800)[:, None] == 600, np.nan, np.ones((800, 3)))
    np.save(tmp_path / "wrong.logits.npy", scores)
    np.save(tmp_path / "wrong.labels.npy", np.zeros(800, np.int64))
    errors = []
    for engine in (LocalEngine(1), DaskEngine(client)):
        with pytest.raises(InvalidPredictions, match="row 600") as found:
            TemperatureScaling().fit(table(tmp_path / "wrong.logits.npy", rows=100, engine=engine))
        errors.append((type(found.value), str(found.value), found.value.row))
    assert errors[0] == errors[1]


def failing(rows: Any, engine: Engine) -> None:
    raise ZeroDivisionError("a defect")


def test_what_is_no_error_of_calibrant_is_raised_too(client: Client, seen: str) -> None:
    with pytest.raises(ZeroDivisionError, match="a defect"):
        list(DaskEngine(client).over_parts(failing, [Numbered(0, seen)]))


def closed(client: Client) -> None:
    client.close()  # type: ignore[no-untyped-call]


def cancelled(client: Client) -> None:
    from distributed import Future

    client.cancel([Future(key, client) for key in client.futures])


@pytest.mark.parametrize("end", [closed, cancelled])
def test_work_that_nobody_does_any_more_is_said_to_be_gone(
    client: Client, seen: str, end: Callable[[Client], None]
) -> None:
    from distributed import Client

    other = Client(client.cluster, set_as_default=False)
    parts = [Numbered(number, seen) for number in range(50)]
    results = DaskEngine(other).over_parts(partial(squared, seen=seen, slow=1), parts)
    assert next(results) == 0
    end(other)
    with pytest.raises(ClusterUnavailable, match=r"the Dask scheduler is gone.*repeat the command"):
        list(results)
    closed(other)


def killing(rows: Predictions, engine: Engine) -> None:
    from distributed.scheduler import KilledWorker

    raise KilledWorker("a task", SimpleNamespace(address="tcp://far:1"), 3)  # type: ignore[arg-type]


def test_a_part_that_kills_all_workers_that_try_it_is_named(client: Client, path: Path) -> None:
    rows = table(path, rows=1_000, engine=DaskEngine(client))
    with pytest.raises(ClusterUnavailable, match=r"workers died .*rows\.npy\. Is their memory too small"):
        list(rows.each(killing))


def test_where_no_workers_are_left_nobody_waits_for_ever(
    client: Client, seen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_engine, "PATIENCE", 0.02)
    slow = DaskEngine(client).over_parts(partial(squared, seen=seen, slow=0), [Numbered(0, seen)])
    assert list(slow) == [0]
    monkeypatch.setattr(client, "nthreads", dict)
    none = DaskEngine(client).over_parts(partial(squared, seen=seen, slow=0), [Numbered(0, seen)])
    with pytest.raises(ClusterUnavailable, match=r"all workers of the cluster are gone.*Start new ones"):
        list(none)


def test_a_result_that_comes_just_after_the_wait_is_taken(
    client: Client, seen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from distributed import Future

    asked = Future.result

    def too_late(future: Any, timeout: float | None = None) -> Any:
        found = asked(future)
        if timeout is not None:
            raise TimeoutError
        return found

    monkeypatch.setattr(Future, "result", too_late)
    work = partial(squared, seen=seen, slow=0)
    assert list(DaskEngine(client).over_parts(work, [Numbered(3, seen)])) == [9]


def late(rows: Any, engine: Engine) -> None:
    raise TimeoutError("a reader waited in vain")


def test_a_timeout_of_the_work_is_no_loss_of_workers(client: Client, seen: str) -> None:
    with pytest.raises(TimeoutError, match="waited in vain"):
        list(DaskEngine(client).over_parts(late, [Numbered(0, seen)]))


@pytest.mark.parametrize("keep", [-0.1, 1.1, float("nan")])
def test_a_fraction_that_is_none_is_refused(client: Client, keep: float) -> None:
    with pytest.raises(InvalidArgument, match="keep must be a fraction"):
        DaskEngine(client, keep=keep)


def test_rows_in_memory_go_through_the_local_engine(client: Client) -> None:
    engine = DaskEngine(client, threads=2)
    visited: list[tuple[int, int]] = []
    engine.for_rows(lambda start, stop: visited.append((start, stop)), 10, 1)
    assert visited == [(0, 10)]

    def count(start: int, stop: int, out: Any) -> None:
        out[0] += stop - start

    assert engine.sum_rows(count, 9_000, 1, 1).tolist() == [9_000]
