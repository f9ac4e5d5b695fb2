"""A card shows every statement with its words, its cell and its line."""

from __future__ import annotations

import json

import pytest

from jagraph.core.namespaces import iri
from jagraph.graph.cache import Graph
from jagraph.records.context import read_context
from jagraph.views.card_text import as_json, as_text
from jagraph.views.cards import Card, CardSource


def card(graph: Graph, namespace: str, identifier: str) -> Card:
    context = read_context(graph.project.context)
    source = CardSource(graph.store, graph.sources(), context)
    return source.plain_card(iri(namespace, identifier))


def test_family_holds_the_cards_of_its_models(tiny: Graph) -> None:
    found = card(tiny, "family", "ume")
    assert [model.name for model in found.models] == ["Ume-7b", "Ume-7b-chat", "Ume-7b-gguf"]
    assert found.position is not None
    assert found.position.file.as_posix() == "data/models/ume.yaml"


def test_every_statement_of_the_record_is_on_the_card(tiny: Graph) -> None:
    proofs = [
        statement.proof
        for fact in card(tiny, "family", "ume").facts
        for statement in fact.statements
        if statement.proof.words
    ]
    record = (tiny.project.data / "models/ume.yaml").read_text(encoding="utf-8")
    assert len(proofs) == record.count("words:")
    assert all(proof.stated and proof.position for proof in proofs)


def test_conclusions_name_every_concern(tiny: Graph) -> None:
    (model,) = card(tiny, "family", "matsu").models
    assert {conclusion.concern for conclusion in model.concluded} == {
        *("non-commercial", "share-alike", "naming", "train-other-models"),
        *("use-restrictions", "attribution", "distribution", "derivative-works"),
    }
    # no licence is stated, and what it comes from is no excuse: nothing is concluded to be "no"
    assert all(conclusion.answer != "no" for conclusion in model.concluded)


def test_related_runs_both_ways(tiny: Graph) -> None:
    ume = card(tiny, "model", "ume-7b")
    assert "Mountain-7b" in [kin.other.text for kin in ume.parents]
    assert "Take-7b" in [kin.other.text for kin in ume.children]


def test_a_model_has_what_its_family_says_for_it(tiny: Graph) -> None:
    take = card(tiny, "model", "take-7b")
    status = take.fact("status")
    assert status is not None
    (statement,) = status.statements
    assert statement.cells("status")[0].text == "withdrawn"
    assert str(statement.proof.position).startswith("data/models/take.yaml:3:")
    assert {"developers", "licenses"} <= {fact.key for fact in take.facts}


@pytest.mark.parametrize("kind", ["license/mountain", "dataset/encyclopedia", "footnote/ask-first"])
def test_other_kinds_have_cards_too(kind: str, tiny: Graph) -> None:
    found = card(tiny, *kind.split("/"))
    text = as_text(found)
    assert text.startswith(found.name)
    assert json.loads(as_json(found))["name"] == found.name
