"""The vocabulary is complete, in three languages, and every foreign term it names exists."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
import rdflib
from rdflib.namespace import DCAT, DCTERMS, ODRL2, OWL, PROV, RDF, RDFS, SDO, SKOS, VANN, XSD
from tests.support.project import ROOT

from jagraph.core.namespaces import JAG
from jagraph.graph.cache import Graph

IRI = "https://w3id.org/jagraph/"
HEADER = rdflib.URIRef(f"{IRI}vocab")
SHIPPED = (PROV, DCTERMS, DCAT, SKOS, OWL, RDFS, RDF, SDO, ODRL2, VANN, XSD)
OUTSIDE = {"https://creativecommons.org/licenses/by/4.0/"}


@pytest.fixture(scope="module")
def ontology() -> rdflib.Graph:
    return rdflib.Graph().parse(ROOT / "ontology/jagraph.ttl")


def iris(graph: rdflib.Graph) -> set[rdflib.URIRef]:
    return {term for triple in graph for term in triple if isinstance(term, rdflib.URIRef)}


LISTED = {
    lines[0].removeprefix("# ") + name
    for path in sorted((ROOT / "tests/vocabularies").glob("*.txt"))
    for lines in [path.read_text(encoding="utf-8").splitlines()]
    for name in lines
    if not name.startswith("#")
}


def exists(term: str) -> bool:
    """Tell whether another vocabulary has ``term``: by rdflib's lists and tests/vocabularies/."""
    return term in LISTED or any(rdflib.URIRef(term) in namespace for namespace in SHIPPED)


@pytest.mark.parametrize("term", ["wasDerivedFromm", "Entitty"])
def test_a_misspelt_foreign_term_does_not_exist(term: str) -> None:
    assert not exists(str(PROV) + term)


def test_every_foreign_iri_exists(ontology: rdflib.Graph) -> None:
    foreign = {str(term) for term in iris(ontology) if not term.startswith(IRI)}
    assert {term for term in foreign - OUTSIDE if not exists(term)} == set()


def test_no_statement_is_about_a_foreign_term(ontology: rdflib.Graph) -> None:
    assert {s for s in ontology.subjects() if not str(s).startswith(IRI)} == set()


def test_header_is_complete_and_has_a_version_of_its_own(ontology: rdflib.Graph) -> None:
    assert (HEADER, RDF.type, OWL.Ontology) in ontology
    version = str(ontology.value(HEADER, OWL.versionInfo))
    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    assert str(ontology.value(HEADER, OWL.versionIRI)) == f"{IRI}vocab/{version}"
    needed = (DCTERMS.title, DCTERMS.description, DCTERMS.license, DCTERMS.creator)
    needed += (VANN.preferredNamespacePrefix, VANN.preferredNamespaceUri)
    assert [prop for prop in needed if ontology.value(HEADER, prop) is None] == []
    for prop in (DCTERMS.created, DCTERMS.modified):
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", str(ontology.value(HEADER, prop)))


def declared(ontology: rdflib.Graph) -> Iterator[rdflib.URIRef]:
    for subject in set(ontology.subjects(RDFS.isDefinedBy, HEADER)):
        assert isinstance(subject, rdflib.URIRef)
        yield subject


def test_every_term_has_labels_and_definitions_in_three_languages(ontology: rdflib.Graph) -> None:
    wrong = []
    for term in declared(ontology):
        needed = [RDFS.label]
        if (term, RDF.type, SKOS.ConceptScheme) not in ontology:
            needed.append(SKOS.definition)
        for prop in needed:
            texts = [o for o in ontology.objects(term, prop) if isinstance(o, rdflib.Literal)]
            if sorted(str(text.language) for text in texts) != ["en", "fr", "ja"]:
                wrong.append((term, prop))
            by_language = {text.language: str(text) for text in texts}
            if prop == SKOS.definition and len(set(by_language.values())) != 3:
                wrong.append((term, "copied from one language to another"))
    assert wrong == []


def test_everything_with_an_iri_of_ours_is_declared(ontology: rdflib.Graph) -> None:
    ours = {term for term in iris(ontology) if term.startswith((JAG, IRI))}
    allowed = {HEADER, ontology.value(HEADER, OWL.versionIRI)}
    assert ours - set(declared(ontology)) - allowed == set()


def vocabulary_used(text: str) -> set[str]:
    return {JAG + name for name in re.findall(r"\bjag:([A-Za-z]+)", text)}


def test_context_shapes_rules_and_queries_use_only_declared_terms(ontology: rdflib.Graph) -> None:
    known = {str(term) for term in declared(ontology)}
    paths = [ROOT / "ontology/context.jsonld", ROOT / "ontology/shapes.ttl"]
    paths += [*(ROOT / "ontology/rules").glob("*.rq"), *(ROOT / "queries").rglob("*.rq")]
    paths += [*(ROOT / "src").rglob("*.py")]
    unknown = {
        path.name: sorted(found)
        for path in paths
        if (found := vocabulary_used(path.read_text(encoding="utf-8")) - known)
    }
    assert unknown == {}


def test_every_declared_property_and_class_is_used(ontology: rdflib.Graph) -> None:
    text = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("ontology/rules", "queries")
        for path in (ROOT / folder).rglob("*.rq")
    )
    text += (ROOT / "ontology/context.jsonld").read_text(encoding="utf-8")
    text += "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    # what the ontology says of relations, ways, uses and actions, by properties of its own
    told = {
        str(term)
        for subject, predicate, value in ontology
        if str(predicate).startswith(JAG)
        for term in (subject, predicate, value)
    }
    terms = {
        str(term)
        for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
        for term in ontology.subjects(RDF.type, kind)
    }
    assert terms - vocabulary_used(text) - told == set()


def test_every_key_of_the_context_is_declared_or_foreign(ontology: rdflib.Graph) -> None:
    context = json.loads((ROOT / "ontology/context.jsonld").read_text(encoding="utf-8"))
    known = {str(term) for term in declared(ontology)}
    prefixes = {k: v for k, v in context["@context"].items() if str(v).endswith(("#", "/"))}
    for name, about in context["@context"].items():
        if isinstance(about, dict):
            prefix, _, local = about["@id"].partition(":")
            term = prefixes[prefix] + local
            assert term in known or exists(term), name


def test_concepts_the_records_name_are_of_the_scheme_the_key_says(live: Graph) -> None:
    rows = live.store.select(
        "SELECT DISTINCT ?value WHERE {"
        " GRAPH <https://w3id.org/jagraph/graph/asserted> { ?node ?path ?value }"
        " ?value a skos:Concept ; skos:inScheme ?scheme ."
        " FILTER(!STRSTARTS(STR(?value), CONCAT(STR(?scheme), '/'))) }"
    )
    assert rows.rows == []


def test_each_relation_is_a_derivation_or_an_influence(ontology: rdflib.Graph) -> None:
    shapes = (ROOT / "ontology/shapes.ttl").read_text(encoding="utf-8")
    choices = re.search(r":relation a .*?\( (.*?) \)", shapes, re.S)
    assert choices
    relations = re.findall(r"jag:(\w+)", choices[1])
    assert len(relations) == 9
    for name in relations:
        parents = set(ontology.transitive_objects(rdflib.URIRef(JAG + name), RDFS.subPropertyOf))
        outputs = name == "trainedOnOutputOf"
        assert (PROV.wasInfluencedBy if outputs else PROV.wasDerivedFrom) in parents, name
