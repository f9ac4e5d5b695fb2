"""Solutions in each format, as other programs read them back."""

from __future__ import annotations

import csv
import io
import json

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st
from tests.support.solutions import solutions

from jagraph.query.result_formats import render
from jagraph.store.base import Solutions

cells = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)
tables = st.lists(st.tuples(cells, cells), max_size=5)


@given(tables)
def test_csv_comes_back(rows: list[tuple[str, str]]) -> None:
    text = render(solutions(rows), "csv")
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        ["one", "two"],
        *map(list, rows),
    ]


@given(tables)
def test_json_is_sparql_results(rows: list[tuple[str, str]]) -> None:
    document = json.loads(render(solutions(rows), "json"))
    assert document["head"] == {"vars": ["one", "two"]}
    back = [tuple(row[name]["value"] for name in ("one", "two")) for row in
            document["results"]["bindings"]]  # fmt: skip
    assert back == rows


@given(tables)
def test_markdown_has_one_line_per_row(rows: list[tuple[str, str]]) -> None:
    text = render(solutions(rows), "md")
    assert len(text.splitlines()) >= len(rows) + 2
    assert text.startswith("| one | two |\n")


def test_json_keeps_types_and_leaves_out_what_is_unbound() -> None:
    number = ox.Literal("7", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
    rows = [(ox.NamedNode("https://example.org/x"), number), (ox.Literal("x", language="ja"), None)]
    found = json.loads(render(Solutions(["a", "b"], rows), "json"))["results"]["bindings"]
    assert found[0]["a"]["type"] == "uri"
    assert found[0]["b"]["datatype"].endswith("#integer")
    assert found[1] == {"a": {"type": "literal", "value": "x", "xml:lang": "ja"}}


def test_table_counts_rows_and_leaves_ids_to_the_machine_formats() -> None:
    node = ox.NamedNode("https://w3id.org/jagraph/model/x")
    text = render(Solutions(["model", "modelName"], [(node, ox.Literal("X"))]), "table")
    assert text.splitlines()[0] == "modelName"
    assert text.endswith("\n\n1 row\n")
    assert "model/x" not in text


def test_table_shows_japanese_in_full() -> None:
    text = render(Solutions(["name"], [(ox.Literal("日本語" * 10),)]), "table", width=30)
    assert "".join(text.split()[1:-2]) == "日本語" * 10
