"""How files look from outside: path, size and time of change."""

from __future__ import annotations

import os
import sys

import pyoxigraph as ox

from jagraph import __version__
from jagraph.folders import below, inside

TICK = 100_000_000  # ns in which a file may change twice and show one time of change
VERSION = f"{__version__} {ox.__version__} {sys.byteorder}"


def stamps(data: str, rules: str, files: list[str]) -> tuple[str, int]:
    """Return the stamps of what a graph is made from, as one text, and the last change, in ns.

    That is the records in the folders of ``data``, the ``rules`` and the ``files``. Raises OSError
    when ``data`` or one of ``files`` is missing.
    """
    found = [stamp(file) for file in files]
    for folder in below(data):
        found += _inside(folder, ".yaml")
    if os.path.isdir(rules):
        found += _inside(rules, ".rq")
    found.sort()
    lines = [f"{path}\0{size}\0{changed}" for path, size, changed in found]
    return "\n".join([VERSION, *lines]), max(changed for _, _, changed in found)


def stamp(file: str) -> tuple[str, int, int]:
    """Return the stamp of one file; raises OSError when it is missing."""
    status = os.stat(file)
    return file, status.st_size, status.st_mtime_ns


def _inside(folder: str, ending: str) -> list[tuple[str, int, int]]:
    found = []
    for entry in inside(folder, ending):
        try:
            status = entry.stat()
        except OSError:  # a dangling link, or gone meanwhile: reading it will tell
            found.append((entry.path, -1, -1))
        else:
            found.append((entry.path, status.st_size, status.st_mtime_ns))
    return found
