"""SHACL that is misspelt conforms in silence: all of it is held against what exists."""

from __future__ import annotations

import rdflib
from pyshacl import validate
from rdflib import Literal, URIRef
from rdflib.namespace import RDF, SH
from tests.support.project import ROOT, TINY
from tests.support.shape_faults import COMPONENTS, NODE, SHAPES, constraints, faults

from jagraph.core.namespaces import JAG
from jagraph.core.project import find_project
from jagraph.graph.build import read

ONTOLOGY = rdflib.Graph().parse(ROOT / "ontology/jagraph.ttl")
NODE_SHAPES = sorted(SHAPES.subjects(RDF.type, SH.NodeShape))


def test_every_shacl_term_exists() -> None:
    used = {str(term) for triple in SHAPES for term in triple if str(term).startswith(str(SH))}
    assert {term for term in used if URIRef(term) not in SH} == set()


def test_every_shape_is_closed_and_used() -> None:
    in_use = set(SHAPES.objects(None, SH.property))
    assert set(SHAPES.subjects(RDF.type, SH.PropertyShape)) == in_use
    for shape in NODE_SHAPES:
        assert SHAPES.value(shape, SH.closed) == Literal(True), shape
        assert SHAPES.value(shape, SH.message) is not None, shape


def test_every_class_of_the_records_has_a_shape() -> None:
    made_by_rules = {
        *("Allowance", "Conflict", "Finding", "MissingLicenseStatement", "Reading", "Standing"),
        *("UseAnswer", "Verdict"),
    }
    classes = {
        str(term).removeprefix(JAG)
        for term in ONTOLOGY.subjects(RDF.type, rdflib.OWL.Class)
        if str(term).startswith(JAG)
    }
    shapes = {str(shape).removeprefix(NODE) for shape in NODE_SHAPES}
    made_by_imports = {
        "HubDifference",
        "UnseenLicenseStatement",
    }  # ontology/hub-shapes.ttl has its shape
    assert classes - made_by_rules - made_by_imports == shapes


def test_targets_and_paths_are_declared() -> None:
    terms = set(SHAPES.objects(None, SH.targetClass)) | set(
        SHAPES.objects(None, SH.targetObjectsOf)
    )
    paths = set(SHAPES.objects(None, SH.path))
    ours = {term for term in terms | paths if str(term).startswith(JAG)}
    assert {term for term in ours if (term, None, None) not in ONTOLOGY} == set()


def test_each_shape_reaches_a_node_of_the_records() -> None:
    triples = [*read(find_project(ROOT)).triples, *read(find_project(TINY)).triples]
    properties = {triple.predicate.value for triple in triples}
    types = {triple.object.value for triple in triples if triple.predicate.value == str(RDF.type)}
    lonely = []
    for shape in NODE_SHAPES:
        target = SHAPES.value(shape, SH.targetClass)
        prop = SHAPES.value(shape, SH.targetObjectsOf)
        if str(target) not in types and str(prop) not in properties:
            lonely.append(shape)
    assert lonely == []


def test_each_constraint_refuses_what_breaks_it() -> None:
    _, results, _ = validate(faults(), shacl_graph=SHAPES, inference="none")
    found = set()
    for result in results.subjects(RDF.type, SH.ValidationResult):
        focus, source, component = (
            str(results.value(result, prop))
            for prop in (SH.focusNode, SH.sourceShape, SH.sourceConstraintComponent)
        )
        found.add((focus, source, component.removeprefix(str(SH))))
    provoked = {
        (
            f"https://example.org/{shape.fragment}/{parameter.fragment}",
            str(shape),
            f"{COMPONENTS[parameter]}ConstraintComponent",
        )
        for shape, parameter in constraints()
    }
    assert len(provoked) > 200
    assert provoked - found == set()
