"""Answers about uses, each read by hand in the list, the cards and the licence texts."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.support.project import ROOT
from tests.support.recorded import concluded, records
from tests.support.use_answers import USES, Answer, further_parent, reaching

from jagraph.core.namespaces import iri
from jagraph.core.project import find_project
from jagraph.graph.build import build
from jagraph.graph.cache import Graph

pytestmark = pytest.mark.slow

Answers = dict[tuple[str, str], Answer]
# how an answer is written here: "unknown/only-if" is not known, otherwise only if
GOLDEN: dict[str, dict[str, str]] = {
    # The list calls the licence non-commercial and nobody has read it: it says no to what its name
    # says, and grants nothing.
    "plamo-100b": {
        **dict.fromkeys(("internal", "host", "outputs", "ship"), "no"),
        **dict.fromkeys(("research", "redistribute", "derive", "release", "train"), "unknown"),
    },
    **{
        key: {
            **dict.fromkeys(("internal", "host", "outputs", "ship"), "no"),
            **dict.fromkeys(("research", "redistribute", "derive", "release", "train"), "unknown"),
        }
        for key in ("sarashina2-8x70b", "sarashina2.1-1b")
    },
    # Read in whole: 2.a grants use, copies and derivatives, for research only; 3 distribution.
    "qwen2.5-3b": {
        "research": "yes",
        **dict.fromkeys(("internal", "host", "outputs", "ship"), "no"),
        **dict.fromkeys(("redistribute", "derive", "release"), "only-if"),
    },
    # Microsoft Research: use for research, 1(b), with its notices, 2.c; no distribution or hosting,
    # 2.e; to change object code is not granted, 1.
    "wizardmath-7b-v1.1": {
        "research": "with-duties",
        **dict.fromkeys(("internal", "host", "outputs", "redistribute", "ship", "release"), "no"),
        "derive": "unknown",
        "train": "only-if",
    },
    # A service: there are no weights; who has an account may use it and what it writes, 2(a), 3(a),
    # to develop models, too, unless they compete, 2(c)(iii).
    **{
        key: {
            **dict.fromkeys(("research", "internal", "host", "outputs", "train"), "only-if"),
            **dict.fromkeys(("redistribute", "ship", "derive", "release"), "no"),
        }
        for key in ("gpt-4", "gpt-3.5-turbo", "text-davinci-003")
    },
    # Llama 1: non-commercial research, 1.a; nothing commercial with it or its outputs, 2.a(i).
    "llama-7b": {
        "research": "with-duties",
        **dict.fromkeys(("internal", "host", "outputs", "ship"), "no"),
        **dict.fromkeys(("redistribute", "derive", "release", "train"), "only-if"),
    },
    # MIT on the label, OPT inside (research, 1.a); which image encoder is inside, the card does not
    # say.
    "blip2-opt-2.7b": {
        "research": "unknown/with-duties",
        **dict.fromkeys(("internal", "host", "outputs", "ship"), "no"),
        **dict.fromkeys(("redistribute", "derive", "release", "train"), "unknown/only-if"),
    },
    # Apache 2.0, and an image encoder that is not recorded; the terms of OpenAI's service beside it
    # bind who holds an account
    "llm-jp-3-vila-14b": {
        **dict.fromkeys(
            ("research", "internal", "host", "outputs", "derive", "train"), "unknown/yes"
        ),
        **dict.fromkeys(("redistribute", "ship", "release"), "unknown/with-duties"),
    },
    # Apache 2.0 all the way up; written by GPT-4 was what its parent learned from
    "jod": {
        **dict.fromkeys(("research", "internal", "host", "outputs", "derive"), "yes"),
        **dict.fromkeys(("redistribute", "ship", "release"), "with-duties"),
    },
    # BY-NC-SA 4.0 allows no terms on top of an adaptation, 3(b)(3), and Llama 2 hands down some
    "medswallow-70b": {
        **dict.fromkeys(("internal", "host", "outputs", "ship", "train"), "no"),
        **dict.fromkeys(("research", "derive"), "only-if"),
        **dict.fromkeys(("redistribute", "release"), "unknown/only-if"),
    },
    # Llama 3.1 and Gemma: 700 million users are the only condition; both let outputs train others
    "llama-3.1-swallow-8b-instruct-v0.3": dict.fromkeys(USES, "only-if"),
    # One parent's Llama 3 label is marked (?); Llama 3 forbids to train others, 1.b.v, in any case
    "medllama3-jp-v2": {
        **dict.fromkeys([use for use in USES if use != "train"], "unknown/only-if"),
        "train": "no",
    },
    "ezo-llama-3.2-3b-instruct-dpoe": dict.fromkeys(USES, "only-if"),
    # Apache 2.0 by the issuer of the share-alike parent, who is not bound by its own licence
    **{
        key: {
            **dict.fromkeys(("research", "internal", "host", "outputs", "derive", "train"), "yes"),
            **dict.fromkeys(("redistribute", "ship", "release"), "with-duties"),
        }
        for key in ("japanese-stablelm-3b-4e1t-base", "japanese-stablelm-3b-4e1t-instruct")
    },
    # Who wants to use it commercially asks KARAKURI first; Llama 2 forbids to train others
    **{
        key: {**dict.fromkeys([use for use in USES if use != "train"], "only-if"), "train": "no"}
        for key in ("karakuri-lm-70b-v0.1", "karakuri-lm-70b-chat-v0.1")
    },
    # MIT; share-alike binds what is made from the teacher's weights, which a student is not
    "distilbert-base-japanese": {
        **dict.fromkeys(("research", "internal", "host", "outputs", "derive", "train"), "yes"),
        **dict.fromkeys(("redistribute", "ship", "release"), "with-duties"),
    },
}


@pytest.fixture(scope="module")
def found(live: Graph) -> Answers:
    return concluded(live.store)


def written(found: Answers, model: str, use: str) -> str:
    """The answer as the table above has it."""
    answer = found[iri("model", model), use]
    return answer.may + (f"/{answer.otherwise}" if answer.otherwise else "")


@pytest.mark.parametrize("model", GOLDEN)
def test_answers_are_those_that_were_read(model: str, found: Answers) -> None:
    expected = GOLDEN[model]
    assert {use: written(found, model, use) for use in expected} == expected


def why(graph: Graph, model: str, use: str) -> str:
    """The reason of an answer."""
    query = f"""
    SELECT ?reason {{
      <{iri("model", model)}> jag:useAnswer ?answer .
      ?answer jag:use <https://w3id.org/jagraph/use/{use}> ; jag:reason ?reason
    }}
    """
    (row,) = graph.store.select(query).dicts()
    return row["reason"]


@pytest.mark.parametrize(
    ("model", "use", "words"),
    [
        ("plamo-100b", "derive", "PLaMo Non-Commercial License"),
        ("gpt-4", "ship", "offered as a service only"),
        ("gpt-4", "train", "clause 1"),
        ("wizardmath-7b-v1.1", "redistribute", "clause 2.e"),
        ("medswallow-70b", "release", "cannot both be passed on"),
        ("blip2-opt-2.7b", "research", "a further parent of BLIP-2 OPT 2.7B is not recorded"),
        ("blip2-opt-2.7b", "ship", "from OPT"),
        ("medllama3-jp-v2", "ship", "from MMed-Llama 3 8B"),
        ("karakuri-lm-70b-chat-v0.1", "internal", "KARAKURI"),
        ("karakuri-lm-70b-chat-v0.1", "research", "clause 2"),
    ],
)
def test_the_reason_names_what_decides(model: str, use: str, words: str, live: Graph) -> None:
    assert words in why(live, model, use)


def duties(graph: Graph, model: str, key: str) -> set[str]:
    """What the duties that bind a model say at ``key``."""
    query = f"""
    SELECT DISTINCT ?text {{
      <{iri("model", model)}> jag:declaredTerm|jag:inheritedTerm|jag:outputTerm ?term .
      ?term jag:rule <https://w3id.org/jagraph/rule/duty> ; jag:{key} ?text
    }}
    """
    return {row["text"] for row in graph.store.select(query).dicts()}


def test_the_swallow_of_two_licences_has_the_notice_lines_of_both(live: Graph) -> None:
    lines = duties(live, "llama-3.1-swallow-8b-instruct-v0.3", "wording")
    assert any(line.startswith("Llama 3.1 is licensed under") for line in lines)
    assert any(line.startswith("Gemma is provided under and subject to") for line in lines)
    assert "Built with Llama" in lines


def test_the_name_of_ezo_does_not_begin_as_llama_3_2_orders(live: Graph) -> None:
    (prefix,) = duties(live, "ezo-llama-3.2-3b-instruct-dpoe", "requiredPrefix")
    assert prefix == "Llama"
    assert not "EZO-Llama-3.2-3B-Instruct-dpoE".startswith(prefix)


def test_medswallow_and_its_parent_exclude_each_other(live: Graph) -> None:
    query = f"""
    SELECT DISTINCT ?one ?other {{
      <{iri("model", "medswallow-70b")}> jag:possibleConflict ?conflict .
      ?conflict jag:conflictKind <https://w3id.org/jagraph/conflict/cannot-both> ;
        jag:conflictLicense ?one ; jag:conflictOther ?other
    }}
    """
    pairs = {(row["one"], row["other"]) for row in live.store.select(query).dicts()}
    assert pairs == {(iri("license", "cc-by-nc-sa-4.0"), iri("license", "llama-2"))}


def test_what_is_plainly_mit_or_apache_stays_free(live: Graph, found: Answers) -> None:
    """A sure label, and above it, as far as weights come from, nothing but the same two."""
    recorded = records(live.store)
    plain = {iri("license", "mit"), iri("license", "apache-2.0")}

    def is_plain(name: str) -> bool:
        model = recorded.models[name]
        reached = reaching(recorded, name)
        statements = [*model.statements, *(one for one, carrier, _ in reached if carrier == 0)]
        open_ones = [recorded.statements[one] for one in statements]
        return all(
            one.licenses and set(one.licenses) <= plain and one.certain and not one.footnotes
            for one in open_ones
        ) and not any(carrier for _, carrier, _ in reached)

    free = {
        name for name in recorded.models if is_plain(name) and not further_parent(recorded, name)
    }
    assert len(free) > 200
    for name in free:
        for use in ("research", "internal", "host", "outputs", "derive", "train"):
            assert found[name, use].may == "yes", (name, use)
        for use in ("redistribute", "ship", "release"):
            assert found[name, use].may == "with-duties", (name, use)


PLANNED = {
    # a quantised Gemma labelled Apache 2.0: its terms of use come along all the same, 3.1
    "planned-quant": (
        "licenses: [{license: apache-2.0, stated: outside, source: https://example.org/plan}]\n"
        "derivations: [{relation: quantizedFrom, from: gemma-2-9b-it, stated: outside, "
        "source: https://example.org/plan}]\n"
    ),
    # Llama 3.1 and Gemma under the label of Llama 3.3: both bind beside it
    "planned-merge": (
        "licenses: [{license: llama-3.3, stated: outside, source: https://example.org/plan}]\n"
        "derivations: [{relation: mergedFrom, from: [llama-3.1-8b-instruct, gemma-2-9b-it], "
        "stated: outside, source: https://example.org/plan}]\n"
    ),
    # of two licences to choose from the freer counts
    "planned-any": (
        "licenses: [{license: [apache-2.0, cc-by-nc-4.0], joined: any, stated: outside, "
        "source: https://example.org/plan}]\n"
    ),
}
NEEDED = (
    *("base-models/gemma-2", "base-models/llama-3.1", "developers/google", "developers/meta"),
    *("developers/elyza", "licenses/gemma-terms", "licenses/llama-3.1", "licenses/llama-3.3"),
    *("licenses/apache-2.0", "licenses/cc-by-nc-4.0"),
)


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """A project of planned models, with the real records of what they are made from."""
    folder = tmp_path_factory.mktemp("planned")
    for record in NEEDED:
        target = folder / f"data/{record}.yaml"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / f"data/{record}.yaml", target)
    models = folder / "data/models"
    models.mkdir()
    for name, rest in PLANNED.items():
        head = f"name: {name}\ndevelopers: [elyza]\nmodels:\n  {name}: {{name: {name}}}\n"
        (models / f"{name}.yaml").write_text(head + rest, encoding="utf-8")
    return build(find_project(Path(folder)), lambda _: None)


PLANS = {
    "planned-quant": {**dict.fromkeys(USES, "with-duties")},
    "planned-merge": {**dict.fromkeys(USES, "only-if")},
    "planned-any": {
        **dict.fromkeys(("research", "internal", "host", "outputs", "derive", "train"), "yes"),
        **dict.fromkeys(("redistribute", "ship", "release"), "with-duties"),
    },
}


@pytest.mark.parametrize("model", PLANS)
def test_planned_models_are_answered_before_they_are_published(model: str, planned: Graph) -> None:
    found = concluded(planned.store)
    assert {use: written(found, model, use) for use in USES} == PLANS[model]


@pytest.mark.parametrize(
    ("model", "conflicts"),
    [
        ("planned-quant", {("dropped", "gemma-terms")}),
        ("planned-merge", {("not-carried", "gemma-terms"), ("not-carried", "llama-3.1")}),
        ("planned-any", set()),
    ],
)
def test_what_the_label_of_a_planned_model_leaves_out(
    model: str, conflicts: set[tuple[str, str]], planned: Graph
) -> None:
    query = f"""
    SELECT DISTINCT ?kind ?license {{
      <{iri("model", model)}> jag:possibleConflict ?conflict .
      ?conflict jag:conflictKind ?kind ; jag:conflictLicense ?license
    }}
    """
    rows = planned.store.select(query).dicts()
    last = {tuple(row[key].rpartition("/")[2] for key in ("kind", "license")) for row in rows}
    assert conflicts <= last
    assert bool(last) == bool(conflicts)
