"""Reads files that others wrote: a plain file in UTF-8, or an OSError that says what it is instead.

What is no plain file is not opened: a named pipe would wait for ever, a device may never end.
"""

from __future__ import annotations

import os
import stat
from errno import EILSEQ, EINVAL, EISDIR
from pathlib import Path

from jagraph.descriptors import descriptor

_OTHERS = {
    stat.S_IFIFO: "it is a named pipe",
    stat.S_IFSOCK: "it is a socket",
    stat.S_IFCHR: "it is a device",
    stat.S_IFBLK: "it is a device",
}


def require_plain(path: Path) -> None:
    """Raise OSError when ``path`` is not a plain file, or a link to one."""
    try:
        kind = stat.S_IFMT(path.stat().st_mode)
    except FileNotFoundError as missing:
        if not path.is_symlink():
            raise
        aim = os.fspath(path.readlink())
        what = f"it is a link to {aim!r}, which does not exist"
        raise OSError(missing.errno, what, str(path)) from missing
    if kind == stat.S_IFDIR:
        raise OSError(EISDIR, "it is a folder", str(path))
    if kind != stat.S_IFREG:
        raise OSError(EINVAL, _OTHERS.get(kind, "it is no plain file"), str(path))


def read_bytes(path: Path) -> bytes:
    """Return the content of the file ``path``; raises OSError for one that cannot be read.

    Of all that is no plain file only what this process has open already is read, such as
    /dev/stdin.
    """
    if descriptor(path) is None:
        require_plain(path)
    return path.read_bytes()


def read_text(path: Path) -> str:
    """Return the text of the file ``path``, its line ends as they are; raises OSError.

    A file that is not in UTF-8 is an OSError, too.
    """
    content = read_bytes(path)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as reason:
        line = content.count(b"\n", 0, reason.start) + 1
        byte = content[reason.start]
        what = f"it is not in UTF-8: byte 0x{byte:02x} in line {line}"
        raise OSError(EILSEQ, what, str(path)) from reason
