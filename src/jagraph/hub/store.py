"""An imported store, opened for reading: SPARQL from the disk, long walks by the index."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from jagraph.cache import Graph
from jagraph.errors import RequestError
from jagraph.project import Project
from jagraph.store import EmbeddedStore, Solutions

if TYPE_CHECKING:
    from jagraph.hub.index import Index
    from jagraph.hub.lineage import IndexedLineage

_STORE, _INDEX = "store", "index"


class HubStore(EmbeddedStore):
    """The store in a folder that ``import-hub`` wrote, with the index beside it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(EmbeddedStore.open(folder / _STORE)._store, folder / "names")
        self._folder = folder

    def answer(self, query: str) -> Solutions | list[ox.Triple] | bool:
        """Answer any query; the transitive saved ones by the index."""
        from jagraph.hub.answers import answer

        known = answer(query, self.index) if "VALUES" in query else None
        return super().answer(query) if known is None else known

    @cached_property
    def index(self) -> Index:
        """The index, read when first needed."""
        from jagraph.hub.index import Index

        return Index(self._folder / _INDEX)

    def derivations(self) -> IndexedLineage:
        """Return the derivations, walked in the index."""
        from jagraph.hub.lineage import IndexedLineage

        return IndexedLineage(self.index)


def open_store(folder: Path, project: Project) -> Graph:
    """Return the graph in ``folder``; raises RequestError when import-hub did not write it."""
    if not (folder / _INDEX).is_dir():
        raise RequestError(
            "no-store",
            f"{folder} is no imported store",
            remedy=f"`jagraph import-hub FILE.jsonl.gz --store {folder}` makes one",
        )
    return Graph(HubStore(folder), project, folder)
