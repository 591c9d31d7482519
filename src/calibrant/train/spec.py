"""What a recipe says about training: loss, optimiser, schedule, batches, device, when to stop.

It imports no PyTorch; `calibrant.train.loop.fit` acts on it.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class TrainSpec(BaseModel):
    """How a network is trained.

    Parameters
    ----------
    loss : {"cross-entropy", "label-smoothing", "focal", "adaptive-focal", "brier"}
        What is minimised; formulas and papers are in `calibrant.train.losses`.
    label_smoothing : float
        ε of ``"label-smoothing"``, the share of a label that is spread over all classes.
    focal_gamma : float
        γ of ``"focal"``; 0 makes it the cross-entropy.
    mixup : float
        α of the Beta distribution by which training images and their losses are mixed; 0 leaves it out.
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
    warmup_epochs : int
        Epochs at the start in which the rate rises linearly, batch by batch, from near 0 to what the
        schedule says. The cosine begins after them; steps are counted from the first epoch all the same.
    epochs : int
        Passes over the training rows.
    batch_size : int
        Images per step of the optimiser, over all processes.
    precision : {"32-true", "bf16-mixed"}
        Arithmetic while training, in Lightning Fabric's words; predictions are always made in float32.
    device : {"auto", "cpu", "cuda"}
        Where to train; ``"auto"`` takes a GPU where there is one.
    processes : int
        Processes that share each batch, on one GPU each or on the CPU. Started by ``torchrun``, a run has as
        many as that started, whatever stands here.
    threads : int, optional
        CPU threads of each process; without it PyTorch's own choice, one per core, shared among the
        processes. The last bits of the weights depend on it. One thread suits tiny runs, and machines whose
        cores are busy with other work.
    channels_last : bool
        Whether colours lie next to each other in memory, where convolutions of small images are a quarter
        faster. The last bits of the weights depend on it.
    crop_padding : int
        Black pixels added to each side before a random crop to the old size; 0 leaves it out.
    flip : bool
        Whether images are mirrored left to right at random.
    rotation : float
        Images are turned by a random angle of at most so many degrees either way.
    random_resized_crop : float
        Smallest share of the area of a random window that is stretched to the whole; 0 leaves it out.
    early_stopping_patience : int, optional
        Stop after so many epochs without a lower validation loss, and keep the weights of the lowest.

    Examples
    --------
    >>> TrainSpec(optimiser="sgd", learning_rate=0.1, momentum=0.9, schedule="step").step_factor
    0.1
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    loss: Literal["cross-entropy", "label-smoothing", "focal", "adaptive-focal", "brier"] = "cross-entropy"
    label_smoothing: float = Field(default=0.1, ge=0.0, lt=1.0)
    focal_gamma: float = Field(default=2.0, ge=0.0)
    mixup: float = Field(default=0.0, ge=0.0, le=1e6)
    optimiser: Literal["adam", "sgd"] = "adam"
    learning_rate: float = Field(default=1e-3, gt=0.0)
    momentum: float = Field(default=0.0, ge=0.0, lt=1.0)
    nesterov: bool = False
    weight_decay: float = Field(default=0.0, ge=0.0)
    schedule: Literal["constant", "step", "cosine"] = "constant"
    step_epochs: int = Field(default=10, ge=1)
    step_factor: float = Field(default=0.1, gt=0.0)
    warmup_epochs: int = Field(default=0, ge=0)
    epochs: int = Field(default=15, ge=1)
    batch_size: int = Field(default=64, ge=2)
    precision: Literal["32-true", "bf16-mixed"] = "32-true"
    device: Literal["auto", "cpu", "cuda"] = "auto"
    processes: int = Field(default=1, ge=1)
    threads: int | None = Field(default=None, ge=1, le=1024)
    channels_last: bool = True
    crop_padding: int = Field(default=0, ge=0, le=256)
    flip: bool = False
    rotation: float = Field(default=0.0, ge=0.0, le=180.0)
    random_resized_crop: float = Field(default=0.0, ge=0.0, le=1.0)
    early_stopping_patience: int | None = Field(default=None, ge=1)

    @property
    def drops(self) -> tuple[int, ...]:
        """Epochs after which a schedule of steps cuts the learning rate."""
        if self.schedule != "step":
            return ()
        return tuple(range(self.step_epochs, self.epochs, self.step_epochs))

    @model_validator(mode="after")
    def _check_momentum(self) -> Self:
        if self.optimiser == "adam" and (self.momentum or self.nesterov):
            raise ValueError('momentum and nesterov belong to optimiser = "sgd"; "adam" has its own moments')
        if self.nesterov and not self.momentum:
            raise ValueError("nesterov needs a momentum above 0")
        return self

    @model_validator(mode="after")
    def _check_loss(self) -> Self:
        for name, loss in (("label_smoothing", "label-smoothing"), ("focal_gamma", "focal")):
            if self.loss != loss and getattr(self, name) != type(self).model_fields[name].default:
                raise ValueError(f'{name} belongs to loss = "{loss}"; the loss is "{self.loss}"')
        return self

    @model_validator(mode="after")
    def _check_sizes(self) -> Self:
        if self.warmup_epochs > self.epochs:
            raise ValueError(f"warmup_epochs = {self.warmup_epochs} is more than epochs = {self.epochs}")
        if self.processes > self.batch_size:
            raise ValueError(
                f"processes = {self.processes} cannot share batches of batch_size = {self.batch_size} images"
            )
        return self
