"""What a recipe says about training: optimiser, schedule, batches, device, when to stop.

It imports no PyTorch; `calibrant.train.loop.fit` acts on it.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class TrainSpec(BaseModel):
    """How a network is trained.

    Parameters
    ----------
    optimiser : {"adam", "sgd"}
        Adam with PyTorch's moments, or stochastic gradient descent.
    learning_rate : float
        Step size at the start of training.
    momentum : float
        Momentum of ``"sgd"``.
    nesterov : bool
        Whether that momentum looks ahead (Nesterov).
    weight_decay : float
        L2 penalty on all weights, added to their gradients.
    schedule : {"constant", "step", "cosine"}
        ``"step"`` multiplies the learning rate by `step_factor` every `step_epochs` epochs; ``"cosine"``
        lowers it along half a cosine towards 0 at the end of the last epoch.
    step_epochs : int
        Epochs between the steps.
    step_factor : float
        Factor of each step.
    epochs : int
        Passes over the training rows.
    batch_size : int
        Images per step of the optimiser.
    precision : {"32-true", "bf16-mixed"}
        Arithmetic while training, in Lightning Fabric's words; predictions are always made in float32.
    device : {"auto", "cpu", "cuda"}
        Where to train; ``"auto"`` takes a GPU where there is one.
    threads : int, optional
        CPU threads; without it PyTorch's own choice, one per core. The last bits of the weights depend on
        it. One thread suits tiny runs, and machines whose cores are busy with other work.
    crop_padding : int
        Black pixels added to each side before a random crop to the old size; 0 leaves it out.
    flip : bool
        Whether images are mirrored left to right at random.
    early_stopping_patience : int, optional
        Stop after so many epochs without a lower validation loss, and keep the weights of the lowest.

    Examples
    --------
    >>> TrainSpec(optimiser="sgd", learning_rate=0.1, momentum=0.9, schedule="step").step_factor
    0.1
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    optimiser: Literal["adam", "sgd"] = "adam"
    learning_rate: float = Field(default=1e-3, gt=0.0)
    momentum: float = Field(default=0.0, ge=0.0, lt=1.0)
    nesterov: bool = False
    weight_decay: float = Field(default=0.0, ge=0.0)
    schedule: Literal["constant", "step", "cosine"] = "constant"
    step_epochs: int = Field(default=10, ge=1)
    step_factor: float = Field(default=0.1, gt=0.0)
    epochs: int = Field(default=15, ge=1)
    batch_size: int = Field(default=64, ge=2)
    precision: Literal["32-true", "bf16-mixed"] = "32-true"
    device: Literal["auto", "cpu", "cuda"] = "auto"
    threads: int | None = Field(default=None, ge=1)
    crop_padding: int = Field(default=0, ge=0)
    flip: bool = False
    early_stopping_patience: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _check_momentum(self) -> Self:
        if self.optimiser == "adam" and (self.momentum or self.nesterov):
            raise ValueError('momentum and nesterov belong to optimiser = "sgd"; "adam" has its own moments')
        if self.nesterov and not self.momentum:
            raise ValueError("nesterov needs a momentum above 0")
        return self
