"""Remembers small values in the cache folder for as long as what they come from stays the same.

Written with ``marshal``, as Python keeps its own compiled modules, since nothing reads back faster.
"""

from __future__ import annotations

import marshal
import os
import sys
from zlib import crc32

from jagraph import __version__

TYPE_CHECKING = False  # typing is more to load than all else here
if TYPE_CHECKING:
    from typing import Any

    Plain = dict[str, Any] | str

GRAPH, ASKED = "graph", "asked"  # kinds that more than one module remembers
_VERSION = f"{__version__} {sys.implementation.cache_tag}"


def cache_folder() -> str:
    """Return the folder of built graphs and remembered values, which may not exist yet.

    It is JAGRAPH_CACHE, else ``jagraph`` where the XDG Base Directory Specification puts caches.
    """
    own = os.environ.get("JAGRAPH_CACHE")
    caches = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return own or os.path.join(caches, "jagraph")


def tag(text: str) -> str:
    """Return a short name for ``text`` that may stand in a file name."""
    return f"{crc32(text.encode(errors='surrogateescape')):08x}"


def recall(kind: str, subject: str, origin: str) -> object:
    """Return what was remembered of ``subject``, or None when its ``origin`` was another one."""
    try:
        version, of, was, value = _read(_place(kind, subject))
    except (OSError, EOFError, ValueError, TypeError):
        return None
    return value if (version, of, was) == (_VERSION, subject, origin) else None


def remember(kind: str, subject: str, origin: str, value: Plain) -> None:
    """Keep ``value``; a cache that cannot be written costs time, not the answer."""
    from contextlib import suppress
    from pathlib import Path

    from jagraph.errors import OutsideError
    from jagraph.output import write_whole

    place = Path(_place(kind, subject))
    with suppress(OSError, OutsideError):
        place.parent.mkdir(parents=True, exist_ok=True)
        content = marshal.dumps((_VERSION, subject, origin, value))
        write_whole(place, content, lasting=False)


def subjects(kind: str) -> list[tuple[str, str]]:
    """Return each place and subject of ``kind`` that is remembered."""
    from contextlib import suppress

    found = []
    for name in os.listdir(cache_folder()):
        if name.startswith(f"{kind}-"):
            place = os.path.join(cache_folder(), name)
            with suppress(OSError, EOFError, ValueError, TypeError, IndexError):
                found.append((place, str(_read(place)[1])))
    return found


def _read(place: str) -> Any:
    with open(place, "rb") as saved:
        return marshal.loads(saved.read())  # noqa: S302, our own cache


def _place(kind: str, subject: str) -> str:
    return os.path.join(cache_folder(), f"{kind}-{tag(subject)}")
