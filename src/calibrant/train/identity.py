"""What makes a run this run and no other, so that a folder is continued only by the run it belongs to.

It is compared and stored as plain text; no file is touched here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from torch import nn

from calibrant.datasets.images import ImageData
from calibrant.errors import InvalidRun
from calibrant.nets.heads import Head
from calibrant.train.spec import TrainSpec

_LONGEST_SHOWN = 40

Identity = Mapping[str, Any]


def _settings(spec: TrainSpec) -> Identity:
    return {f"train.{name}": value for name, value in spec.model_dump().items()}


_DEFAULTS = _settings(TrainSpec())


def identity_of(net: nn.Module, head: Head, data: ImageData, spec: TrainSpec, seed: int) -> Identity:
    """Return what decides the outcome of a run, as values that JSON can hold.

    `net` must still have its initial weights.
    """
    fields = {
        "network": repr(net),
        "initial state": _weights_hash(net),
        "head": head.name,
        "classes": list(data.classes),
        "split": data.split_hash,
        "normalisation": asdict(data.normalisation),
        "seed": seed,
        **_settings(spec),
    }
    plain: Identity = json.loads(json.dumps(fields))
    return plain


def check_same_run(stored: Identity, wanted: Identity, place: str) -> None:
    """Check that what is stored in `place` belongs to the run that is wanted.

    A setting of training that a stored run does not know yet came later than the run; it had its default.

    Raises
    ------
    InvalidRun
        It does not; the text says in what they differ.
    """
    stored = {**_DEFAULTS, **stored}
    names = [name for name in {**wanted, **stored} if stored.get(name) != wanted.get(name)]
    if names:
        differences = "; ".join(_difference(name, stored.get(name), wanted.get(name)) for name in names)
        raise InvalidRun(
            f"{place} belongs to another run: {differences}. Choose another folder, or delete that one."
        )


def _difference(name: str, stored: Any, wanted: Any) -> str:
    before, now = json.dumps(stored, ensure_ascii=False), json.dumps(wanted, ensure_ascii=False)
    if max(len(before), len(now)) > _LONGEST_SHOWN:
        return f"{name} differs"
    return f"{name} was {before} and is now {now}"


def _weights_hash(net: nn.Module) -> str:
    whole = hashlib.sha256()
    for name, tensor in net.state_dict().items():
        whole.update(name.encode())
        whole.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return whole.hexdigest()
