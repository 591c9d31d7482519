"""What every file format promises: reading gives back what was written, and damage has a name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calibrant.errors import CalibrantError, UnreadableFile, UnwritableFile
from calibrant.io import FORMATS, read, read_checked, shards, write
from calibrant.predictions import Predictions, joined
from tests.drawn_predictions import FLOAT_TYPES, logit_predictions, overconfident, prob_predictions
from tests.io.same_rows import assert_same

SUFFIXES = sorted(FORMATS)
CHECKED = (".npz", ".parquet")
"""Formats with checksums of what they hold."""
MOST_TRIALS = 150
HOSTILE = (
    "plain",
    "comma, semicolon; tab\t",
    'a "quoted" name',
    "two\nlines",
    "carriage\rreturn",
    "dos\r\nline",
    "<script>alert('x')</script> & more",
    "猫と鳥 Vögel кошки 🐈",
    "  blanks  ",
    "",
    "#hash",
    "back\\slash",
    "[1, 2]",
    "\x1b[31mred\x1b[0m",
    "nul\x00within",
    "\u202eright to left\u2066",
    "שלום",
    "labels",
    "logit_0",
    "=cmd()",
    "../../name",
    "L" * 10_000,
)
TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=8)


def test_every_format_is_covered() -> None:
    assert set(FORMATS) == {
        ".npz", ".csv", ".parquet", ".arrow", ".feather", ".safetensors", ".npy", ".pt", ".pth",
    }  # fmt: skip
    assert set(CHECKED) < set(FORMATS)
    assert all(reader.suffix == suffix for suffix, reader in FORMATS.items())


@pytest.fixture(params=SUFFIXES)
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / f"rows{request.param}"


def round_trip(rows: Predictions, path: Path) -> Predictions:
    write(rows, path)
    found, ignored = read_checked(path)
    assert ignored == ()
    return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(rows=st.one_of(logit_predictions(masks=True), prob_predictions()))
def test_reading_gives_back_what_was_written(path: Path, rows: Predictions) -> None:
    assert_same(round_trip(rows, path), rows)


@pytest.mark.parametrize("dtype", FLOAT_TYPES)
def test_every_float_type_keeps_its_numbers(path: Path, dtype: Any) -> None:
    scores = np.array([[0.1, -65504.0, 6e-8], [1 / 3, 2e-5, -0.0]], dtype=dtype)
    rows = Predictions.from_logits(scores, [0, 2])
    found = round_trip(rows, path)
    assert_same(found, rows)
    assert found.scores.dtype.itemsize >= scores.dtype.itemsize


@pytest.mark.parametrize("shape", [(3,), (3, 1), (3, 2)])
@pytest.mark.parametrize("kind", ["logits", "probs"])
def test_binary_scores_come_back_as_two_columns(path: Path, kind: str, shape: tuple[int, ...]) -> None:
    make = Predictions.from_logits if kind == "logits" else Predictions.from_probs
    scores = np.array([[0.25, 0.75], [1.0, 0.0], [0.5, 0.5]])
    rows = make(scores if shape == (3, 2) else scores[:, 1].reshape(shape), [0, 1, 1])
    found = round_trip(rows, path)
    assert found.scores.shape == (3, 2)
    assert_same(found, rows)


def test_a_logit_of_minus_infinity_survives(path: Path) -> None:
    rows = Predictions.from_logits([[1.0, -np.inf, 2.0], [-np.inf, 0.0, 1.0]], [0, 1])
    assert_same(round_trip(rows, path), rows)


def test_hostile_names_survive_in_classes_groups_and_ids(path: Path) -> None:
    k = len(HOSTILE)
    rows = Predictions.from_logits(np.eye(k), np.arange(k), classes=HOSTILE, groups=HOSTILE, ids=HOSTILE)
    found = round_trip(rows, path)
    assert found.classes == HOSTILE
    assert_same(found, rows)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(TEXT, min_size=2, max_size=5, unique=True))
def test_any_names_survive(path: Path, names: list[str]) -> None:
    k = len(names)
    ids = [f"x{name}" for name in names]
    rows = Predictions.from_logits(np.eye(k), np.arange(k), classes=names, ids=ids)
    assert_same(round_trip(rows, path), rows)


def test_weights_groups_and_ids_survive(path: Path) -> None:
    rows = Predictions.from_probs(
        [0.9, 0.2, 0.5],
        [1, 0, 0],
        sample_weight=[0.1, 1 / 3, 1e-12],
        groups=["north", "south", "north"],
        ids=[-5, 0, 2**53 + 1],
    )
    found = round_trip(rows, path)
    assert_same(found, rows)
    assert found.ids is not None
    assert found.ids.dtype == np.int64


def test_numbers_with_leading_zeros_stay_text(path: Path) -> None:
    rows = Predictions.from_logits([[0.0, 1.0], [2.0, 0.0]], [0, 1], ids=["007", "08"])
    assert_same(round_trip(rows, path), rows)


def test_a_thousand_rows_survive(path: Path) -> None:
    rows = overconfident(1000, 7, weighted=True)
    assert_same(round_trip(rows, path), rows)


def test_the_same_rows_give_the_same_hash_in_every_format(tmp_path: Path) -> None:
    rows = overconfident(50, 3)
    hashes = {round_trip(rows, tmp_path / f"rows{suffix}").content_hash for suffix in SUFFIXES}
    assert hashes == {rows.content_hash}


def test_the_suffix_may_be_in_capitals(path: Path) -> None:
    rows = overconfident(5, 3)
    shouted = path.with_suffix(path.suffix.upper())
    assert_same(round_trip(rows, shouted), rows)


def test_a_path_may_be_text(path: Path) -> None:
    write(overconfident(5, 3), str(path))
    assert read(str(path)).n == 5


def small_file(path: Path) -> tuple[Predictions, bytes]:
    rows = Predictions.from_logits(
        [[1.25, -2.5], [3.0, 4.75], [0.125, 1.0]], [0, 1, 1], classes=["a,b", "c"], ids=["p", "q", "r\ns"]
    )
    write(rows, path)
    return rows, path.read_bytes()


def test_a_file_cut_anywhere_is_an_error_or_says_less(path: Path) -> None:
    """Text without its last characters may still be a table; then its other cells are what was written."""
    rows, content = small_file(path)
    lengths = positions(content)
    failures = 0
    for length in lengths:
        replace_content(path, content[:length])
        try:
            found = read(path)
        except UnreadableFile as error:
            failures += path.name in str(error)
        else:
            assert path.suffix == ".csv"
            assert found.labels.tolist() == rows.labels[: found.n].tolist()
            assert found.scores[: found.n - 1].tolist() == rows.scores[: found.n - 1].tolist()
    assert failures > 0.75 * len(lengths)


def test_a_file_cut_anywhere_gives_no_shards_or_shards_that_fail(path: Path) -> None:
    _, content = small_file(path)
    failures = 0
    for length in positions(content)[::3]:
        replace_content(path, content[:length])
        try:
            joined([shard.read() for shard in shards(path, rows=2)])
        except CalibrantError as error:
            failures += path.name in str(error)
        else:
            assert path.suffix == ".csv"
    assert failures > 0.7 * len(positions(content)[::3])


def test_a_damaged_byte_never_shows_as_a_defect(path: Path) -> None:
    """It is an error with a name, or is not seen; where a format has checksums, no number ever changes.

    Damage to a zip file's list of members can hide an optional array.
    """
    rows, content = small_file(path)
    assert rows.ids is not None
    failures = 0
    for position in positions(content):
        damaged = bytearray(content)
        damaged[position] ^= 0xFF
        replace_content(path, bytes(damaged))
        try:
            found = read(path)
        except CalibrantError as error:
            failures += path.name in str(error)
        else:
            assert isinstance(found, Predictions)
            if path.suffix in CHECKED:
                assert found.scores.tolist() == rows.scores.tolist()
                assert found.labels.tolist() == rows.labels.tolist()
                assert found.classes in (rows.classes, None)
                assert found.ids is None or found.ids.tolist() == rows.ids.tolist()
    assert failures > 0


def positions(content: bytes) -> list[int]:
    """Every byte of a small file; of a larger one its ends, and some between them."""
    n = len(content)
    if n <= MOST_TRIALS:
        return list(range(n))
    inner = np.linspace(0, n - 1, MOST_TRIALS // 2, dtype=int).tolist()
    return sorted({*range(MOST_TRIALS // 4), *inner, *range(n - MOST_TRIALS // 4, n)})


def replace_content(path: Path, content: bytes) -> None:
    """Write a new file under the name, as a map of the old one may still be held."""
    path.unlink()
    path.write_bytes(content)


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"hello", b"\x89PNG\r\n\x1a\n" + bytes(100), b'{"labels": [0]}', b"PK\x03\x04" + bytes(60)],
)
def test_a_foreign_file_is_named(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=re.escape(str(path))):
        read(path)
    with pytest.raises(UnreadableFile, match=re.escape(str(path))):
        shards(path)


@pytest.mark.parametrize("other", SUFFIXES)
def test_a_file_of_another_format_is_named(path: Path, other: str) -> None:
    """Some suffixes share a format, and tables of one sort may be read as those of another."""
    same = ({".arrow", ".feather"}, {".pt", ".pth"})
    if other == path.suffix or {other, path.suffix} in same:
        return
    source = path.with_name(f"other{other}")
    write(overconfident(3, 2), source)
    path.write_bytes(source.read_bytes())
    with pytest.raises(UnreadableFile, match=re.escape(path.name)):
        read(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(content=st.binary(max_size=200), kept=st.integers(0, 40))
def test_random_bytes_are_named(path: Path, content: bytes, kept: int) -> None:
    """Alone, and behind what such files begin with."""
    write(overconfident(3, 2), path)
    start = path.read_bytes()[:kept]
    replace_content(path, start + content)
    with pytest.raises(CalibrantError, match=re.escape(path.name)):
        read(path)


def test_a_missing_file_is_named(path: Path) -> None:
    with pytest.raises(UnreadableFile, match="there is no such file"):
        read(path)
    with pytest.raises(OSError, match=re.escape(path.name)):
        read(path)


def test_a_folder_is_no_file(path: Path) -> None:
    path.mkdir()
    with pytest.raises(UnreadableFile, match="is a folder"):
        read(path)
    with pytest.raises(UnwritableFile, match="is a folder"):
        write(overconfident(3, 2), path)


def test_a_file_without_labels_says_how_to_name_them(path: Path) -> None:
    rows = overconfident(3, 2)
    write(rows, path)
    with pytest.raises(UnreadableFile, match=r"no .*'truth'.*--label-key"):
        read(path, label_key="truth")


def test_scores_under_a_key_that_is_not_there(path: Path) -> None:
    write(overconfident(3, 2), path)
    with pytest.raises(UnreadableFile, match="outputs"):
        read(path, logits_key="outputs")


def test_a_kind_that_does_not_exist(path: Path) -> None:
    write(overconfident(3, 2), path)
    with pytest.raises(CalibrantError, match="kind must be 'logits' or 'probs'; got 'scores'"):
        read(path, kind="scores")  # type: ignore[arg-type]


def test_the_caller_may_say_that_scores_are_probabilities(path: Path) -> None:
    rows = Predictions.from_logits([[0.25, 0.75], [0.5, 0.5]], [0, 1])
    write(rows, path)
    assert read(path, kind="probs").kind == "probs"


def test_invalid_rows_are_reported_with_the_name_of_the_file(path: Path) -> None:
    write(Predictions.from_logits([[0.5, 0.5], [2.0, -1.0]], [0, 1]), path)
    with pytest.raises(CalibrantError, match=rf"{re.escape(path.name)}: probs must lie in .* at row 1"):
        read(path, kind="probs")


class _Unwritable(Exception):
    pass


def test_a_writer_that_fails_leaves_the_old_file_and_nothing_else(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = overconfident(4, 2)
    write(old, path)

    def fail(self: Any, target: Path, predictions: Predictions) -> None:
        target.write_bytes(b"half of")
        raise _Unwritable

    monkeypatch.setattr(type(FORMATS[path.suffix]), "write", fail)
    with pytest.raises(_Unwritable):
        write(overconfident(9, 2), path)
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    assert_same(read(path), old)


def test_a_full_disk_is_named(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Any, target: Path, predictions: Predictions) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(FORMATS[path.suffix]), "write", fail)
    with pytest.raises(UnwritableFile, match=rf"cannot write {re.escape(str(path))}: the disk is full"):
        write(overconfident(9, 2), path)
    assert list(path.parent.iterdir()) == []


def test_a_folder_that_is_not_there_is_named(path: Path) -> None:
    with pytest.raises(UnwritableFile, match="there is no folder"):
        write(overconfident(3, 2), path.parent / "missing" / path.name)


@pytest.mark.parametrize("name", ["rows.txt", "rows", "rows.npz.bak", "rows.pkl"])
def test_a_suffix_that_nobody_knows(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(UnreadableFile, match=r"reads and writes .*\.npz"):
        read(tmp_path / name)
    with pytest.raises(UnreadableFile, match=r"reads and writes .*\.npz"):
        write(overconfident(3, 2), tmp_path / f"new-{name}")
    assert len(list(tmp_path.iterdir())) == 1
