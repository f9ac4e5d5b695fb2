"""The rules on random graphs, against an independent computation and against the index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import networkx as nx
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.project import ROOT

from jagraph.core.namespaces import ASSERTED, DERIVED, ONTOLOGY, RDF_TYPE
from jagraph.core.project import find_project
from jagraph.domain.verdicts import USES as ALL_USES
from jagraph.domain.verdicts import Judge
from jagraph.graph.build import build
from jagraph.graph.export import export
from jagraph.inference.array_decisions import Decisions
from jagraph.inference.array_engine import Descent, Edges, Names, Sets
from jagraph.inference.channels import WAYS, read_carriers
from jagraph.inference.decision_triples import decision_triples
from jagraph.inference.sparql_rules import LAYERS, apply_rules, load
from jagraph.inference.use_answers import GAPS
from jagraph.records.context import read_context
from jagraph.records.source_map import SourceMap
from jagraph.store.base import EmbeddedStore

pytestmark = pytest.mark.slow


THING = "https://w3id.org/jagraph/"
JAG = f"{THING}vocab#"
RULES = sorted((ROOT / "ontology/rules").glob("*.rq"))
# what the rules read of the ontology; they are quick without the words that explain it
EXPLAINS = ("#definition", "#isDefinedBy", "domainIncludes", "rangeIncludes")
ONTOLOGY_TRIPLES = [
    quad.triple
    for quad in ox.parse((ROOT / "ontology/jagraph.ttl").read_bytes(), ox.RdfFormat.TURTLE)
    if not quad.predicate.value.endswith(EXPLAINS)
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
# (rule, action, reaches, other keys) of the terms of each document
Term = tuple[str, str, tuple[str, ...], dict[str, str]]
RESEARCH, RELEASE = {"purpose": "purpose/research"}, {"due": "occasion/release"}
DOCUMENTS: dict[str, list[Term]] = {
    "license/closed": [("prohibition", "commercial-use", ("weights",), {})],
    "license/far": [("prohibition", "commercial-use", ("weights", "outputs"), {})],
    "license/taught": [("prohibition", "commercial-use", ("weights", "distillation"), {})],
    "license/unread": [],
    "license/free": [
        ("permission", "use", ("weights", "distillation"), {}),
        ("permission", "distribution", ("weights",), {}),
        ("permission", "derivative-works", ("weights",), {}),
    ],
    "license/asks": [("condition", "ask-first", ("weights", "outputs"), {})],
    "license/glimpsed": [("prohibition", "commercial-use", ("weights",), {})],
    "license/granted": [
        ("permission", "use", ("weights",), {}),
        ("permission", "distribution", ("weights",), RESEARCH),
    ],
    "license/jealous": [
        ("permission", "use", ("weights", "distillation"), RESEARCH),
        ("prohibition", "train-other-models", ("outputs",), {}),
    ],
    "license/alike": [
        ("permission", "distribution", ("weights",), {}),
        ("permission", "derivative-works", ("weights",), {}),
        ("duty", "share-alike", ("weights",), RELEASE),
    ],
    "license/alike-too": [
        ("permission", "distribution", ("weights",), {}),
        ("duty", "share-alike", ("weights",), RELEASE),
        ("duty", "naming", ("weights",), RELEASE),
    ],
    "license/watched": [
        ("permission", "use", ("weights",), {}),
        ("duty", "use-policy", ("weights",), RELEASE),
    ],
    "license/watched-too": [
        ("permission", "distribution", ("weights",), {}),
        ("duty", "use-policy", ("weights",), RELEASE),
    ],
    "license/account": [("prohibition", "train-other-models", ("weights", "outputs"), {})],
    "footnote/closed": [("prohibition", "commercial-use", ("weights", "outputs"), {})],
    "footnote/asks": [("condition", "ask-first", ("weights",), {})],
}
# how much of each was read, where that is not the whole text
EXTENTS = {"license/glimpsed": "partly", "license/granted": "partly", "license/unread": "no"}
# the terms of a service; what may become what; and who has whose use policy
SERVICE = "license/account"
BECOMES = ("license/alike", "license/alike-too")
POLICIES = {"license/watched": "one", "license/watched-too": "one"}
LICENSES = sorted(name for name in DOCUMENTS if name.startswith("license/"))
FOOTNOTES = sorted(name for name in DOCUMENTS if name.startswith("footnote/"))
# by concern: the term that answers yes, the one that makes it conditional, and what frees it
CONCERNS: dict[str, tuple[tuple[str, str], tuple[str, str], str]] = {
    "non-commercial": (("prohibition", "commercial-use"), ("condition", "ask-first"), "use"),
    "train-other-models": (
        ("prohibition", "train-other-models"),
        ("", ""),
        "train-other-models",
    ),
}
# strongest first
ORDER = ("yes", "conditional", "unknown", "no")
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


@dataclass(frozen=True)
class World:
    """Models with their derivations, licences, developers, and parents that are not recorded."""

    edges: list[Edge]
    holdings: list[Holding]
    developers: list[frozenset[str]]
    gaps: frozenset[int] = frozenset()

    def hands_over(self, child: int, parent: int) -> bool:
        """Whether a parent's own licence comes along: the child is another licensor."""
        above = self.developers[parent]
        return not above or bool(above - self.developers[child])


NOBODY: list[frozenset[str]] = [frozenset()] * MODELS
DEVELOPERS = st.lists(
    st.frozensets(st.sampled_from(("one", "two"))), min_size=MODELS, max_size=MODELS
)
WORLDS = st.builds(
    World,
    EDGES,
    HOLDINGS,
    DEVELOPERS,
    st.frozensets(st.integers(0, 3 * MODELS)).map(lambda some: some & set(range(MODELS))),
)


def node(*path: str) -> ox.NamedNode:
    return ox.NamedNode(THING + "/".join(path))


def described(world: World) -> list[ox.Triple]:
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
        if kind == "License":
            class_ = "service-terms" if name == SERVICE else "restricted"
            say(node(name), "licenseClass", node("license-class", class_))
            say(node(name), "read", node("extent", EXTENTS.get(name, "whole")))
        if name in POLICIES:
            say(node(name), "policy", ox.Literal(POLICIES[name]))
        for number, (rule, action, reaches, keys) in enumerate(terms, 1):
            term = node(f"{name}#terms.{number}")
            say(node(name), "term", term)
            say(term, "rule", node("rule", rule))
            say(term, "action", node("action", action))
            for reach in reaches:
                say(term, "reach", node("reach", reach))
            for key, value in keys.items():
                say(term, key, node(value))
    say(node(BECOMES[0]), "mayBecome", node(BECOMES[1]))
    for number, holding in enumerate(world.holdings):
        model = node("model", str(number))
        say(model, a, ox.NamedNode(f"{JAG}Model"))
        say(model, label, ox.Literal(f"Model {number}"))
        say(model, "inFamily", model)
        for developer in sorted(world.developers[number]):
            say(model, "developedBy", node("developer", developer))
        if number in world.gaps:
            gap = node("model", f"{number}#derivations.gap")
            say(model, "derivation", gap)
            say(gap, "furtherParents", node("further-parents", "unknown"))
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
    for number, (child, parent, relation, certain) in enumerate(world.edges):
        derivation = node("model", f"{child}#derivations.{number}")
        say(node("model", str(child)), "derivation", derivation)
        say(derivation, "parent", node("model", str(parent)))
        say(derivation, "relation", ox.NamedNode(JAG + relation))
        if not certain:
            say(derivation, "certain", ox.Literal(False))
    return found


def alone(holding: Holding) -> World:
    """One model with a licence statement, and others without."""
    return World([], [holding, *[None] * (MODELS - 1)], NOBODY)


def derived(triples: list[ox.Triple], last: str = LAYERS[-1]) -> ox.Store:
    """What the rules of the project conclude, up to the layer ``last``."""
    store = ox.Store()
    load(store, ONTOLOGY_TRIPLES, ONTOLOGY)
    load(store, triples, ASSERTED)
    apply_rules(store, RULES, last)
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
SELECT ?model ?concern ?answer ?open WHERE {
  ?model jag:verdict ?verdict .
  ?verdict jag:concern ?concern ; jag:answer ?answer ; jag:besideUnknown ?open .
}
"""


def answers_of(store: ox.Store) -> dict[tuple[int, str], tuple[str, bool]]:
    """(answer, an unknown beside it) by model and concern, by the rules."""
    found: dict[tuple[int, str], tuple[str, bool]] = {}
    for row in EmbeddedStore(store).select(VERDICTS).dicts():
        concern = row["concern"].rpartition("/")[2]
        if concern in CONCERNS:
            key = (int(row["model"].rpartition("/")[2]), concern)
            assert key not in found, "two verdicts on one concern"
            found[key] = (row["answer"].rpartition("/")[2], row["open"] == "true")
    return found


def reaching(world: World) -> Iterator[tuple[int, int, int, bool]]:
    """(model, ancestor, the weakest carrier of a path, whether surely), by graph search.

    The last edge of the path hands the ancestor's licence over.
    """
    graphs: list[nx.DiGraph[tuple[int, int, bool]]] = [nx.DiGraph(), nx.DiGraph()]
    for graph, surely in zip(graphs, (True, False), strict=True):
        graph.add_nodes_from((model, 0, False) for model in range(MODELS))
        for child, parent, relation, certain in world.edges:
            if certain or not surely:
                for so_far in range(3):
                    weakest = max(so_far, RELATIONS[relation])
                    graph.add_edge((child, so_far, False), (parent, weakest, False))
                    if world.hands_over(child, parent):
                        graph.add_edge((child, so_far, False), (parent, weakest, True))
    for model in range(MODELS):
        sure, possible = (nx.descendants(graph, (model, 0, False)) for graph in graphs)
        for ancestor, carrier, handed in possible:
            if handed and ancestor != model:
                yield model, ancestor, carrier, (ancestor, carrier, True) in sure


def silent(document: str, concern: str) -> bool:
    """Whether what was read of a text leaves a concern open."""
    yes, _, freeing = CONCERNS[concern]
    frees = any(term[:2] == ("permission", freeing) and not term[3] for term in DOCUMENTS[document])
    return document in EXTENTS and not frees and yes not in {t[:2] for t in DOCUMENTS[document]}


def freedom(document: str, concern: str) -> int:
    """How many kinds of answer are freer than that of a licence one may choose."""
    terms = {term[:2] for term in DOCUMENTS[document]}
    yes, condition, _ = CONCERNS[concern]
    if yes in terms:
        return 3
    return 2 if not terms or silent(document, concern) else int(condition in terms)


def findings(holding: Holding, concern: str) -> Iterator[tuple[str, set[str]]]:
    """What a statement says on a concern, and how far that reaches; every way for an unknown."""
    everywhere = {"weights", "distillation", "outputs"}
    if holding is None:
        yield "unknown", everywhere
        return
    yes, condition, _ = CONCERNS[concern]
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
        for rule, action, reaches, _ in DOCUMENTS[name]:
            if (rule, action) == yes:
                yield "yes", set(reaches)
            elif (rule, action) == condition:
                yield "conditional", set(reaches)
    spoken = [name for name in counted if DOCUMENTS[name] and not silent(name, concern)]
    if any(yes not in {term[:2] for term in DOCUMENTS[name]} for name in spoken):
        yield "no", {"weights"}


def expected_answers(world: World) -> dict[tuple[int, str], tuple[str, bool]]:
    """The answers without SPARQL, rule or index."""
    found = {}
    ways = list(reaching(world))
    for concern in CONCERNS:
        for model in range(MODELS):
            said = [answer for answer, _ in findings(world.holdings[model], concern)]
            for child, ancestor, carrier, surely in ways:
                if child == model:
                    for answer, reaches in findings(world.holdings[ancestor], concern):
                        if reaches & PASSING[carrier]:
                            said.append(answer if surely or answer == "no" else "unknown")
            if said:
                strongest = min(said, key=ORDER.index)
                found[model, concern] = (strongest, "unknown" in said and strongest != "unknown")
    return found


def expected_terms(world: World) -> set[tuple[int, str, str]]:
    """Which terms bind which model and how, without SPARQL or rule."""
    found = set()
    own = [(model, model, -1, True) for model in range(MODELS)]
    for model, holder, carrier, surely in (*own, *reaching(world)):
        holding = world.holdings[holder]
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
@given(WORLDS)
def test_rules_agree_with_an_independent_computation(world: World) -> None:
    store = derived(described(world))
    assert terms_of(store) == expected_terms(world)
    assert answers_of(store) == expected_answers(world)


USES = """
SELECT ?model ?use ?rank ?otherwise ?way ?supposes ?code ?from WHERE {
  ?model jag:useAnswer ?answer .
  ?answer jag:use/skos:notation ?use ; jag:may/jag:rank ?rank ; jag:reachedBy ?by .
  ?by skos:notation ?way .
  OPTIONAL { ?by jag:supposes ?supposes }
  OPTIONAL { ?answer jag:otherwise/jag:rank ?otherwise }
  OPTIONAL { ?answer jag:messageCode ?code }
  OPTIONAL { ?answer jag:decidedFrom ?from }
}
"""


def uses_of(store: ox.Store) -> dict[tuple[int, str], dict[str, str]]:
    """What answers a use, by model and use; every model has one answer per use."""
    rows = list(EmbeddedStore(store).select(USES).dicts())
    found = {(int(row["model"].rpartition("/")[2]), row["use"]): row for row in rows}
    assert len(found) == len(rows) == MODELS * len(ALL_USES)
    return found


DECISIONS = {f"{JAG}{name}" for name in ("Verdict", "UseAnswer", "Conflict")}
OF_MODELS = {
    f"{JAG}{name}" for name in ("verdict", "useAnswer", "possibleConflict", "addsUp", *WAYS)
}


def by_arrays(store: EmbeddedStore) -> list[ox.Triple]:
    """What arrays conclude of the models in ``store``, and of the decisions on them."""
    numbers = {node("model", str(number)).value: number for number in range(MODELS)}
    sets, names = Sets(), Names()
    own: list[set[int]] = [set() for _ in range(MODELS)]
    for row in store.select("SELECT ?m ?s { ?m a jag:Model ; jag:licenseStatement ?s }").dicts():
        own[numbers[row["m"]]].add(names.number(row["s"]))
    edges = [(numbers[a], numbers[b], kind) for a, b, kind in read_carriers(store)]
    gaps = {
        numbers[row["model"]]: sets.number([names.number(row["model"])])
        for row in store.select(GAPS).dicts()
    }
    columns = ([edge[place] for edge in edges] for place in range(3))
    descent = Descent(Edges.of(MODELS, *columns), [sets.number(one) for one in own], sets, gaps)
    decisions = Decisions(store, sets, names)
    decided = [decisions.decide(profile) for profile in descent.profiles]
    found = decision_triples(decided)
    for model, number in numbers.items():
        profile, one = descent.profiles[descent.profile[number]], decided[descent.profile[number]]
        said: dict[str, Iterable[str]] = {
            "verdict": [verdict.iri for verdict in one.verdicts],
            "useAnswer": [answer.iri for answer in one.answers],
            "possibleConflict": {conflict.iri for conflict in one.conflicts},
            "addsUp": one.adds_up,
        }
        for way, statements in zip(WAYS, profile.reached, strict=True):
            said[way] = [names[statement] for statement in sets[statements]]
        found += [
            ox.Triple(ox.NamedNode(model), ox.NamedNode(JAG + key), ox.NamedNode(value))
            for key, values in said.items()
            for value in values
        ]
    return found


@settings(max_examples=60)
@given(WORLDS)
def test_arrays_agree_with_the_rules(world: World) -> None:
    """What arrays conclude takes the place of what the rules do; the reasons are those of rules."""
    ruled = derived(described(world), last=LAYERS[-2])
    store = ox.Store()
    store.extend(ruled)
    decisions = {
        quad.subject
        for quad in store.quads_for_pattern(None, ox.NamedNode(RDF_TYPE), None, None)
        if quad.object.value in DECISIONS
    }
    for quad in store:
        if quad.subject in decisions or quad.predicate.value in OF_MODELS:
            store.remove(quad)
    load(store, by_arrays(EmbeddedStore(store)), DERIVED)
    for one in (ruled, store):
        apply_rules(one, RULES, first=LAYERS[-1])
    ours, theirs = ({str(quad) for quad in one} for one in (store, ruled))
    assert not ours - theirs
    assert not theirs - ours


@settings(max_examples=40)
@given(WORLDS)
def test_a_proof_leads_to_what_decides_by_edges_that_carry_it(world: World) -> None:
    ruled = derived(described(world))
    judge = Judge(EmbeddedStore(ruled), SourceMap())
    there = {
        (f"Model {child}", relation, f"Model {parent}", certain)
        for child, parent, relation, certain in world.edges
    }
    ways = ("weights", "distillation", "outputs")
    decided = uses_of(ruled)
    for model in range(MODELS):
        for verdict in judge.judge(f"{THING}model/{model}", ALL_USES).verdicts:
            steps = [(s.child, s.relation, s.parent, s.certain) for s in verdict.path]
            assert set(steps) <= there
            ends = [f"Model {model}", *(step[2] for step in steps)]
            assert [step[0] for step in steps] == ends[:-1]
            row = decided[model, verdict.use]
            if row["code"] == "answer-cannot-both":
                assert not steps
                continue
            assert ends[-1].split()[1] == row["from"].rpartition("/")[2]
            assert bool(steps) == (row["way"] != "own" and ends[-1] != ends[0])
            if steps:
                weakest = ways[max(RELATIONS[step[1]] for step in steps)]
                assert weakest == (row["supposes"].rpartition("/")[2] or row["way"])
                is_gap = row["code"] == "answer-further-parents"
                assert row["supposes"] or is_gap or all(step[3] for step in steps)


@settings(max_examples=30)
@given(WORLDS, EDGES)
def test_adding_a_parent_never_removes_a_term_nor_frees_a_use(
    world: World, more: list[Edge]
) -> None:
    added = replace(world, edges=[*world.edges, *(e for e in more if e not in world.edges)])
    before, after = (derived(described(one)) for one in (world, added))
    assert {(m, term) for m, _, term in terms_of(before)} <= {
        (m, term) for m, _, term in terms_of(after)
    }
    later = answers_of(after)
    for key, (answer, _) in answers_of(before).items():
        assert ORDER.index(later[key][0]) <= ORDER.index(answer)
    used = uses_of(after)
    for one, row in uses_of(before).items():
        # a supposed derivation that is sure now may settle what was not known
        assert used[one]["rank"] <= max(row["rank"], row["otherwise"])


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
    store = EmbeddedStore(derived(described(alone(holding))))
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
    store = EmbeddedStore(derived(described(alone(holding))))
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
