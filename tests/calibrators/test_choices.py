"""What arguments are refused, and how that is said."""

from __future__ import annotations

import pytest

from calibrant.calibrators.choices import check_amount, check_count
from calibrant.errors import InvalidArgument


def test_a_wrong_argument_of_any_length_is_shown_in_a_line() -> None:
    for check in (check_amount, check_count):
        with pytest.raises(InvalidArgument) as found:
            check("smoothing", [["a"] * 60_000])
        assert len(str(found.value)) < 200
