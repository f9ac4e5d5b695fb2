"""Constraints of the shapes, and data that break each of them."""

from __future__ import annotations

from collections.abc import Iterator

import rdflib
from rdflib import Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH, XSD
from tests.support.project import ROOT

NODE = "https://w3id.org/jagraph/shapes#"


SHAPES = rdflib.Graph().parse(ROOT / "ontology/shapes.ttl")


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
