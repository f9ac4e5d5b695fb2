"""A card shows every statement with its words, its cell and its line."""

from __future__ import annotations

import json

import pytest
from tests.support.ontology import concepts

from jagraph.core.namespaces import iri
from jagraph.domain.verdict_text import WORDS
from jagraph.domain.verdicts import USES, Judge
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


def test_conclusions_answer_every_use_and_every_concern(tiny: Graph) -> None:
    (model,) = card(tiny, "family", "matsu").models
    assert [conclusion.use for conclusion in model.concluded] == list(USES)
    assert {term.concern for term in model.carried} == concepts("concern")
    # no licence is stated, and what it comes from is no excuse
    assert all(conclusion.answer in ("unknown", "no") for conclusion in model.concluded)
    assert all(term.answer != "no" for term in model.carried)


def test_a_model_answers_in_the_words_of_the_verb(tiny: Graph) -> None:
    found = card(tiny, "model", "take-7b")
    lines = as_text(found).splitlines()
    for verdict in Judge(tiny.store, tiny.sources()).judge(found.iri, USES).verdicts:
        assert f"  {verdict.use}: {WORDS[verdict.answer]}: {verdict.reason}" in lines
    answers = lines.index("may I (not legal advice)")
    carried = lines.index("has a term about")
    assert carried == answers + 1 + len(USES)


def test_a_licence_says_what_it_alone_would_answer(tiny: Graph) -> None:
    found = card(tiny, "license", "mountain")
    own = {one.use: one for one in found.alone if not one.on_derivatives}
    assert list(own) == list(USES)
    assert {own[use].answer for use in USES if use != "train"} == {"only-if"}
    assert own["train"].answer == "no"
    (condition,) = own["ship"].conditions
    assert (condition.kind, condition.clause) == ("fact", "2")
    # the name of what is made from it has to begin so: passing that on is a release of it
    assert [one.use for one in found.alone if one.on_derivatives] == ["redistribute", "ship"]
    duties = {one.action for one in found.alone[-1].duties + own["release"].duties}
    assert duties == {"naming"}
    lines = as_text(found).splitlines()
    assert f"  train: no: {own['train'].reason}" in lines
    assert any(line.startswith("  ship, of what is made from it: only if: ") for line in lines)
    duty = '    duty: naming: Mountain Community License, clause 1.b.i (begins with "Mountain")'
    assert duty in lines


def test_data_of_a_card_has_use_and_answer(tiny: Graph) -> None:
    found = card(tiny, "model", "take-7b")
    data = json.loads(as_json(found))
    assert [(one["use"], one["answer"]) for one in data["concluded"]] == [
        (one.use, one.answer) for one in found.concluded
    ]
    assert {one["concern"] for one in data["carried"]} == concepts("concern")
    alone = json.loads(as_json(card(tiny, "license", "mountain")))["alone"]
    assert {one["use"] for one in alone} == set(USES)


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
