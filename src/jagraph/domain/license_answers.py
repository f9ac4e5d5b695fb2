"""What a licence alone would answer about each use of what is under it and what is made from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from jagraph.domain.obligations import Condition, Duty, Obligations
from jagraph.store.base import Store

_ALLOWANCES = """
SELECT ?name ?use ?way ?answer ?reason ?clause ?note WHERE {
  <%s> rdfs:label ?name ; jag:allowance ?allowance .
  ?allowance jag:use ?of ; jag:by/skos:notation ?way ; jag:may/skos:notation ?answer ;
    jag:decisiveReading ?reading .
  FILTER(?way IN ("own", "weights"))
  ?of skos:notation ?use ; jag:order ?order .
  ?reading jag:reason ?reason .
  OPTIONAL {
    ?reading jag:readTerm ?term .
    OPTIONAL { ?term jag:clause ?clause }
    OPTIONAL { ?term skos:note ?note }
  }
}
ORDER BY ?order ?way
"""


@dataclass(frozen=True)
class LicenseAnswer:
    """May one put what is under a licence to ``use``, where nothing else binds, and why.

    ``on_derivatives`` says that it is about models made from what is under the licence, which
    comes along with the weights; they have an answer of their own only where it differs.
    """

    use: str
    on_derivatives: bool
    answer: str
    reason: str
    conditions: tuple[Condition, ...]
    duties: tuple[Duty, ...]
    clause: str
    note: str


def license_answers(store: Store, document: str) -> tuple[LicenseAnswer, ...]:
    """Return what the licence ``document`` (an IRI) answers about each use, in their order."""
    return tuple(_differing(_answers(store, document)))


def _answers(store: Store, document: str) -> Iterator[LicenseAnswer]:
    ways: dict[str, Obligations] = {}
    for row in store.select(_ALLOWANCES % document).dicts():
        way, answer = row["way"], row["answer"]
        if way not in ways:
            ways[way] = Obligations.alone(store, document, row["name"], way)
        yield LicenseAnswer(
            row["use"],
            way != "own",
            answer,
            row["reason"],
            *ways[way].of(row["use"], answer),
            row["clause"],
            row["note"],
        )


def _differing(answers: Iterator[LicenseAnswer]) -> Iterator[LicenseAnswer]:
    """Leave out what is the same for derivatives."""
    own: dict[str, LicenseAnswer] = {}
    for one in answers:
        if not one.on_derivatives:
            own[one.use] = one
        elif own.get(one.use) == replace(one, on_derivatives=False):
            continue
        yield one
