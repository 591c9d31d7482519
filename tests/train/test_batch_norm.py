"""Synchronised batch normalisation computes what PyTorch's does where one process has all the images."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from timm.layers import BatchNormAct2d
from torch import distributed, nn

from calibrant.train.batch_norm import summed, synchronised_batch_norm


@pytest.fixture(scope="module", autouse=True)
def _one_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    store = distributed.FileStore(str(tmp_path_factory.mktemp("store") / "file"), 1)
    distributed.init_process_group("gloo", store=store, rank=0, world_size=1)
    yield
    distributed.destroy_process_group()


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (nn.BatchNorm1d, (6, 3)),
        (nn.BatchNorm1d, (6, 3, 5)),
        (nn.BatchNorm2d, (6, 3, 4, 4)),
        (BatchNormAct2d, (6, 3, 4, 4)),
    ],
)
def test_values_slopes_and_statistics(layer: type[nn.Module], shape: tuple[int, ...]) -> None:
    plain, together = layer(3), layer(3)
    generator = torch.Generator().manual_seed(0)
    values = (5 + torch.randn(shape, generator=generator)).requires_grad_()
    twin = values.detach().clone().requires_grad_()
    expected = plain(values)
    with synchronised_batch_norm():
        found = together(twin)
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-5)
    for net, output in ((plain, expected), (together, found)):
        output.pow(3).sum().backward()
        assert net.num_batches_tracked == 1
    torch.testing.assert_close(twin.grad, values.grad, rtol=1e-3, atol=1e-4)
    torch.testing.assert_close(together.weight.grad, plain.weight.grad, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(together.running_mean, plain.running_mean)
    torch.testing.assert_close(together.running_var, plain.running_var)


def test_evaluation_uses_the_statistics() -> None:
    layer, values = nn.BatchNorm2d(3).eval(), torch.randn(4, 3, 2, 2)
    with synchronised_batch_norm():
        torch.testing.assert_close(layer(values), values, rtol=1e-4, atol=1e-4)
    assert not layer.running_mean.any()


def test_a_sum_leaves_its_argument() -> None:
    values = torch.ones(3)
    assert torch.equal(summed(values), torch.ones(3))
