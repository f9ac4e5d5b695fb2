"""What the functions of the API return and refuse, beside their examples."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from tests.support.project import TINY, Run

from jagraph import (
    DataError,
    Graph,
    RequestError,
    bill_of_materials,
    chart,
    check,
    draw,
    export,
    find,
    judge,
    lineage,
    path,
    rows_of,
    run_query,
    saved_queries,
    search,
    validate,
)
from jagraph.domain.verdicts import USES

_QUERY = """\
#+ title: {en: Models with more parameters}
#+ description: {en: For this test.}
#+ parameters:
#+   least-size: {kind: number, help: {en: parameters}}
SELECT ?model ?size WHERE {
  VALUES ?least-size { 1 }
  ?model jag:parameterCount ?size
}
"""


def test_a_row_has_the_values_of_python(tiny: Graph) -> None:
    [row] = rows_of(
        tiny.select(
            'SELECT (1 AS ?whole) (2.5 AS ?part) (1e3 AS ?large) (true AS ?truth) ("7b" AS ?text) '
            '(model:hana-7b AS ?thing) ("x"^^xsd:integer AS ?wrong) ?none {}'
        )
    )
    assert row == {
        "whole": 1,
        "part": 2.5,
        "large": 1000.0,
        "truth": True,
        "text": "7b",
        "thing": "model/hana-7b",
        "wrong": "x",
        "none": None,
    }


def test_a_saved_query_is_what_the_command_answers(tiny: Graph, jagraph: Run) -> None:
    rows = run_query(tiny, "largest", answer="only-if")
    done = jagraph("query", "largest", "--answer", "only-if", "--project", TINY)
    header, *lines = done.stdout.splitlines()
    assert [*rows[0]] == header.split("\t")
    texts = [["" if cell is None else str(cell) for cell in row.values()] for row in rows]
    assert [[cell.lower() for cell in row] for row in texts] == [
        line.lower().split("\t") for line in lines
    ]


def test_an_unknown_query_parameter_or_value_is_refused_with_the_nearest(tiny: Graph) -> None:
    with pytest.raises(RequestError) as unknown:
        run_query(tiny, "descendant")
    assert "descendants" in unknown.value.remedy
    with pytest.raises(RequestError) as unknown:
        run_query(tiny, "descendants", bas="mountain")
    assert "--base" in unknown.value.remedy
    with pytest.raises(RequestError) as unknown:
        run_query(tiny, "descendants", base="mountian")
    assert "mountain" in unknown.value.remedy


def test_ones_own_saved_query_stands_beside_ours(tiny: Graph, tmp_path: Path) -> None:
    text = _QUERY.replace("?least-size", "?least").replace(
        "kind: number", "variable: least, kind: number"
    )
    (tmp_path / "larger.rq").write_text(text.replace("?size\n", "?size FILTER(?size > ?least)\n"))
    known = saved_queries(tiny, [tmp_path])
    assert {*saved_queries(tiny)} == {*known} - {"larger"}
    rows = run_query(tiny, known["larger"], least_size=10_000_000_000)
    assert {row["model"] for row in rows} == {"model/kiku-70b", "model/mountain-70b"}
    assert {row["size"] for row in rows} == {70_000_000_000}


def test_search_has_all_or_the_first(tiny: Graph) -> None:
    everything = search(tiny, "a", limit=None)
    assert search(tiny, "a", limit=2) == everything[:2]
    assert all(find(tiny, thing.id) == thing.iri for thing in everything)
    assert search(tiny, "nowhere") == []


@pytest.mark.parametrize(
    ("ask", "remedy"),
    [
        (lambda graph: lineage(graph, "Hana", direction="upwards"), "up"),
        (lambda graph: judge(graph, "Hana", uses=["shipp"]), "ship"),
        (lambda graph: bill_of_materials(graph, "Hana", format="spdx"), "spdx.json"),
        (lambda graph: draw(graph, "Hana", format="jpg"), "png"),
        (lambda graph: draw(graph, "Hana", theme="darker"), "dark"),
        (lambda graph: draw(graph, "Hana", level="models"), "model"),
        (lambda graph: draw(graph, "Hana", layers="RL"), "LR"),
        (lambda graph: draw(graph, "Hana", language="de"), "en"),
        (lambda graph: chart(graph, "license"), "licenses"),
        (lambda graph: export(graph, "graph.tttl"), "ttl"),
        (lambda graph: path(graph, "Kiku", "Hana"), "jagraph lineage"),
    ],
)
def test_a_wrong_argument_is_refused_with_what_there_is(
    tiny: Graph, ask: object, remedy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert callable(ask)
    with pytest.raises(RequestError) as refused:
        ask(tiny)
    assert remedy in refused.value.remedy
    assert not any(tmp_path.iterdir())


def test_a_family_is_judged_model_by_model_and_no_model_twice(tiny: Graph) -> None:
    judged = judge(tiny, "Hana", "Hana-7b", "Kiku")
    assert [one.name for one in judged] == ["Hana-7b", "Hana-open", "Kiku-70b"]
    assert [[verdict.use for verdict in one.verdicts] for one in judged] == [[*USES]] * 3


def test_a_policy_file_of_ones_own_decides(tiny: Graph, tmp_path: Path) -> None:
    policy = tmp_path / "ours.yaml"
    policy.write_text("name: Ours\nuse: ship\nunknown: block\nonly-if: allow\nwith-duties: allow\n")
    [kiku, hana] = check(tiny, ["Kiku", "Hana-open"], policy)
    assert (kiku.policy, hana.decision) == ("Ours", "block")
    policy.write_text("use: shipp\nunknown: block\n")
    with pytest.raises(DataError) as wrong:
        check(tiny, ["Kiku"], policy)
    assert str(wrong.value.where) == f"{policy}:1:6"


def test_a_picture_of_a_selection_and_of_an_id_are_those_of_the_command(
    tiny: Graph, jagraph: Run
) -> None:
    wanted = ("draw", "Ume", "--down", "--format", "mmd", "--project", TINY)
    assert draw(tiny, "Ume", direction="down", format="mmd").decode() == jagraph(*wanted).stdout
    found, title = lineage(tiny, "Ume", direction="down"), "What descends?"
    titled = jagraph(*wanted, "--title", title).stdout
    assert draw(tiny, found, format="mmd", title=title).decode() == titled


def test_the_file_of_an_export_is_whole_and_the_same_twice(tiny: Graph, tmp_path: Path) -> None:
    for name in ("one.nq", "two.nq"):
        export(tiny, tmp_path / name)
    export(tiny, tmp_path / "three", format="nq")
    contents = {file.read_bytes() for file in tmp_path.iterdir()}
    assert len(contents) == 1
    assert ox.parse(contents.pop(), format=ox.RdfFormat.N_QUADS)


def test_a_finding_has_its_place_and_what_to_do(copy: Path) -> None:
    record = copy / "data" / "models" / "kiku.yaml"
    record.write_text(record.read_text().replace("kaki", "kiku") + "colour: red\n")
    said: list[str] = []
    [finding] = validate(copy, [record], progress=said.append)
    assert finding.severity == "error"
    assert finding.position.file == Path("data/models/kiku.yaml")
    assert said
