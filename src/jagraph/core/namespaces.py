"""The namespaces and languages of jagraph, and the way between ids and IRIs."""

from __future__ import annotations

ROOT = "https://w3id.org/jagraph/"
JAG = ROOT + "vocab#"
ASSERTED = ROOT + "graph/asserted"
DERIVED = ROOT + "graph/derived"
HUB = ROOT + "graph/hub"
ONTOLOGY = ROOT + "graph/ontology"
GRAPHS = (ASSERTED, DERIVED, ONTOLOGY)
LOADING = ROOT + "graph/loading"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LANGUAGES = ("en", "ja", "fr")
RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
SKOS_NOTATION = "http://www.w3.org/2004/02/skos/core#notation"

PREFIXES = {
    "jag": JAG,
    "family": ROOT + "family/",
    "model": ROOT + "model/",
    "hub": ROOT + "hub/",
    "dataset": ROOT + "dataset/",
    "developer": ROOT + "developer/",
    "license": ROOT + "license/",
    "benchmark": ROOT + "benchmark/",
    "architecture": ROOT + "architecture/",
    "section": ROOT + "section/",
    "footnote": ROOT + "footnote/",
    "edition": ROOT + "edition/",
    "stage": ROOT + "stage/",
    "place": ROOT + "place/",
    "concern": ROOT + "concern/",
    "answer": ROOT + "answer/",
    "basis": ROOT + "basis/",
    "action": ROOT + "action/",
    "rule": ROOT + "rule/",
    "reach": ROOT + "reach/",
    "license-class": ROOT + "license-class/",
    "use": ROOT + "use/",
    "dcterms": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

# RDF/XML and Turtle cannot abbreviate with these: the local names of things may hold any id.
WRITTEN = {name: namespace for name, namespace in PREFIXES.items() if "-" not in name}


def iri(namespace: str, identifier: str) -> str:
    """Return the IRI of the thing ``identifier`` in ``namespace`` ("model", "license", …)."""
    return f"{ROOT}{namespace}/{identifier}"


def split(name: str) -> tuple[str, str] | None:
    """Return ``(namespace, id)`` of the IRI of a thing, or None for any other IRI."""
    if not name.startswith(ROOT):
        return None
    namespace, slash, identifier = name.removeprefix(ROOT).partition("/")
    return (namespace, identifier) if slash else None


def shorten(name: str) -> str:
    """Return ``name`` in the way jagraph's answers write it: prefixed where a prefix fits."""
    parts = split(name)
    if parts is not None and "#" not in parts[1]:
        return f"{parts[0]}/{parts[1]}"
    for prefix, namespace in PREFIXES.items():
        if name.startswith(namespace):
            return f"{prefix}:{name.removeprefix(namespace)}"
    return name
