"""Files of predictions: one format a file, chosen by the suffix; whole, or cut into shards.

Readers return what they found, unchecked; `read` checks it. Calibrators and runs have their own files.
"""

from calibrant.io.apart import check_apart
from calibrant.io.applying import Applied, apply
from calibrant.io.converting import Conversion, convert
from calibrant.io.files import read, read_checked, read_raw, write
from calibrant.io.registry import FORMATS
from calibrant.io.shard import Shard, shards
from calibrant.io.table import table

__all__ = [
    "FORMATS",
    "Applied",
    "Conversion",
    "Shard",
    "apply",
    "check_apart",
    "convert",
    "read",
    "read_checked",
    "read_raw",
    "shards",
    "table",
    "write",
]
