"""What a model's licences let one do, and the proof: terms, how they reach it, by which clause.

The rules in ``ontology/rules/`` conclude; this module reads what they concluded and finds the path
of derivations that carries it. Nothing here is legal advice, and every answer says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from jagraph.core.messages import Message
from jagraph.core.namespaces import shorten
from jagraph.core.position import Position
from jagraph.core.traversal import shortest
from jagraph.domain.hub_origin import HUB_METADATA, place_in_dump
from jagraph.domain.lineage import Derivations, Edge, Lineage, derivations
from jagraph.graph.provenance import notice, versions
from jagraph.records.source_map import SourceMap
from jagraph.store.base import Store

# the uses of the ontology, in its order; what decides on each is said there
USES = ("commercial", "redistribution", "modification", "train-other-models")
WAYS = {
    "declaredTerm": "by its own licence",
    "inheritedTerm": "inherited with the weights",
    "outputTerm": "through distillation or outputs",
    "possibleTerm": "possible: a licence or derivation is uncertain, or there is a choice",
}
# the ways of rule 11 by what leads there, and the relations by which no weights pass
_BY_OUTPUTS = ("outputs", "supposed-outputs")
_SUPPOSED = ("supposed", "supposed-outputs")
_NO_WEIGHTS = ("distilledFrom", "trainedOnOutputOf")
_VERDICTS = """
SELECT ?concern ?answer ?use ?action ?may ?by ?reason ?statement ?license ?clause ?note WHERE {
  <%s> jag:verdict ?verdict .
  ?verdict jag:concern ?about ; jag:reason ?reason ; jag:decidedBy ?statement ;
    jag:answer/skos:notation ?answer ; jag:reachedBy/skos:notation ?by .
  ?about skos:notation ?concern ; jag:concernAction/skos:notation ?action .
  OPTIONAL { ?wanted jag:decidedOn ?about ; skos:notation ?use }
  OPTIONAL { ?verdict jag:useAnswer/skos:notation ?may }
  OPTIONAL { ?verdict jag:decidedLicense/rdfs:label ?license }
  OPTIONAL {
    ?verdict jag:decidedTerm ?term .
    OPTIONAL { ?term jag:clause ?clause }
    OPTIONAL { ?term skos:note ?note }
  }
}
ORDER BY ?concern ?clause
"""
# rule 13 for one model: at the size of the Hub its triples are not stored
_TERMS = """
SELECT DISTINCT ?way ?document ?rule ?action ?clause ?note ?confidence ?threshold ?of ?prefix
WHERE {
  VALUES (?through ?passing ?sure ?unsure) {
    (jag:licenseStatement UNDEF "declaredTerm" "possibleTerm")
    (jag:inheritedStatement reach:weights "inheritedTerm" "possibleTerm")
    (jag:possiblyInheritedStatement reach:weights "possibleTerm" "possibleTerm")
    (jag:distillationStatement reach:distillation "outputTerm" "possibleTerm")
    (jag:distillationStatement reach:outputs "outputTerm" "possibleTerm")
    (jag:possibleDistillationStatement reach:distillation "possibleTerm" "possibleTerm")
    (jag:possibleDistillationStatement reach:outputs "possibleTerm" "possibleTerm")
    (jag:outputStatement reach:outputs "outputTerm" "possibleTerm")
    (jag:possibleOutputStatement reach:outputs "possibleTerm" "possibleTerm")
  }
  <%s> ?through ?statement .
  ?statement ?by ?holder .
  FILTER(?by IN (jag:license, jag:footnote))
  ?holder jag:term ?term ; rdfs:label ?document .
  ?term jag:reach ?passing ; jag:rule/skos:notation ?rule ; jag:action/skos:notation ?action .
  OPTIONAL { ?statement jag:certain ?mark }
  OPTIONAL { ?statement jag:joined ?join }
  BIND(IF(?by = jag:footnote || (COALESCE(?mark, true)
          && COALESCE(?join != <https://w3id.org/jagraph/joining/any>, true)),
          ?sure, ?unsure) AS ?way)
  OPTIONAL { ?term jag:clause ?clause }
  OPTIONAL { ?term skos:note ?note }
  OPTIONAL { ?term jag:confidence/skos:notation ?confidence }
  OPTIONAL { ?term jag:threshold ?threshold }
  OPTIONAL { ?term jag:thresholdOf/skos:notation ?of }
  OPTIONAL { ?term jag:requiredPrefix ?prefix }
}
ORDER BY ?way ?document ?rule ?action ?clause
"""
_STATEMENTS = """
SELECT ?model ?words ?stated WHERE {
  VALUES ?model { %s }
  ?model jag:licenseStatement <%s> .
  OPTIONAL { <%s> jag:words ?words }
  OPTIONAL { <%s> jag:statedIn/skos:notation ?stated }
}
ORDER BY ?model
"""
_EDGE = """
SELECT ?node ?words WHERE {
  <%s> jag:derivation ?node .
  ?node jag:parent <%s> ; jag:relation jag:%s .
  OPTIONAL { ?node jag:words ?words }
}
ORDER BY ?node
"""
_CAVEATS = """
SELECT DISTINCT ?document ?dataset WHERE {
  {
    <%s> (jag:licenseStatement|jag:inheritedStatement|jag:possiblyInheritedStatement)/jag:footnote
      ?footnote .
    ?footnote rdfs:label ?title .
    BIND(STR(?title) AS ?document)
  }
  UNION
  {
    <%s> jag:datasetCaveat/rdfs:label ?name .
    BIND(STR(?name) AS ?dataset)
  }
}
ORDER BY ?document ?dataset
"""
_CONFLICTS = """
SELECT ?ancestor ?concern ?kind WHERE {
  <%s> jag:possibleConflict ?conflict .
  ?conflict jag:conflictWith/rdfs:label ?ancestor ; jag:concern/skos:notation ?concern ;
    jag:conflictKind/skos:notation ?kind .
}
ORDER BY ?ancestor ?concern
"""


@dataclass(frozen=True)
class Step:
    """One derivation on the way of a term, with the words of the source and where they stand."""

    child: str
    relation: str
    parent: str
    words: str
    stated: str
    certain: bool
    position: Position | None


@dataclass(frozen=True)
class Term:
    """One term that binds or may bind a model; ``way`` is a key of WAYS."""

    way: str
    document: str
    rule: str
    action: str
    clause: str
    note: str
    confidence: str
    threshold: str
    prefix: str


@dataclass(frozen=True)
class Verdict:
    """May one use the model so: yes, conditional, no or unknown, and why.

    ``path`` leads from the model to the one whose statement decides; it is empty for its own.
    """

    use: str
    answer: str
    reason: str
    conditions: tuple[str, ...]
    license: str
    clause: str
    note: str
    words: str
    stated: str
    position: Position | None
    path: tuple[Step, ...]


@dataclass(frozen=True)
class Judgement:
    """Everything that binds one model, with the versions of rules and data it was judged by."""

    model: str
    name: str
    verdicts: tuple[Verdict, ...]
    concerns: tuple[tuple[str, str, str], ...]
    terms: tuple[Term, ...]
    caveats: tuple[str, ...]
    conflicts: tuple[str, ...]
    rules: str
    date: str


@dataclass(frozen=True)
class Judge:
    """Judges models of one graph, from any number of threads: a question leaves nothing behind."""

    _store: Store
    _source: SourceMap
    _derivations: Derivations = field(init=False, repr=False)
    _versions: tuple[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_derivations", derivations(self._store))
        object.__setattr__(self, "_versions", versions(self._store))

    def judge(self, model: str, uses: Iterable[str]) -> Judgement:
        """Return what binds ``model`` (an IRI), and whether it may be put to ``uses`` (of USES)."""
        lineage = self._derivations.walk([model], "up")
        decided: dict[str, dict[str, str]] = {}
        by_use: dict[str, dict[str, str]] = {}
        for row in self._store.select(_VERDICTS % model).dicts():
            decided.setdefault(row["concern"], row)
            by_use.setdefault(row["use"], row)
        terms = self._terms(model)
        return Judgement(
            model,
            lineage.models[model].name,
            tuple(self._verdict(model, use, by_use[use], terms, lineage) for use in uses),
            tuple((name, row["answer"], row["reason"]) for name, row in decided.items()),
            terms,
            tuple(
                Message("caveat-footnote", document=row["document"])
                if row["document"]
                else Message("caveat-dataset", dataset=row["dataset"])
                for row in self._store.select(_CAVEATS % (model, model)).dicts()
            ),
            tuple(
                Message(
                    "conflict-dropped",
                    concern=row["concern"],
                    ancestor=row["ancestor"],
                    conflict=row["kind"],
                )
                for row in self._store.select(_CONFLICTS % model).dicts()
            ),
            *self._versions,
        )

    def _terms(self, model: str) -> tuple[Term, ...]:
        """Return the terms that reach ``model``, each by the strongest of its ways only."""
        found: dict[tuple[str, ...], Term] = {}
        rows = list(self._store.select(_TERMS % model).dicts())
        for row in sorted(rows, key=lambda row: list(WAYS).index(row["way"])):
            term = Term(
                row["way"],
                row["document"],
                row["rule"],
                row["action"],
                row["clause"],
                row["note"],
                row["confidence"],
                f"{row['threshold']} {row['of']}".strip(),
                row["prefix"],
            )
            found.setdefault((term.document, term.rule, term.action, term.clause), term)
        return tuple(found.values())

    def _verdict(
        self,
        model: str,
        use: str,
        row: dict[str, str],
        terms: tuple[Term, ...],
        lineage: Lineage,
    ) -> Verdict:
        answer = row["may"]
        conditions = tuple(_conditions(terms, row["action"])) if answer == "conditional" else ()
        free = row["answer"] == "no"
        reason = Message("reason-nothing-forbids") if free else row["reason"]
        statement = row["statement"]
        above = " ".join(f"<{name}>" for name in lineage.models)
        asked = _STATEMENTS % (above, *(statement,) * 3)
        holders = list(self._store.select(asked).dicts())
        among = [holder["model"] for holder in holders]
        chain = self._chain(model, among, row["by"], lineage)
        stated = holders[0] if holders else {"words": "", "stated": ""}
        return Verdict(
            use,
            answer,
            reason,
            conditions,
            row["license"],
            row["clause"],
            row["note"],
            stated["words"],
            stated["stated"],
            self._position(statement, stated["stated"], chain[-1].parent if chain else model),
            tuple(self._step(edge, lineage) for edge in chain),
        )

    def _chain(
        self, model: str, holders: list[str], way: str, lineage: Lineage
    ) -> tuple[Edge, ...]:
        """Return the shortest chain from ``model`` to a holder by edges that carry ``way``."""
        if model in holders:
            return ()
        # by child: to whom an edge leads, and whether it passes no weights
        carried: dict[str, dict[tuple[str, bool], Edge]] = {}
        for edge in sorted(lineage.edges):
            if _carries(edge, way):
                taught = edge.relation in _NO_WEIGHTS
                carried.setdefault(edge.child, {}).setdefault((edge.parent, taught), edge)

        def step(here: tuple[str, bool]) -> Iterable[tuple[str, bool]]:
            return ((parent, here[1] or taught) for parent, taught in carried.get(here[0], ()))

        chain = shortest(step, (model, False), [(one, way in _BY_OUTPUTS) for one in holders])
        return tuple(
            carried[child].get((parent, after and not before)) or carried[child][parent, True]
            for (child, before), (parent, after) in pairwise(chain)
        )

    def _step(self, edge: Edge, lineage: Lineage) -> Step:
        node = next(self._store.select(_EDGE % (edge.child, edge.parent, edge.relation)).dicts())
        return Step(
            lineage.models[edge.child].name,
            edge.relation,
            lineage.models[edge.parent].name,
            node["words"],
            edge.stated,
            edge.certain,
            self._position(node["node"], edge.stated, edge.child),
        )

    def _position(self, statement: str, stated: str, holder: str) -> Position | None:
        """Return where ``statement`` of ``holder`` is written: in a record, else in the dump."""
        found = None if stated == HUB_METADATA else self._source.find(statement)
        return found or place_in_dump(self._store, holder)


def _carries(edge: Edge, way: str) -> bool:
    """Tell whether what comes by ``way`` may come through ``edge``."""
    of_weights = edge.relation not in _NO_WEIGHTS
    return (of_weights or way in _BY_OUTPUTS) and (edge.certain or way in _SUPPOSED)


def _conditions(terms: Iterable[Term], action: str) -> Iterable[str]:
    """Yield what a use depends on: thresholds of its permission, and whom to ask first."""
    for term in terms:
        if term.rule == "permission" and term.action == action and term.threshold:
            amount, _, counted = term.threshold.partition(" ")
            place = {"document": term.document, "clause": term.clause, "amount": amount}
            if counted:
                yield Message("condition-up-to-count", **place, threshold=counted)
            else:
                yield Message("condition-up-to", **place)
        elif action == "commercial-use" and term.action == "contact-developer":
            yield Message("condition-contact", document=term.document)


def as_text(found: Judgement) -> str:
    """Return ``found`` as text for a terminal."""
    lines = [f"{found.name}  [{shorten(found.model)}]"]
    for verdict in found.verdicts:
        lines.append(f"  {verdict.use}: {verdict.answer}")
        lines.append(f"    because {verdict.reason}")
        lines += [f"    condition: {text}" for text in verdict.conditions]
        if verdict.note and verdict.answer != "yes":
            clause = f"clause {verdict.clause}: " if verdict.clause else ""
            lines.append(f"    {clause}{verdict.note}")
        if verdict.words or verdict.position:
            cell = f" <{verdict.stated}>" if verdict.stated else ""
            place = f"  {verdict.position}" if verdict.position else ""
            lines.append(f'    stated "{verdict.words}"{cell}{place}')
        for step in verdict.path:
            doubt = "" if step.certain else " (not certain)"
            place = f"  {step.position}" if step.position else ""
            lines.append(
                f'    via {step.child} {step.relation} {step.parent}{doubt} "{step.words}" '
                f"<{step.stated}>{place}"
            )
    for way, words in WAYS.items():
        if mine := [term for term in found.terms if term.way == way]:
            lines.append(f"  terms {words}")
            lines += [f"    {_term(term)}" for term in mine]
    lines += [f"  caveat: {text}" for text in found.caveats]
    lines += [f"  possible conflict, check: {text}" for text in found.conflicts]
    lines.append(f"  {footer(found)}")
    return "\n".join(lines) + "\n"


def footer(found: Judgement) -> str:
    """Return the line every answer ends with."""
    return notice(found.rules, found.date)


def _term(term: Term) -> str:
    clause = f", clause {term.clause}" if term.clause else ""
    limit = f" up to {term.threshold}" if term.threshold else ""
    prefix = f' (begins with "{term.prefix}")' if term.prefix else ""
    doubt = f" [{term.confidence} confidence]" if term.confidence not in ("", "high") else ""
    return f"{term.rule} {term.action}{limit}{prefix}: {term.document}{clause}{doubt}"
