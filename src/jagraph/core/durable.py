"""Makes the system put on the disk what was written, so that a power cut leaves it whole.

A rename is only as good as what it gives a name to: files first, then the folder they are in.
"""

from __future__ import annotations

import os
from contextlib import suppress
from errno import EINVAL
from pathlib import Path


def sync(file: Path | int) -> None:
    """Wait until ``file``, a path or a descriptor, is on the disk; raises OSError otherwise."""
    handle = file if isinstance(file, int) else os.open(file, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as reason:
        if reason.errno != EINVAL:  # a file system that has no such
            raise
    finally:
        if handle is not file:
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
