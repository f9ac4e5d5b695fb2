"""A card shows every statement with its words, its cell and its line."""

from __future__ import annotations

import json

import pytest

from jagraph.core.namespaces import iri
from jagraph.graph.cache import Graph
from jagraph.records.context import read_context
from jagraph.views import cards


def card(graph: Graph, namespace: str, identifier: str) -> cards.Card:
    context = read_context(graph.project.context)
    return cards.card(iri(namespace, identifier), graph.store, graph.sources(), context)


def test_family_holds_the_cards_of_its_models(tiny: Graph) -> None:
    found = card(tiny, "family", "ume")
    assert [model.name for model in found.models] == ["Ume-7b", "Ume-7b-chat", "Ume-7b-gguf"]
    assert found.position is not None
    assert found.position.file.as_posix() == "data/models/ume.yaml"


def test_every_statement_of_the_record_is_on_the_card(tiny: Graph) -> None:
    facts = [fact for fact in card(tiny, "family", "ume").facts if fact.words]
    record = (tiny.project.data / "models/ume.yaml").read_text(encoding="utf-8")
    assert len(facts) == record.count("words:")
    assert all(fact.stated and fact.position for fact in facts)


def test_conclusions_name_every_concern(tiny: Graph) -> None:
    (model,) = card(tiny, "family", "matsu").models
    assert {fact.key for fact in model.concluded} == {
        *("non-commercial", "share-alike", "naming", "train-other-models"),
        *("use-restrictions", "attribution", "distribution", "derivative-works"),
    }
    # no licence is stated, and what it comes from is no excuse: nothing is concluded to be "no"
    assert all(not fact.value.startswith("no ") for fact in model.concluded)


def test_related_runs_both_ways(tiny: Graph) -> None:
    found = card(tiny, "model", "ume-7b").related
    assert ("comes from", "Mountain-7b") in found
    assert ("leads to", "Take-7b") in found


@pytest.mark.parametrize("kind", ["license/mountain", "dataset/encyclopedia", "footnote/ask-first"])
def test_other_kinds_have_cards_too(kind: str, tiny: Graph) -> None:
    found = card(tiny, *kind.split("/"))
    text = cards.as_text(found)
    assert text.startswith(found.name)
    assert json.loads(cards.as_json(found))["name"] == found.name
