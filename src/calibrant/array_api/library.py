"""Which array library and device some arrays belong to, and how wide a float that device has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import array_api_compat

from calibrant._typing import Floats
from calibrant.errors import InvalidPredictions


@dataclass(frozen=True)
class Library:
    """An array library on one of its devices.

    Attributes
    ----------
    xp : module
        The library's functions, as the array API standard names them.
    device : object
        Where arrays lie.
    floats : dtype
        The type of all arithmetic: float64 where the device has it, else float32.
    is_wide : bool
        Whether that is float64.
    integers : dtype
        The widest signed integer of the device.
    """

    xp: Any
    device: Any
    floats: Any
    is_wide: bool
    integers: Any

    def placed(self, values: Floats) -> Any:
        """Return a few float64 numbers of the host as an array on the device."""
        return self.xp.asarray(values.tolist(), dtype=self.floats, device=self.device)


def library_of(**arrays: Any) -> Library:
    """Return the library and device that all of the named arrays belong to.

    Raises
    ------
    InvalidPredictions
        One is no array, or they belong to several libraries or devices.

    Examples
    --------
    >>> import numpy as np
    >>> library_of(scores=np.zeros(2), labels=np.zeros(2)).is_wide
    True
    """
    for name, array in arrays.items():
        if not array_api_compat.is_array_api_obj(array):
            raise InvalidPredictions(
                f"{name} must be an array of NumPy, PyTorch, CuPy, JAX or another library of the array API "
                f"standard; got {type(array).__name__}."
            )
    homes = {name: array_api_compat.array_namespace(array) for name, array in arrays.items()}
    _all_alike("one library", {name: home.__name__ for name, home in homes.items()})
    devices = {name: array_api_compat.device(array) for name, array in arrays.items()}
    _all_alike("one device", devices)
    xp, device = next(iter(homes.values())), next(iter(devices.values()))
    is_wide = _has_float64(xp, device)
    signed = xp.__array_namespace_info__().dtypes(device=device, kind="signed integer")
    return Library(
        xp,
        device,
        floats=xp.float64 if is_wide else xp.float32,
        is_wide=is_wide,
        integers=signed.get("int64", xp.int32),
    )


def _all_alike(what: str, by_name: dict[str, Any]) -> None:
    first = next(iter(by_name.values()))
    if any(value != first for value in by_name.values()):
        found = ", ".join(f"{name}: {value}" for name, value in by_name.items())
        raise InvalidPredictions(
            f"the arrays must be of {what}; got {found}. Move or convert the small ones."
        )


def _has_float64(xp: Any, device: Any) -> bool:
    """Return whether it is listed and can be made: PyTorch lists it for devices that do not have it."""
    if "float64" not in xp.__array_namespace_info__().dtypes(device=device, kind="real floating"):
        return False
    try:
        xp.zeros(1, dtype=xp.float64, device=device)
    except (TypeError, RuntimeError, ValueError):
        return False
    return True
