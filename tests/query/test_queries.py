"""Every saved query answers the frozen project as a reader of its records would."""

from __future__ import annotations

import re

import pyoxigraph as ox
import pytest
from tests.support.project import ROOT, TINY
from tests.support.query_parameters import PARAMETERS

from jagraph.core.errors import RequestError
from jagraph.core.project import Project
from jagraph.graph.cache import Graph
from jagraph.query import result_formats
from jagraph.query.binding import bound, run
from jagraph.query.catalogue import catalogue, find_query

GOLDEN = TINY / "golden"
NAMES = sorted(path.stem for path in (ROOT / "queries").glob("*.rq"))
MODEL_COLUMNS = ["family", "familyName", "model", "modelName"]


@pytest.mark.parametrize("name", NAMES)
def test_golden_answer(name: str, tiny: Graph, tiny_project: Project) -> None:
    saved = find_query(tiny_project, name)
    found = result_formats.render(run(saved, PARAMETERS.get(name, {}), tiny.store), "tsv")
    assert found == (GOLDEN / f"{name}.tsv").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def one_graph(tiny: Graph) -> ox.Store:
    """The triples without their graphs, as another tool has them after it loaded an export."""
    store = ox.Store()
    for graph in ("asserted", "derived", "ontology"):
        triples = tiny.store.triples(f"https://w3id.org/jagraph/graph/{graph}")
        store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    return store


@pytest.mark.parametrize("name", NAMES)
def test_file_runs_as_it_stands_in_another_tool(name: str, one_graph: ox.Store) -> None:
    text = (ROOT / "queries" / f"{name}.rq").read_text(encoding="utf-8")
    assert isinstance(one_graph.query(text), ox.QuerySolutions)


@pytest.mark.parametrize("name", NAMES)
def test_live_answer_has_no_row_twice(name: str, live: Graph) -> None:
    rows = run(find_query(live.project, name), {}, live.store).rows
    assert len(rows) == len(set(rows))


@pytest.mark.parametrize("name", NAMES)
def test_order_is_total(name: str) -> None:
    text = (ROOT / "queries" / f"{name}.rq").read_text(encoding="utf-8")
    assert re.search(r"ORDER BY [^}]*$", text), "every saved query ends in ORDER BY"
    bare = re.findall(r"ORDER BY .*(?<!STR\()(\?(?:\w*N|n)ame)\b", text)
    assert bare == [], "Virtuoso orders stored texts by their first letters alone"


def test_queries_about_models_begin_with_family_and_model(
    tiny: Graph, tiny_project: Project
) -> None:
    for saved in catalogue(tiny_project).values():
        variables = run(saved, {}, tiny.store).variables
        if "modelName" in variables:
            assert variables[:4] == MODEL_COLUMNS, saved.name


def test_unknown_query_names_the_nearest(tiny_project: Project) -> None:
    with pytest.raises(RequestError, match="no saved query") as wrong:
        find_query(tiny_project, "descendant")
    assert "descendants" in wrong.value.remedy


@pytest.mark.parametrize(
    ("query", "given", "code"),
    [
        ("descendants", {"bass": "mountain"}, "unknown-parameter"),
        ("descendants", {"base": "nothing"}, "unknown-name"),
        ("descendants-with-terms", {"terms": "non-comercial"}, "bad-parameter"),
        ("trained-on", {"through": "cousins"}, "bad-parameter"),
        ("usable", {"use": "commercial"}, "bad-parameter"),
        ("usable", {"answer": "no"}, "bad-parameter"),
    ],
)
def test_wrong_parameters_are_refused(
    query: str, given: dict[str, str], code: str, tiny: Graph, tiny_project: Project
) -> None:
    with pytest.raises(RequestError) as wrong:
        bound(find_query(tiny_project, query), given, tiny.store)
    assert wrong.value.code == code


def test_who_issues_a_licence_owes_no_name_to_it(live: Graph) -> None:
    saved = find_query(live.project, "naming-duty")
    asked = list(run(saved, {}, live.store).dicts())
    meta = (
        "SELECT ?m { ?m a jag:Model ; jag:developedBy <https://w3id.org/jagraph/developer/meta> }"
    )
    made_by_meta = {row["m"] for row in live.store.select(meta).dicts()}
    bound = {row["model"] for row in asked}
    assert not bound & made_by_meta
    assert "https://w3id.org/jagraph/model/llama-3-swallow-8b-v0.1" in bound
    from_meta = "SELECT ?m { ?m jag:bindsThrough model:llama-3-8b }"
    assert {row["m"] for row in live.store.select(from_meta).dicts()} & made_by_meta


USES = ["research", "internal", "host", "outputs", "redistribute", "ship", "derive", "release"]
RANKS = {"yes": 4, "with-duties": 3, "only-if": 2, "unknown": 1}


@pytest.mark.parametrize("use", [*USES, "train"])
def test_usable_has_each_model_with_its_answer(use: str, live: Graph) -> None:
    found = """
    SELECT ?model ?word ?size { ?model jag:useAnswer ?answer .
      ?answer jag:use <https://w3id.org/jagraph/use/%s> ; jag:may/skos:notation ?word .
      OPTIONAL { ?model jag:parameterCount ?size } }
    """
    answers = {row["model"]: row for row in live.store.select(found % use).dicts()}
    usable, largest = (find_query(live.project, name) for name in ("usable", "largest"))
    for weakest, least in RANKS.items():
        given = {"use": use, "answer": weakest}
        rows = list(run(usable, given, live.store).dicts())
        expected = {
            model: row["word"]
            for model, row in answers.items()
            if RANKS.get(row["word"], 0) >= least
        }
        assert {row["model"]: row["answer"] for row in rows} == expected
        assert len(rows) == len(expected)
        order = [(-RANKS[row["answer"]], -int(row["parameters"] or 0)) for row in rows]
        assert order == sorted(order)
        by_size = run(largest, given, live.store).dicts()
        sized = {model: word for model, word in expected.items() if answers[model]["size"]}
        assert {row["model"]: row["answer"] for row in by_size} == sized


def test_each_parameter_of_usable_narrows_its_answer(live: Graph) -> None:
    saved = find_query(live.project, "usable")

    def rows(**given: str) -> dict[str, dict[str, str]]:
        all_of_them = {"use": "research", "answer": "unknown", **given}
        return {row["modelName"]: row for row in run(saved, all_of_them, live.store).dicts()}

    every = rows()
    large = {name for name, row in every.items() if int(row["parameters"] or 0) >= 70_000_000_000}
    assert rows(least="70000000000").keys() == large
    small = {name for name, row in every.items() if 0 < int(row["parameters"] or 0) <= 500_000_000}
    assert rows(most="500000000").keys() == small != set()
    long = {name for name, row in every.items() if int(row["contextLength"] or 0) >= 16384}
    assert rows(context="16384").keys() == long >= {"calm3-22b-chat"}
    family = find_query(live.project, "descendants")
    descendants = {row["modelName"] for row in run(family, {"base": "llama-3"}, live.store).dicts()}
    of_llama_3 = rows(base="llama-3")
    assert of_llama_3.keys() >= {"Meta-Llama-3-8B", "Llama-3-Swallow-8B-v0.1"}
    assert of_llama_3.keys() - descendants == {"Meta-Llama-3-8B", "Meta-Llama-3-70B"}
    unsure = rows(**{"class": "unknown"})
    assert unsure["karasu-7B"]["licenseName"] == "Apache 2.0 (?)"
    assert "karasu-7B" not in rows(**{"class": "permissive"})
    assert not rows(**{"class": "permissive"}).keys() & rows(**{"class": "conditional"}).keys()


# Read in the licences: MedSwallow-70b is labelled CC BY-NC-SA 4.0 and tuned from Llama 2.
@pytest.mark.parametrize(
    ("name", "license_id", "other", "expected"),
    [
        (
            "MedSwallow-70b",
            "llama-2",
            "cc-by-nc-sa-4.0",
            {"threshold": "2", "train-other-models": "1.b.v", "use-policy": "1.b.iv"},
        ),
        ("bert-base-minpaku-v1", "cc-by-sa-3.0", "mit", {"share-alike": "4(b)"}),
    ],
)
def test_a_conflict_cites_the_clauses(
    name: str, license_id: str, other: str, expected: dict[str, str], live: Graph
) -> None:
    found = run(find_query(live.project, "license-conflicts"), {}, live.store).dicts()
    rows = [row for row in found if row["modelName"] == name]
    assert {row["license"].rpartition("/")[2] for row in rows} == {license_id}
    assert {row["other"].rpartition("/")[2] for row in rows} == {other}
    assert {row["term"]: row["clause"] for row in rows} == expected


def test_every_conflict_of_a_model_is_listed(live: Graph) -> None:
    stored = """
    SELECT ?model ?term ?kind { ?model jag:possibleConflict ?conflict .
      ?conflict jag:conflictAction/skos:notation ?term ; jag:conflictKind/skos:notation ?kind }
    """
    found = run(find_query(live.project, "license-conflicts"), {}, live.store).dicts()
    listed = {(row["model"], row["term"], row["kind"]) for row in found}
    assert listed == {tuple(row.values()) for row in live.store.select(stored).dicts()}


# (comes along, label): kind, terms it is about; read in the texts
PAIRS = {
    ("llama-2", "cc-by-sa-4.0"): ("cannot-both", {"threshold", "train-other-models", "use-policy"}),
    ("gemma-terms", "llama-3.1"): ("not-carried", {"use-policy"}),
    ("gemma-terms", "apache-2.0"): ("dropped", {"pass-on-policy", "use-policy"}),
    ("cc-by-sa-3.0", "cc-by-sa-4.0"): ("adds-up", set()),
    ("apache-2.0", "mit"): ("adds-up", set()),
    ("apache-2.0", "cc-by-sa-4.0"): ("adds-up", set()),
    ("gemma-terms", "plamo-non-commercial"): ("unknown", set()),
}


def test_pairs_of_licences_are_judged_as_their_texts_read(live: Graph) -> None:
    saved = find_query(live.project, "license-compatibility")
    for (one, other), (kind, terms) in PAIRS.items():
        (row,) = run(saved, {"license": one, "other": other}, live.store).dicts()
        assert (row["kind"], set(filter(None, row["term"].split(", ")))) == (kind, terms), row
    every = list(run(saved, {}, live.store).dicts())
    judged = {(row["license"], row["other"]): row["kind"] for row in every}
    assert len(judged) == len(every)
    licenses = {license_iri for license_iri, _ in judged}
    assert len(every) == len(licenses) * (len(licenses) - 1)


def test_the_matrix_holds_what_models_show(live: Graph) -> None:
    """A model with one licence of its own and one from an ancestor has the kind of that pair."""
    judged = {
        (row["license"], row["other"]): row["kind"]
        for row in run(find_query(live.project, "license-compatibility"), {}, live.store).dicts()
    }
    found = list(run(find_query(live.project, "license-conflicts"), {}, live.store).dicts())
    assert found
    for row in found:
        assert judged[row["license"], row["other"]] == row["kind"], row
    added = """
    SELECT ?license ?other { ?model jag:addsUp ?license ; jag:licenseStatement/jag:license ?other .
      FILTER NOT EXISTS { ?model jag:possibleConflict ?conflict } }
    """
    for row in live.store.select(added).dicts():
        assert judged[row["license"], row["other"]] in ("adds-up", "dropped", "unknown"), row
