"""Makes the system put on the disk what was written, so that a power cut leaves it whole.

A rename is only as good as what it gives a name to: files first, then the folder they are in.
"""

from __future__ import annotations

import os
from pathlib import Path


def sync(path: Path | str) -> None:
    """Wait until a file's content, or a folder's names, are on the disk; raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_below(folder: Path) -> None:
    """Wait until everything in ``folder`` is on the disk; raises OSError."""
    for place, _, names in os.walk(folder):
        for name in names:
            sync(Path(place, name))
        sync(place)
