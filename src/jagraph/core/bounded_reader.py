"""Reads files that others wrote, which may be anybody's: plain ones, and no more than is sensible.

What is no plain file is not opened: a named pipe would wait for ever, a device may never end.
"""

from __future__ import annotations

import os
import stat
from errno import EINVAL, EISDIR

from jagraph.core.descriptors import descriptor
from jagraph.core.frozen import frozen

TYPE_CHECKING = False  # typing is more to load than all else here
if TYPE_CHECKING:
    from pathlib import Path

    from jagraph.core.errors import DataError
    from jagraph.core.position import Position

LARGEST = 1 << 20  # bytes of a text
_MARK = "\ufeff"
_OTHERS = {
    stat.S_IFIFO: "it is a named pipe",
    stat.S_IFSOCK: "it is a socket",
    stat.S_IFCHR: "it is a device",
    stat.S_IFBLK: "it is a device",
}


@frozen
class Fault:
    """Why a text cannot be taken; ``line`` and ``column`` count from 0."""

    code: str
    what: str
    remedy: str
    line: int = 0
    column: int = 0

    def at(self, path: Path) -> Position:
        """Return the place of the fault in the file ``path``."""
        from jagraph.core.position import Position

        return Position(path, self.line + 1, self.column + 1)


class FaultyError(Exception):
    """A text that is not read any further, with its ``fault``."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.what)
        self.fault = fault

    def placed(self, path: Path) -> DataError:
        """Return the error of the file ``path`` that has this fault."""
        from jagraph.core.errors import DataError

        fault = self.fault
        return DataError(fault.code, fault.what, where=fault.at(path), remedy=fault.remedy)


def unmarked(text: str) -> str:
    """Return ``text`` without the byte order mark that some editors begin a file with."""
    return text.removeprefix(_MARK)


def require_plain(path: str | Path) -> None:
    """Raise OSError when ``path`` is not a plain file, or a link to one."""
    try:
        kind = stat.S_IFMT(os.stat(path).st_mode)
    except FileNotFoundError as missing:
        if not os.path.islink(path):
            raise
        what = f"it is a link to {os.readlink(path)!r}, which does not exist"
        raise OSError(missing.errno, what, str(path)) from missing
    if kind == stat.S_IFDIR:
        raise OSError(EISDIR, "it is a folder", str(path))
    if kind != stat.S_IFREG:
        raise OSError(EINVAL, _OTHERS.get(kind, "it is no plain file"), str(path))


def read_bytes(path: str | Path, most: int = -1) -> bytes:
    """Return the content of the file ``path``, or its first bytes, as many as ``most``.

    Of all that is no plain file only what this process has open already is read, such as
    /dev/stdin. Raises OSError for a file that cannot be read.
    """
    if descriptor(path) is None:
        require_plain(path)
    with open(path, "rb") as file:
        return file.read(most)


def read_text(path: str | Path) -> str:
    """Return the UTF-8 text of ``path``, its line ends as they are, without a byte order mark.

    No more than LARGEST bytes are read. Raises OSError, and FaultyError for what is no such text.
    """
    content = read_bytes(path, LARGEST + 1)
    if len(content) > LARGEST:
        raise FaultyError(
            Fault(
                "too-large",
                f"the file is larger than {LARGEST >> 20} MiB",
                "a file of this kind has some kilobytes: take out what is not a part of it",
            )
        )
    try:
        return unmarked(content.decode("utf-8"))
    except UnicodeDecodeError as reason:
        before = content[: reason.start]
        fault = Fault(
            "unreadable-file",
            f"the file cannot be read: it is not in UTF-8 (byte 0x{content[reason.start]:02x})",
            "write the file in UTF-8",
            before.count(b"\n"),
            len(before[before.rfind(b"\n") + 1 :].decode("utf-8")),
        )
        raise FaultyError(fault) from reason
