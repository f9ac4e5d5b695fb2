"""Remembers small values in the cache folder for as long as what they come from stays the same.

Written with ``marshal``, as Python keeps its own compiled modules, since nothing reads back faster,
behind a checksum: what is cut off, half written or changed counts as not remembered.
The folder is found by own code, since platformdirs takes four times as long to load as Python.
"""

from __future__ import annotations

import marshal
import os
import sys
from zlib import crc32

from jagraph.core.version import __version__

TYPE_CHECKING = False  # typing is more to load than all else here
if TYPE_CHECKING:
    from typing import Any

    Plain = dict[str, Any] | str

# what is remembered: the key of a project's graph, the options of the verbs, the headers of the
# queries in a folder, how the files of a graph looked when their content was read
KINDS = GRAPH, OPTIONS, QUERY, SOUND = "graph", "options", "query", "sound"
_SUM = 4  # bytes of the checksum in front
_UNREADABLE = (OSError, EOFError, ValueError, TypeError, IndexError)
FORM = 2  # of what is in the cache; another one when that changes between releases
_VERSION = f"{__version__} {FORM} {sys.implementation.cache_tag}"


def cache_folder() -> str:
    """Return the folder of built graphs and remembered values, which may not exist yet.

    It is JAGRAPH_CACHE, else ``jagraph`` where the XDG Base Directory Specification puts caches.
    """
    configured = os.environ.get("JAGRAPH_CACHE")
    caches = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return configured or os.path.join(caches, "jagraph")


def tag(text: str) -> str:
    """Return a short name for ``text`` that may stand in a file name."""
    return f"{crc32(text.encode(errors='surrogateescape')):08x}"


def recall(kind: str, subject: str, origin: str) -> object:
    """Return what was remembered of ``subject``, or None when its ``origin`` was another one."""
    try:
        version, of, was, value = _read(_place(kind, subject))
    except _UNREADABLE:
        return None
    return value if (version, of, was) == (_VERSION, subject, origin) else None


def remember(kind: str, subject: str, origin: str, value: Plain) -> None:
    """Keep ``value``; a cache that cannot be written costs time, not the answer."""
    from contextlib import suppress
    from pathlib import Path

    from jagraph.core.atomic_write import write_whole
    from jagraph.core.errors import OutsideError

    place = Path(_place(kind, subject))
    with suppress(OSError, OutsideError):
        content = marshal.dumps((_VERSION, subject, origin, value))
        place.parent.mkdir(parents=True, exist_ok=True)
        if not place.is_file():  # what is no file is not written through
            forget(kind, subject)
        write_whole(place, _sum(content) + content, lasting=False)


def forget(kind: str, subject: str) -> None:
    """Remember nothing of ``subject`` any more."""
    from contextlib import suppress

    with suppress(OSError):
        os.unlink(_place(kind, subject))


def subjects(kind: str) -> list[str]:
    """Return each subject of ``kind`` that is remembered."""
    names = []
    for place in _places(f"{kind}-"):
        try:
            names.append(str(_read(place)[1]))
        except _UNREADABLE:
            continue
    return names


def inspect_notes() -> tuple[int, list[str]]:
    """Return how many values are remembered, and the files of those that are damaged."""
    places = [place for kind in KINDS for place in _places(f"{kind}-")]
    damaged = []
    for place in places:
        try:
            _read(place)
        except _UNREADABLE:
            damaged.append(place)
    return len(places), damaged


def _places(prefix: str) -> list[str]:
    try:
        names = os.listdir(cache_folder())
    except OSError:
        return []
    return [os.path.join(cache_folder(), name) for name in sorted(names) if name.startswith(prefix)]


def _read(place: str) -> Any:
    """Return what is in a file; raises one of ``_UNREADABLE`` when it is not as it was written."""
    with open(os.open(place, os.O_RDONLY | os.O_NONBLOCK), "rb") as saved:  # no pipe is waited for
        content = saved.read()
    # first of all, since marshal may do anything with what it has not written
    if _sum(content[_SUM:]) != content[:_SUM]:
        raise ValueError("damaged")
    return marshal.loads(content[_SUM:])  # noqa: S302, our own cache


def _sum(content: bytes) -> bytes:
    return crc32(content).to_bytes(_SUM, "big")


def _place(kind: str, subject: str) -> str:
    return os.path.join(cache_folder(), f"{kind}-{tag(subject)}")
