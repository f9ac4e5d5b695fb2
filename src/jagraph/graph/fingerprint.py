"""The files a graph is made from: how they look from outside, and what is in them."""

from __future__ import annotations

import os

from jagraph.core.errors import OutsideError
from jagraph.core.file_stamps import VERSION, stamps
from jagraph.core.frozen import frozen

TYPE_CHECKING = False  # typing is more to load than all else here
if TYPE_CHECKING:
    from pathlib import Path

    from jagraph.core.project import Project


@frozen
class Look:
    """The stamps of every input; ``newest`` is the last change, in ns."""

    text: str
    newest: int


def look(project: Project) -> Look:
    """Look at every input without reading it; raises OutsideError when one is missing."""
    try:
        folders = project.folders
        files = [folders.context, folders.vocabulary]
        return Look(*stamps(folders.data, folders.rules, files))
    except OSError as reason:
        raise OutsideError(
            "missing-file",
            f"{reason.filename} cannot be read: {reason.strerror}",
            where=str(reason.filename),
            remedy="restore it from the repository, or check --project",
        ) from reason


def content_key(project: Project) -> str:
    """Return a digest of the content of every input, and of the versions that made the graph."""
    import hashlib

    from jagraph.core.bounded_reader import read_bytes

    digest = hashlib.sha256(VERSION.encode())
    for path in paths(project):
        digest.update(b"\0%b\0" % os.fsencode(project.relative(path)))
        try:
            content = read_bytes(path)
        except OSError as reason:  # whoever reads it to build says what is wrong with it
            digest.update(f"{reason.errno}".encode())
        else:
            digest.update(b"%d\0%b" % (len(content), content))
    for path in project.unread():  # a graph is refused because of them
        digest.update(b"\0%b" % os.fsencode(project.relative(path)))
    return digest.hexdigest()[:32]


def paths(project: Project) -> list[Path]:
    """Return every file a graph of ``project`` is made from."""
    return [*project.records(), project.context, project.vocabulary, *project.rules()]
