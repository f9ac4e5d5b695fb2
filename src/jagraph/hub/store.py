"""An imported store, opened for reading: SPARQL from the disk, long walks by the index."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from jagraph.cache import NAMES, STORE, Graph
from jagraph.errors import RequestError
from jagraph.hold import Hold
from jagraph.project import Project
from jagraph.store import EmbeddedStore, Solutions

if TYPE_CHECKING:
    from jagraph.hub.index import Index
    from jagraph.hub.lineage import IndexedLineage

CURRENT, INDEX = "current", "index"
_TRIES = 3  # an import may remove the graph just looked up


class HubStore(EmbeddedStore):
    """The store in a folder that ``import-hub`` wrote, with the index beside it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(EmbeddedStore.open(folder / STORE)._store, folder / NAMES)
        self._folder = folder

    def answer(self, query: str) -> Solutions | list[ox.Triple] | bool:
        """Answer any query; the transitive saved ones by the index."""
        from jagraph.hub.answers import answer

        known = answer(query, lambda: self.index) if "VALUES" in query else None
        return super().answer(query) if known is None else known

    @cached_property
    def index(self) -> Index:
        """The index, read when first needed."""
        from jagraph.hub.index import Index

        return Index(self._folder / INDEX)

    def repository(self, name: str) -> str | None:
        """Return the IRI of the repository ``name`` but for its case, None when there is none."""
        number = self.index.find(name)
        return None if number is None else self.index.model(number).iri

    def derivations(self) -> IndexedLineage:
        """Return the derivations, walked in the index."""
        from jagraph.hub.lineage import IndexedLineage

        return IndexedLineage(self.index)


def open_store(folder: Path, project: Project) -> Graph:
    """Return the graph in ``folder``; raises RequestError when import-hub did not write it."""
    for _ in range(_TRIES):
        with suppress(OSError):
            graph = (folder / CURRENT).resolve(strict=True)
            hold = Hold(graph)
            return Graph(HubStore(graph), project, graph, _hold=hold)
    raise RequestError(
        "no-store",
        f"{folder} is no imported store",
        remedy=f"`jagraph import-hub FILE.jsonl.gz --store {folder}` makes one",
    )
