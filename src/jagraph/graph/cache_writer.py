"""Writing the built graph to the cache, whole, and clearing up there."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from jagraph.core.disk_memo import GRAPH, QUERY, SOUND, cache_folder, forget, subjects, tag
from jagraph.core.errors import OutsideError
from jagraph.core.project import Project
from jagraph.graph.cache import (
    SOURCES,
    STORE,
    Build,
    Graph,
    Say,
    folder_of,
    note,
    open_graph,
    silent,
)
from jagraph.graph.fingerprint import Look, look
from jagraph.graph.versioned_folders import sweep, written
from jagraph.query.catalogue import remember_all
from jagraph.query.lineage_rows import LINEAGE, LineageRows
from jagraph.query.name_resolver import NAMES, Names
from jagraph.records.source_map import SourceMap
from jagraph.store.base import EmbeddedStore

UNREAD = ("LOG", "LOCK")  # what the engine writes beside a store and never reads
_GRAPHS_PER_PROJECT = 3
# while another process replaces a graph, its folder has no name for an instant
_TRIES, _BETWEEN = 20, 0.05  # seconds


@dataclass(frozen=True)
class Built:
    """A graph in memory, and the state of the inputs before they were read for it."""

    store: ox.Store
    source: SourceMap
    seen: Look
    key: str


def in_memory(project: Project, built: Built) -> Graph:
    """Return ``built`` as a graph that is gone when the process ends."""
    return Graph(EmbeddedStore(built.store), project, None, None, built.source)


def keep(project: Project, built: Built, say: Say, build: Build, *, replace: bool) -> Graph:
    """Write ``built`` to the cache and return it, opened for reading.

    A sound graph that another process has put there meanwhile is used, unless ``replace``. When an
    input has changed since ``built`` was begun, nothing is kept. ``say`` and ``build`` are for a
    graph that is damaged while it is open. Raises OutsideError when the cache cannot be written.
    """
    if look(project).text != built.seen.text:
        return in_memory(project, built)
    folder = Path(folder_of(project, built.key))
    known = None if replace else open_graph(project, str(folder), silent, build)
    if known is None:
        try:
            taken = os.path.lexists(folder)  # by a graph to replace, or a damaged one
            with written(folder.parent, folder.name, replace=taken) as half:
                _write(half, built)
        except (OSError, RuntimeError, ValueError) as reason:
            known = open_graph(project, str(folder), say, build)  # another process was faster
            if known is None:
                raise _not_written(folder.parent, str(reason)) from reason
        else:
            known = _open_soon(project, folder, say, build)
    if known is None:
        raise _not_written(folder.parent, "what was written cannot be read")
    note(project, built.seen, built.key)
    remember_all(project)
    _tidy(project, folder.parent)
    return known


def kept(project: Project) -> list[Path]:
    """Return the folders of the graphs of ``project`` in the cache, damaged or not."""
    return sorted(Path(cache_folder()).glob(f"{tag(str(project.root))}-*"))


def _open_soon(project: Project, folder: Path, say: Say, build: Build) -> Graph | None:
    """Open ``folder``, which another process may be replacing just now by what it built."""
    for _ in range(_TRIES):
        if (known := open_graph(project, str(folder), say, build)) is not None:
            return known
        time.sleep(_BETWEEN)
    return None


def _not_written(cache: Path, reason: str) -> OutsideError:
    return OutsideError(
        "cache-not-written",
        f"the cache cannot be written: {reason}",
        where=str(cache),
        remedy="free some space, or point JAGRAPH_CACHE at a folder you may write to",
    )


def _write(half: Path, built: Built) -> None:
    disk = ox.Store(str(half / STORE))
    quads = built.store.dump(format=ox.RdfFormat.N_QUADS)
    disk.bulk_load(quads, format=ox.RdfFormat.N_QUADS)
    disk.flush()
    del disk
    for name in UNREAD:
        (half / STORE / name).unlink()
    store = EmbeddedStore(built.store)
    (half / NAMES).write_bytes(Names.read(store).saved())
    (half / LINEAGE).write_bytes(LineageRows.read(store).content())
    (half / SOURCES).write_bytes(built.source.content())


def _tidy(project: Project, cache: Path) -> None:
    """Keep the newest graphs of ``project``, none of projects that are no more."""
    sweep(cache, f"{tag(str(project.root))}-", _GRAPHS_PER_PROJECT)
    for root in subjects(GRAPH):
        if not Path(root).is_dir():
            sweep(cache, f"{tag(root)}-", 0)
            forget(GRAPH, root)
    for kind in (QUERY, SOUND):
        for folder in subjects(kind):
            if not Path(folder).is_dir():
                forget(kind, folder)
