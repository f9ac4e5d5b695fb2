"""Walks over the derivation graph: up, down, depth, paths, cycles."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jagraph.core.errors import RequestError
from jagraph.core.namespaces import iri
from jagraph.domain.lineage import Edge, Lineage, Model
from jagraph.graph.cache import Graph
from jagraph.query.binding import run
from jagraph.query.catalogue import find_query


def names(found: Lineage) -> set[str]:
    return {model.name for model in found.models.values()}


@pytest.fixture(scope="module")
def everything(tiny: Graph) -> Lineage:
    return Lineage.read(tiny.store)


def test_down_reaches_through_merge_and_diamond(everything: Lineage) -> None:
    found = everything.walk([iri("family", "mountain")], "down")
    assert names(found) == {
        "Mountain-7b",
        "Mountain-70b",
        "Ume-7b",
        "Ume-7b-chat",
        "Ume-7b-gguf",
        "Matsu-7b",
        "Take-7b",
        "Hana-7b",
        "Hana-open",
        "Kiku-70b",
        "Sora-1b",
    }


def test_outputs_are_no_descent_in_the_graph(tiny: Graph) -> None:
    assert not tiny.store.ask("ASK { model:sora-1b jag:descendsFrom ?any }")


def test_up_of_a_merge_has_both_parents(everything: Lineage) -> None:
    found = everything.walk([iri("model", "hana-7b")], "up")
    assert names(found) == {"Hana-7b", "Matsu-7b", "Take-7b", "Ume-7b", "Mountain-7b"}
    assert dict(found.depths)[iri("model", "mountain-7b")] == 3


def test_depth_bounds_the_walk(everything: Lineage) -> None:
    found = everything.walk([iri("model", "hana-7b")], "up", 1)
    assert names(found) == {"Hana-7b", "Matsu-7b", "Take-7b"}


def test_path_goes_either_way(everything: Lineage) -> None:
    down = everything.path(iri("family", "mountain"), iri("model", "hana-7b"))
    up = everything.path(iri("model", "hana-7b"), iri("family", "mountain"))
    assert down.edges == up.edges
    assert len(up.edges) == 3


def test_no_path_is_said(everything: Lineage) -> None:
    with pytest.raises(RequestError, match="neither descends"):
        everything.path(iri("model", "kiku-70b"), iri("model", "hana-7b"))


def test_withdrawn_model_is_marked(everything: Lineage) -> None:
    assert everything.models[iri("model", "take-7b")].withdrawn


EDGES = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=25, unique=True)


@given(EDGES)
def test_walks_agree_with_reachability_and_survive_cycles(pairs: list[tuple[int, int]]) -> None:
    models = {str(n): Model(str(n), str(n), "f", "F") for n in range(10)}
    lineage = Lineage(models, tuple(Edge(str(a), str(b), "fineTunedFrom") for a, b in pairs))
    graph = nx.DiGraph([(str(a), str(b)) for a, b in pairs])
    graph.add_nodes_from(models)
    for start in models:
        assert set(lineage.walk([start], "up").models) == {start} | nx.descendants(graph, start)
        assert set(lineage.walk([start], "down").models) == {start} | nx.ancestors(graph, start)
    in_loops = {model for loop in lineage.cycles() for model in loop}
    assert in_loops == {
        node
        for node in graph
        if any(node == child or node in nx.descendants(graph, child) for child in graph[node])
    }


def below(live: Graph, base: str, follow: str) -> set[str]:
    rows = run(
        find_query(live.project, "descendants"), {"base": base, "follow": follow}, live.store
    )
    return {row["model"].rpartition("/")[2] for row in rows.dicts()}


def test_descendants_follow_distillation_unless_weights_alone_are_asked_for(live: Graph) -> None:
    """The list: Kotoba-Whisper and Bandai Namco's DistilBERT were distilled from these two."""
    for base, student in (
        ("whisper-large-v3", "kotoba-whisper-v1.0"),
        ("bert-base-japanese-whole-word-masking", "distilbert-base-japanese"),
    ):
        both, weights = (below(live, base, follow) for follow in ("distillation", "weights"))
        assert student in both
        assert student not in weights
        assert weights < both


def test_a_version_is_not_made_of_what_another_version_is_made_of(live: Graph) -> None:
    """The list names The Pile, mC4 and The Stack for version 1 of the llm-jp corpus alone."""
    saved = find_query(live.project, "trained-on")
    for dataset in ("the-pile", "mc4-ja", "the-stack"):
        rows = run(saved, {"dataset": dataset}, live.store).dicts()
        datasets = {row["dataset"].rpartition("/")[2] for row in rows}
        assert not [
            one for one in datasets if one.startswith(("llm-jp-corpus-v2", "llm-jp-corpus-v3"))
        ]
    versions = {
        row["dataset"].rpartition("/")[2]
        for row in run(saved, {"dataset": "llm-jp-corpus"}, live.store).dicts()
    }
    assert {"llm-jp-corpus", "llm-jp-corpus-v2", "llm-jp-corpus-v3"} <= versions
