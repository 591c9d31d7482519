"""Where the network that a recipe starts from is kept: a run of its own recipe, among the other runs."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from calibrant.recipes.recipe import BackboneSpec


def backbone_folder(spec: BackboneSpec, runs: str | os.PathLike[str]) -> Path:
    """Return where under `runs` the run is; one with overrides is kept apart from the recipe's own.

    A recipe that is named by its path lies under `runs` as well, by the name of its file and a hash of where
    that is.

    Examples
    --------
    >>> backbone_folder(BackboneSpec(recipe="vgg16-cifar100"), "runs").as_posix()
    'runs/vgg16-cifar100/seed-0'
    """
    name = Path(spec.recipe).name
    if spec.recipe.endswith(".toml"):
        name = f"{Path(name).stem}-{_short(str(Path(spec.recipe).resolve()))}"
    if spec.overrides:
        name += f"-{_short(*spec.overrides)}"
    return Path(runs) / name / f"seed-{spec.seed}"


def _short(*words: str) -> str:
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:8]
