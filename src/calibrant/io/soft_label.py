"""Where files keep counts of annotators: `counts`, read where nothing says that rows have one label each."""

from __future__ import annotations

from collections.abc import Sequence

from calibrant.io.format import LABEL_KEYS, ReadOptions

COUNTS_KEY = "counts"
COUNT_PREFIX = "count"


def counts_key(keys: Sequence[str], usual: str, options: ReadOptions) -> str | None:
    """Return the array or column prefix of the counts to read, or None where labels are to be read.

    Counts that were asked for come first, then labels, then the `usual` counts.
    """
    if options.counts_key is not None:
        return options.counts_key
    labelled = options.label_key is not None or any(key in keys for key in LABEL_KEYS)
    return None if labelled else usual
