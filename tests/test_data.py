"""The records themselves: each file alone, and what must hold between them and the source."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from conftest import ROOT
from jagraph.cache import Graph
from jagraph.project import find_project
from jagraph.validate import validate

RECORDS = find_project(ROOT).records()
FAMILIES = sorted((ROOT / "data/models").glob("*.yaml"))


def load(path: Path) -> dict[str, object]:
    document = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    assert isinstance(document, dict)
    return document


def test_no_findings() -> None:
    assert validate(find_project(ROOT)) == []


@pytest.mark.parametrize("path", RECORDS, ids=[f"{p.parent.name}/{p.stem}" for p in RECORDS])
def test_record_is_tidy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert "\t" not in text
    assert all(line == line.rstrip() for line in text.splitlines())
    assert max(map(len, text.splitlines())) <= 400
    assert "TODO" not in text


@pytest.mark.parametrize("path", FAMILIES, ids=[p.stem for p in FAMILIES])
def test_family_says_where_it_is_listed_and_by_whom_it_is(path: Path) -> None:
    record = load(path)
    assert set(record["listed"]) == {"section", "row", "line"}  # type: ignore[call-overload]
    assert record["developers"]
    stated = "licenses" in record or "licenses" in record.get("unknown", [])  # type: ignore[operator]
    assert stated, "a family states its licences, or that they are unknown"


@pytest.mark.parametrize("path", FAMILIES, ids=[p.stem for p in FAMILIES])
def test_statements_of_the_list_carry_its_words(path: Path) -> None:
    record = load(path)
    for key in ("licenses", "stages", "contextLengths"):
        for statement in record.get(key, []):  # type: ignore[attr-defined]
            assert "words" in statement or statement["stated"] == "outside", (key, statement)


@pytest.mark.parametrize("path", FAMILIES, ids=[p.stem for p in FAMILIES])
def test_model_ids_are_the_repositories_names(path: Path) -> None:
    models = load(path)["models"]
    for identifier, about in models.items():  # type: ignore[attr-defined]
        if "hub" in about:
            owner, name = about["hub"].lower().split("/")
            assert identifier in (name, f"{owner}-{name}"), identifier


def test_every_fact_from_outside_the_list_has_its_source() -> None:
    for path in RECORDS:
        text = path.read_text(encoding="utf-8")
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
