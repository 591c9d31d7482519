"""The residual networks for 32 × 32 images: three stages of m basic blocks, 6m + 2 layers with weights.

Those for larger images are timm's.
"""

from __future__ import annotations

from collections import OrderedDict

from torch import Tensor, nn
from torch.nn.functional import pad

from calibrant.errors import InvalidArgument
from calibrant.nets.initialisation import initialise, scaled
from calibrant.nets.spec import NetSpec

_DEPTH = 20
_FILTERS = (16, 32, 64)
_SMALLEST_IMAGE = 4


def cifar_resnet(spec: NetSpec, *, outputs: int, channels: int, image_size: int) -> nn.Module:
    """Build the ResNet of 6m + 2 layers with weights that He et al. made for CIFAR-10.

    A 3 × 3 convolution, then m basic blocks each at 16, 32 and 64 filters (times `width`), halving the
    side twice; the mean over the image, and one linear layer. Shortcuts have no weights (option A): where
    the shape changes they take every second pixel and fill up with zero channels.

    With stochastic depth, block l of L is left out with probability (l / L) · `stochastic_depth` while
    training, for all images of a batch at once. The others are divided by their chance of being kept,
    so that nothing needs scaling afterwards.

    Parameters
    ----------
    spec : NetSpec
        Gives `depth` (20 where left out), `width` and `stochastic_depth`.
    outputs : int
        Number of logits.
    channels : int
        Channels of the images.
    image_size : int
        Side of the square images in pixels, at least 4; the architecture is meant for 32.

    Returns
    -------
    nn.Module
        Maps images (n, channels, image_size, image_size) to logits (n, outputs).

    Raises
    ------
    InvalidArgument
        The images are too small.

    References
    ----------
    He, Zhang, Ren & Sun, "Deep residual learning for image recognition", CVPR 2016, section 4.2.
    Huang, Sun, Liu, Sedra & Weinberger, "Deep networks with stochastic depth", ECCV 2016, equation 4.
    """
    if image_size < _SMALLEST_IMAGE:
        raise InvalidArgument(
            f"cifar-resnet takes images of at least {_SMALLEST_IMAGE} pixels a side; "
            f"these have {image_size}. Set net.input_size = 32."
        )
    blocks = ((spec.depth or _DEPTH) - 2) // 6
    filters = [scaled(number, spec.width) for number in _FILTERS]
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    layers["conv"] = nn.Conv2d(channels, filters[0], kernel_size=3, padding=1, bias=False)
    layers["norm"] = nn.BatchNorm2d(filters[0])
    layers["relu"] = nn.ReLU()
    inputs, block = filters[0], 0
    for stage, number in enumerate(filters, start=1):
        stage_blocks: OrderedDict[str, nn.Module] = OrderedDict()
        for position in range(blocks):
            block += 1
            stride = 2 if stage > 1 and position == 0 else 1
            drop_rate = spec.stochastic_depth * block / (3 * blocks)
            stage_blocks[f"block{position + 1}"] = _Block(inputs, number, stride=stride, drop_rate=drop_rate)
            inputs = number
        layers[f"stage{stage}"] = nn.Sequential(stage_blocks)
    layers["pool"] = nn.AdaptiveAvgPool2d(1)
    layers["flatten"] = nn.Flatten()
    layers["logits"] = nn.Linear(inputs, outputs)
    return initialise(nn.Sequential(layers))


class _Block(nn.Module):
    """Two 3 × 3 convolutions beside a shortcut without weights."""

    def __init__(self, inputs: int, filters: int, *, stride: int, drop_rate: float) -> None:
        super().__init__()
        self.residual = nn.Sequential(
            OrderedDict(
                conv1=nn.Conv2d(inputs, filters, kernel_size=3, stride=stride, padding=1, bias=False),
                norm1=nn.BatchNorm2d(filters),
                relu1=nn.ReLU(),
                conv2=nn.Conv2d(filters, filters, kernel_size=3, padding=1, bias=False),
                norm2=nn.BatchNorm2d(filters),
            )
        )
        if drop_rate > 0:
            # Imported here because it takes seconds.
            from torchvision.ops import StochasticDepth  # type: ignore[import-untyped]

            self.residual.add_module("drop", StochasticDepth(drop_rate, mode="batch"))
        self.shortcut = _Shortcut(filters - inputs, stride)
        self.relu = nn.ReLU()

    def forward(self, images: Tensor) -> Tensor:
        output: Tensor = self.relu(self.residual(images) + self.shortcut(images))
        return output


class _Shortcut(nn.Module):
    """Every `stride`-th pixel, and zeros for `added` channels."""

    def __init__(self, added: int, stride: int) -> None:
        super().__init__()
        self.added, self.stride = added, stride

    def forward(self, images: Tensor) -> Tensor:
        return pad(images[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, 0, self.added))

    def extra_repr(self) -> str:
        return f"added={self.added}, stride={self.stride}"
