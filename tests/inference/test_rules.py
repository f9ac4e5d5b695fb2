"""The rules on random graphs, against an independent computation and against the index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import networkx as nx
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.project import ROOT

from jagraph.core.namespaces import ASSERTED, ONTOLOGY
from jagraph.core.project import find_project
from jagraph.domain.verdicts import Judge
from jagraph.graph.build import build
from jagraph.graph.export import export
from jagraph.inference.array_decisions import Decisions
from jagraph.inference.array_engine import WAYS, Descent, Edges, Sets
from jagraph.inference.sparql_rules import apply_rules, load
from jagraph.records.context import read_context
from jagraph.records.source_map import SourceMap
from jagraph.sources.hub.plan import CARRIERS
from jagraph.store.base import EmbeddedStore

pytestmark = pytest.mark.slow


THING = "https://w3id.org/jagraph/"
JAG = f"{THING}vocab#"
RULES = sorted((ROOT / "ontology/rules").glob("*.rq"))
# what the rules read of the ontology: its concepts, and how concerns and uses are decided
ONTOLOGY_TRIPLES = [
    quad.triple
    for quad in ox.parse((ROOT / "ontology/jagraph.ttl").read_bytes(), ox.RdfFormat.TURTLE)
    if quad.predicate.value.startswith(f"{JAG}concern")
    or quad.predicate.value in (f"{JAG}decidedOn", f"{JAG}isCompared", f"{JAG}strength")
    or quad.object.value == "http://www.w3.org/2004/02/skos/core#Concept"
]
# through what a relation passes terms on; the weakest of a path counts
RELATIONS = {
    "derivedFrom": 0,
    "fineTunedFrom": 0,
    "mergedFrom": 0,
    "quantizedFrom": 0,
    "composedOf": 0,
    "distilledFrom": 1,
    "trainedOnOutputOf": 2,
}
# what a statement reached so (surely, or by way of an open derivation) needs in a term's reach
PASSING = ({"weights"}, {"distillation", "outputs"}, {"outputs"})
# (rule, action, reaches, threshold) of the terms of each document
Term = tuple[str, str, tuple[str, ...], bool]
DOCUMENTS: dict[str, list[Term]] = {
    "license/closed": [("prohibition", "commercial-use", ("weights",), False)],
    "license/far": [("prohibition", "commercial-use", ("weights", "outputs"), False)],
    "license/taught": [("prohibition", "commercial-use", ("weights", "distillation"), False)],
    "license/limited": [("permission", "commercial-use", ("weights",), True)],
    "license/unread": [],
    "license/free": [("permission", "derivative-works", ("weights",), False)],
    "license/asks": [("duty", "contact-developer", ("weights", "outputs"), False)],
    "license/glimpsed": [("prohibition", "commercial-use", ("weights",), False)],
    "license/granted": [("permission", "commercial-use", ("weights",), False)],
    "license/jealous": [
        ("permission", "commercial-use", ("weights", "distillation"), False),
        ("prohibition", "train-other-models", ("outputs",), False),
    ],
    "footnote/closed": [("prohibition", "commercial-use", ("weights", "outputs"), False)],
    "footnote/asks": [("duty", "contact-developer", ("weights",), False)],
    "footnote/limited": [("permission", "commercial-use", ("weights", "outputs"), True)],
}
# of these only a part was read
PARTLY = {"license/glimpsed", "license/granted"}
LICENSES = sorted(name for name in DOCUMENTS if name.startswith("license/"))
FOOTNOTES = sorted(name for name in DOCUMENTS if name.startswith("footnote/"))
# by concern: the term that answers yes, and the one that makes it conditional
CONCERNS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "non-commercial": (("prohibition", "commercial-use"), ("duty", "contact-developer")),
    "train-other-models": (("prohibition", "train-other-models"), ("", "")),
}
# strongest first; "limited" is no term, but a limit on the use
ORDER = ("yes", "conditional", "unknown", "limited", "no")
MAY = {
    "yes": "no",
    "conditional": "conditional",
    "unknown": "unknown",
    "limited": "conditional",
    "no": "yes",
}
TERM_STRENGTH = ("declaredTerm", "inheritedTerm", "outputTerm", "possibleTerm")

Edge = tuple[int, int, str, bool]


@dataclass(frozen=True)
class Statement:
    """A licence statement of one model."""

    licenses: tuple[str, ...]
    joined: str
    certain: bool
    footnotes: tuple[str, ...]


Holding = Statement | None
MODELS = 6
EDGES = st.lists(
    st.tuples(
        st.integers(0, MODELS - 1),
        st.integers(0, MODELS - 1),
        st.sampled_from(sorted(RELATIONS)),
        st.booleans(),
    ).filter(lambda edge: edge[0] != edge[1]),
    max_size=9,
    unique=True,
)
STATEMENTS = st.builds(
    Statement,
    st.lists(st.sampled_from(LICENSES), min_size=1, max_size=3, unique=True).map(tuple),
    st.sampled_from(("all", "any")),
    st.sampled_from((True, True, True, False)),
    st.lists(st.sampled_from(FOOTNOTES), max_size=1).map(tuple),
)
HOLDINGS = st.lists(st.one_of(st.none(), STATEMENTS), min_size=MODELS, max_size=MODELS)


def node(*path: str) -> ox.NamedNode:
    return ox.NamedNode(THING + "/".join(path))


def described(edges: list[Edge], holdings: list[Holding]) -> list[ox.Triple]:
    """The triples that records of these models would give."""
    found: list[ox.Triple] = []

    def say(subject: ox.NamedNode, key: str, value: ox.NamedNode | ox.Literal) -> None:
        found.append(ox.Triple(subject, ox.NamedNode(key if "://" in key else JAG + key), value))

    a = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    label = "http://www.w3.org/2000/01/rdf-schema#label"
    for name, terms in DOCUMENTS.items():
        kind = "License" if name.startswith("license/") else "Footnote"
        say(node(name), a, ox.NamedNode(JAG + kind))
        say(node(name), label, ox.Literal(name))
        if name in PARTLY:
            say(node(name), "read", node("extent", "partly"))
        for number, (rule, action, reaches, threshold) in enumerate(terms, 1):
            term = node(f"{name}#terms.{number}")
            say(node(name), "term", term)
            say(term, "rule", node("rule", rule))
            say(term, "action", node("action", action))
            for reach in reaches:
                say(term, "reach", node("reach", reach))
            if threshold:
                say(term, "threshold", ox.Literal("1M"))
    for number, holding in enumerate(holdings):
        model = node("model", str(number))
        say(model, a, ox.NamedNode(f"{JAG}Model"))
        say(model, label, ox.Literal(f"Model {number}"))
        say(model, "inFamily", model)
        if holding:
            statement = node("model", f"{number}#licenses.1")
            say(model, "licenseStatement", statement)
            say(statement, "statedBy", model)
            for name in holding.licenses:
                say(statement, "license", node(name))
            for name in holding.footnotes:
                say(statement, "footnote", node(name))
            if len(holding.licenses) > 1:
                say(statement, "joined", node("joining", holding.joined))
            if not holding.certain:
                say(statement, "certain", ox.Literal(False))
    for number, (child, parent, relation, certain) in enumerate(edges):
        derivation = node("model", f"{child}#derivations.{number}")
        say(node("model", str(child)), "derivation", derivation)
        say(derivation, "parent", node("model", str(parent)))
        say(derivation, "relation", ox.NamedNode(JAG + relation))
        if not certain:
            say(derivation, "certain", ox.Literal(False))
    return found


def derived(triples: list[ox.Triple]) -> ox.Store:
    """What the rules of the project conclude."""
    store = ox.Store()
    load(store, ONTOLOGY_TRIPLES, ONTOLOGY)
    load(store, triples, ASSERTED)
    apply_rules(store, RULES)
    return store


def terms_of(store: ox.Store) -> set[tuple[int, str, str]]:
    """(model, way, term) by the rules."""
    found = set()
    for way in TERM_STRENGTH:
        for quad in store.quads_for_pattern(None, ox.NamedNode(JAG + way), None, None):
            model = int(quad.subject.value.rpartition("/")[2])
            found.add((model, way, quad.object.value.removeprefix(THING)))
    return found


VERDICTS = """
SELECT ?model ?concern ?answer ?may ?open WHERE {
  ?model jag:verdict ?verdict .
  ?verdict jag:concern ?concern ; jag:answer ?answer ; jag:besideUnknown ?open .
  OPTIONAL { ?verdict jag:useAnswer ?may }
}
"""


def answers_of(store: ox.Store) -> dict[tuple[int, str], tuple[str, str, bool]]:
    """(answer, answer about the use, an unknown beside it) by model and concern, by the rules."""
    found: dict[tuple[int, str], tuple[str, str, bool]] = {}
    for row in EmbeddedStore(store).select(VERDICTS).dicts():
        concern = row["concern"].rpartition("/")[2]
        if concern in CONCERNS:
            key = (int(row["model"].rpartition("/")[2]), concern)
            assert key not in found, "two verdicts on one concern"
            answer, may = (row[name].rpartition("/")[2] for name in ("answer", "may"))
            found[key] = (answer, may, row["open"] == "true")
    return found


def reaching(edges: list[Edge]) -> Iterator[tuple[int, int, int, bool]]:
    """(model, ancestor, the weakest carrier of a path, whether surely), by graph search."""
    graphs: list[nx.DiGraph[tuple[int, int]]] = [nx.DiGraph(), nx.DiGraph()]
    for graph, surely in zip(graphs, (True, False), strict=True):
        graph.add_nodes_from((model, 0) for model in range(MODELS))
        for child, parent, relation, certain in edges:
            if certain or not surely:
                for so_far in range(3):
                    weakest = max(so_far, RELATIONS[relation])
                    graph.add_edge((child, so_far), (parent, weakest))
    for model in range(MODELS):
        sure, possible = (nx.descendants(graph, (model, 0)) for graph in graphs)
        for ancestor, carrier in possible:
            if ancestor != model:
                yield model, ancestor, carrier, (ancestor, carrier) in sure


def silent(document: str, concern: str) -> bool:
    """Whether what was read of a text leaves a concern open."""
    yes, _ = CONCERNS[concern]
    said = {term[:2] for term in DOCUMENTS[document]}
    return document in PARTLY and not said & {yes, ("permission", yes[1])}


def freedom(document: str, concern: str) -> int:
    """How many kinds of answer are freer than that of a licence one may choose."""
    terms = DOCUMENTS[document]
    yes, condition = CONCERNS[concern]
    if any(term[:2] == yes for term in terms):
        return 3
    if not terms or silent(document, concern):
        return 2
    limited = ("permission", yes[1], True)
    return int(any(term[:2] == condition or (*term[:2], term[3]) == limited for term in terms))


def findings(holding: Holding, concern: str) -> Iterator[tuple[str, set[str]]]:
    """What a statement says on a concern, and how far that reaches; every way for an unknown."""
    everywhere = {"weights", "distillation", "outputs"}
    if holding is None:
        yield "unknown", everywhere
        return
    yes, condition = CONCERNS[concern]
    counted: list[str] = []
    if holding.certain:
        several = len(holding.licenses) > 1 and holding.joined == "any"
        best = min(freedom(name, concern) for name in holding.licenses)
        counted = [n for n in holding.licenses if not several or freedom(n, concern) == best]
    else:
        yield "unknown", everywhere
    for name in (*counted, *holding.footnotes):
        if name in counted and (not DOCUMENTS[name] or silent(name, concern)):
            yield "unknown", everywhere
        for rule, action, reaches, threshold in DOCUMENTS[name]:
            if (rule, action) == yes:
                yield "yes", set(reaches)
            elif (rule, action) == condition:
                yield "conditional", set(reaches)
            elif (rule, action) == ("permission", yes[1]) and threshold:
                yield "limited", set(reaches)
    spoken = [name for name in counted if DOCUMENTS[name] and not silent(name, concern)]
    if any(yes not in {term[:2] for term in DOCUMENTS[name]} for name in spoken):
        yield "no", {"weights"}


def expected_answers(
    edges: list[Edge], holdings: list[Holding]
) -> dict[tuple[int, str], tuple[str, str, bool]]:
    """The answers without SPARQL, rule or index."""
    found = {}
    ways = list(reaching(edges))
    for concern in CONCERNS:
        for model in range(MODELS):
            said = [answer for answer, _ in findings(holdings[model], concern)]
            for child, ancestor, carrier, surely in ways:
                if child == model:
                    for answer, reaches in findings(holdings[ancestor], concern):
                        if reaches & PASSING[carrier]:
                            open_ = not surely and answer not in ("no", "limited")
                            said.append("unknown" if open_ else answer)
            if said:
                strongest = min(said, key=ORDER.index)
                beside = "unknown" in said and strongest != "unknown"
                answer = "no" if strongest == "limited" else strongest
                found[model, concern] = (answer, MAY[strongest], beside)
    return found


def expected_terms(edges: list[Edge], holdings: list[Holding]) -> set[tuple[int, str, str]]:
    """Which terms bind which model and how, without SPARQL or rule."""
    found = set()
    own = [(model, model, -1, True) for model in range(MODELS)]
    for model, holder, carrier, surely in (*own, *reaching(edges)):
        holding = holdings[holder]
        if holding is None:
            continue
        chosen = len(holding.licenses) > 1 and holding.joined == "any"
        for name in (*holding.licenses, *holding.footnotes):
            binds = name in holding.footnotes or (holding.certain and not chosen)
            for number, (_, _, reaches, _) in enumerate(DOCUMENTS[name], 1):
                if carrier < 0 or PASSING[carrier] & set(reaches):
                    way = ("declaredTerm", "inheritedTerm", "outputTerm", "outputTerm")[carrier + 1]
                    sure = binds and surely
                    found.add((model, way if sure else "possibleTerm", f"{name}#terms.{number}"))
    return found


@settings(max_examples=100)
@given(EDGES, HOLDINGS)
def test_rules_agree_with_an_independent_computation(
    edges: list[Edge], holdings: list[Holding]
) -> None:
    store = derived(described(edges, holdings))
    assert terms_of(store) == expected_terms(edges, holdings)
    assert answers_of(store) == expected_answers(edges, holdings)


REACHED = "SELECT ?model ?statement { ?model jag:%s ?statement }"
DECIDED = """
SELECT ?model ?verdict ?answer ?basis ?may ?reason WHERE {
  ?model jag:verdict ?verdict .
  ?verdict jag:answer ?answer ; jag:basis ?basis ; jag:reason ?reason .
  OPTIONAL { ?verdict jag:useAnswer ?may }
}
"""


@settings(max_examples=60)
@given(EDGES, HOLDINGS)
def test_the_index_agrees_with_the_rules(edges: list[Edge], holdings: list[Holding]) -> None:
    store = EmbeddedStore(derived(described(edges, holdings)))

    def pairs(key: str) -> list[tuple[int, str]]:
        rows = store.select(REACHED % key).dicts()
        return [(int(row["model"].rpartition("/")[2]), row["statement"]) for row in rows]

    sets = Sets()
    decisions = Decisions(store, sets)
    child, parent, kind = [], [], []
    for name, carrier in CARRIERS:
        for model, above in pairs(name):
            child.append(model)
            parent.append(int(above.rpartition("/")[2]))
            kind.append(carrier)
    stated = dict(pairs("licenseStatement"))
    own = [sets.number([decisions.statement(stated[model])]) for model in range(MODELS)]
    descent = Descent(Edges.of(MODELS, child, parent, kind), own, sets)
    profiles = [descent.profiles[number] for number in descent.profile]
    for place, key in enumerate(WAYS):
        by_index = {
            (model, decisions.statements[one])
            for model, profile in enumerate(profiles)
            for one in sets[profile.reached[place]]
        }
        assert by_index == set(pairs(key)), key
    decided = {
        (f"{THING}model/{model}", one.iri, one.answer, one.basis, one.use_answer, one.reason)
        for model, profile in enumerate(profiles)
        for one in (decisions.verdicts[number] for number in decisions.decide(profile))
    }
    names = ("model", "verdict", "answer", "basis", "may", "reason")
    by_rules = {tuple(row[name] for name in names) for row in store.select(DECIDED).dicts()}
    assert decided == by_rules


@settings(max_examples=40)
@given(EDGES, HOLDINGS)
def test_a_proof_leads_to_what_decides_by_edges_that_carry_it(
    edges: list[Edge], holdings: list[Holding]
) -> None:
    store = EmbeddedStore(derived(described(edges, holdings)))
    judge = Judge(store, SourceMap())
    there = {
        (f"Model {child}", relation, f"Model {parent}", certain)
        for child, parent, relation, certain in edges
    }
    for model in range(MODELS):
        iri = f"{THING}model/{model}"
        for verdict in judge.judge(iri, ("commercial",)).verdicts:
            steps = [(s.child, s.relation, s.parent, s.certain) for s in verdict.path]
            assert set(steps) <= there
            ends = [f"Model {model}", *(step[2] for step in steps)]
            assert [step[0] for step in steps] == ends[:-1]
            holder = holdings[int(ends[-1].split()[1])]
            weakest = max((RELATIONS[step[1]] for step in steps), default=0)
            said = findings(holder, "non-commercial")
            passing = [one for one, reach in said if not steps or reach & PASSING[weakest]]
            surely = all(step[3] for step in steps)
            weaker = {one if surely or one in ("no", "limited") else "unknown" for one in passing}
            assert verdict.answer in {MAY[one] for one in weaker}


@settings(max_examples=30)
@given(EDGES, HOLDINGS, EDGES)
def test_adding_a_parent_never_removes_a_term_nor_frees_a_use(
    edges: list[Edge], holdings: list[Holding], more: list[Edge]
) -> None:
    added = [*edges, *(edge for edge in more if edge not in edges)]
    before, after = (derived(described(some, holdings)) for some in (edges, added))
    assert {(m, term) for m, _, term in terms_of(before)} <= {
        (m, term) for m, _, term in terms_of(after)
    }
    later = answers_of(after)
    for key, (answer, may, _) in answers_of(before).items():
        assert ORDER.index(later[key][0]) <= ORDER.index(answer)
        assert may == "yes" or later[key][1] != "yes"


DATASETS = st.lists(
    st.tuples(
        st.integers(0, 5), st.integers(0, 5), st.sampled_from(("madeFrom", "versionOf", "partOf"))
    ).filter(lambda edge: edge[0] != edge[1]),
    max_size=9,
    unique=True,
)


@settings(max_examples=60)
@given(DATASETS)
def test_a_dataset_is_within_what_it_surely_took_from(edges: list[tuple[int, int, str]]) -> None:
    """Products of products, of their versions and of wholes; never back to "made from"."""
    triples = [
        ox.Triple(
            node("dataset", str(child)), ox.NamedNode(JAG + relation), node("dataset", str(p))
        )
        for child, p, relation in edges
    ]
    found = {
        (quad.subject.value, quad.object.value)
        for quad in derived(triples).quads_for_pattern(
            None, ox.NamedNode(f"{JAG}datasetWithin"), None, None
        )
    }
    walk: nx.DiGraph[tuple[int, bool]] = nx.DiGraph()
    walk.add_nodes_from((dataset, False) for dataset in range(6))
    for child, parent, relation in edges:
        if relation == "madeFrom":
            walk.add_edge((child, False), (parent, False))
        else:
            walk.add_edge((child, False), (parent, True))
            walk.add_edge((child, True), (parent, True))
    expected_ = {
        (node("dataset", str(child)).value, node("dataset", str(whole)).value)
        for child in range(6)
        for whole, _ in nx.descendants(walk, (child, False))
        if whole != child
    }
    assert found == expected_


def test_terms_of_a_footnote_and_of_its_licence_are_told_apart() -> None:
    """Term 1 of the licence and term 1 of the footnote say the same: two findings, two reasons."""
    holding = Statement(("license/closed",), "all", True, ("footnote/closed",))
    store = EmbeddedStore(derived(described([], [holding, *[None] * (MODELS - 1)])))
    query = """
    SELECT ?finding ?reason { ?finding a jag:Finding ;
      jag:answer <https://w3id.org/jagraph/answer/yes> ;
      jag:reason ?reason ; jag:concern <https://w3id.org/jagraph/concern/non-commercial> }
    """
    rows = list(store.select(query).dicts())
    assert sorted(row["reason"] for row in rows) == ["footnote/closed", "license/closed"]
    assert len({row["finding"] for row in rows}) == 2


def test_a_joined_licence_is_cited_for_its_own_condition_only() -> None:
    holding = Statement(("license/asks", "license/free"), "all", True, ())
    store = EmbeddedStore(derived(described([], [holding, *[None] * (MODELS - 1)])))
    query = """
    SELECT ?license { ?finding a jag:Finding ;
      jag:answer <https://w3id.org/jagraph/answer/conditional> ;
      jag:findingLicense ?license }
    """
    assert [row["license"] for row in store.select(query).dicts()] == [f"{THING}license/asks"]


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
