"""Pairs of licences: golden pairs read from their texts, and the verb held against the rules."""

from __future__ import annotations

import json

import pytest
from tests.support.project import Run

from jagraph.api.terms import compatible
from jagraph.core.errors import RequestError
from jagraph.domain.compatibility import fits
from jagraph.graph.cache import Graph

_ONE_TO_ONE = """
SELECT ?declared ?received (SAMPLE(?kinds) AS ?kind) WHERE {
  {
    SELECT ?model (COUNT(DISTINCT ?own) AS ?labels) (SAMPLE(?own) AS ?declared) WHERE {
      ?model a jag:Model ; jag:licenseStatement ?statement . ?statement jag:license ?own .
      FILTER NOT EXISTS { ?statement jag:certain false }
    } GROUP BY ?model
  }
  FILTER(?labels = 1)
  ?model jag:possibleConflict ?conflict .
  ?conflict jag:conflictLicense ?one ; jag:conflictKind/skos:notation ?kinds .
  OPTIONAL { ?conflict jag:conflictOther ?other }
  BIND(IF(?one = ?declared, ?other, ?one) AS ?received)
  FILTER(!BOUND(?other) || ?other = ?declared || ?one = ?declared)
}
GROUP BY ?declared ?received
"""


@pytest.mark.parametrize(
    ("one", "other", "kind", "clauses"),
    [
        # no terms beside CC's own on adaptations; Llama 2 suspends every right above its threshold
        ("llama-2", "cc-by-nc-sa-4.0", "cannot-both", ("3(b)(3)", "2")),
        ("gemma-terms", "llama-3.1", "not-carried", ("3.2", "1.b.iv")),
        ("llama-3.1", "apache-2.0", "dropped", ("1.b.i", "")),
        ("cc-by-sa-3.0", "cc-by-sa-4.0", "adds-up", ("", "")),
        ("mit", "apache-2.0", "adds-up", ("", "")),
        ("plamo-non-commercial", "plamo-non-commercial", None, None),
    ],
)
def test_pairs_read_from_the_texts(
    live: Graph, one: str, other: str, kind: str | None, clauses: tuple[str, str] | None
) -> None:
    found = compatible(live, f"license/{one}", f"license/{other}")
    if kind is None:
        assert found == []
    else:
        (fit,) = found
        assert fit.kind == kind
        assert (fit.clause, fit.other_clause) == clauses


def test_what_passes_depends_on_the_relation(live: Graph) -> None:
    weights, outputs = (
        compatible(live, "license/qwen", "license/apache-2.0", relation=relation)[0]
        for relation in ("fineTunedFrom", "trainedOnOutputOf")
    )
    assert (weights.kind, outputs.kind) == ("dropped", "dropped")
    assert outputs.action == "display-notice"
    with pytest.raises(RequestError, match="relation"):
        compatible(live, "license/mit", "license/qwen", relation="cousinOf")


def test_the_pairs_of_the_list_are_judged_as_the_rules_judge_them(live: Graph) -> None:
    rows = list(live.store.select(_ONE_TO_ONE).dicts())
    assert rows
    for row in rows:
        (fit,) = fits(live.store, [row["received"]], [row["declared"]])
        assert fit.kind == row["kind"], row


def test_two_models_bring_all_their_licences(jagraph: Run) -> None:
    done = jagraph("compatible", "gemma-2-9b-it", "model/llama-3.1-8b-instruct", "--format", "json")
    (fit,) = json.loads(done.stdout)
    assert (fit["license"], fit["kind"]) == ("Gemma Terms of Use", "not-carried")
    assert fit["other"] == "Llama 3.1 Community License"
