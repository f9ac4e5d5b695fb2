"""Every row of the list is a record, in its section, with all its models; and nothing more."""

from __future__ import annotations

from collections import Counter

from tests.support.project import ROOT

from jagraph.graph.cache import Graph

# Written from the list itself, not from the records: one line per row of its tables.
ROWS = [
    (section, name, int(models))
    for section, name, models in (
        line.split("\t")
        for line in (ROOT / "tests/list/rows.tsv").read_text(encoding="utf-8").splitlines()[2:]
    )
]
_LISTED = """
SELECT ?section ?name (COUNT(DISTINCT ?model) AS ?models) WHERE {
  ?row jag:listing/jag:section ?where ; rdfs:label ?name .
  OPTIONAL { ?row jag:hasModel ?model }
  BIND(REPLACE(STR(?where), "^.*/", "") AS ?section)
}
GROUP BY ?row ?section ?name
"""


def test_every_row_is_there_once_in_its_section_with_its_models(live: Graph) -> None:
    found = Counter(
        (row["section"], row["name"], int(row["models"]))
        for row in live.store.select(_LISTED).dicts()
    )
    expected = Counter(ROWS)
    assert {"missing": expected - found, "extra": found - expected} == {
        "missing": Counter(),
        "extra": Counter(),
    }


def test_the_list_has_as_many_rows_as_it_says() -> None:
    models = [row for row in ROWS if not row[0].endswith("-benchmarks")]
    assert len(models) == 230
    assert len({section for section, *_ in models}) == 23
    assert len(ROWS) - len(models) == 39
    assert len({section for section, *_ in ROWS}) == 32


def test_every_footnote_is_tied_to_something(live: Graph) -> None:
    lonely = live.store.select(
        "SELECT ?footnote { ?footnote a jag:Footnote"
        " FILTER NOT EXISTS { ?x jag:footnote ?footnote } }"
    )
    assert [str(row[0]) for row in lonely.rows] == []


def test_numbers_that_are_written_are_numbers_to_ask_for(live: Graph) -> None:
    for written, value in (
        ("tokens", "tokenCount"),
        ("amount", "amountValue"),
        ("parameters", "parameterCount"),
        ("contextLength", "contextLengthValue"),
    ):
        query = f"ASK {{ ?x jag:{written} ?t FILTER NOT EXISTS {{ ?x jag:{value} ?n }} }}"
        assert not live.store.ask(query), written
