"""The files a graph is made from: how they look from outside, and what is in them."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from jagraph import __version__
from jagraph.errors import OutsideError
from jagraph.project import Project

VERSION = f"{__version__} {ox.__version__} {sys.byteorder}"


class Look(NamedTuple):
    """Path, size and time of change of every input; ``newest`` is the last change, in ns."""

    text: str
    newest: int


def look(project: Project) -> Look:
    """Look at every input without reading it; raises OutsideError when one is missing."""
    found: list[tuple[str, int, int]] = []
    with os.scandir(project.data) as folders:
        for folder in folders:
            if folder.is_dir():
                found += _files(folder.path, ".yaml")
    rules = project.ontology / "rules"
    if rules.is_dir():
        found += _files(os.fspath(rules), ".rq")
    for path in (project.context, project.vocabulary):
        try:
            status = path.stat()
        except OSError as reason:
            raise OutsideError(
                "missing-file",
                f"{path} cannot be read: {reason.strerror}",
                where=str(path),
                remedy="restore it from the repository, or check --project",
            ) from reason
        found.append((os.fspath(path), status.st_size, status.st_mtime_ns))
    found.sort()
    lines = [f"{path}\0{size}\0{changed}" for path, size, changed in found]
    return Look("\n".join([VERSION, *lines]), max(changed for _, _, changed in found))


def content_key(project: Project) -> str:
    """Return a digest of the content of every input, and of the versions that made the graph."""
    import hashlib

    digest = hashlib.sha256(VERSION.encode())
    for path in paths(project):
        content = path.read_bytes()
        digest.update(f"\0{project.relative(path)}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:32]


def paths(project: Project) -> list[Path]:
    """Return every file a graph of ``project`` is made from."""
    return [*project.records(), project.context, project.vocabulary, *project.rules()]


def _files(folder: str, ending: str) -> list[tuple[str, int, int]]:
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(ending):
                try:
                    status = entry.stat()
                except OSError:  # a dangling link, or gone meanwhile: reading it will tell
                    found.append((entry.path, -1, -1))
                else:
                    found.append((entry.path, status.st_size, status.st_mtime_ns))
    return found
