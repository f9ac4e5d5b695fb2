"""What rules 11, 28 and 29 say of a decision itself, which all models so decided share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from jagraph.core.namespaces import JAG, RDF_TYPE, iri
from jagraph.inference.array_decisions import Decided
from jagraph.inference.concern_decisions import Verdict
from jagraph.inference.license_conflicts import Conflict
from jagraph.inference.use_answers import UseAnswer

_Said = Iterator[tuple[str, ox.NamedNode | ox.Literal]]


def decision_triples(decided: Iterable[Decided]) -> list[ox.Triple]:
    """Return what there is to say of each decision but for its reasons (rules 12 and 30)."""
    verdicts: set[Verdict] = set()
    answers: set[UseAnswer] = set()
    conflicts: set[Conflict] = set()
    for one in decided:
        verdicts.update(one.verdicts)
        answers.update(one.answers)
        conflicts.update(one.conflicts)
    found = [triple for one in verdicts for triple in _of(one.iri, "Verdict", _verdict(one))]
    found += [triple for one in answers for triple in _of(one.iri, "UseAnswer", _answer(one))]
    found += [triple for one in conflicts for triple in _of(one.iri, "Conflict", _conflict(one))]
    return found


def _of(name: str, kind: str, said: _Said) -> Iterator[ox.Triple]:
    node = ox.NamedNode(name)
    yield ox.Triple(node, ox.NamedNode(RDF_TYPE), ox.NamedNode(JAG + kind))
    for key, value in said:
        yield ox.Triple(node, ox.NamedNode(JAG + key), value)


def _verdict(one: Verdict) -> _Said:
    yield "concern", ox.NamedNode(one.finding.concern)
    yield "decisiveFinding", ox.NamedNode(one.finding.iri)
    yield "reachedBy", ox.NamedNode(one.way.iri)
    yield "besideUnknown", ox.Literal(one.open)


def _answer(one: UseAnswer) -> _Said:
    yield "use", ox.NamedNode(one.use)
    yield "may", ox.NamedNode(one.may)
    yield "reachedBy", ox.NamedNode(one.way.iri)
    yield "decidedBy", ox.NamedNode(one.holder)
    if one.otherwise:
        yield "otherwise", ox.NamedNode(one.otherwise)
    if one.code:
        yield "messageCode", ox.Literal(one.code)
    else:
        yield "decisiveReading", ox.NamedNode(one.basis)


def _conflict(one: Conflict) -> _Said:
    yield "conflictKind", ox.NamedNode(iri("conflict", one.kind))
    yield "conflictLicense", ox.NamedNode(one.license)
    if one.other:
        yield "conflictOther", ox.NamedNode(one.other)
    yield "conflictAction", ox.NamedNode(one.action)
