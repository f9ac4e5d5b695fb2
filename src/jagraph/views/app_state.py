"""What a running server knows: the graph and everything read from it once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from jagraph.core.namespaces import split
from jagraph.domain.lineage import Lineage
from jagraph.domain.verdicts import Judge
from jagraph.graph.cache import Graph
from jagraph.graph.provenance import versions
from jagraph.query.catalogue import SavedQuery, Words, catalogue, featured, glossary_of
from jagraph.query.name_resolver import Names
from jagraph.records.context import Context, read_context
from jagraph.records.source_map import SourceMap
from jagraph.views.cards import CardSource
from jagraph.views.labels import Labels
from jagraph.views.license_classes import classes_of
from jagraph.views.ontology import Count, Ontology, Rule, counts, read_ontology

_HUBS = "SELECT ?model ?hub WHERE { ?model a jag:Model ; jag:hubId ?hub }"
_MAKERS = """
SELECT ?thing ?name WHERE { ?thing jag:developedBy/rdfs:label ?name } ORDER BY ?thing ?name
"""


@dataclass(frozen=True)
class AppState:
    """One graph as it is served; it does not change while the server runs, so all is read once.

    ``folders`` have saved queries beside those of the project.
    """

    graph: Graph
    folders: tuple[Path, ...] = ()

    def complete(self) -> AppState:
        """Read everything now, before the first question, so that no file is needed later."""
        for name, value in vars(type(self)).items():
            if isinstance(value, cached_property):
                getattr(self, name)
        for saved in self.catalogue.values():
            saved.columns  # noqa: B018, they are explained in files
        return self

    @cached_property
    def names(self) -> Names:
        """Every name, for search and for resolving ids."""
        return Names.read(self.graph.store)

    @cached_property
    def labels(self) -> Labels:
        """What every thing, concept and property is called, in each language."""
        return Labels.read(self.graph.store)

    @cached_property
    def sources(self) -> SourceMap:
        """Where every statement is written."""
        return self.graph.sources()

    @cached_property
    def context(self) -> Context:
        """The keys of the records."""
        return read_context(self.graph.project.context)

    @cached_property
    def cards(self) -> CardSource:
        """Where the cards of things are read."""
        return CardSource(self.graph.store, self.sources, self.context)

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
        return catalogue(self.graph.project, self.folders)

    @cached_property
    def tags(self) -> dict[str, Words]:
        """The names of the tags of saved queries, in the order of the gallery."""
        return glossary_of(self.graph.project, self.folders).tags

    @cached_property
    def classes(self) -> dict[str, str]:
        """The strictest licence class of every model."""
        return classes_of(self.graph.store)

    @cached_property
    def hubs(self) -> dict[str, str]:
        """The Hugging Face id of every model that has one."""
        return {row["model"]: row["hub"] for row in self.graph.store.select(_HUBS).dicts()}

    @cached_property
    def makers(self) -> dict[str, list[str]]:
        """The names of the developers of every thing that has some."""
        names: defaultdict[str, list[str]] = defaultdict(list)
        for row in self.graph.store.select(_MAKERS).dicts():
            names[row["thing"]].append(row["name"])
        return dict(names)

    @cached_property
    def ontology(self) -> Ontology:
        """The classes, properties and concepts."""
        return read_ontology(self.graph.store)

    @cached_property
    def counts(self) -> dict[tuple[str, str], Count]:
        """How often a property may stand at a node, by class and property."""
        return counts(self.graph.project.shapes)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that conclude, in the order in which they run."""
        return tuple(map(Rule.read, self.graph.project.rules()))

    @cached_property
    def featured(self) -> list[SavedQuery]:
        """The questions of the first screen."""
        return featured(self.catalogue)

    @cached_property
    def _by_namespace(self) -> dict[str, list[str]]:
        iris: defaultdict[str, list[str]] = defaultdict(list)
        for thing in self.labels.names:
            parts = split(thing)
            if parts and "#" not in parts[1]:
                iris[parts[0]].append(thing)
        return dict(iris)

    def things(self, namespace: str) -> list[str]:
        """Return every thing or concept whose IRI is in ``namespace``."""
        return self._by_namespace.get(namespace, [])

    @cached_property
    def versions(self) -> tuple[str, str]:
        """The version of the rules and the date of the data."""
        return versions(self.graph.store)
