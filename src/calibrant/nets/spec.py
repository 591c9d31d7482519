"""What a recipe says about its network: architecture, head and regularisation, as one frozen model.

It builds nothing and imports no PyTorch; `calibrant.nets.registry.build` turns it into a module.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class NetSpec(BaseModel):
    """The network of an experiment.

    Parameters
    ----------
    name : str
        Architecture, a key of `calibrant.nets.registry.NETS`.
    head : {"softmax", "sigmoid"}
        ``"softmax"`` gives one logit per class, ``"sigmoid"`` a single logit for two classes.
    dropout : float
        Probability of zeroing a hidden unit of the classifier while training; 0 leaves dropout out.
    batch_norm : bool
        Whether each hidden layer is followed by batch normalisation.

    Examples
    --------
    >>> NetSpec(name="lenet5", head="sigmoid")
    NetSpec(name='lenet5', head='sigmoid', dropout=0.0, batch_norm=False)
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    head: Literal["softmax", "sigmoid"] = "softmax"
    dropout: float = Field(default=0.0, ge=0.0, lt=1.0)
    batch_norm: bool = False
