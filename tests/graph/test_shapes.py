"""SHACL that is misspelt conforms in silence: all of it is held against what exists."""

from __future__ import annotations

from collections.abc import Iterator

import rdflib
from pyshacl import validate
from rdflib import Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH, XSD
from tests.support.project import ROOT, TINY

from jagraph.core.namespaces import JAG
from jagraph.core.project import find_project
from jagraph.graph.build import read

NODE = "https://w3id.org/jagraph/shapes#"
SHAPES = rdflib.Graph().parse(ROOT / "ontology/shapes.ttl")
ONTOLOGY = rdflib.Graph().parse(ROOT / "ontology/jagraph.ttl")
NODE_SHAPES = sorted(SHAPES.subjects(RDF.type, SH.NodeShape))
# Parameters that together make one constraint component, or that constrain nothing by themselves.
COMPONENTS = {
    SH.minCount: "MinCount",
    SH.maxCount: "MaxCount",
    SH.datatype: "Datatype",
    SH.nodeKind: "NodeKind",
    SH.pattern: "Pattern",
    SH.minLength: "MinLength",
    SH.minInclusive: "MinInclusive",
    SH["in"]: "In",
    SH.languageIn: "LanguageIn",
    SH.uniqueLang: "UniqueLang",
}


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
    made_by_rules = {"Conflict", "Finding", "MissingLicenseStatement", "Standing", "Verdict"}
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


def constraints() -> Iterator[tuple[URIRef, URIRef]]:
    for shape in sorted(SHAPES.subjects(RDF.type, SH.PropertyShape)):
        for parameter in COMPONENTS:
            if (shape, parameter, None) in SHAPES:
                yield shape, parameter  # type: ignore[misc]


def valid(shape: URIRef) -> rdflib.term.Node:
    """A value that all constraints of the property ``shape`` accept, or one near to it."""
    choices = SHAPES.value(shape, SH["in"])
    if choices is not None:
        return Collection(SHAPES, choices)[0]
    pattern = str(SHAPES.value(shape, SH.pattern) or "")
    if SHAPES.value(shape, SH.nodeKind) == SH.IRI:
        return URIRef(pattern.removeprefix("^") + "x" if pattern else "https://example.org/x")
    datatype = SHAPES.value(shape, SH.datatype)
    if datatype == RDF.langString:
        return Literal("x", lang="en")
    samples = {XSD.integer: "7", XSD.boolean: "true", XSD.date: "2025-01-27"}
    text = samples.get(datatype, "https://example.org/x" if "http" in pattern else "7")  # type: ignore[call-overload]
    return Literal(text, datatype=datatype)


def broken(shape: URIRef, parameter: URIRef) -> list[rdflib.term.Node]:
    """Values of the property that break ``parameter`` of ``shape``."""
    fine = valid(shape)
    if parameter == SH.minCount:
        return []
    if parameter == SH.maxCount:
        other = (
            URIRef(f"{fine}y") if isinstance(fine, URIRef) else Literal("8", datatype=XSD.string)
        )
        return [fine, other]
    if parameter == SH.uniqueLang:
        return [Literal("one", lang="ja"), Literal("two", lang="ja")]
    if parameter == SH.languageIn:
        return [Literal("x", lang="zh")]
    if parameter == SH.nodeKind:
        return [Literal("no node")]
    if parameter == SH.minInclusive:
        return [Literal("0", datatype=XSD.integer)]
    if parameter == SH.minLength:
        return [Literal("")]
    if isinstance(fine, URIRef):
        return [URIRef("https://example.org/elsewhere")]
    if parameter == SH.datatype:
        return [Literal("x", datatype=URIRef("https://example.org/no-type"))]
    return [Literal("~~", datatype=SHAPES.value(shape, SH.datatype))]


def faults() -> rdflib.Graph:
    """One graph with a node for each constraint, broken in that alone."""
    data = rdflib.Graph()
    for shape, parameter in constraints():
        owner = next(iter(SHAPES.subjects(SH.property, shape)))
        node = URIRef(f"https://example.org/{str(shape).removeprefix(NODE)}/{parameter.fragment}")
        target = SHAPES.value(owner, SH.targetClass)
        if target is not None:
            data.add((node, RDF.type, target))
        else:
            prop = SHAPES.value(owner, SH.targetObjectsOf)
            data.add((URIRef(f"{node}/owner"), prop, node))  # type: ignore[arg-type]
        for value in broken(shape, parameter):
            data.add((node, SHAPES.value(shape, SH.path), value))  # type: ignore[arg-type]
    return data


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
