"""Print the table of docs/networks.md: weights of a network, and multiplications per image.

Both are counted, so that any machine prints the same. The images have 32 × 32 pixels and three channels, and
there are 100 classes.
"""

from __future__ import annotations

import torch
from torch.utils.flop_counter import FlopCounterMode

from calibrant.nets.layers import count
from calibrant.nets.registry import build
from calibrant.nets.spec import NetSpec

CLASSES, SIDE = 100, 32
NETS = (
    NetSpec(name="lenet5"),
    NetSpec(name="convnet", batch_norm=True),
    NetSpec(name="cifar-resnet", depth=20),
    NetSpec(name="cifar-resnet", depth=56),
    NetSpec(name="cifar-resnet", depth=110),
    NetSpec(name="timm/resnet18"),
    NetSpec(name="timm/resnet18", stem="cifar"),
    NetSpec(name="timm/resnet18", input_size=64),
    NetSpec(name="timm/resnet34", stem="cifar"),
    NetSpec(name="timm/resnet50", stem="cifar"),
    NetSpec(name="timm/densenet121"),
    NetSpec(name="timm/densenet121", stem="cifar"),
    NetSpec(name="timm/vgg11"),
    NetSpec(name="timm/vgg11", classifier="pooled"),
    NetSpec(name="timm/vgg16_bn", classifier="pooled"),
    NetSpec(name="timm/vit_tiny_patch16_224", input_size=224),
)


def settings(spec: NetSpec) -> str:
    """Return what the spec says besides the name."""
    said = spec.model_dump(exclude_defaults=True, exclude={"name"})
    return ", ".join(
        f"{key} = {str(value).lower() if value is True else value}" for key, value in said.items()
    )


def main() -> None:
    """Count and print."""
    print("| `net.name` | further settings | weights, millions | multiplications an image, millions |")
    print("|---|---|--:|--:|")
    for spec in NETS:
        net = build(spec, classes=CLASSES, channels=3, image_size=SIDE, seed=0).eval()
        # Without values: on a CPU, convolutions over small maps are made with fewer multiplications.
        net = net.to("meta")
        with torch.no_grad(), FlopCounterMode(display=False) as operations:
            net(torch.zeros(1, 3, SIDE, SIDE, device="meta"))
        # Two operations, a multiplication and an addition, are counted for each weight that is used.
        multiplications = operations.get_total_flops() / 2e6
        print(f"| `{spec.name}` | {settings(spec)} | {count(net) / 1e6:.2f} | {multiplications:,.1f} |")


if __name__ == "__main__":
    main()
