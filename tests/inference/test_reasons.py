"""The English reasons of the rules are what the English catalogue makes of code and arguments."""

from __future__ import annotations

import pytest

from jagraph.core.messages import Message
from jagraph.graph.cache import Graph
from jagraph.inference.reasons import reasons


@pytest.mark.parametrize("name", ["tiny", "live"])
def test_each_reason_is_what_the_catalogue_says(name: str, request: pytest.FixtureRequest) -> None:
    graph: Graph = request.getfixturevalue(name)
    rows = graph.store.select("SELECT DISTINCT ?reason { ?node jag:reason ?reason }").dicts()
    said = reasons(graph.store)
    assert {row["reason"] for row in rows} == set(said)
    for written, reason in said.items():
        assert isinstance(reason, Message)
        assert reason == written


@pytest.mark.parametrize("name", ["tiny", "live"])
def test_each_finding_has_one_reason_and_one_code(
    name: str, request: pytest.FixtureRequest
) -> None:
    graph: Graph = request.getfixturevalue(name)
    rows = graph.store.select("""
    SELECT ?finding (COUNT(DISTINCT ?reason) AS ?reasons) (COUNT(DISTINCT ?code) AS ?codes) {
      ?finding a jag:Finding .
      OPTIONAL { ?finding jag:reason ?reason }
      OPTIONAL { ?finding jag:messageCode ?code }
    } GROUP BY ?finding""").dicts()
    assert all((row["reasons"], row["codes"]) == ("1", "1") for row in rows)
