"""The finished graph as N-Quads, made while it is loaded: asserted, Hub and derived triples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from jagraph.core.namespaces import DERIVED, HUB, JAG, RDF_TYPE, RDFS_LABEL, SKOS_NOTATION, iri
from jagraph.inference.channels import Relation
from jagraph.sources.hub import nodes
from jagraph.sources.hub.dump import Entry
from jagraph.sources.hub.nodes import node, text

_XSD = "http://www.w3.org/2001/XMLSchema#"
_DCT = "http://purl.org/dc/terms/"
_ML_TASK = "https://w3id.org/fair4ml#mlTask"
_CHUNK = 1 << 20


class Stream:
    """Lines as the file that a bulk load reads; memory holds one chunk."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        """Return the next ``size`` bytes, fewer at the end; all when ``size`` is negative."""
        wanted = size if size >= 0 else None
        parts = [self._rest]
        there = len(self._rest)
        while wanted is None or there < wanted:
            chunk = self._next()
            if not chunk:
                break
            parts.append(chunk)
            there += len(chunk)
        whole = b"".join(parts)
        self._rest = b"" if wanted is None else whole[wanted:]
        return whole if wanted is None else whole[:wanted]

    def _next(self) -> bytes:
        lines: list[str] = []
        length = 0
        for line in self._lines:
            lines.append(line)
            length += len(line)
            if length > _CHUNK:
                break
        return "".join(lines).encode()


class Quads:
    """Writes triples into the graph of the Hub's metadata or into that of what is derived."""

    def __init__(
        self, names: list[str], iris: dict[int, str], relations: Mapping[str, Relation]
    ) -> None:
        self._names = names
        self._iris = iris
        self._relations = relations

    def iri(self, number: int) -> str:
        """Return the IRI of a model."""
        return self._iris.get(number) or nodes.repository(self._names[number])

    def stated(self, entry: Entry, parents: list[str], *, known: bool = True) -> Iterator[str]:
        """Yield what the Hub says of a repository that is not in the list.

        ``parents`` are the IRIs of the entry's parents; ``known`` is false for a repository that is
        only named as a parent.
        """
        mine = nodes.repository(entry.id)
        name = text(entry.id)
        yield _hub(mine, RDF_TYPE, node(JAG + "Model"))
        yield _hub(mine, RDFS_LABEL, name)
        yield _hub(mine, "hubId", name)
        yield _hub(mine, "inFamily", node(mine))
        words = nodes.statement(entry.license) if known else nodes.NOT_IN_DUMP
        yield _hub(mine, "licenseStatement", node(words))
        for parent, one in zip(parents, entry.parents, strict=True):
            stated = nodes.derivation(parent, one.relation, one.inferred)
            yield _hub(mine, "derivation", node(stated))
        for dataset in entry.datasets:
            yield _hub(mine, "trainingStage", node(nodes.training(dataset)))
        for language in entry.languages:
            yield _hub(mine, _DCT + "language", text(language))
        if entry.task:
            yield _hub(mine, _ML_TASK, text(entry.task))
        if entry.created:
            yield _hub(mine, _DCT + "created", f'"{entry.created}"^^<{_XSD}date>')
        if entry.line:
            yield _hub(mine, "dumpLine", nodes.number(entry.line))
        if entry.downloads is not None:
            yield _hub(mine, "downloads", nodes.number(entry.downloads))

    def edges(self, entry: Entry, parents: list[str]) -> Iterator[str]:
        """Yield the notation of a repository, and the direct edges of rules 06."""
        mine = nodes.repository(entry.id)
        yield _derived(mine, SKOS_NOTATION, text(entry.id))
        for parent, one in zip(parents, entry.parents, strict=True):
            relation = self._relations[one.relation]
            for key in {relation.name, relation.general, relation.carrier} - {""}:
                yield _derived(mine, key, node(parent))
            if relation.under and parent != mine:
                yield _derived(mine, relation.under, node(parent))
        for dataset in entry.datasets:
            yield _derived(mine, "trainedOn", node(iri("hub-dataset", dataset)))

    def descent(self, number: int, ancestors: Iterable[int]) -> Iterator[str]:
        """Yield rule 07 for one model."""
        mine = self.iri(number)
        for ancestor in ancestors:
            yield _derived(mine, "descendsFrom", node(self.iri(ancestor)))


def ends(key: str, values: Iterable[str]) -> list[str]:
    """Return the ends of derived lines that say ``key`` of some model."""
    return [f" <{JAG}{key}> <{value}> <{DERIVED}> .\n" for value in values]


def in_graph(triples: Iterable[str], graph: str) -> Iterator[str]:
    """Yield lines of N-Triples as N-Quads in ``graph``."""
    for line in triples:
        yield f"{line[:-2]}<{graph}> .\n"


def _hub(subject: str, key: str, value: str) -> str:
    return f"<{subject}> <{key if '://' in key else JAG + key}> {value} <{HUB}> .\n"


def _derived(subject: str, key: str, value: str) -> str:
    return f"<{subject}> <{key if '://' in key else JAG + key}> {value} <{DERIVED}> .\n"
