"""Writes a file whole or not at all, whatever happens on the way."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from jagraph.durable import sync, sync_names
from jagraph.errors import OutsideError


def write_whole(path: Path, content: bytes | str) -> None:
    """Write ``content`` to ``path``; when that fails, what was there before is untouched.

    Raises OutsideError when the target cannot be written.
    """
    with whole(path) as out:
        out.write(content.encode() if isinstance(content, str) else content)


@contextmanager
def whole(path: Path) -> Iterator[IO[bytes]]:
    """Give a file to fill, which is called ``path`` once the block has ended well.

    Where the system can, the file has no name until it is whole, so that a killed process leaves
    nothing behind, and it is on the disk before it has its name. Raises OutsideError when the
    target cannot be written; then what was there before is untouched.
    """
    try:
        if path.is_dir():
            raise IsADirectoryError(21, "it is a folder")
        with _filled(path) as out:
            yield out
    except OSError as reason:
        raise OutsideError(
            "not-written",
            f"the file cannot be written: {reason.strerror or reason}",
            where=str(path),
            remedy="free some space or choose another place; nothing was changed",
        ) from reason


@contextmanager
def _filled(path: Path) -> Iterator[IO[bytes]]:
    unnamed = _unnamed(path.parent)
    half = path.with_name(f".{path.name}-{os.urandom(4).hex()}")
    try:
        if unnamed is None:
            with half.open("xb") as out:
                yield out
        else:
            with open(unnamed, "wb") as out:  # noqa: PTH123, it has no path
                yield out
                out.flush()
                # given a folder's handle, even one it need not look at, os.link follows the link
                os.link(f"/proc/self/fd/{unnamed}", half, src_dir_fd=unnamed)
        sync(half)
        half.replace(path)
        sync_names(path.parent)
    finally:
        half.unlink(missing_ok=True)


def _unnamed(folder: Path) -> int | None:
    """Open a file without a name in ``folder``; None where system or file system has no such."""
    if not (hasattr(os, "O_TMPFILE") and os.access("/proc/self/fd", os.X_OK)):
        return None
    try:
        return os.open(folder, os.O_TMPFILE | os.O_WRONLY, 0o666)
    except OSError:
        return None
