"""The ontology as its readers see it: classes, properties and concepts with words and neighbours.

All of it is read from the ontology's own graph and the shapes; nothing is listed by hand.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from itertools import takewhile
from pathlib import Path

import pyoxigraph as ox

from jagraph.core.namespaces import JAG, ONTOLOGY, PREFIXES, RDF_TYPE, RDFS_LABEL, ROOT, iri
from jagraph.core.rdf_text import Value, text_of
from jagraph.store.base import OpenStore

_OWL, _SKOS, _SCHEMA = PREFIXES["owl"], PREFIXES["skos"], PREFIXES["schema"]
_RDFS = PREFIXES["rdfs"]
_SH = "http://www.w3.org/ns/shacl#"
_KINDS = {
    _OWL + "Class": "class",
    _RDFS + "Datatype": "datatype",
    _OWL + "ObjectProperty": "property",
    _OWL + "DatatypeProperty": "property",
    _OWL + "AnnotationProperty": "property",
    _SKOS + "Concept": "concept",
    _SKOS + "ConceptScheme": "scheme",
}
_ALIGNED = {
    _RDFS + "subClassOf": "sub-class-of",
    _RDFS + "subPropertyOf": "sub-property-of",
    _SKOS + "closeMatch": "close-match",
    _SKOS + "exactMatch": "exact-match",
    _OWL + "equivalentClass": "exact-match",
    _OWL + "equivalentProperty": "exact-match",
    _OWL + "inverseOf": "inverse-of",
}


@dataclass(frozen=True)
class Entry:
    """One class, property, datatype, scheme or concept.

    ``kind`` is its sort, ``anchor`` its place on the page: the local name; "SCHEME/ID" for a
    concept and "SCHEME/" for a scheme. Texts are by language; ``links`` are IRIs by relation.
    """

    iri: str
    kind: str
    anchor: str
    labels: dict[str, str]
    definitions: dict[str, str]
    notes: dict[str, str]
    links: dict[str, list[str]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name as a query writes it."""
        return written(self.iri)

    def label(self, language: str) -> str:
        """Return the label in ``language``, else in English, else the anchor."""
        return self.labels.get(language) or self.labels.get("en") or self.anchor

    def definition(self, language: str) -> str:
        """Return the definition in ``language``, else in English."""
        return self.definitions.get(language) or self.definitions.get("en", "")


@dataclass(frozen=True)
class Count:
    """How often a property may stand at a node of a class, by the shapes; None is no limit."""

    least: int
    most: int | None


@dataclass(frozen=True)
class Rule:
    """One rule: its file's name, the comment it begins with, its text."""

    name: str
    comment: str
    text: str

    @classmethod
    def read(cls, path: Path) -> Rule:
        """Read the rule in ``path``."""
        text = path.read_text(encoding="utf-8")
        lines = takewhile(lambda line: line.startswith("#"), text.splitlines())
        comment_lines = (line for line in lines if not line.startswith("#+"))
        comment = " ".join(line.removeprefix("#").strip() for line in comment_lines)
        return cls(path.stem, comment, text)


@dataclass(frozen=True)
class Ontology:
    """The whole ontology, in the order of its local names; concepts in that of their schemes."""

    header: dict[str, list[str | tuple[str, str]]]
    entries: dict[str, Entry]

    def of_kind(self, kind: str) -> list[Entry]:
        """Return the entries of one kind by anchor, capitals aside."""
        entries = (entry for entry in self.entries.values() if entry.kind == kind)
        return sorted(entries, key=lambda entry: (entry.anchor.lower(), entry.anchor))

    def concepts(self, scheme: Entry) -> list[Entry]:
        """Return the concepts of ``scheme``."""
        return [entry for entry in self.of_kind("concept") if scheme.iri in entry.links["scheme"]]

    def properties_of(self, class_iri: str) -> list[Entry]:
        """Return the properties whose domain includes the class."""
        return [
            entry
            for entry in self.of_kind("property")
            if class_iri in entry.links.get("domain", ())
        ]


def written(name: str) -> str:
    """Return ``name`` as a query writes it: with one of jagraph's prefixes, else in brackets."""
    for prefix, namespace in PREFIXES.items():
        if name.startswith(namespace) and "/" not in name.removeprefix(namespace):
            return f"{prefix}:{name.removeprefix(namespace)}"
    return f"<{name}>"


@cache
def read_ontology(store: OpenStore) -> Ontology:
    """Read the ontology out of ``store``."""
    statements: defaultdict[str, defaultdict[str, list[Value]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for triple in store.triples(ONTOLOGY):
        statements[text_of(triple.subject)][triple.predicate.value].append(triple.object)
    entries = {}
    for name, values in statements.items():
        kinds = [_KINDS[text_of(kind)] for kind in values[RDF_TYPE] if text_of(kind) in _KINDS]
        if kinds and name.startswith(ROOT):
            entries[name] = _entry(name, kinds[0], values)
    return Ontology(_header(statements[JAG.removesuffix("#")]), entries)


def _entry(name: str, kind: str, values: dict[str, list[Value]]) -> Entry:
    links: dict[str, list[str]] = {
        "domain": _names(values, _SCHEMA + "domainIncludes"),
        "range": _names(values, _SCHEMA + "rangeIncludes"),
        "scheme": _names(values, _SKOS + "inScheme"),
    }
    for predicate, key in _ALIGNED.items():
        links.setdefault(key, []).extend(_names(values, predicate))
    return Entry(
        name,
        kind,
        name.removeprefix(JAG).removeprefix(ROOT) + ("/" if kind == "scheme" else ""),
        _texts(values, RDFS_LABEL),
        _texts(values, _SKOS + "definition"),
        _texts(values, _SKOS + "note") | _texts(values, _SKOS + "scopeNote"),
        {key: targets for key, targets in links.items() if targets},
    )


def _names(values: dict[str, list[Value]], predicate: str) -> list[str]:
    return sorted(text_of(value) for value in values.get(predicate, ()))


def _texts(values: dict[str, list[Value]], predicate: str) -> dict[str, str]:
    return {
        value.language or "en": value.value
        for value in values.get(predicate, ())
        if isinstance(value, ox.Literal)
    }


def _header(said: dict[str, list[Value]]) -> dict[str, list[str | tuple[str, str]]]:
    """Return what the ontology says of itself by local name; tagged texts as (language, text)."""
    header: dict[str, list[str | tuple[str, str]]] = {}
    for predicate, values in said.items():
        local = predicate.replace("#", "/").rpartition("/")[2]
        header[local] = [
            (value.language, value.value)
            if isinstance(value, ox.Literal) and value.language
            else text_of(value)
            for value in values
        ]
    return header


def counts(shapes: Path) -> dict[tuple[str, str], Count]:
    """Return how often each property stands at a node, by ``(class, property)``, from the shapes.

    A shape of nodes is called as the class it describes.
    """
    store = ox.Store()
    store.load(path=str(shapes), format=ox.RdfFormat.TURTLE)
    solutions = store.query(_COUNTS)
    assert isinstance(solutions, ox.QuerySolutions)  # noqa: S101, a SELECT gives nothing else
    return {
        (JAG + text_of(row["shape"]).partition("#")[2], text_of(row["path"])): Count(
            int(text_of(row["least"]) or 0),
            int(text_of(row["most"])) if row["most"] is not None else None,
        )
        for row in solutions
    }


@cache
def completions(store: OpenStore, language: str) -> list[dict[str, str]]:
    """Return what a query may name, each with ``name``, ``kind``, ``label`` and ``info``.

    First prefixes, then classes, properties and concepts, then the things of the graph.
    """
    entries = [
        {"name": f"{prefix}:", "kind": "prefix", "label": namespace, "info": ""}
        for prefix, namespace in PREFIXES.items()
    ]
    entries += [
        {
            "name": entry.name,
            "kind": entry.kind,
            "label": entry.label(language),
            "info": entry.definition(language),
        }
        for entry in read_ontology(store).entries.values()
        if entry.kind != "scheme"
    ]
    for row in store.select(_THINGS).dicts():
        name = written(row["thing"])
        if not name.startswith("<"):
            entries.append({"name": name, "kind": "thing", "label": row["name"], "info": ""})
    return entries


_COUNTS = f"""
PREFIX sh: <{_SH}>
SELECT ?shape ?path ?least ?most WHERE {{
  ?shape a sh:NodeShape ; sh:property ?property .
  ?property sh:path ?path .
  OPTIONAL {{ ?property sh:minCount ?least }}
  OPTIONAL {{ ?property sh:maxCount ?most }}
}}
"""
_THINGS = f"""
SELECT ?thing ?name WHERE {{
  ?thing jag:name ?name
  FILTER(STRSTARTS(STR(?thing), {ox.Literal(iri("", "").removesuffix("/"))}))
}} ORDER BY ?thing
"""
