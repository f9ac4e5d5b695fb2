"""Folders that are written whole, held while they are used, and removed when nobody needs them.

Each has a list of its files with their digests, and is on the disk before it has its name.

A process that uses a folder holds a lock on it, so a folder without a lock is one that nobody uses.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from jagraph.core.durable import sync_below, sync_names
from jagraph.core.folder_lock import Hold
from jagraph.core.manifest import write_manifest

_NEW, _OLD = "new-", "old-"
_YOUNG = 60.0  # seconds in which a new folder may not be locked yet


@contextmanager
def written(shelf: Path, name: str, *, replace: bool) -> Iterator[Path]:
    """Give an empty folder to fill; it is called ``name`` once the block has ended well.

    What has the name already is put aside when told to ``replace`` it; else it stays, and OSError
    is raised, as when the disk is full.
    """
    import shutil
    import tempfile

    shelf.mkdir(parents=True, exist_ok=True)
    half = Path(tempfile.mkdtemp(dir=shelf, prefix=_NEW))
    try:
        hold = Hold(half)
        yield half
        write_manifest(half)
        sync_below(half)
        if replace:
            _put_aside(shelf / name)
        half.rename(shelf / name)
        sync_names(shelf)
        del hold
    finally:
        shutil.rmtree(half, ignore_errors=True)


def _put_aside(folder: Path) -> None:
    import tempfile

    if folder.is_dir() and not folder.is_symlink():
        aside = tempfile.mkdtemp(dir=folder.parent, prefix=_OLD)
        with suppress(FileNotFoundError):
            folder.rename(aside)
    else:
        folder.unlink(missing_ok=True)


def sweep(shelf: Path, prefix: str, keep: int) -> None:
    """Remove what dead processes left, and all but the ``keep`` newest folders with ``prefix``."""
    young = time.time() - _YOUNG
    folders: list[tuple[float, Path]] = []
    with os.scandir(shelf) as entries:
        for entry in entries:
            with suppress(OSError):
                changed = entry.stat().st_mtime
                if entry.name.startswith(_OLD) or (entry.name.startswith(_NEW) and changed < young):
                    _remove(Path(entry.path))
                elif entry.name.startswith(prefix):
                    folders.append((changed, Path(entry.path)))
    for _, folder in sorted(folders, reverse=True)[keep:]:
        _remove(folder)


def _remove(folder: Path) -> None:
    """Remove ``folder`` unless somebody holds it."""
    import shutil

    with suppress(OSError):
        hold = Hold(folder, exclusive=True)
        shutil.rmtree(folder, ignore_errors=True)
        del hold
