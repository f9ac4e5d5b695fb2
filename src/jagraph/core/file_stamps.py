"""How files look from outside: path, size, times of change, inode.

An edit may keep size and time of change (mtime); the system alone sets the time of the inode's
change (ctime), and a file put in the place of another has another inode.
"""

from __future__ import annotations

import os
import sys

import pyoxigraph as ox

from jagraph.core.disk_memo import FORM
from jagraph.core.file_listing import alike, inside
from jagraph.core.version import __version__

TYPE_CHECKING = False  # typing is more to load than all else here
if TYPE_CHECKING:
    Stamp = tuple[str, int, int, int, int]

TICK = 100_000_000  # ns in which a file may change twice and show one time of change
_RECORDS = (".yaml", ".yml")  # in any case: what is not read is told of
VERSION = f"{__version__} {FORM} {ox.__version__} {sys.byteorder}"


def stamps(data: str, rules: str, files: list[str]) -> tuple[str, int]:
    """Return the stamps of what a graph is made from, as one text, and the last change, in ns.

    That is what in ``data`` may be a record, the ``rules`` and the ``files``. Raises OSError
    when ``data`` or one of ``files`` is missing.
    """
    found = [stamp(file) for file in files]
    found += map(_entry, alike(data, _RECORDS))
    if os.path.isdir(rules):
        found += map(_entry, alike(rules, (".rq",)))
    return _text(found), max(map(last_change, found))


def listing(folder: str, ending: str) -> tuple[str, int]:
    """Return the stamps of what in ``folder`` has a name with this ``ending``, as ``stamps`` does.

    Raises OSError when ``folder`` is gone.
    """
    found = [_entry(entry) for entry in inside(folder, ending)]
    return _text(found), max(map(last_change, found), default=0)


def stamp(file: str) -> Stamp:
    """Return path, size, mtime and ctime (ns) and inode of a file; raises OSError without one."""
    return _stamp(file, os.stat(file))


def last_change(known: Stamp) -> int:
    """Return when the file of a stamp was changed last, in any way, in ns."""
    return max(known[2], known[3])


def seal(folder: str) -> tuple[str, int]:
    """Return the stamps of every file below ``folder``, as one text, and the last change, in ns.

    Names that begin with a dot are the system's. Raises OSError when ``folder`` is gone.
    """
    found = _below(folder)
    return _text(found), max(map(last_change, found), default=0)


def _text(found: list[Stamp]) -> str:
    found.sort()
    lines = [f"{path}\0{size}\0{mtime}\0{ctime}\0{at}" for path, size, mtime, ctime, at in found]
    return "\n".join([VERSION, *lines])


def _stamp(path: str, status: os.stat_result) -> Stamp:
    return path, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def _entry(entry: os.DirEntry[str]) -> Stamp:
    try:
        return _stamp(entry.path, entry.stat())
    except OSError:  # a dangling link, or gone meanwhile: reading it will tell
        return entry.path, -1, -1, -1, -1


def _below(folder: str) -> list[Stamp]:
    found: list[Stamp] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                found += _below(entry.path)
            else:
                found.append(_stamp(entry.path, entry.stat(follow_symlinks=False)))
    return found
