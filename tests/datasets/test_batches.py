"""An epoch passes every image once, in an order that seed and epoch decide."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from calibrant.datasets.augment import Augmentation
from calibrant.datasets.batches import Batching, epoch_seed, ordered_batches, shuffled_batches
from calibrant.datasets.images import Images
from calibrant.datasets.normalisation import Normalisation
from calibrant.datasets.share import Share

PLAIN = Normalisation(mean=(0.0,), std=(1 / 255,))


def numbered(n: int) -> Images:
    """Return images whose every pixel is their number, which is their label too."""
    pixels = torch.arange(n, dtype=torch.uint8)[:, None, None, None].expand(n, 1, 4, 4).contiguous()
    return Images(pixels, torch.arange(n))


def order(seed: int, epoch: int, n: int = 50) -> list[int]:
    batches = shuffled_batches(numbered(n), Batching(8, PLAIN), seed=seed, epoch=epoch)
    return torch.cat([batch.labels for batch in batches]).tolist()


def test_an_epoch_passes_every_image_once_with_its_label() -> None:
    batches = list(shuffled_batches(numbered(50), Batching(8, PLAIN), seed=0, epoch=1))
    labels = torch.cat([batch.labels for batch in batches])
    inputs = torch.cat([batch.inputs for batch in batches])
    assert labels.sort().values.tolist() == list(range(50))
    torch.testing.assert_close(inputs[:, 0, 0, 0], labels.float())
    assert [len(batch.labels) for batch in batches] == [8] * 6 + [2]


def test_seed_and_epoch_decide_the_order() -> None:
    assert order(seed=0, epoch=1) == order(seed=0, epoch=1)
    orders = {tuple(order(seed, epoch)) for seed in range(3) for epoch in range(3)}
    assert len(orders) == 9


def test_inputs_are_normalised_float32() -> None:
    (batch,) = shuffled_batches(numbered(4), Batching(8, Normalisation((0.5,), (0.5,))), seed=0, epoch=1)
    assert batch.inputs.dtype == torch.float32
    torch.testing.assert_close(batch.inputs[:, 0, 0, 0], batch.labels / 127.5 - 1)


@pytest.mark.parametrize("stored", [torch.contiguous_format, torch.channels_last])
@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_inputs_have_the_layout_asked_for(stored: torch.memory_format, layout: torch.memory_format) -> None:
    pixels = torch.randint(256, (20, 3, 8, 8), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    images = Images(pixels.contiguous(memory_format=stored), torch.arange(20))
    batching = Batching(20, Normalisation((0.5,) * 3, (0.5,) * 3), layout=layout)
    (batch,) = shuffled_batches(images, batching, seed=0, epoch=1)
    assert batch.inputs.is_contiguous(memory_format=layout)
    torch.testing.assert_close(
        batch.inputs, pixels[batch.labels].contiguous() / 127.5 - 1, check_stride=False
    )


@pytest.mark.parametrize(
    "option",
    [
        {"augmentation": Augmentation(crop_padding=2)},
        {"augmentation": Augmentation(flip=True)},
        {"mixup": 1.0},
    ],
)
def test_augmentation_changes_from_epoch_to_epoch_and_repeats_with_the_seed(option: dict[str, Any]) -> None:
    images = Images(torch.randint(256, (32, 3, 8, 8), dtype=torch.uint8), torch.arange(32))
    batching = Batching(32, Normalisation((0.0,) * 3, (1.0,) * 3), **option)

    def epoch(number: int) -> torch.Tensor:
        (batch,) = shuffled_batches(images, batching, seed=0, epoch=number)
        return batch.inputs[batch.labels.argsort()]

    assert torch.equal(epoch(1), epoch(1))
    assert not torch.equal(epoch(1), epoch(2))


@pytest.mark.parametrize(("n", "count"), [(1, 1), (2, 1), (8, 1), (9, 1), (10, 2), (16, 2), (17, 2)])
def test_a_last_batch_of_one_image_is_left_out(n: int, count: int) -> None:
    batching = Batching(8, PLAIN)
    assert batching.count(numbered(n)) == count
    assert len(list(shuffled_batches(numbered(n), batching, seed=0, epoch=1))) == count


def test_ordered_batches_keep_the_order_and_every_image() -> None:
    batches = list(ordered_batches(numbered(17), 8, PLAIN))
    assert torch.cat([batch.labels for batch in batches]).tolist() == list(range(17))


def test_epoch_seeds_differ_by_seed_epoch_and_purpose() -> None:
    seeds = {
        epoch_seed(s, e, purpose) for s in range(10) for e in range(10) for purpose in ("batches", "network")
    }
    assert len(seeds) == 200
    assert all(0 <= seed < 2**63 for seed in seeds)


@pytest.mark.parametrize("mixup", [0.0, 0.5])
def test_shares_make_up_the_batches_of_one_process(mixup: float) -> None:
    generator = torch.Generator().manual_seed(0)
    images = Images(
        torch.randint(256, (23, 3, 8, 8), dtype=torch.uint8, generator=generator), torch.arange(23)
    )
    augmentation = Augmentation(crop_padding=2, flip=True, rotation=10.0, random_resized_crop=0.5)
    batching = Batching(10, Normalisation((0.5,) * 3, (0.5,) * 3), augmentation, mixup)
    whole = list(shuffled_batches(images, batching, seed=0, epoch=1))
    shares = [
        list(shuffled_batches(images, batching, seed=0, epoch=1, share=Share(process, 3)))
        for process in range(3)
    ]
    assert [len(batch.labels) for batch in whole] == [10, 10, 3]
    for batch, *parts in zip(whole, *shares, strict=True):
        torch.testing.assert_close(torch.cat([part.inputs for part in parts]), batch.inputs)
        assert torch.equal(torch.cat([part.labels for part in parts]), batch.labels)
        assert {part.size for part in parts} == {batch.size} == {len(batch.labels)}
        if batch.mixed_in:
            assert torch.equal(torch.cat([part.mixed_in.labels for part in parts]), batch.mixed_in.labels)


def test_a_last_batch_of_fewer_images_than_processes_is_left_out() -> None:
    batching = Batching(8, PLAIN)
    assert [batching.count(numbered(n), Share(0, 4)) for n in (8, 11, 12)] == [1, 1, 2]


def test_mixed_images_are_weighted_means_of_two() -> None:
    shares = set()
    for batch in shuffled_batches(numbered(50), Batching(8, PLAIN, mixup=0.5), seed=0, epoch=1):
        assert batch.mixed_in is not None
        share, other = batch.mixed_in.share, batch.mixed_in.labels
        assert sorted(other.tolist()) == sorted(batch.labels.tolist())
        expected = (1 - share) * batch.labels + share * other
        torch.testing.assert_close(batch.inputs[:, 0, 0, 0], expected.float())
        shares.add(share)
    assert len(shares) == 7
    assert all(0 <= share <= 1 for share in shares)


def test_mixing_leaves_order_and_augmentation_alone() -> None:
    mixed = shuffled_batches(numbered(50), Batching(8, PLAIN, mixup=0.5), seed=0, epoch=1)
    assert torch.cat([batch.labels for batch in mixed]).tolist() == order(0, 1)
