"""What the ontology says, read by rdflib: to hold code, queries and answers against it."""

from __future__ import annotations

from rdflib import Graph, Namespace
from rdflib.namespace import SKOS
from tests.support.project import ROOT

THING = Namespace("https://w3id.org/jagraph/")
JAG = Namespace("https://w3id.org/jagraph/vocab#")
ONTOLOGY = Graph().parse(ROOT / "ontology/jagraph.ttl")


def local(iri: object) -> str:
    """The last part of an IRI."""
    return str(iri).rpartition("#" if "#" in str(iri) else "/")[2]


def concepts(scheme: str) -> set[str]:
    """The concepts of a scheme by their last parts."""
    return {local(concept) for concept in ONTOLOGY.subjects(SKOS.inScheme, THING[scheme])}
