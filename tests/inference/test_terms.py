"""What binds a model, with proof: cases read in the list and in the licence texts; paths exist."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
import rdflib
from tests.support import ontology
from tests.support.project import ROOT, TINY, Run

from jagraph.core.namespaces import iri
from jagraph.core.project import find_project
from jagraph.domain.verdicts import USES, Judge, Judgement, as_text, footer
from jagraph.graph.build import build
from jagraph.graph.cache import Graph
from jagraph.query.catalogue import find_query


def test_the_uses_are_those_of_the_ontology_everywhere() -> None:
    assert set(USES) == set(ontology.USES) == ontology.concepts("use")
    (use, _) = find_query(find_project(ROOT), "largest").parameters
    assert tuple(use.choices) == USES


@pytest.fixture(scope="module")
def judged(live: Graph) -> dict[str, Judgement]:
    """The judgement of every model of the live records, by its id."""
    judge = Judge(live.store, live.sources())
    models = [row["m"] for row in live.store.select("SELECT ?m { ?m a jag:Model }").dicts()]
    return {model.rpartition("/")[2]: judge.judge(model, USES) for model in sorted(models)}


# model: (commercial use, words in the reason, documents whose terms bind or may bind)
CASES = {
    # Microsoft's research licence through WizardMath is also the declared one; Shisa Gamma's (?)
    # stays beside it.
    "evollm-jp-v1-7b": ("no", "clause 1; beside it an unknown", {"MICROSOFT RESEARCH LICENSE"}),
    # Apache 2.0 (?) of Shisa Gamma, and a parent whose licence is not certain
    "evollm-jp-a-v1-7b": ("unknown", "marked uncertain", {"Apache 2.0"}),
    "evovlm-jp-v1-7b": ("unknown", "Apache 2.0 is marked uncertain; from Shisa Gamma 7B", set()),
    "medswallow-70b": ("no", "CC BY-NC-SA 4.0", {"CC BY-NC-SA 4.0", "Llama 2 Community License"}),
    "llama2-jmedlora-6.89ep": ("no", "CC BY-NC 4.0", {"Llama 2 Community License"}),
    "karakuri-lm-70b-v0.1": ("conditional", "", {"Llama 2 Community License"}),
    "karakuri-lm-70b-chat-v0.1": ("conditional", "", {"Llama 2 Community License"}),
    "llama-3.1-swallow-8b-v0.1": ("conditional", "", {"Llama 3.1 Community License"}),
    "llama-3.1-swallow-8b-instruct-v0.1": (
        "conditional",
        "",
        {"Llama 3.1 Community License", "Gemma Terms of Use"},
    ),
    "llm-jp-3-vila-14b": ("yes", "", {"Apache 2.0", "OpenAI Terms of Use"}),
    "plamo-13b-instruct-nc": ("no", "CC BY-NC 4.0", {"Apache 2.0"}),
    "plamo-13b-instruct": ("yes", "", {"Apache 2.0"}),
    "stockmark-13b": ("yes", "", {"MIT"}),
    "stockmark-13b-instruct": ("no", "CC BY-NC-SA 4.0", {"MIT"}),
    "japanese-stablelm-base-alpha-7b": ("yes", "", {"Apache 2.0"}),
    "japanese-stablelm-instruct-alpha-7b": ("unknown", "not recorded", set()),
    "japanese-stablelm-instruct-alpha-7b-v2": ("yes", "", {"Apache 2.0"}),
    # Apache 2.0 on the label, other terms at the source, which nobody has read into the records
    "evosdxl-jp-v1": ("unknown", "JAPANESE STABLE DIFFUSION XL COMMUNITY LICENSE", {"Apache 2.0"}),
    # and so its adapters, whose cards name it
    "evo-nishikie-v1": ("unknown", "JAPANESE STABLE DIFFUSION XL", {"Apache 2.0"}),
    "evo-ukiyoe-v1": ("unknown", "JAPANESE STABLE DIFFUSION XL", {"Apache 2.0"}),
}


@pytest.mark.parametrize("model", CASES)
def test_commercial_use(model: str, judged: dict[str, Judgement]) -> None:
    answer, reason, documents = CASES[model]
    found = judged[model]
    (verdict,) = [one for one in found.verdicts if one.use == "commercial"]
    assert verdict.answer == answer
    assert reason in verdict.reason
    assert documents <= {term.document for term in found.terms}


def test_gemma_terms_bind_the_instruct_models_only(judged: dict[str, Judgement]) -> None:
    base = judged["llama-3.1-swallow-8b-v0.1"]
    assert "Gemma Terms of Use" not in {term.document for term in base.terms}


def test_contact_is_a_condition_that_a_footnote_states(judged: dict[str, Judgement]) -> None:
    (verdict,) = [v for v in judged["karakuri-lm-70b-v0.1"].verdicts if v.use == "commercial"]
    assert any("contact the developer first" in text for text in verdict.conditions)
    assert any("700M" in text for text in verdict.conditions)


@pytest.mark.parametrize("model", ["medswallow-70b", "llama2-jmedlora-6.89ep"])
def test_creative_commons_on_llama_is_incomparable_and_both_bind(
    model: str, judged: dict[str, Judgement]
) -> None:
    found = judged[model]
    assert found.conflicts
    assert all("(incomparable)" in text for text in found.conflicts)
    inherited = {term.document for term in found.terms if term.way == "inheritedTerm"}
    assert "Llama 2 Community License" in inherited


def test_permissive_label_on_a_restricted_source_is_looser(judged: dict[str, Judgement]) -> None:
    assert any("(looser)" in text for text in judged["evosdxl-jp-v1"].conflicts)


def test_no_licence_of_its_own_is_unknown_and_bound_by_the_parent(
    judged: dict[str, Judgement],
) -> None:
    found = judged["yoko-7b-japanese-v1"]
    (verdict,) = [one for one in found.verdicts if one.use == "commercial"]
    assert (verdict.answer, verdict.path) == ("unknown", ())
    assert "no licence stated" in verdict.reason
    assert "Llama 2 Community License" in {t.document for t in found.terms if t.way != "declared"}


def test_every_step_of_every_proof_is_in_the_graph(
    live: Graph, judged: dict[str, Judgement]
) -> None:
    names = {
        (row["child"], row["relation"], row["parent"])
        for row in live.store.select(
            "SELECT ?child ?relation ?parent { ?c jag:derivation ?d ; rdfs:label ?child . "
            "?d jag:relation ?r ; jag:parent/rdfs:label ?parent . "
            'BIND(STRAFTER(STR(?r), "#") AS ?relation) }'
        ).dicts()
    }
    steps = 0
    for found in judged.values():
        for verdict in found.verdicts:
            assert all((s.child, s.relation, s.parent) in names for s in verdict.path)
            assert all(a.parent == b.child for a, b in pairwise(verdict.path))
            assert not verdict.path or verdict.path[0].child == found.name
            assert all(step.position for step in verdict.path)
            steps += len(verdict.path)
    assert steps > 0


def test_an_answer_that_comes_from_elsewhere_has_a_path(judged: dict[str, Judgement]) -> None:
    for found in judged.values():
        for verdict in found.verdicts:
            assert ("; from " in verdict.reason) <= bool(verdict.path), (found.name, verdict)


def test_prose_is_careful(judged: dict[str, Judgement]) -> None:
    for found in judged.values():
        text = as_text(found).lower()
        assert "violat" not in text
        assert text.rstrip().endswith(footer(found).lower())
    assert footer(found) == "Not legal advice: check the texts. Rules 0.1.0, data of 2025-01-27."


def test_chain_diamond_withdrawn_parent(tiny: Graph) -> None:
    judge = Judge(tiny.store, tiny.sources())
    base = "https://w3id.org/jagraph/model/"
    hana = judge.judge(f"{base}hana-7b", ["commercial"])
    # two ways up to Mountain give each term once; Take is withdrawn and still passes them on
    inherited = [t.clause for t in hana.terms if t.way == "inheritedTerm"]
    assert sorted(c for c in inherited if c) == ["1.b.i", "1.b.v", "2"]
    opened = judge.judge(f"{base}hana-open", ["commercial"])
    (verdict,) = opened.verdicts
    assert verdict.answer == "unknown"
    assert "commercial-use" in {t.action for t in opened.terms if t.way == "possibleTerm"}


@pytest.mark.parametrize(
    ("form", "start"), [("text", "Ume-7b-chat"), ("md", "```text\nUme-7b-chat"), ("json", "[")]
)
def test_formats(jagraph: Run, form: str, start: str) -> None:
    done = jagraph("terms", "Ume-7b-chat", "--format", form, "--project", TINY)
    assert done.returncode == 0
    assert done.stdout.startswith(start)
    if form == "json":
        (found,) = json.loads(done.stdout)
        assert {v["use"]: v["answer"] for v in found["verdicts"]}["commercial"] == "no"
        assert found["notice"].startswith("Not legal advice")


def test_turtle_has_the_verdicts_and_their_findings(jagraph: Run) -> None:
    done = jagraph("terms", "Ume-7b-chat", "--format", "ttl", "--project", TINY)
    graph = rdflib.Graph().parse(data=done.stdout, format="turtle")
    jag = rdflib.Namespace("https://w3id.org/jagraph/vocab#")
    model = rdflib.URIRef("https://w3id.org/jagraph/model/ume-7b-chat")
    decided = list(graph.objects(model, jag.verdict / jag.decidedBy))
    assert decided
    assert all((statement, None, None) in graph for statement in decided)
    assert list(graph.objects(None, rdflib.OWL.versionInfo))
    assert not list(graph.triples((None, rdflib.RDF.type, rdflib.SKOS.Concept)))
    assert set(graph.subjects(rdflib.RDF.type, jag.Model)) == {model}
    assert set(graph.objects(None, rdflib.DCTERMS.issued))


def test_a_family_is_judged_model_by_model_and_equals_stand_together(jagraph: Run) -> None:
    done = jagraph("terms", "Ume", "--use", "commercial", "--project", TINY)
    heads = [line for line in done.stdout.splitlines() if line and line[0] != " "]
    assert [head.split("  [")[0] for head in heads] == ["Ume-7b, Ume-7b-gguf", "Ume-7b-chat"]


def test_a_chain_of_five_and_a_cycle_are_survived(copy: Path) -> None:
    def record(name: str, parent: str, licences: str) -> None:
        (copy / f"data/models/{name}.yaml").write_text(
            f"name: {name}\nlisted: {{section: merged, row: {name}, line: 90}}\n"
            f"developers: [tanaka]\nmodels:\n  {name}-1b: {{name: {name}-1b}}\n{licences}\n"
            f"derivations:\n  - {{relation: fineTunedFrom, from: {parent}, words: {parent}, "
            "stated: base-cell}\n",
            encoding="utf-8",
        )

    closed = "licenses: [{license: closed, words: Closed, stated: license-cell}]"
    opened = "licenses: [{license: open, words: Open, stated: license-cell}]"
    record("link1", "ume-7b-chat", opened)
    for number in range(2, 6):
        record(f"link{number}", f"link{number - 1}-1b", opened)
    record("loop1", "loop2-1b", closed)
    record("loop2", "loop1-1b", opened)
    graph = build(find_project(copy), lambda _: None)
    judge = Judge(graph.store, graph.sources())
    (far,) = judge.judge(iri("model", "link5-1b"), ["commercial"]).verdicts
    assert (far.answer, far.clause) == ("no", "3.a")
    assert [step.parent for step in far.path] == [
        *("link4-1b", "link3-1b", "link2-1b", "link1-1b", "Ume-7b-chat")
    ]
    (looped,) = judge.judge(iri("model", "loop2-1b"), ["commercial"]).verdicts
    assert (looped.answer, [step.parent for step in looped.path]) == ("no", ["loop1-1b"])
