"""The bill of materials of models: themselves, every ancestor, what they were trained on, licences.

``jagraph.domain.bom.spdx`` and ``jagraph.domain.bom.cyclonedx`` write it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from jagraph.domain.lineage import Edge, Lineage
from jagraph.domain.obligations import Obligations
from jagraph.domain.proof_queries import ANSWERS
from jagraph.graph.provenance import notice, versions
from jagraph.store.base import Store

NO_ASSERTION = "NOASSERTION"
_PARTS = """
SELECT ?part ?kind ?name ?hub ?url ?parameters WHERE {
  { ?part a jag:Model BIND("model" AS ?kind) }
  UNION
  { ?part a jag:Dataset BIND("dataset" AS ?kind) }
  ?part rdfs:label ?name .
  OPTIONAL { ?part jag:hubId ?hub }
  OPTIONAL { ?part schema:url ?address }
  OPTIONAL { ?part jag:parameters ?parameters }
  BIND(STR(?address) AS ?url)
}
ORDER BY ?part ?url
"""
_MADE_BY = """
SELECT ?part ?developer ?name ?kind WHERE {
  ?part jag:developedBy ?developer .
  ?developer rdfs:label ?name ; jag:developerKind/skos:notation ?kind .
}
ORDER BY ?part ?developer
"""
_TRAINED_ON = """
SELECT DISTINCT ?part ?dataset WHERE {
  ?part a jag:Model ; jag:trainingStage/(jag:usedDataset|jag:portion/jag:portionOf) ?dataset .
}
ORDER BY ?part ?dataset
"""
_STATEMENTS = """
SELECT ?part ?way ?statement ?license ?joined ?certain ?words ?reason WHERE {
  VALUES (?property ?way) {
    (jag:licenseStatement "declared") (jag:inheritedStatement "inherited")
    (jag:possiblyInheritedStatement "possible")
  }
  ?part ?property ?statement .
  OPTIONAL { ?statement jag:license ?license }
  OPTIONAL { ?statement jag:joined/skos:notation ?joined }
  OPTIONAL { ?statement jag:certain ?mark }
  OPTIONAL { ?statement jag:words ?words }
  OPTIONAL { ?statement jag:reason ?reason }
  BIND(COALESCE(?mark, true) AS ?certain)
}
ORDER BY ?part ?way ?statement ?license
"""
_LICENSES = """
SELECT ?license ?name ?spdx ?url WHERE {
  ?license a jag:License ; rdfs:label ?name .
  OPTIONAL { ?license jag:spdxId ?spdx }
  OPTIONAL { ?license schema:url ?address }
  BIND(STR(?address) AS ?url)
}
ORDER BY ?license ?url
"""


@dataclass(frozen=True)
class License:
    """A licence by its SPDX id; one that has none is a ``LicenseRef-``."""

    iri: str
    name: str
    spdx: str
    url: str

    @property
    def listed(self) -> bool:
        """Whether the SPDX licence list has it."""
        return not self.spdx.startswith("LicenseRef-")


@dataclass(frozen=True)
class Terms:
    """Licences as an SPDX expression, or NOASSERTION with the reason; and each licence known."""

    expression: str
    licenses: tuple[License, ...]
    comment: str = ""


@dataclass(frozen=True)
class Maker:
    """Who developed a part; ``kind`` is "organization" or "person"."""

    iri: str
    name: str
    kind: str


@dataclass(frozen=True)
class Use:
    """May one put a model to the use ``name``, why, and what has to be done or hold."""

    name: str
    answer: str
    reason: str
    owed: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """One model or dataset of the bill, with what is declared and what follows for it.

    ``uses`` are answered for the models the bill was asked for.
    """

    iri: str
    kind: str
    name: str
    hub: str
    url: str
    parameters: str
    makers: tuple[Maker, ...]
    declared: Terms
    concluded: Terms
    uses: tuple[Use, ...] = ()


@dataclass(frozen=True)
class Bill:
    """The parts of some models (``roots``), sorted by IRI, and how they hang together."""

    roots: tuple[str, ...]
    parts: tuple[Part, ...]
    edges: tuple[Edge, ...]
    trained_on: tuple[tuple[str, str], ...]
    rules: str
    date: str

    @property
    def notice(self) -> str:
        """The line every answer about terms ends with."""
        return notice(self.rules, self.date)


@dataclass
class _Statement:
    certain: bool
    joined: str
    words: str
    reason: str
    licenses: list[License] = field(default_factory=list)


def bill_of(models: Iterable[str], store: Store) -> Bill:
    """Return the bill of ``models`` (IRIs): their ancestors through every derivation, datasets too.

    A concluded licence joins the declared one and all that are inherited with the weights; where
    one of them is not known, or an edge is not certain, it is NOASSERTION with what is known.
    """
    roots = tuple(sorted(models))
    lineage = Lineage.read(store).walk(roots, "up", None)
    iris = set(lineage.models)
    trained = tuple(
        (row["part"], row["dataset"])
        for row in store.select(_TRAINED_ON).dicts()
        if row["part"] in iris
    )
    iris |= {dataset for _, dataset in trained}
    makers: defaultdict[str, list[Maker]] = defaultdict(list)
    for row in store.select(_MADE_BY).dicts():
        makers[row["part"]].append(Maker(row["developer"], row["name"], row["kind"]))
    stated = _statements(store)
    parts: dict[str, Part] = {}
    for row in store.select(_PARTS).dicts():
        iri = row["part"]
        if iri in iris:
            declared = _join(stated[iri, "declared"])
            concluded = _join(
                chain(stated[iri, "declared"], stated[iri, "inherited"]), stated[iri, "possible"]
            )
            parts.setdefault(
                iri,
                Part(
                    iri,
                    row["kind"],
                    row["name"],
                    row["hub"],
                    f"https://huggingface.co/{row['hub']}" if row["hub"] else row["url"],
                    row["parameters"],
                    tuple(makers[iri]),
                    declared,
                    concluded if row["kind"] == "model" else declared,
                    tuple(_uses(iri, store)) if iri in roots else (),
                ),
            )
    rules, date = versions(store)
    ordered = tuple(parts[iri] for iri in sorted(parts))
    return Bill(roots, ordered, tuple(sorted(lineage.edges)), trained, rules, date)


def _uses(model: str, store: Store) -> Iterator[Use]:
    """Yield the answer on each use of the model with the IRI ``model``."""
    obligations = Obligations.read(store, model)
    for row in store.select(ANSWERS % model).dicts():
        conditions, duties = obligations.of(row["use"], row["answer"])
        owed = [condition.reason for condition in conditions]
        for duty in duties:
            place = f"{duty.document}, clause {duty.clause}" if duty.clause else duty.document
            owed.append(": ".join((place, duty.action, *duty.wording)))
        yield Use(row["use"], row["answer"], row["reason"], tuple(dict.fromkeys(owed)))


def _statements(store: Store) -> defaultdict[tuple[str, str], list[_Statement]]:
    licenses = {
        row["license"]: License(
            row["license"],
            row["name"],
            row["spdx"] or "LicenseRef-jagraph-" + row["license"].rpartition("/")[2],
            row["url"],
        )
        for row in store.select(_LICENSES).dicts()
    }
    statements: dict[tuple[str, str, str], _Statement] = {}
    for row in store.select(_STATEMENTS).dicts():
        statement = statements.setdefault(
            (row["part"], row["way"], row["statement"]),
            _Statement(row["certain"] == "true", row["joined"], row["words"], row["reason"]),
        )
        if row["license"]:
            statement.licenses.append(licenses[row["license"]])
    by_part: defaultdict[tuple[str, str], list[_Statement]] = defaultdict(list)
    for (part, way, _), statement in statements.items():
        by_part[part, way].append(statement)
    return by_part


def _join(statements: Iterable[_Statement], possible: Iterable[_Statement] = ()) -> Terms:
    """Join statements that bind together; ``possible`` ones make the conclusion open."""
    binding = list(statements)
    by_id = {entry.spdx: entry for statement in binding for entry in statement.licenses}
    expression = _expression(binding)
    reasons = [
        f'"{s.words}" is marked as not certain' if s.words else "a statement is not certain"
        for s in binding
        if not s.certain
    ]
    reasons += [
        s.reason or "no licence is stated for it or for an ancestor"
        for s in binding
        if not s.licenses
    ]
    supposed = sorted({entry.spdx for s in possible for entry in s.licenses} - set(by_id))
    if supposed:
        reasons.append("an uncertain derivation may add " + ", ".join(supposed))
    licenses = tuple(by_id[spdx] for spdx in sorted(by_id))
    if expression and not reasons:
        return Terms(expression, licenses)
    reasons = list(dict.fromkeys(reasons)) or ["nothing is stated about its licence"]
    if expression:
        reasons.append(f"known: {expression}")
    return Terms(NO_ASSERTION, licenses, "; ".join(reasons))


def _expression(statements: Iterable[_Statement]) -> str:
    """Return the SPDX expression of statements that bind together, each licence in it once.

    A choice one of whose licences binds anyway is made by it.
    """
    binding: set[str] = set()
    choices: set[tuple[str, ...]] = set()
    for statement in statements:
        ids = {entry.spdx for entry in statement.licenses}
        if len(ids) > 1 and statement.joined == "any":
            choices.add(tuple(sorted(ids)))
        else:
            binding |= ids
    open_choices = (f"({' OR '.join(ids)})" for ids in choices if not binding.intersection(ids))
    return " AND ".join(sorted((*binding, *open_choices)))
