"""Opening a graph from Python: which one, what is said meanwhile, and closing it."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest
from tests.support.project import ROOT, TINY, Run
from tests.support.triplestores import oxigraph

from jagraph import (
    DataError,
    Graph,
    OutsideError,
    RequestError,
    judge,
    open_graph,
    run_query,
)

_MODELS = "SELECT (COUNT(?m) AS ?n) { ?m a jag:Model }"


def test_a_project_is_built_once_and_then_taken_from_the_cache(copy: Path) -> None:
    said: list[str] = []
    first = open_graph(copy, progress=said.append)
    assert said == [f"building the graph of {copy} …"]
    again = open_graph(str(copy), progress=said.append)
    assert len(said) == 1
    assert again.folder == first.folder


def test_nothing_is_printed(copy: Path, capfd: pytest.CaptureFixture[str]) -> None:
    open_graph(copy)
    assert capfd.readouterr() == ("", "")


def test_the_project_around_the_working_folder_is_the_default(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "ontology", copy / "ontology")
    monkeypatch.chdir(copy / "data")
    assert open_graph().project.root == copy


def test_the_graph_at_an_endpoint_is_asked(tiny: Graph, jagraph: Run, tmp_path: Path) -> None:
    with oxigraph(tmp_path / "store") as url, open_graph(TINY, endpoint=url) as remote:
        assert jagraph("load", "--endpoint", url, "--project", TINY).returncode == 0
        assert list(remote.select(_MODELS).dicts()) == list(tiny.select(_MODELS).dicts())
        assert run_query(remote, "descendants", base="mountain") == run_query(
            tiny, "descendants", base="mountain"
        )
        [here], [there] = (judge(graph, "Kiku-70b") for graph in (tiny, remote))
        assert [one.answer for one in here.verdicts] == [one.answer for one in there.verdicts]
    with pytest.raises(RequestError, match="closed"):
        remote.select(_MODELS)


def test_an_endpoint_and_a_store_are_two_graphs() -> None:
    with pytest.raises(RequestError, match="two graphs"):
        open_graph(TINY, store="here", endpoint="http://127.0.0.1:9/sparql")


def test_a_record_that_cannot_be_read_has_its_place(copy: Path) -> None:
    (copy / "data" / "models" / "hana.yaml").write_text("name: [", encoding="utf-8")
    with pytest.raises(DataError) as wrong:
        open_graph(copy)
    assert str(wrong.value.where).startswith("data/models/hana.yaml:")


def test_a_folder_without_records_is_no_project(tmp_path: Path) -> None:
    with pytest.raises(OutsideError, match="has no folder 'data'"):
        open_graph(tmp_path)


def test_a_closed_graph_answers_no_more_and_lets_go_of_its_folder(copy: Path) -> None:
    with open_graph(copy) as graph:
        assert graph.ask("ASK { model:hana-7b a jag:Model }")
    for ask in (graph.select, graph.construct, graph.ask):
        with pytest.raises(RequestError) as closed:
            ask(_MODELS)
        assert closed.value.code == "closed-graph"
    with pytest.raises(RequestError):
        list(graph.store.triples("https://w3id.org/jagraph/graph/asserted"))
    graph.close()
    assert not any(str(graph.folder) in link for link in _open_files())


def _open_files() -> list[str]:
    links = []
    for handle in Path("/proc/self/fd").iterdir():
        try:
            links.append(str(handle.readlink()))
        except OSError:  # the handle of the listing itself
            continue
    return links


def test_many_threads_ask_one_graph(copy: Path) -> None:
    graph = open_graph(copy)
    answers: list[object] = []

    def ask() -> None:
        [judgement] = judge(graph, "Hana-open", uses=["ship"])
        answers.append((judgement.verdicts, run_query(graph, "descendants", base="mountain")))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8
    assert all(answer == answers[0] for answer in answers)
