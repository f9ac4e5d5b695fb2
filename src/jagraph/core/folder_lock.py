"""A lock on a folder, by which others see that it is in use.

Own code: portalocker and filelock lock files, and take nine times as long to load as Python.
"""

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

    def __init__(self, folder: str | Path, *, exclusive: bool = False) -> None:
        """Take hold of ``folder``, with others or, if ``exclusive``, alone.

        Raises OSError when it is gone or locked by others in the other way.
        """
        self._handle = -1
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        kind = fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            raise
        self._handle = handle

    def __del__(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
