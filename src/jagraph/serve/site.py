"""What a running server knows: the graph and everything read from it once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from jagraph.cache import Graph
from jagraph.catalogue import SavedQuery, catalogue
from jagraph.context import Context, read_context
from jagraph.lineage import Lineage
from jagraph.names import Names
from jagraph.sources import SourceMap
from jagraph.terms import Judge
from jagraph.versions import versions


@dataclass(frozen=True)
class Site:
    """One graph as it is served; it does not change while the server runs, so all is read once."""

    graph: Graph

    @cached_property
    def names(self) -> Names:
        """Every name, for search and for resolving ids."""
        return Names.read(self.graph.store)

    @cached_property
    def sources(self) -> SourceMap:
        """Where every statement is written."""
        return self.graph.sources()

    @cached_property
    def context(self) -> Context:
        """The keys of the records."""
        return read_context(self.graph.project.context)

    @cached_property
    def lineage(self) -> Lineage:
        """All models and derivations."""
        return Lineage.read(self.graph.store)

    @cached_property
    def judge(self) -> Judge:
        """Judges what a model may be used for."""
        return Judge(self.graph.store, self.sources)

    @cached_property
    def catalogue(self) -> dict[str, SavedQuery]:
        """The saved queries by name."""
        return catalogue(self.graph.project)

    @cached_property
    def versions(self) -> tuple[str, str]:
        """The version of the rules and the date of the data."""
        return versions(self.graph.store)
