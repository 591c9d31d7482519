"""The names of the tools, and whether they are installed.

Nothing is imported here, so that a command can ask before its work begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from types import MappingProxyType

from calibrant.errors import InvalidArgument, MissingPackage

TITLES = MappingProxyType({"tensorboard": "TensorBoard", "wandb": "Weights & Biases", "mlflow": "MLflow"})
_PACKAGES = {"tensorboard": ("tensorboardX", "tensorboard"), "wandb": ("wandb",), "mlflow": ("mlflow",)}


def tools_named(words: Sequence[str]) -> tuple[str, ...]:
    """Return the tools that words such as ``"tensorboard"`` or ``"tensorboard,mlflow"`` name, each once.

    Raises
    ------
    InvalidArgument
        There is no such tool.
    MissingPackage
        The tool is not installed.
    """
    tools = tuple(dict.fromkeys(name.strip() for word in words for name in word.split(",")))
    for tool in tools:
        if tool not in TITLES:
            raise InvalidArgument(f"runs are logged to {', '.join(TITLES)}; got {tool!r}.")
        package = _PACKAGES[tool][0]
        if not any(find_spec(name) for name in _PACKAGES[tool]):
            raise MissingPackage(
                f"Logging to {TITLES[tool]} needs the package {package!r}, which is not installed. "
                f"Install it with: pip install {package}"
            )
    return tools
