"""What binds a model, with proof: cases read in the list and in the licence texts; paths exist."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
import rdflib
from tests.support import ontology
from tests.support.project import TINY, Run

from jagraph.core.namespaces import iri
from jagraph.core.project import find_project
from jagraph.domain.verdict_text import as_text, footer
from jagraph.domain.verdicts import USES, Judge, Judgement, Verdict
from jagraph.graph.build import build
from jagraph.graph.cache import Graph


def test_the_uses_are_those_of_the_ontology_everywhere() -> None:
    assert set(USES) == ontology.concepts("use")


@pytest.fixture(scope="module")
def judged(live: Graph) -> dict[str, Judgement]:
    """The judgement of every model of the live records, by its id."""
    judge = Judge(live.store, live.sources())
    models = [row["m"] for row in live.store.select("SELECT ?m { ?m a jag:Model }").dicts()]
    return {model.rpartition("/")[2]: judge.judge(model, USES) for model in sorted(models)}


# model: (whether it may be shipped, words in the reason, documents whose terms bind or may bind)
CASES = {
    # Microsoft's research licence, the label's own, forbids it, whatever else is above
    "evollm-jp-v1-7b": ("no", "MICROSOFT RESEARCH LICENSE, clause 1", {"Apache 2.0"}),
    # Apache 2.0 (?) of Shisa Gamma, and a parent whose licence is not certain
    "evollm-jp-a-v1-7b": ("unknown", "the licence is marked uncertain", {"Apache 2.0"}),
    "evovlm-jp-v1-7b": ("unknown", "from Shisa Gamma 7B; the licence is marked uncertain", set()),
    "medswallow-70b": ("no", "CC BY-NC-SA 4.0", {"CC BY-NC-SA 4.0", "Llama 2 Community License"}),
    "llama2-jmedlora-6.89ep": ("no", "CC BY-NC 4.0", {"Llama 2 Community License"}),
    "karakuri-lm-70b-v0.1": ("only-if", "KARAKURI", {"Llama 2 Community License"}),
    "karakuri-lm-70b-chat-v0.1": ("only-if", "KARAKURI", {"Llama 2 Community License"}),
    "llama-3.1-swallow-8b-v0.1": ("only-if", "clause 2", {"Llama 3.1 Community License"}),
    "llama-3.1-swallow-8b-instruct-v0.1": (
        "only-if",
        "clause 2",
        {"Llama 3.1 Community License", "Gemma Terms of Use"},
    ),
    # the image encoder inside it is not recorded
    "llm-jp-3-vila-14b": ("unknown", "further parent", {"Apache 2.0", "OpenAI Terms of Use"}),
    # the licence of the parent is the same developer's, who is not bound by it
    "plamo-13b-instruct-nc": ("no", "CC BY-NC 4.0", {"CC BY-NC 4.0"}),
    "plamo-13b-instruct": ("with-duties", "Apache 2.0", {"Apache 2.0"}),
    "stockmark-13b": ("with-duties", "MIT", {"MIT"}),
    "stockmark-13b-instruct": ("no", "CC BY-NC-SA 4.0", {"CC BY-NC-SA 4.0"}),
    "japanese-stablelm-base-alpha-7b": ("with-duties", "Apache 2.0", {"Apache 2.0"}),
    # a research licence for anything but commercial or production use
    "japanese-stablelm-instruct-alpha-7b": ("no", "clause 1.a", set()),
    "japanese-stablelm-instruct-alpha-7b-v2": ("with-duties", "Apache 2.0", {"Apache 2.0"}),
    # Apache 2.0 on the label, other terms at the sources, of which nobody has read one, and one is
    # marked uncertain; its adapters alike
    **{
        key: ("unknown", "", {"Apache 2.0", "CreativeML OpenRAIL-M License"})
        for key in ("evosdxl-jp-v1", "evo-nishikie-v1", "evo-ukiyoe-v1")
    },
}


def shipped(found: Judgement) -> Verdict:
    (verdict,) = [one for one in found.verdicts if one.use == "ship"]
    return verdict


@pytest.mark.parametrize("model", CASES)
def test_whether_it_may_be_shipped(model: str, judged: dict[str, Judgement]) -> None:
    answer, reason, documents = CASES[model]
    verdict = shipped(judged[model])
    assert verdict.answer == answer
    assert reason in verdict.reason
    assert documents <= {term.document for term in judged[model].terms}


def test_gemma_terms_bind_the_instruct_models_only(judged: dict[str, Judgement]) -> None:
    base = judged["llama-3.1-swallow-8b-v0.1"]
    assert "Gemma Terms of Use" not in {term.document for term in base.terms}


def test_to_ask_first_is_a_condition_that_a_footnote_states(judged: dict[str, Judgement]) -> None:
    conditions = shipped(judged["karakuri-lm-70b-v0.1"]).conditions
    assert [one.kind for one in conditions] == ["act", "fact"]
    asked, threshold = (one.reason for one in conditions)
    assert "KARAKURI" in asked
    assert "700M" in threshold


# BY-NC-SA allows no terms on top of an adaptation, 3(b)(3); BY-NC does, and lacks those of Llama 2
@pytest.mark.parametrize(
    ("model", "kind"), [("medswallow-70b", "cannot-both"), ("llama2-jmedlora-6.89ep", "dropped")]
)
def test_creative_commons_on_llama_conflicts_and_both_bind(
    model: str, kind: str, judged: dict[str, Judgement]
) -> None:
    found = judged[model]
    assert {conflict.kind for conflict in found.conflicts} == {kind}
    inherited = {term.document for term in found.terms if term.way == "inheritedTerm"}
    assert "Llama 2 Community License" in inherited


def test_a_permissive_label_drops_what_its_source_restricts(
    judged: dict[str, Judgement],
) -> None:
    conflicts = judged["evosdxl-jp-v1"].conflicts
    assert {(conflict.kind, conflict.action) for conflict in conflicts} == {
        ("dropped", "use-policy"),
        ("dropped", "pass-on-policy"),
    }


def test_a_licence_nobody_has_read_is_not_said_to_add_up(judged: dict[str, Judgement]) -> None:
    unread = "STABILITY AI JAPANESE STABLE DIFFUSION XL COMMUNITY LICENSE"
    found = judged["evosdxl-jp-v1"]
    assert unread in {document.name for document in found.documents if document.read == "no"}
    for one in judged.values():
        read = {document.name: document.read for document in one.documents}
        assert all(read[name] == "whole" for name in one.adds_up), one.name


def test_no_licence_of_its_own_is_unknown_and_bound_by_the_parent(
    judged: dict[str, Judgement],
) -> None:
    found = judged["yoko-7b-japanese-v1"]
    verdict = shipped(found)
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
    hana = judge.judge(f"{base}hana-7b", ["ship"])
    # two ways up to Mountain give each term once; Take is withdrawn and still passes them on
    inherited = [t.clause for t in hana.terms if t.way == "inheritedTerm"]
    assert sorted(c for c in inherited if c) == [*["1.a"] * 3, "1.b.i", "1.b.v", "2"]
    opened = judge.judge(f"{base}hana-open", ["ship"])
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
        assert {v["use"]: v["answer"] for v in found["verdicts"]}["ship"] == "no"
        assert found["notice"].startswith("Not legal advice")


def test_turtle_has_the_verdicts_and_their_findings(jagraph: Run) -> None:
    done = jagraph("terms", "Ume-7b-chat", "--format", "ttl", "--project", TINY)
    graph = rdflib.Graph().parse(data=done.stdout, format="turtle")
    jag = rdflib.Namespace("https://w3id.org/jagraph/vocab#")
    model = rdflib.URIRef("https://w3id.org/jagraph/model/ume-7b-chat")
    decided = list(graph.objects(model, jag.useAnswer / jag.decidedBy))
    assert decided
    assert all((statement, None, None) in graph for statement in decided)
    assert list(graph.objects(None, rdflib.OWL.versionInfo))
    assert not list(graph.triples((None, rdflib.RDF.type, rdflib.SKOS.Concept)))
    assert set(graph.subjects(rdflib.RDF.type, jag.Model)) == {model}
    assert set(graph.objects(None, rdflib.DCTERMS.issued))


def test_a_family_is_judged_model_by_model_and_equals_stand_together(jagraph: Run) -> None:
    done = jagraph("terms", "Ume", "--use", "ship", "--project", TINY)
    heads = [line for line in done.stdout.splitlines() if "  [model/" in line]
    assert [head.split("  [")[0] for head in heads] == ["Ume-7b, Ume-7b-gguf", "Ume-7b-chat"]


def test_a_chain_of_five_and_a_cycle_are_survived(copy: Path) -> None:
    def record(name: str, parent: str, licences: str, developer: str = "tanaka") -> None:
        (copy / f"data/models/{name}.yaml").write_text(
            f"name: {name}\nlisted: {{section: merged, row: {name}, line: 90}}\n"
            f"developers: [{developer}]\nmodels:\n  {name}-1b: {{name: {name}-1b}}\n{licences}\n"
            f"derivations:\n  - {{relation: fineTunedFrom, from: {parent}, words: {parent}, "
            "stated: base-cell}\n",
            encoding="utf-8",
        )

    closed = "licenses: [{license: closed, words: Closed, stated: license-cell}]"
    opened = "licenses: [{license: open, words: Open, stated: license-cell}]"
    record("link1", "ume-7b-chat", opened)
    for number in range(2, 6):
        record(f"link{number}", f"link{number - 1}-1b", opened)
    record("loop1", "loop2-1b", closed, "sakura-lab")
    record("loop2", "loop1-1b", opened)
    graph = build(find_project(copy), lambda _: None)
    judge = Judge(graph.store, graph.sources())
    (far,) = judge.judge(iri("model", "link5-1b"), ["ship"]).verdicts
    assert (far.answer, far.clause) == ("no", "3.a")
    assert [step.parent for step in far.path] == [
        *("link4-1b", "link3-1b", "link2-1b", "link1-1b", "Ume-7b-chat")
    ]
    (looped,) = judge.judge(iri("model", "loop2-1b"), ["ship"]).verdicts
    assert (looped.answer, [step.parent for step in looped.path]) == ("no", ["loop1-1b"])
