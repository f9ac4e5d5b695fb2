"""The built graph on disk: whether it is there and fresh, and opening it.

It is keyed by the content of all inputs; how they look from outside is looked at first, since
reading eight hundred files costs as much as starting Python. Its own files are held against their
digests before they are believed, and again when they look otherwise.
"""

from __future__ import annotations

import os
import time

from jagraph.core.disk_memo import GRAPH, cache_folder, recall, remember, tag
from jagraph.core.errors import OutsideError
from jagraph.core.file_stamps import TICK
from jagraph.core.frozen import cached_property, frozen
from jagraph.graph.fingerprint import Look, content_key, look
from jagraph.query.lineage_rows import LINEAGE
from jagraph.query.name_resolver import NAMES, Names
from jagraph.records.source_map import SourceMap
from jagraph.store.base import EmbeddedStore
from jagraph.store.file_watch import DamagedError, Watch

TYPE_CHECKING = False  # typing is more to load than all else here
if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Self

    import pyoxigraph as ox

    from jagraph.core.project import Project
    from jagraph.store.base import OpenStore, Solutions

    Say = Callable[[str], None]
    Build = Callable[[], "Graph"]
else:
    Say = Build = object

# the files of a graph in its folder
STORE, SOURCES = "store", "sources"


@frozen
class Graph:
    """A graph that is open for questions, as ``open_graph`` returns it; it does not change.

    ``store`` has its triples, ``project`` the folders it was made from. ``place`` is where it is on
    disk, None when it is in memory only or at an endpoint; ``watch`` vouches for that folder.
    ``written`` says where its statements are written, when that is not read from the folder.
    Any number of threads may ask at once. ``close()``, or the end of a ``with`` block, lets go of
    files and connections.

    The prefixes of jagraph (``jag:``, ``model:``, ``rdfs:`` …) need no PREFIX line in a query. The
    methods that take one raise RequestError, with line and column, when it is not SPARQL 1.1 or of
    another form, OutsideError when the store cannot be read or the endpoint does not answer.
    """

    store: OpenStore
    project: Project
    place: str | None
    watch: Watch | None = None
    written: SourceMap | None = None

    @property
    def folder(self) -> Path | None:
        """The folder of a graph on the disk, None for another one."""
        from pathlib import Path

        return None if self.place is None else Path(self.place)

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

    def sources(self) -> SourceMap:
        """Return where nodes and values are written; nothing is known at an endpoint."""
        return self._sources

    @cached_property
    def _sources(self) -> SourceMap:
        if self.written is not None or self.watch is None:
            return self.written or SourceMap()
        return SourceMap.saved(self.watch.content(SOURCES))


def silent(_: str) -> None:
    """Take a line of progress that nobody reads."""


def cached(project: Project, say: Say, build: Build) -> Graph | None:
    """Return the graph of ``project`` when it was built from the inputs as they are, else None.

    ``say`` gets one line when a damaged graph is passed over; ``build`` is called for a new one
    when it is damaged later, while it is open. Raises OutsideError when an input cannot be read.
    """
    seen = look(project)
    key = recall(GRAPH, project.folders.root, seen.text)
    if isinstance(key, str):
        return open_graph(project, folder_of(project, key), say, build)
    key = content_key(project)
    known = open_graph(project, folder_of(project, key), say, build)
    if known is not None:
        note(project, seen, key)
    return known


def folder_of(project: Project, key: str) -> str:
    """Return the folder in the cache of the graph with this ``key``."""
    return os.path.join(cache_folder(), f"{tag(project.folders.root)}-{key}")


def note(project: Project, seen: Look, key: str) -> None:
    """Remember ``key`` for the inputs as ``seen``, unless they may still change unseen."""
    if seen.newest < time.time_ns() - TICK:
        remember(GRAPH, project.folders.root, seen.text, key)


def open_graph(project: Project, folder: str, say: Say, build: Build) -> Graph | None:
    """Open the graph in ``folder`` for reading; None when there is none or it is damaged."""

    def mend(damage: DamagedError) -> None:
        look(project)  # raises an error of ours when an input is missing
        if folder_of(project, content_key(project)) != folder:
            raise _not_mended(folder, damage, "its records have changed since")
        say(_damaged(folder, str(damage)))
        if build().place != folder:
            raise _not_mended(folder, damage, "the cache cannot be written")

    try:
        watch = Watch(folder, say, mend)
        store = EmbeddedStore.open(os.path.join(folder, STORE), watch, (NAMES, LINEAGE))
    except OSError:  # not there, or about to be removed
        return None
    except DamagedError as damage:
        say(_damaged(folder, str(damage)))
        return None
    except OutsideError as reason:  # sound, and the engine cannot read it
        say(_damaged(folder, reason.what))
        return None
    return Graph(store, project, folder, watch)


def _damaged(folder: str, reason: str) -> str:
    return f"the cached graph {folder} is damaged ({reason}); building it again"


def _not_mended(folder: str, damage: DamagedError, why: str) -> OutsideError:
    return OutsideError(
        "damaged-store",
        f"the graph was damaged while it was open ({damage}), and {why}",
        where=folder,
        remedy="ask again, or start the server again",
    )
