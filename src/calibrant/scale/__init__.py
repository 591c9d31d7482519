"""Rows in parts on many processes or machines: engines beyond the local one.

`DaskEngine` sends the work to where the parts are; nothing here knows what is summed. It needs the extra
`scale`.
"""

from calibrant.scale.clusters import connected, local_workers
from calibrant.scale.dask_engine import DaskEngine

__all__ = ["DaskEngine", "connected", "local_workers"]
