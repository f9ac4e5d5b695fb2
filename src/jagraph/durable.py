"""Makes the system put on the disk what was written, so that a power cut leaves it whole.

A rename is only as good as what it gives a name to: files first, then the folder they are in.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def sync(file: Path) -> None:
    """Wait until the content of ``file`` is on the disk; raises OSError when it cannot be."""
    handle = os.open(file, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_names(folder: Path) -> None:
    """Wait until the names in ``folder`` are on the disk, where one may and the system can."""
    with suppress(OSError):
        sync(folder)


def sync_below(folder: Path) -> None:
    """Wait until everything in ``folder`` is on the disk; raises OSError when it cannot be."""
    for place, _, files in os.walk(folder):
        for name in files:
            sync(Path(place, name))
        sync_names(Path(place))
