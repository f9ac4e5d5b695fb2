"""Writes files: whole or not at all where they are plain ones, straight through where they are not.

A plain file is written beside its place, brought to the disk, and renamed; it keeps mode and owner.
A link is followed. A device, a pipe, or what stands for an open descriptor (/dev/stdout) stays what
it is, and gets nothing before the content is whole. Own code: atomicwrites is not kept any more.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EACCES, EISDIR, ENXIO, ETIMEDOUT
from pathlib import Path
from typing import IO

from jagraph.core.descriptors import descriptor
from jagraph.core.durable import sync, sync_names
from jagraph.core.errors import OutsideError

_IN_MEMORY = 1 << 20
_PATIENCE, _PAUSE = 60.0, 0.05  # seconds to wait for somebody to read a named pipe


def write_whole(path: Path, content: bytes | str, *, lasting: bool = True) -> None:
    """Write ``content`` to ``path``, as ``whole`` does."""
    with whole(path, lasting=lasting) as out:
        out.write(content.encode() if isinstance(content, str) else content)


@contextmanager
def whole(path: Path, *, lasting: bool = True) -> Iterator[IO[bytes]]:
    """Give a file to fill, which is at ``path`` once the block has ended well.

    Where the system can, the file has no name until it is whole, so that a killed process leaves
    nothing behind. Unless ``lasting``, it may be empty after a power cut. Raises OutsideError when
    the target cannot be written; a plain file that was there before is untouched then.
    """
    try:
        if _is_plain(path):
            with _filled(Path(os.path.realpath(path)), lasting) as out:
                yield out
        else:
            import shutil
            import tempfile

            with tempfile.SpooledTemporaryFile(_IN_MEMORY) as content:
                yield content
                content.seek(0)
                with _opened(path) as target:
                    shutil.copyfileobj(content, target)
    except OSError as reason:
        raise OutsideError(
            "not-written",
            f"the file cannot be written: {reason.strerror or reason}",
            where=str(path),
            remedy="free some space or choose another place; nothing was changed",
        ) from reason


def _is_plain(path: Path) -> bool:
    """Tell whether ``path`` is, or would become, a plain file; raises OSError for a folder."""
    if descriptor(path) is not None:
        return False
    try:
        kind = stat.S_IFMT(path.stat().st_mode)
    except FileNotFoundError:
        return True
    if kind == stat.S_IFDIR:
        raise IsADirectoryError(EISDIR, "it is a folder", str(path))
    return kind == stat.S_IFREG


@contextmanager
def _filled(path: Path, lasting: bool) -> Iterator[IO[bytes]]:
    before = path.stat() if path.exists() else None
    if before is not None and not os.access(path, os.W_OK):
        raise PermissionError(EACCES, os.strerror(EACCES), str(path))
    unnamed = _unnamed(path.parent)
    half = path.with_name(f".jagraph-{os.urandom(6).hex()}")
    try:
        with half.open("xb") if unnamed is None else open(unnamed, "wb") as out:  # noqa: PTH123, no path
            yield out
            out.flush()
            if before is not None:
                _become(out.fileno(), before)
            if lasting:
                sync(out.fileno())
            if unnamed is not None:
                # given a folder's handle, even one it need not look at, os.link follows the link
                os.link(f"/proc/self/fd/{unnamed}", half, src_dir_fd=unnamed)
        half.replace(path)
        if lasting:
            sync_names(path.parent)
    finally:
        half.unlink(missing_ok=True)


def _become(handle: int, before: os.stat_result) -> None:
    """Give the file ``handle`` the owner, where that is allowed, and the mode of ``before``."""
    with suppress(PermissionError):
        os.fchown(handle, before.st_uid, before.st_gid)
    os.fchmod(handle, stat.S_IMODE(before.st_mode))


def _unnamed(folder: Path) -> int | None:
    """Open a file without a name in ``folder``; None where system or file system has no such."""
    if not (hasattr(os, "O_TMPFILE") and os.access("/proc/self/fd", os.X_OK)):
        return None
    try:
        return os.open(folder, os.O_TMPFILE | os.O_WRONLY, 0o666)
    except OSError:
        return None


def _opened(path: Path) -> IO[bytes]:
    """Open what is no plain file for writing, without making or emptying anything."""
    number = descriptor(path)
    if number is not None:
        return open(os.dup(number), "wb")  # noqa: PTH123, it has no path
    import time

    end = time.monotonic() + _PATIENCE
    while True:
        try:
            handle = os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            break
        except OSError as reason:
            if reason.errno != ENXIO or not stat.S_ISFIFO(path.stat().st_mode):
                raise
            if time.monotonic() > end:
                what = f"nobody read the pipe within {_PATIENCE:g} s"
                raise TimeoutError(ETIMEDOUT, what, str(path)) from reason
            time.sleep(_PAUSE)
    os.set_blocking(handle, True)
    return open(handle, "wb")  # noqa: PTH123, it has no path
