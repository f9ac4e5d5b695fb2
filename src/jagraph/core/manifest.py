"""The list of the files of a graph with their digests, written when the graph is whole.

It has the form of ``sha256sum``, so ``sha256sum -c manifest.sha256`` reads it, too; its last line,
a comment, is the digest of the lines above.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Callable, Iterator
from io import BufferedReader
from pathlib import Path
from typing import NamedTuple

MANIFEST = "manifest.sha256"
_LAST = "# "
_SAY_EVERY = 2.0
Say = Callable[[str], None]


class Fault(NamedTuple):
    """A file that is not as it was written, and what is wrong with it."""

    file: str
    what: str


def write_manifest(folder: Path) -> None:
    """List every file below ``folder``; raises OSError when it cannot."""
    lines = [f"{_digest(folder / name)}  {name}\n" for name in _names(folder)]
    text = "".join(lines).encode()
    (folder / MANIFEST).write_bytes(text + f"{_LAST}{hashlib.sha256(text).hexdigest()}\n".encode())


def faults(folder: Path, say: Say) -> list[Fault]:
    """Read every file below ``folder``; return those that are not as the manifest says.

    ``say`` gets progress every two seconds.
    """
    try:
        listed = _listed(folder / MANIFEST)
    except (OSError, ValueError) as reason:
        return [Fault(MANIFEST, _reason(reason))]
    damages = [
        Fault(name, "is no file of the graph")
        for name in _names(folder)
        if name not in listed and name != MANIFEST
    ]
    spoke = time.monotonic()
    for number, (name, digest) in enumerate(listed.items(), start=1):
        try:
            if _digest(folder / name) != digest:
                damages.append(Fault(name, "is not as it was written"))
        except (OSError, ValueError) as reason:
            damages.append(Fault(name, _reason(reason)))
        if time.monotonic() - spoke > _SAY_EVERY:
            spoke = time.monotonic()
            say(f"checked {number:,} of {len(listed):,} files of {folder}")
    return sorted(damages)


def size(folder: Path) -> tuple[int, int]:
    """Return how many files are below ``folder``, and how many bytes they have."""
    sizes = [(folder / name).lstat().st_size for name in _names(folder)]
    return len(sizes), sum(sizes)


def _listed(manifest: Path) -> dict[str, str]:
    """Return the digest of each file; raises ValueError for a manifest that is damaged."""
    with _plain(manifest) as content:
        text = content.read()
    lines = text.splitlines(keepends=True)
    last = f"{_LAST}{hashlib.sha256(b''.join(lines[:-1])).hexdigest()}\n".encode()
    if not lines or lines[-1] != last:
        raise ValueError("is not as it was written")
    pairs = (line.decode().rstrip("\n").split("  ", 1) for line in lines[:-1])
    return {name: digest for digest, name in pairs}


def _names(folder: Path) -> Iterator[str]:
    """Yield the files below ``folder`` in a fixed order, but for those of the system (.name)."""
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        links = [name for name in folders if Path(place, name).is_symlink()]
        for name in sorted([*files, *links]):
            if not name.startswith("."):
                yield Path(place, name).relative_to(folder).as_posix()


def _digest(file: Path) -> str:
    """Return the digest of a file; raises ValueError for what is no plain file."""
    with _plain(file) as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _plain(file: Path) -> BufferedReader:
    """Open a file; raises ValueError for anything else, since a pipe waits for its writer."""
    if not stat.S_ISREG(file.lstat().st_mode):
        raise ValueError("is no plain file")
    return file.open("rb")


def _reason(reason: Exception) -> str:
    if isinstance(reason, FileNotFoundError):
        return "is missing"
    if isinstance(reason, OSError):
        return f"cannot be read: {reason.strerror or reason}"
    return str(reason)
