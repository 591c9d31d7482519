"""What a recipe says about its network: architecture, head, weights and regularisation, as one frozen model.

It builds nothing and imports no PyTorch; `calibrant.nets.registry.build` turns it into a module.
"""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

TIMM = "timm/"
RUN = "run:"

# Which of the options that not every architecture has each of them has.
_OPTIONS = {
    "lenet5": {"dropout", "batch_norm"},
    "cifar-resnet": {"depth", "width", "stochastic_depth"},
    "convnet": {"dropout", "batch_norm", "width"},
    TIMM: {"dropout", "stochastic_depth", "stem", "classifier"},
}


class NetSpec(BaseModel):
    """The network of an experiment.

    An option that the architecture does not have is refused, unless it is left at its default.

    Parameters
    ----------
    name : str
        Architecture: a key of `calibrant.nets.registry.NETS`, or ``"timm/"`` and a name of timm.
    head : {"softmax", "sigmoid"}
        ``"softmax"`` gives one logit per class, ``"sigmoid"`` a single logit for two classes.
    dropout : float
        Probability of zeroing a hidden unit of the classifier while training; 0 leaves dropout out.
    batch_norm : bool
        Whether each hidden layer is followed by batch normalisation.
    depth : int, optional
        Layers with weights of ``"cifar-resnet"``, 6m + 2; 20 where it is left out.
    width : float
        Factor on the number of filters of every layer.
    stochastic_depth : float
        Probability with which the last residual block is passed over while training; 0 leaves it out.
    pretrained : bool or str
        True takes the weights that timm publishes for the architecture, ``"run:FOLDER"`` those of a
        finished run; all but the last layer's.
    weights : str, optional
        File of weights, ``.safetensors``, ``.pth`` or ``.pt``. A last layer of another shape is left out.
    freeze : {"nothing", "backbone"}
        ``"backbone"`` trains the last layer alone.
    stem : {"imagenet", "cifar"}
        First layers of a ResNet or DenseNet of timm: as published, or at full resolution for 32 × 32 pixels.
    classifier : {"own", "pooled"}
        ``"pooled"`` gives a VGG of timm one linear layer on the mean of its features.
    input_size : int, optional
        Side in pixels to which the network itself resizes its images.

    Examples
    --------
    >>> NetSpec(name="lenet5", head="sigmoid").batch_norm
    False
    >>> NetSpec(name="timm/resnet18", stem="cifar").stem
    'cifar'
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    name: str
    head: Literal["softmax", "sigmoid"] = "softmax"
    dropout: float = Field(default=0.0, ge=0.0, lt=1.0)
    batch_norm: bool = False
    depth: int | None = Field(default=None, ge=1)
    width: float = Field(default=1.0, gt=0.0)
    stochastic_depth: float = Field(default=0.0, ge=0.0, lt=1.0)
    pretrained: bool | str = False
    weights: str | None = None
    freeze: Literal["nothing", "backbone"] = "nothing"
    stem: Literal["imagenet", "cifar"] = "imagenet"
    classifier: Literal["own", "pooled"] = "own"
    input_size: int | None = Field(default=None, ge=1)

    @property
    def architecture(self) -> str:
        """The name, or ``"timm/"`` for any network of timm."""
        return TIMM if self.name.startswith(TIMM) else self.name

    @property
    def run_folder(self) -> str | None:
        """Folder of the run whose weights are taken, where `pretrained` names one."""
        return self.pretrained.removeprefix(RUN) if isinstance(self.pretrained, str) else None

    @field_validator("pretrained")
    @classmethod
    def _check_pretrained(cls, value: bool | str) -> bool | str:
        if isinstance(value, str) and (not value.startswith(RUN) or value == RUN):
            raise ValueError('it is true, false or "run:FOLDER", the folder of a finished run')
        return value

    @field_validator("depth")
    @classmethod
    def _check_depth(cls, value: int | None) -> int | None:
        if value is not None and (value < 8 or value % 6 != 2):
            below = max(8, (value - 2) // 6 * 6 + 2)
            raise ValueError(f"it is 6m + 2 for three stages of m blocks, such as {below} or {below + 6}")
        return value

    @model_validator(mode="after")
    def _check_options(self) -> Self:
        # An architecture that is not known is reported with the nearest name where networks are built.
        known = _OPTIONS.get(self.architecture)
        if known is not None:
            foreign = [name for name in sorted(_all_options() - known) if self._is_set(name)]
            if foreign:
                names = ", ".join(sorted(known))
                raise ValueError(f"{self.name} has no option {foreign[0]!r}; of its own it has {names}")
            if self.pretrained is True and self.architecture != TIMM:
                raise ValueError(f'nobody publishes weights of {self.name}; take pretrained = "run:FOLDER"')
        if self.pretrained and self.weights is not None:
            raise ValueError("pretrained and weights both say where the weights come from; leave one out")
        if self.pretrained is True and self.stem == "cifar":
            raise ValueError(
                'the published weights are those of stem = "imagenet", and would lose their first layer; '
                "leave stem out and set input_size"
            )
        if self.freeze == "backbone" and (self.dropout or self.stochastic_depth):
            raise ValueError(
                "dropout and stochastic_depth act in the backbone, "
                'which freeze = "backbone" holds in evaluation mode; leave them out'
            )
        return self

    def _is_set(self, option: str) -> bool:
        value: Any = getattr(self, option)
        return bool(value != type(self).model_fields[option].default)


def _all_options() -> set[str]:
    return set().union(*_OPTIONS.values())
