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
