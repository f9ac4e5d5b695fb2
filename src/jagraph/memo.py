"""Remembers small values in the cache folder for as long as what they come from stays the same.

Written with ``marshal``, as Python keeps its own compiled modules, since nothing reads back faster.
"""

from __future__ import annotations

import marshal
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any
from zlib import crc32

from jagraph import __version__
from jagraph.errors import OutsideError

_VERSION = f"{__version__} {sys.implementation.cache_tag}"


def cache_folder() -> Path:
    """Return the folder of built graphs and remembered values, which may not exist yet."""
    given = os.environ.get("JAGRAPH_CACHE")
    if not given:
        import platformdirs

        given = platformdirs.user_cache_dir("jagraph")
    return Path(given)


def tag(text: str) -> str:
    """Return a short name for ``text`` that may stand in a file name."""
    return f"{crc32(text.encode(errors='surrogateescape')):08x}"


def recall(kind: str, subject: str, origin: str) -> object:
    """Return what was remembered of ``subject``, or None when its ``origin`` was another one."""
    try:
        saved: tuple[object, ...] = marshal.loads(_place(kind, subject).read_bytes())  # noqa: S302
        version, of, was, value = saved
    except (OSError, EOFError, ValueError, TypeError):
        return None
    return value if (version, of, was) == (_VERSION, subject, origin) else None


def remember(kind: str, subject: str, origin: str, value: Any) -> None:
    """Keep ``value``; a cache that cannot be written costs time, not the answer."""
    from jagraph.output import write_whole

    place = _place(kind, subject)
    with suppress(OSError, OutsideError):
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, marshal.dumps((_VERSION, subject, origin, value)))


def subjects(kind: str) -> list[tuple[Path, str]]:
    """Return each place and subject of ``kind`` that is remembered."""
    found = []
    for place in cache_folder().glob(f"{kind}-*"):
        with suppress(OSError, EOFError, ValueError, TypeError, IndexError):
            found.append((place, str(marshal.loads(place.read_bytes())[1])))  # noqa: S302
    return found


def _place(kind: str, subject: str) -> Path:
    return cache_folder() / f"{kind}-{tag(subject)}"
