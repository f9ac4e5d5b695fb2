"""Paths that stand for something this process has open already, such as /dev/stdout."""

from __future__ import annotations

import os
from os.path import dirname, join, normpath

TYPE_CHECKING = False  # typing is more to load than all else here
if TYPE_CHECKING:
    from pathlib import Path

_NUMBERED = ("/dev/fd/", "/proc/self/fd/")
_MOST_DIGITS = 9
_NAMED = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}
_MOST_LINKS = 40  # as many as Linux follows


def descriptor(path: str | Path) -> int | None:
    """Return the descriptor that ``path``, or a link at it, stands for; None for any other path."""
    place = join(os.getcwd(), path)
    for _ in range(_MOST_LINKS):
        name = normpath(place)
        if name in _NAMED:
            return _NAMED[name]
        for folder in _NUMBERED:
            digits = name.removeprefix(folder)
            if digits != name and _is_number(digits):
                return int(digits)
        try:
            place = join(dirname(place), os.readlink(place))
        except OSError:  # it is no link, or nothing
            return None
    return None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
