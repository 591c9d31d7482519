"""Files of predictions: one format a file, chosen by the suffix.

Readers return what they found, unchecked; `read` checks it. Calibrators and runs have their own files.
"""

from calibrant.io.files import read, read_checked, read_raw, write
from calibrant.io.registry import FORMATS

__all__ = ["FORMATS", "read", "read_checked", "read_raw", "write"]
