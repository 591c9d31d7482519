"""Convolutions over maps so small that every output pixel sees every input pixel.

There a convolution is one multiplication by a matrix. The deep layers of networks made for 224 pixels come to
that at 32 (a 3 × 3 filter over 2 × 2 pixels, or over one), where libraries for convolutions on CPUs multiply
mostly by padding: forward and backward together take 2 to 20 times as long.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import linear


class Conv2d(nn.Conv2d):
    """A layer like PyTorch's, with the same weights and outputs, faster on small maps on a CPU."""

    def forward(self, images: Tensor) -> Tensor:
        """Convolve images (n, channels, height, width)."""
        corners = self._corners(images) if images.device.type == "cpu" else None
        if corners is None:
            return super().forward(images)
        rows, columns = corners
        (height, width), weight = images.shape[2:], self.weight.permute(0, 2, 3, 1)
        windows = [weight[:, y : y + height, x : x + width] for y in rows for x in columns]
        matrix = torch.stack(windows).flatten(2).flatten(0, 1)
        bias = None if self.bias is None else self.bias.repeat(len(windows))
        outputs = linear(images.permute(0, 2, 3, 1).flatten(1), matrix, bias)
        return outputs.view(images.shape[0], len(rows), len(columns), self.out_channels).permute(0, 3, 1, 2)

    def _corners(self, images: Tensor) -> tuple[range, range] | None:
        """Return where in the filter the image begins, for each row and column of output pixels.

        None where some output pixel does not see the whole image.
        """
        if isinstance(self.padding, str) or self.padding_mode != "zeros" or images.ndim != 4:
            return None
        if self.groups != 1 or self.dilation != (1, 1):
            return None
        sides = zip(images.shape[2:], self.kernel_size, self.padding, self.stride, strict=True)
        rows, columns = (_side_corners(*side) for side in sides)
        return (rows, columns) if rows and columns else None


def _side_corners(size: int, kernel: int, padding: int, stride: int) -> range:
    outputs = (size + 2 * padding - kernel) // stride + 1
    corners = range(padding, padding - outputs * stride, -stride)
    return corners if outputs > 0 and size + padding <= kernel and corners[-1] >= 0 else range(0)


def with_small_maps(net: nn.Module) -> nn.Module:
    """Let every plain convolution of `net` take the short way where there is one; weights stay."""
    for layer in net.modules():
        if type(layer) is nn.Conv2d:
            layer.__class__ = Conv2d
    return net
