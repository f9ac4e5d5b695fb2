"""The rules on random graphs, against an independent computation of what passes to whom."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import pyoxigraph as ox
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import ROOT
from jagraph.build import build
from jagraph.context import read_context
from jagraph.export import export
from jagraph.graph import apply_rules, load, load_ontology
from jagraph.project import find_project
from jagraph.vocab import ASSERTED

THING = "https://w3id.org/jagraph/"
JAG = f"{THING}vocab#"
RULES = sorted((ROOT / "ontology/rules").glob("*.rq"))
WEIGHTS = ("fineTunedFrom", "mergedFrom", "quantizedFrom", "composedOf")
RELATIONS = (*WEIGHTS, "distilledFrom", "trainedOnOutputOf")
# one licence per kind of reach; each has one term that reaches so far
REACHES = {
    "a": ("weights",),
    "b": ("weights", "outputs"),
    "c": ("weights", "distillation"),
    "d": (),
}
STRENGTH = ("declaredTerm", "inheritedTerm", "outputTerm", "possibleTerm")

Edge = tuple[int, int, str, bool]
Licence = tuple[str, bool] | None

MODELS = 6
EDGES = st.lists(
    st.tuples(
        st.integers(0, MODELS - 1),
        st.integers(0, MODELS - 1),
        st.sampled_from(RELATIONS),
        st.booleans(),
    ).filter(lambda edge: edge[0] != edge[1]),
    max_size=9,
    unique_by=lambda edge: edge[:2],
)
LICENCES = st.lists(
    st.one_of(st.none(), st.tuples(st.sampled_from(sorted(REACHES)), st.booleans())),
    min_size=MODELS,
    max_size=MODELS,
)


def node(*path: str) -> ox.NamedNode:
    return ox.NamedNode(THING + "/".join(path))


def described(edges: list[Edge], licences: list[Licence]) -> list[ox.Triple]:
    """The triples that records of these models would give."""
    found: list[ox.Triple] = []

    def say(subject: ox.NamedNode, key: str, value: ox.NamedNode | ox.Literal) -> None:
        found.append(ox.Triple(subject, ox.NamedNode(key if "://" in key else JAG + key), value))

    a = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    label = "http://www.w3.org/2000/01/rdf-schema#label"
    for name, reaches in REACHES.items():
        licence, term = node("license", name), node("license", f"{name}#terms.1")
        say(licence, a, ox.NamedNode(f"{JAG}License"))
        say(licence, label, ox.Literal(f"Licence {name}"))
        say(licence, "term", term)
        say(term, "rule", node("rule", "prohibition"))
        say(term, "action", node("action", "commercial-use"))
        for reach in reaches:
            say(term, "reach", node("reach", reach))
    for number, licence in enumerate(licences):
        model = node("model", str(number))
        say(model, a, ox.NamedNode(f"{JAG}Model"))
        say(model, label, ox.Literal(f"Model {number}"))
        if licence:
            statement = node("model", f"{number}#licenses.1")
            say(model, "licenseStatement", statement)
            say(statement, "license", node("license", licence[0]))
            if not licence[1]:
                say(statement, "certain", ox.Literal(False))
    for number, (child, parent, relation, certain) in enumerate(edges):
        derivation = node("model", f"{child}#derivations.{number}")
        say(node("model", str(child)), "derivation", derivation)
        say(derivation, "parent", node("model", str(parent)))
        say(derivation, "relation", ox.NamedNode(JAG + relation))
        if not certain:
            say(derivation, "certain", ox.Literal(False))
    return found


def concluded(triples: list[ox.Triple]) -> set[tuple[int, str, str]]:
    """(model, way, licence) by the rules of the project."""
    store = ox.Store()
    load_ontology(store, ROOT / "ontology/jagraph.ttl")
    load(store, triples, ASSERTED)
    apply_rules(store, RULES)
    found = set()
    for way in STRENGTH:
        for quad in store.quads_for_pattern(None, ox.NamedNode(JAG + way), None, None):
            model = int(quad.subject.value.rpartition("/")[2])
            found.add((model, way, quad.object.value.removeprefix(f"{THING}license/")[0]))
    return found


def expected(edges: list[Edge], licences: list[Licence]) -> set[tuple[int, str, str]]:
    """The same by graph search: no SPARQL, no rule of the project."""
    layers: dict[str, nx.DiGraph[int]] = {}
    for layer in ("bound", "supposed", "taught", "answered"):
        layers[layer] = nx.DiGraph()
        layers[layer].add_nodes_from(range(MODELS))
    for child, parent, relation, certain in edges:
        sure = relation in WEIGHTS and certain
        within = {
            "bound": sure,
            "supposed": relation in WEIGHTS,
            "taught": sure or relation == "distilledFrom",
            "answered": sure or relation in ("distilledFrom", "trainedOnOutputOf"),
        }
        for layer, there in within.items():
            if there:
                layers[layer].add_edge(child, parent)
    found = set()
    for model in range(MODELS):
        up = {name: nx.descendants(layer, model) for name, layer in layers.items()}
        for holder, licence in enumerate(licences):
            if licence is None:
                continue
            name, sure = licence
            ways = []
            if holder == model:
                ways = ["declaredTerm"] if REACHES[name] else []
            else:
                if holder in up["bound"]:
                    ways += ["inheritedTerm"] if "weights" in REACHES[name] else []
                else:
                    if holder in up["supposed"] and "weights" in REACHES[name]:
                        ways.append("possibleTerm")
                    if holder in up["taught"]:
                        passing = {"distillation", "outputs"}
                        ways += ["outputTerm"] if passing & set(REACHES[name]) else []
                    elif holder in up["answered"]:
                        ways += ["outputTerm"] if "outputs" in REACHES[name] else []
            found |= {(model, way if sure else "possibleTerm", name) for way in ways}
    return found


@settings(max_examples=60)
@given(EDGES, LICENCES)
def test_rules_agree_with_graph_search(edges: list[Edge], licences: list[Licence]) -> None:
    assert concluded(described(edges, licences)) == expected(edges, licences)


@settings(max_examples=30)
@given(EDGES, LICENCES, EDGES)
def test_adding_a_parent_never_removes_a_term(
    edges: list[Edge], licences: list[Licence], more: list[Edge]
) -> None:
    there = {edge[:2] for edge in edges}
    added = [*edges, *(edge for edge in more if edge[:2] not in there)]
    before = {(model, name) for model, _, name in concluded(described(edges, licences))}
    after = {(model, name) for model, _, name in concluded(described(added, licences))}
    assert before <= after


def test_the_order_of_merging_does_not_matter(copy: Path) -> None:
    def derived() -> bytes:
        graph = build(find_project(copy), lambda _: None)
        return export(graph.store, "nt", read_context(graph.project.context))

    first = derived()
    record = copy / "data/models/hana.yaml"
    text = record.read_text(encoding="utf-8")
    record.write_text(text.replace("[matsu-7b, take-7b]", "[take-7b, matsu-7b]"), encoding="utf-8")
    assert record.read_text(encoding="utf-8") != text
    assert derived() == first
