"""The built graph on disk: whether it is there and fresh, opening it, writing it whole.

It is keyed by the content of all inputs; path, size and time of change are looked at first, since
reading two hundred files costs as much as starting Python.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from jagraph import __version__
from jagraph.errors import JagraphError, OutsideError, Position
from jagraph.project import Project
from jagraph.sources import SourceMap
from jagraph.store import EmbeddedStore

Say = Callable[[str], None]
_STORE, _SOURCES = "store", "sources.json"


@dataclass(frozen=True)
class Graph:
    """A built graph: the store, and where each of its statements is written."""

    store: EmbeddedStore
    project: Project
    folder: Path

    def sources(self) -> SourceMap:
        """Read where nodes and values are written."""
        saved = json.loads((self.folder / _SOURCES).read_text(encoding="utf-8"))
        source = SourceMap()
        for node, file, line, column in saved["nodes"]:
            source.nodes[node] = Position(Path(file), line, column)
        for node, predicate, text, file, line, column in saved["values"]:
            written = source.values.setdefault((node, predicate), [])
            written.append((text, Position(Path(file), line, column)))
        return source


def cached(project: Project, say: Say) -> Graph | None:
    """Return the graph of ``project`` when it was built from the inputs as they are, else None.

    ``say`` gets one line when a damaged graph is passed over. Raises OutsideError when the cache
    folder cannot be made or an input cannot be read.
    """
    cache = cache_folder()
    known = _known_key(project, cache)
    folder = cache / known
    if not folder.is_dir():
        return None
    try:
        if not (folder / _SOURCES).read_bytes().endswith(b"}"):
            raise ValueError(f"{_SOURCES} is cut off")
        return Graph(EmbeddedStore.open(folder / _STORE), project, folder)
    except (OSError, ValueError, RuntimeError, JagraphError) as reason:
        say(f"the cached graph {folder} is damaged ({reason}); building it again")
        return None


def keep(project: Project, store: ox.Store, source: SourceMap) -> Graph:
    """Write the finished graph of ``project`` to the cache and return it, opened for reading."""
    cache = cache_folder()
    folder = cache / _content_key(project)
    _write(folder, store, source, cache)
    _remember(project, cache, folder.name)
    return Graph(EmbeddedStore.open(folder / _STORE), project, folder)


def cache_folder() -> Path:
    """Return the folder of built graphs, made if need be."""
    given = os.environ.get("JAGRAPH_CACHE")
    if not given:
        import platformdirs

        given = platformdirs.user_cache_dir("jagraph")
    folder = Path(given)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as reason:
        raise OutsideError(
            "no-cache-folder",
            f"the cache folder cannot be made: {reason}",
            where=str(folder),
            remedy="point JAGRAPH_CACHE at a folder you may write to",
        ) from reason
    return folder


def _inputs(project: Project) -> list[Path]:
    return [*project.records(), project.context, project.vocabulary, *project.rules()]


def _version() -> str:
    return f"{__version__} {ox.__version__} {sys.byteorder}"


def _content_key(project: Project) -> str:
    digest = hashlib.sha256(_version().encode())
    for path in _inputs(project):
        content = path.read_bytes()
        digest.update(f"\0{project.relative(path)}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:32]


def _look(project: Project) -> str:
    """Return a digest of path, size and time of change of every input."""
    digest = hashlib.sha256(_version().encode())
    for path in _inputs(project):
        try:
            status = path.stat()
        except OSError as reason:
            raise OutsideError(
                "missing-file",
                f"{path} cannot be read: {reason.strerror}",
                where=str(path),
                remedy="restore it from the repository, or check --project",
            ) from reason
        digest.update(f"\0{path}\0{status.st_size}\0{status.st_mtime_ns}".encode())
    return digest.hexdigest()[:32]


def _known_key(project: Project, cache: Path) -> str:
    """Return the content key of ``project``: remembered for unchanged files, else computed."""
    note = cache / f"look-{_look(project)}"
    try:
        return note.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        key = _content_key(project)
        if (cache / key).is_dir():
            _remember(project, cache, key)
        return key


def _remember(project: Project, cache: Path, key: str) -> None:
    import tempfile

    handle, name = tempfile.mkstemp(dir=cache, prefix="look-new-")
    with os.fdopen(handle, "w", encoding="utf-8") as note:
        note.write(key)
    Path(name).replace(cache / f"look-{_look(project)}")


def _write(folder: Path, store: ox.Store, source: SourceMap, cache: Path) -> None:
    """Write the finished graph to ``folder`` as a whole or not at all."""
    import shutil
    import tempfile

    half = Path(tempfile.mkdtemp(dir=cache, prefix="new-"))
    try:
        disk = ox.Store(str(half / _STORE))
        disk.bulk_extend(store.quads_for_pattern(None, None, None))
        disk.optimize()
        del disk
        nodes = [(node, p.file.as_posix(), p.line, p.column) for node, p in source.nodes.items()]
        values = [
            (node, predicate, text, p.file.as_posix(), p.line, p.column)
            for (node, predicate), written in source.values.items()
            for text, p in written
        ]
        text = json.dumps({"nodes": nodes, "values": values}, ensure_ascii=False)
        (half / _SOURCES).write_text(text, encoding="utf-8")
        if folder.is_dir():
            shutil.rmtree(folder)
        half.rename(folder)
    except OSError as reason:
        raise OutsideError(
            "cache-not-written",
            f"the built graph cannot be written: {reason}",
            where=str(folder),
            remedy="free some space, or point JAGRAPH_CACHE at another folder",
        ) from reason
    finally:
        shutil.rmtree(half, ignore_errors=True)
