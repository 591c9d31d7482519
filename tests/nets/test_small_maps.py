"""On small maps a convolution by one matrix has the outputs and gradients of PyTorch's."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from calibrant.nets.small_maps import Conv2d, with_small_maps

# kernel, stride, padding, height, width
COVERED = [
    (3, 1, 1, 1, 1),
    (3, 1, 1, 2, 2),
    (3, 2, 1, 2, 2),
    (3, 1, 1, 1, 2),
    (7, 2, 3, 4, 3),
    (5, 1, 2, 3, 3),
    (1, 1, 0, 1, 1),
    (2, 2, 0, 2, 2),
]
NOT_COVERED = [
    (3, 1, 1, 3, 3),
    (3, 1, 1, 3, 1),
    (1, 1, 0, 2, 2),
    (2, 2, 0, 4, 4),
    (3, 1, 0, 4, 4),
    (3, 1, 2, 2, 2),
]


def layer(kernel: int, stride: int, padding: int, **options: object) -> nn.Conv2d:
    torch.manual_seed(0)
    return nn.Conv2d(3, 5, kernel, stride, padding, dtype=torch.float64, **options)  # type: ignore[arg-type]


def results(layer: nn.Conv2d, height: int, width: int) -> tuple[Tensor, ...]:
    """Return the outputs for some images, and the gradients of a sum of them, unevenly weighted."""
    torch.manual_seed(1)
    images = torch.randn(4, 3, height, width, dtype=torch.float64, requires_grad=True)
    outputs = layer(images)
    weighted = (outputs * torch.arange(outputs.numel()).view_as(outputs)).sum()
    return (outputs, *torch.autograd.grad(weighted, [images, *layer.parameters()]))


@pytest.fixture
def no_convolution(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> Tensor:
        raise AssertionError("a convolution was made")

    monkeypatch.setattr(nn.Conv2d, "_conv_forward", refuse)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("kernel", "stride", "padding", "height", "width"), COVERED + NOT_COVERED)
def test_outputs_and_gradients_are_those_of_pytorch(
    kernel: int, stride: int, padding: int, height: int, width: int, bias: bool
) -> None:
    plain = results(layer(kernel, stride, padding, bias=bias), height, width)
    short = results(with_small_maps(layer(kernel, stride, padding, bias=bias)), height, width)
    torch.testing.assert_close(short, plain, rtol=1e-12, atol=1e-12)


@pytest.mark.usefixtures("no_convolution")
@pytest.mark.parametrize(("kernel", "stride", "padding", "height", "width"), COVERED)
def test_a_covered_map_takes_the_short_way(
    kernel: int, stride: int, padding: int, height: int, width: int
) -> None:
    results(with_small_maps(layer(kernel, stride, padding)), height, width)


@pytest.mark.usefixtures("no_convolution")
@pytest.mark.parametrize(("kernel", "stride", "padding", "height", "width"), NOT_COVERED)
def test_a_map_that_is_not_covered_is_convolved(
    kernel: int, stride: int, padding: int, height: int, width: int
) -> None:
    with pytest.raises(AssertionError, match="a convolution was made"):
        results(with_small_maps(layer(kernel, stride, padding)), height, width)


@pytest.mark.parametrize(
    "options", [{"padding_mode": "circular"}, {"dilation": 2}, {"groups": 1, "bias": False}]
)
def test_other_kinds_of_convolutions_are_left_to_pytorch(options: dict[str, object]) -> None:
    plain, short = layer(3, 1, 2, **options), with_small_maps(layer(3, 1, 2, **options))
    torch.testing.assert_close(results(short, 2, 2), results(plain, 2, 2), rtol=1e-12, atol=1e-12)


def test_grouped_and_same_padded_convolutions_are_left_to_pytorch() -> None:
    grouped = nn.Conv2d(4, 4, 3, padding=1, groups=4)
    same = nn.Conv2d(4, 4, 3, padding="same")
    images = torch.randn(2, 4, 1, 1)
    expected = [grouped(images), same(images)]
    assert [type(with_small_maps(each)) for each in (grouped, same)] == [Conv2d, Conv2d]
    torch.testing.assert_close([grouped(images), same(images)], expected)


def test_one_image_without_a_batch_is_taken_as_pytorch_takes_it() -> None:
    plain = layer(3, 1, 1)
    image = torch.randn(3, 1, 1, dtype=torch.float64)
    expected = plain(image)
    torch.testing.assert_close(with_small_maps(plain)(image), expected)


def test_only_plain_convolutions_of_a_network_change() -> None:
    class Own(nn.Conv2d):
        pass

    net = with_small_maps(nn.Sequential(nn.Conv2d(3, 4, 1), Own(4, 4, 1), nn.Linear(1, 1)))
    assert [type(part) for part in net] == [Conv2d, Own, nn.Linear]
