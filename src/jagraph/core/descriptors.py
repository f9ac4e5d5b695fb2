"""Paths that stand for something this process has open already, such as /dev/stdout."""

from __future__ import annotations

import re
from os.path import normpath
from pathlib import Path

_NUMBERED = re.compile(r"/(?:dev|proc/self)/fd/(\d{1,9})")
_NAMED = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}
_MOST_LINKS = 40  # as many as Linux follows


def descriptor(path: Path) -> int | None:
    """Return the descriptor that ``path``, or a link at it, stands for; None for any other path."""
    place = path.absolute()
    for _ in range(_MOST_LINKS):
        name = normpath(place)
        if name in _NAMED:
            return _NAMED[name]
        if numbered := _NUMBERED.fullmatch(name):
            return int(numbered[1])
        try:
            place = place.parent / place.readlink()
        except OSError:  # it is no link, or nothing
            return None
    return None
