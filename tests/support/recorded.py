"""The records as the computation of tests/support/use_answers.py takes them, read from a graph.

Read is what the records say, each statement with the models it holds for; nothing that a rule
concludes from it.
"""

from __future__ import annotations

from collections import defaultdict

from tests.support.use_answers import (
    LEAVING_MOST,
    Answer,
    Derivation,
    Document,
    Model,
    Records,
    Statement,
    Term,
)

from jagraph.store.base import OpenStore

_MODELS = """
SELECT ?model ?statement ?developer ?availability {
  ?model a jag:Model ; jag:licenseStatement ?statement .
  OPTIONAL { ?model jag:developedBy ?developer }
  OPTIONAL { ?model jag:availability ?availability }
}
"""
_DERIVATIONS = """
SELECT ?model ?derivation ?relation ?parent ?certain ?further {
  ?model a jag:Model ; jag:derivation ?derivation .
  ?derivation jag:relation ?relation ; jag:parent ?parent .
  OPTIONAL { ?derivation jag:certain ?certain }
  OPTIONAL { ?derivation jag:furtherParents ?further }
}
"""
_STATEMENTS = """
SELECT ?statement ?license ?joined ?certain ?footnote {
  ?model a jag:Model ; jag:licenseStatement ?statement .
  OPTIONAL { ?statement jag:license ?license }
  OPTIONAL { ?statement jag:joined ?joined }
  OPTIONAL { ?statement jag:certain ?certain }
  OPTIONAL { ?statement jag:footnote ?footnote }
}
"""
_DOCUMENTS = """
SELECT ?document ?class ?read ?become {
  { ?document a jag:License } UNION { ?document a jag:Footnote }
  OPTIONAL { ?document jag:licenseClass ?class }
  OPTIONAL { ?document jag:read ?read }
  OPTIONAL { ?document jag:mayBecome ?become }
}
"""
_TERMS = """
SELECT ?document ?term ?rule ?action ?reach ?purpose ?right ?occasion ?confidence ?except {
  ?document jag:term ?term .
  ?term jag:rule ?rule ; jag:action ?action ; jag:reach ?reach .
  OPTIONAL { ?term jag:purpose ?purpose }
  OPTIONAL { ?term jag:limits ?right }
  OPTIONAL { ?term jag:due ?occasion }
  OPTIONAL { ?term jag:confidence ?confidence }
  OPTIONAL { ?term jag:except ?except }
}
"""
_ANSWERS = """
SELECT ?model ?use ?may ?otherwise {
  ?model jag:useAnswer ?answer .
  ?answer jag:use ?use ; jag:may ?may .
  OPTIONAL { ?answer jag:otherwise ?otherwise }
}
"""


def _last(value: str | None) -> str:
    return (value or "").rpartition("/")[2].rpartition("#")[2]


def _several(store: OpenStore, query: str, key: str) -> dict[str, dict[str, set[str]]]:
    """All values of each column for each value of ``key``."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in store.select(query).dicts():
        for column, value in row.items():
            if value:
                found[row[key]][column].add(value)
    return found


def _one(values: set[str]) -> str:
    (value,) = values or {""}
    return _last(value)


def _many(values: set[str]) -> tuple[str, ...]:
    return tuple(sorted(map(_last, values)))


def records(store: OpenStore) -> Records:
    """What is recorded in ``store``."""
    terms: dict[str, list[Term]] = defaultdict(list)
    for row in _several(store, _TERMS, "term").values():
        (document,) = row["document"]
        terms[document].append(
            Term(
                _one(row["rule"]),
                _one(row["action"]),
                _many(row["reach"]),
                _one(row["purpose"]),
                _many(row["right"]),
                _many(row["occasion"]),
                _one(row["confidence"]) == "low",
                _one(row["except"]) in LEAVING_MOST,
            )
        )
    documents = {
        name: Document(
            tuple(terms[name]),
            _one(row["read"]),
            "/license/" in name,
            _one(row["class"]) == "service-terms",
            tuple(row["become"]),
        )
        for name, row in _several(store, _DOCUMENTS, "document").items()
    }
    statements = {
        name: Statement(
            tuple(row["license"]),
            _one(row["joined"]) == "any",
            row["certain"] != {"false"},
            tuple(row["footnote"]),
        )
        for name, row in _several(store, _STATEMENTS, "statement").items()
    }
    edges: dict[str, list[Derivation]] = defaultdict(list)
    lacking = set()
    for row in store.select(_DERIVATIONS).dicts():
        certain = row["certain"] != "false"
        edges[row["model"]].append(Derivation(row["parent"], _last(row["relation"]), certain))
        if row["further"]:
            lacking.add(row["model"])
    models = {
        name: Model(
            tuple(row["statement"]),
            frozenset(row["developer"]),
            tuple(edges[name]),
            "service" in _many(row["availability"]),
            name in lacking,
        )
        for name, row in _several(store, _MODELS, "model").items()
    }
    return Records(models, statements, documents)


def concluded(store: OpenStore) -> dict[tuple[str, str], Answer]:
    """The answers in ``store``; each model has one about each use."""
    found: dict[tuple[str, str], Answer] = {}
    for row in store.select(_ANSWERS).dicts():
        key = (row["model"], _last(row["use"]))
        assert key not in found, f"two answers: {key}"
        found[key] = Answer(_last(row["may"]), _last(row["otherwise"]) or None)
    return found
