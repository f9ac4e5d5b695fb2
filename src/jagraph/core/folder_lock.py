"""A lock on a folder, by which others see that it is in use."""

from __future__ import annotations

import fcntl
import os

TYPE_CHECKING = False  # typing is more to load than all else here
if TYPE_CHECKING:
    from pathlib import Path


class Hold:
    """Keeps a folder from being removed for as long as this object lives.

    The system lets go of the lock when the process ends, in whatever way.
    """

    def __init__(self, folder: str | Path) -> None:
        """Take hold of ``folder``; raises OSError when it is gone or being removed."""
        self._handle = -1
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            raise
        self._handle = handle

    def __del__(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
