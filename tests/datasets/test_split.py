"""A split follows from the images and the seed, and from nothing else."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from calibrant.datasets.images import Images, Source
from calibrant.datasets.spec import DataSpec
from calibrant.datasets.split import split
from calibrant.errors import DataUnavailable


def images(n: int, seed: int = 0) -> Images:
    generator = torch.Generator().manual_seed(seed)
    pixels = torch.randint(256, (n, 1, 4, 4), dtype=torch.uint8, generator=generator)
    return Images(pixels, torch.arange(n) % 2)


def source(n: int = 50, *, test: int | None = 10) -> Source:
    return Source(images(n), None if test is None else images(test, seed=1), ("a", "b"))


def reordered(original: Source, order: list[int]) -> Source:
    return Source(original.train.select(order), original.test, original.classes)


def members(part: Images) -> set[bytes]:
    return {pixels.numpy().tobytes() for pixels in part.pixels}


def spec(**options: object) -> DataSpec:
    return DataSpec.model_validate({"name": "x", **options})


@settings(max_examples=20)
@given(order=st.permutations(range(50)), seed=st.integers(-3, 3))
def test_the_order_of_the_rows_on_disk_plays_no_part(order: list[int], seed: int) -> None:
    first = split(source(), spec(split_seed=seed))
    second = split(reordered(source(), order), spec(split_seed=seed))
    assert first.hash == second.hash
    for part in ("train", "validation", "test"):
        torch.testing.assert_close(getattr(first, part).pixels, getattr(second, part).pixels)
        torch.testing.assert_close(getattr(first, part).labels, getattr(second, part).labels)


def test_with_official_test_rows() -> None:
    original = source()
    parts = split(original, spec(validation=0.3))
    assert (len(parts.train), len(parts.validation)) == (35, 15)
    assert members(parts.train) | members(parts.validation) == members(original.train)
    assert original.test is not None
    assert torch.equal(parts.test.pixels, original.test.pixels)


def test_without_them_validation_and_test_are_as_large() -> None:
    parts = split(source(test=None), spec(validation=0.2))
    assert (len(parts.train), len(parts.validation), len(parts.test)) == (30, 10, 10)
    assert len(members(parts.train) | members(parts.validation) | members(parts.test)) == 50


def test_few_training_rows_leave_all_others_to_validation_and_test() -> None:
    parts = split(source(test=None), spec(train_rows=11))
    assert (len(parts.train), len(parts.validation), len(parts.test)) == (11, 19, 20)


def test_few_training_rows_do_not_change_the_validation_rows() -> None:
    all_rows, few = split(source(), spec()), split(source(), spec(train_rows=5))
    assert len(few.train) == 5
    assert members(few.train) < members(all_rows.train)
    assert members(few.validation) == members(all_rows.validation)


def test_another_seed_gives_another_split_and_hash() -> None:
    first, second = (split(source(), spec(split_seed=seed)) for seed in (0, 1))
    assert members(first.validation) != members(second.validation)
    assert first.hash != second.hash


def test_labels_stay_with_their_images() -> None:
    original = source()
    label = dict(zip(map(bytes_of, original.train.pixels), original.train.labels.tolist(), strict=True))
    for part in (split(original, spec()).train, split(original, spec()).validation):
        assert [label[bytes_of(pixels)] for pixels in part.pixels] == part.labels.tolist()


def test_the_parts_share_the_memory_of_their_source_where_no_row_is_left_over() -> None:
    whole = source(test=None)
    first, last = whole.train.pixels[0].data_ptr(), whole.train.pixels[-1].data_ptr()
    parts = split(whole, spec(validation=0.2))
    starts = [part.pixels.data_ptr() for part in (parts.train, parts.validation, parts.test)]
    assert starts == sorted(starts)
    assert (starts[0], parts.test.pixels[-1].data_ptr()) == (first, last)


def test_parts_that_leave_rows_over_are_copies() -> None:
    some = source()
    before = some.train.pixels.clone()
    held = {row.data_ptr() for row in some.train.pixels}
    parts = split(some, spec(train_rows=5))
    assert torch.equal(some.train.pixels, before)
    assert not held & {row.data_ptr() for part in (parts.train, parts.validation) for row in part.pixels}


def bytes_of(pixels: Tensor) -> bytes:
    return pixels.numpy().tobytes()


def test_the_hash_is_pinned() -> None:
    pixels = torch.arange(10, dtype=torch.uint8).reshape(10, 1, 1, 1)
    rows = Source(Images(pixels, torch.arange(10) % 2), Images(pixels, torch.arange(10) % 2), ("a", "b"))
    parts = split(rows, spec())
    assert parts.validation.pixels.flatten().tolist() == [3, 2]
    assert parts.hash.startswith("3d1d5a04886bf94d")


def test_more_training_rows_than_there_are() -> None:
    with pytest.raises(DataUnavailable, match="asks for 41 training images; 40 are left for training"):
        split(source(), spec(train_rows=41))


def test_a_part_without_images() -> None:
    with pytest.raises(DataUnavailable, match="they would get 50, 0 and 0"):
        split(source(test=None), spec(train_rows=50))
