"""The records themselves: each file alone, and what must hold between them and the source."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from tests.support.project import ROOT

from jagraph.core.project import find_project
from jagraph.graph.cache import Graph
from jagraph.graph.validation import validate

RECORDS = {path: path.read_text(encoding="utf-8") for path in find_project(ROOT).records()}


@pytest.fixture(scope="module")
def families() -> dict[str, dict[str, Any]]:
    """Each family's record by its id."""
    return {
        path.stem: yaml.load(text, Loader=yaml.CBaseLoader)
        for path, text in RECORDS.items()
        if path.parent.name == "models"
    }


@pytest.mark.slow
def test_no_findings() -> None:
    assert validate(find_project(ROOT)) == []


def test_records_are_tidy() -> None:
    def is_tidy(text: str) -> bool:
        lines = text.splitlines()
        whole = text.endswith("\n") and not text.endswith("\n\n")
        clean = all(line == line.rstrip() and len(line) <= 400 for line in lines)
        return whole and clean and "\t" not in text and "TODO" not in text

    assert [path for path, text in RECORDS.items() if not is_tidy(text)] == []


def test_families_say_where_they_are_listed_and_by_whom_they_are(
    families: dict[str, dict[str, Any]],
) -> None:
    assert len(families) > 200
    for name, record in families.items():
        assert set(record["listed"]) == {"section", "row", "line"}, name
        assert record["developers"], name
        # The table of API models has no column for licences: there is nothing to look for in it.
        has_column = record["listed"]["section"] != "api-based-models"
        stated = "licenses" in record or "licenses" in record.get("unknown", [])
        assert stated == has_column, f"{name}: what the licence cell says, or that it says nothing"


def test_statements_of_the_list_carry_its_words(families: dict[str, dict[str, Any]]) -> None:
    silent = [
        (name, key, statement)
        for name, record in families.items()
        for key in ("licenses", "stages", "contextLengths")
        for statement in record.get(key, [])
        if "words" not in statement and statement["stated"] != "outside"
    ]
    assert silent == []


def test_inferred_keys_are_keys_that_stand_beside_them() -> None:
    def check(node: Any, name: str) -> None:
        if isinstance(node, dict):
            assert set(node.get("inferredKeys", [])) <= node.keys(), name
        for inner in node.values() if isinstance(node, dict) else node:
            if isinstance(inner, dict | list):
                check(inner, name)

    for path, text in RECORDS.items():
        check(yaml.load(text, Loader=yaml.CBaseLoader), path.name)


def test_model_ids_are_the_repositories_names(families: dict[str, dict[str, Any]]) -> None:
    for record in families.values():
        for identifier, about in record["models"].items():
            if "hub" in about:
                owner, name = about["hub"].lower().split("/")
                assert identifier in (name, f"{owner}-{name}"), identifier


def test_every_fact_from_outside_the_list_has_its_source() -> None:
    for path, text in RECORDS.items():
        for entry in re.findall(r"\{[^{}]*stated: outside[^{}]*\}", text):
            assert "source: http" in entry, (path.name, entry)


def test_a_repository_stands_for_one_model(live: Graph) -> None:
    rows = live.store.select(
        "SELECT ?hub (COUNT(DISTINCT ?m) AS ?n) { ?m jag:hubId ?hub }"
        " GROUP BY ?hub HAVING(COUNT(DISTINCT ?m) > 1)"
    )
    assert rows.rows == []


def test_each_conclusion_is_reached_by_edges_that_are_in_the_graph(live: Graph) -> None:
    """A verdict from an ancestor: the model descends from, or learnt from, the one who says so."""
    rows = live.store.select(
        "SELECT ?model ?statement { ?model jag:verdict ?v ."
        " ?v jag:basis <https://w3id.org/jagraph/basis/inherited> ; jag:decidedBy ?statement ."
        " FILTER NOT EXISTS {"
        "  ?model (jag:bindsThrough|jag:mayBindThrough|jag:passesOutputs)+ ?ancestor ."
        "  ?ancestor jag:licenseStatement ?statement } }"
    )
    assert rows.rows == []
