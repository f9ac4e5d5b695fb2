"""The built graph on disk: whether it is there and fresh, opening it, writing it whole.

It is keyed by the content of all inputs; how they look from outside is looked at first, since
reading eight hundred files costs as much as starting Python. Its own files are held against their
digests before they are believed, and again when they look otherwise.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Self

import pyoxigraph as ox

from jagraph.core.disk_memo import (
    ASKED,
    GRAPH,
    SOUND,
    cache_folder,
    forget,
    recall,
    remember,
    subjects,
    tag,
)
from jagraph.core.errors import OutsideError, Position
from jagraph.core.file_stamps import TICK
from jagraph.core.project import Project
from jagraph.graph.fingerprint import Look, content_key, look
from jagraph.graph.versioned_folders import sweep, written
from jagraph.query.name_resolver import Names
from jagraph.records.source_map import SourceMap
from jagraph.store.base import EmbeddedStore, OpenStore, Solutions
from jagraph.store.file_watch import DamagedError, Watch

# the files of a graph in its folder
STORE, SOURCES, NAMES = "store", "sources.json", "names"
UNREAD = ("LOG", "LOCK")  # what the engine writes beside a store and never reads
Say = Callable[[str], None]
Build = Callable[[], "Graph"]
_GRAPHS_PER_PROJECT = 3
# while another process replaces a graph, its folder has no name for an instant
_TRIES, _BETWEEN = 20, 0.05  # seconds


@dataclass(frozen=True)
class Graph:
    """A graph that is open for questions, as ``open_graph`` returns it; it does not change.

    ``store`` has its triples, ``project`` the folders it was made from. ``folder`` is where it is
    on disk, None when it is in memory only or at an endpoint; ``watch`` vouches for that folder.
    Any number of threads may ask at once. ``close()``, or the end of a ``with`` block, lets go of
    files and connections.

    The prefixes of jagraph (``jag:``, ``model:``, ``rdfs:`` …) need no PREFIX line in a query. The
    methods that take one raise RequestError, with line and column, when it is not SPARQL 1.1 or of
    another form, OutsideError when the store cannot be read or the endpoint does not answer.
    """

    store: OpenStore
    project: Project
    folder: Path | None
    watch: Watch | None = field(default=None, compare=False, repr=False)
    _source: SourceMap | None = field(default=None, compare=False, repr=False)

    def select(self, query: str) -> Solutions:
        """Return the solutions of a SELECT query: ``variables`` and ``rows`` of RDF terms.

        ``dicts()`` gives each row as text by variable.

        >>> found = graph.select("SELECT ?m { ?m jag:descendsFrom model:matsu-7b }")
        >>> list(found.dicts())
        [{'m': 'https://w3id.org/jagraph/model/hana-7b'}]
        """
        return self.store.select(query)

    def ask(self, query: str) -> bool:
        """Return the answer to an ASK query.

        >>> graph.ask("ASK { model:hana-7b jag:descendsFrom model:mountain-7b }")
        True
        """
        return self.store.ask(query)

    def construct(self, query: str) -> list[ox.Triple]:
        """Return the triples of a CONSTRUCT or DESCRIBE query.

        >>> [triple] = graph.construct("CONSTRUCT WHERE { model:hana-7b jag:parameters ?p }")
        >>> triple.object.value
        '7b'
        """
        return self.store.construct(query)

    def close(self) -> None:
        """Let go of files and connections; a question asked later is a RequestError."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def names(self) -> Names:
        """Every name in the graph, and the thing it means; read once."""
        return Names.read(self.store)

    def on_disk(self) -> Path:
        """Return the folder of the store, for other processes to open.

        Raises OutsideError for a graph that is only in memory.
        """
        if self.folder is None:
            raise OutsideError(
                "no-graph-on-disk",
                "worker processes read the graph from disk, and it is only in memory",
                remedy="point JAGRAPH_CACHE at a folder you may write to",
            )
        return self.folder / STORE

    @property
    def key(self) -> str:
        """The digest of the inputs it was built from, "" for one that is not in the cache."""
        return self.folder.name.partition("-")[2] if self.folder else ""

    def sources(self) -> SourceMap:
        """Return where nodes and values are written; nothing is known at an endpoint."""
        return self._sources

    @cached_property
    def _sources(self) -> SourceMap:
        if self._source is not None or self.folder is None or self.watch is None:
            return self._source or SourceMap()
        import json

        saved = json.loads(self.watch.content(SOURCES))
        source = SourceMap()
        named = {row[-3] for kind in ("nodes", "values") for row in saved[kind]}
        files = {file: Path(file) for file in named}
        for node, file, line, column in saved["nodes"]:
            source.nodes[node] = Position(files[file], line, column)
        for node, predicate, text, file, line, column in saved["values"]:
            known = source.values.setdefault((node, predicate), [])
            known.append((text, Position(files[file], line, column)))
        return source


def cached(project: Project, say: Say, build: Build) -> Graph | None:
    """Return the graph of ``project`` when it was built from the inputs as they are, else None.

    ``say`` gets one line when a damaged graph is passed over; ``build`` is called for a new one
    when it is damaged later, while it is open. Raises OutsideError when an input cannot be read.
    """
    seen = look(project)
    key = recall(GRAPH, str(project.root), seen.text)
    if isinstance(key, str):
        return _open(project, _folder(project, key), say, build)
    key = content_key(project)
    known = _open(project, _folder(project, key), say, build)
    if known is not None:
        _note(project, seen, key)
    return known


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
    folder = _folder(project, built.key)
    known = None if replace else _open(project, folder, _quiet, build)
    if known is None:
        try:
            taken = os.path.lexists(folder)  # by a graph to replace, or a damaged one
            with written(folder.parent, folder.name, replace=taken) as half:
                _write(half, built)
        except (OSError, RuntimeError, ValueError) as reason:
            known = _open(project, folder, say, build)  # another process was faster
            if known is None:
                raise _not_written(folder.parent, str(reason)) from reason
        else:
            known = _open_soon(project, folder, say, build)
    if known is None:
        raise _not_written(folder.parent, "what was written cannot be read")
    _note(project, built.seen, built.key)
    _tidy(project, folder.parent)
    return known


def kept(project: Project) -> list[Path]:
    """Return the folders of the graphs of ``project`` in the cache, damaged or not."""
    return sorted(Path(cache_folder()).glob(f"{tag(str(project.root))}-*"))


def _folder(project: Project, key: str) -> Path:
    return Path(cache_folder(), f"{tag(str(project.root))}-{key}")


def _note(project: Project, seen: Look, key: str) -> None:
    """Remember ``key`` for the inputs as ``seen``, unless they may still change unseen."""
    if seen.newest < time.time_ns() - TICK:
        remember(GRAPH, str(project.root), seen.text, key)


def _open(project: Project, folder: Path, say: Say, build: Build) -> Graph | None:
    """Open the graph in ``folder`` for reading; None when there is none or it is damaged."""

    def mend(damage: DamagedError) -> None:
        look(project)  # raises an error of ours when an input is missing
        if _folder(project, content_key(project)) != folder:
            raise _not_mended(folder, damage, "its records have changed since")
        say(_damaged(folder, str(damage)))
        if build().folder != folder:
            raise _not_mended(folder, damage, "the cache cannot be written")

    try:
        watch = Watch(folder, say, mend)
        store = EmbeddedStore.open(folder / STORE, watch, NAMES)
    except OSError:  # not there, or about to be removed
        return None
    except DamagedError as damage:
        say(_damaged(folder, str(damage)))
        return None
    except OutsideError as reason:  # sound, and the engine cannot read it
        say(_damaged(folder, reason.what))
        return None
    return Graph(store, project, folder, watch)


def _open_soon(project: Project, folder: Path, say: Say, build: Build) -> Graph | None:
    """Open ``folder``, which another process may be replacing just now by what it built."""
    for _ in range(_TRIES):
        if (known := _open(project, folder, say, build)) is not None:
            return known
        time.sleep(_BETWEEN)
    return None


def _damaged(folder: Path, reason: str) -> str:
    return f"the cached graph {folder} is damaged ({reason}); building it again"


def _not_mended(folder: Path, damage: DamagedError, why: str) -> OutsideError:
    return OutsideError(
        "damaged-store",
        f"the graph was damaged while it was open ({damage}), and {why}",
        where=str(folder),
        remedy="ask again, or start the server again",
    )


def _quiet(_: str) -> None:
    pass


def _not_written(cache: Path, reason: str) -> OutsideError:
    return OutsideError(
        "cache-not-written",
        f"the cache cannot be written: {reason}",
        where=str(cache),
        remedy="free some space, or point JAGRAPH_CACHE at a folder you may write to",
    )


def _write(half: Path, built: Built) -> None:
    import json

    disk = ox.Store(str(half / STORE))
    quads = built.store.dump(format=ox.RdfFormat.N_QUADS)
    disk.bulk_load(quads, format=ox.RdfFormat.N_QUADS)
    disk.flush()
    del disk
    for name in UNREAD:
        (half / STORE / name).unlink()
    (half / NAMES).write_bytes(Names.read(EmbeddedStore(built.store)).saved())
    nodes = [(node, p.file.as_posix(), p.line, p.column) for node, p in built.source.nodes.items()]
    values = [
        (node, predicate, text, p.file.as_posix(), p.line, p.column)
        for (node, predicate), found in built.source.values.items()
        for text, p in found
    ]
    text = json.dumps({"nodes": nodes, "values": values}, ensure_ascii=False)
    (half / SOURCES).write_text(text, encoding="utf-8")


def _tidy(project: Project, cache: Path) -> None:
    """Keep the newest graphs of ``project``, none of projects that are no more, no old commands."""
    for command in subjects(ASKED):
        forget(ASKED, command)
    sweep(cache, f"{tag(str(project.root))}-", _GRAPHS_PER_PROJECT)
    for root in subjects(GRAPH):
        if not Path(root).is_dir():
            sweep(cache, f"{tag(root)}-", 0)
            forget(GRAPH, root)
    for folder in subjects(SOUND):
        if not Path(folder).is_dir():
            forget(SOUND, folder)
