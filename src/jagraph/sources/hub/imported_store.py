"""An imported store, opened for reading: SPARQL from the disk, long walks by the index."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pyoxigraph as ox

from jagraph.core.errors import OutsideError, RequestError
from jagraph.core.project import Project
from jagraph.graph.cache import STORE, Graph, Say, silent
from jagraph.query.name_resolver import NAMES
from jagraph.store.base import EmbeddedStore, Solutions
from jagraph.store.file_watch import DamagedError, Watch

if TYPE_CHECKING:
    from jagraph.sources.hub.index import Index
    from jagraph.sources.hub.indexed_lineage import IndexedLineage

CURRENT, INDEX, GRAPH = "current", "index", "graph-"
_TRIES = 3  # an import may remove the graph just looked up


class HubStore(EmbeddedStore):
    """The store in a folder that ``import-hub`` wrote, with the index beside it."""

    @classmethod
    def of(cls, watch: Watch) -> HubStore:
        """Open the store that ``watch`` holds; raises OutsideError when it cannot be read."""
        return cls.open(os.path.join(watch.folder, STORE), watch, (NAMES,))

    @property
    def index(self) -> Index:
        """The index, read when first needed; its files are looked at before each use.

        They are mapped into memory, where one that was cut off would end the process.
        """
        assert self._watch is not None  # noqa: S101, of() gives it one
        self._watch.look()
        return self._sure(lambda: self._index)

    @cached_property
    def _index(self) -> Index:
        from jagraph.sources.hub.index import Index

        assert self._folder is not None  # noqa: S101, it is open
        return Index(Path(self._folder).with_name(INDEX))

    def _answer(self, query: str) -> Solutions | list[ox.Triple] | bool:
        """Answer any query; the transitive saved ones by the index."""
        from jagraph.sources.hub.indexed_answers import answer

        indexed = answer(query, lambda: self.index) if "VALUES" in query else None
        return super()._answer(query) if indexed is None else indexed

    def repository(self, name: str) -> str | None:
        """Return the IRI of the repository ``name`` but for its case, None when there is none."""
        number = self.index.find(name)
        return None if number is None else self.index.model(number).iri

    def derivations(self) -> IndexedLineage:
        """Return the derivations, walked in the index."""
        from jagraph.sources.hub.indexed_lineage import IndexedLineage

        return IndexedLineage(self.index)


def open_store(folder: Path, project: Project, say: Say = silent) -> Graph:
    """Return the graph in ``folder``.

    ``say`` gets progress while a store is read whole, as when it was copied. Raises RequestError
    when import-hub did not write it, OutsideError when it is damaged.
    """
    for _ in range(_TRIES):
        with suppress(OSError):
            return _open(graph_of(folder), folder, project, say)
    raise _damaged(folder, "its graph cannot be opened")


def graph_of(folder: Path) -> Path:
    """Return the folder of the graph in the store ``folder``.

    Raises RequestError when import-hub did not write it, OutsideError when it is damaged.
    """
    graph = folder / CURRENT
    if graph.is_dir():
        return graph.resolve()
    if any(folder.glob(f"{GRAPH}*")):
        raise _damaged(folder, f"{CURRENT} does not lead to a graph")
    raise RequestError(
        "no-store",
        f"{folder} is no imported store",
        remedy=f"`jagraph import-hub FILE.jsonl.gz --store {folder}` makes one",
    )


def _open(graph: Path, folder: Path, project: Project, say: Say) -> Graph:
    def mend(damage: DamagedError) -> NoReturn:
        raise _damaged(folder, str(damage))

    try:
        watch = Watch(graph, say, mend)
        return Graph(HubStore.of(watch), project, str(graph), watch)
    except DamagedError as damage:
        raise _damaged(folder, str(damage)) from damage
    except OutsideError as reason:
        raise _damaged(folder, reason.what) from reason


def _damaged(folder: Path, what: str) -> OutsideError:
    return OutsideError(
        "damaged-store",
        f"the imported store is damaged: {what}",
        where=str(folder),
        remedy=f"import the dump again: `jagraph import-hub FILE.jsonl.gz --store {folder}`",
    )
