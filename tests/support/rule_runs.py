"""The rules of the project, run on a few triples."""

from __future__ import annotations

import pyoxigraph as ox
from tests.support.project import ROOT

from jagraph.core.namespaces import ASSERTED, JAG, ONTOLOGY
from jagraph.inference.sparql_rules import apply_rules, load

THING = "https://w3id.org/jagraph/"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_RULES = sorted((ROOT / "ontology/rules").glob("*.rq"))
# what the rules read of the ontology: what concepts and relations say of themselves, no text
_ONTOLOGY = [
    quad.triple
    for quad in ox.parse((ROOT / "ontology/jagraph.ttl").read_bytes(), ox.RdfFormat.TURTLE)
    if quad.predicate.value.startswith(JAG)
    or quad.predicate.value == f"{_SKOS}inScheme"
    or quad.predicate.value.endswith("#subPropertyOf")
    or quad.object.value == f"{_SKOS}Concept"
]


def node(*path: str) -> ox.NamedNode:
    """The thing at ``path``: its kind and its id."""
    return ox.NamedNode(THING + "/".join(path))


def triple(subject: ox.NamedNode, key: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
    """A triple with a property of ours, or with the one that has the address ``key``."""
    return ox.Triple(subject, ox.NamedNode(key if "://" in key else JAG + key), value)


def derived(triples: list[ox.Triple]) -> ox.Store:
    """What the rules conclude from ``triples``, with the triples themselves."""
    store = ox.Store()
    load(store, _ONTOLOGY, ONTOLOGY)
    load(store, triples, ASSERTED)
    apply_rules(store, _RULES)
    return store
