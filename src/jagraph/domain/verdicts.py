"""What a model may be used for, and the proof: grants, conditions and duties by clause and path.

The rules in ``ontology/rules/`` conclude; this module reads what they concluded and finds the path
of derivations that carries it. Nothing here is legal advice, and every answer says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from jagraph.core.messages import Message
from jagraph.core.position import Position
from jagraph.core.traversal import shortest
from jagraph.domain.hub_origin import HUB_METADATA, place_in_dump
from jagraph.domain.lineage import Derivations, Edge, Lineage, derivations
from jagraph.domain.obligations import Condition, Duty, Obligations
from jagraph.domain.proof_queries import (
    ANSWERS,
    CARRIED,
    CAVEATS,
    CONFLICTS,
    EDGE,
    KNOWN,
    STATEMENTS,
    TERMS,
)
from jagraph.graph.provenance import versions
from jagraph.records.source_map import SourceMap
from jagraph.store.base import Store

# the uses of the ontology, in its order, by the headings they stand under
GROUPS = {
    "use-it": ("research", "internal", "host", "outputs"),
    "pass-it-on": ("redistribute", "ship"),
    "build-on-it": ("derive", "release", "train"),
}
USES = tuple(use for uses in GROUPS.values() for use in uses)
# from the weakest on, as the ontology ranks them
ANSWERS_IN_ORDER = ("no", "unknown", "only-if", "with-duties", "yes")
WAYS = {
    "declaredTerm": "by its own licence",
    "inheritedTerm": "inherited with the weights",
    "outputTerm": "through distillation or outputs",
    "possibleTerm": "possible: a licence or derivation is uncertain, or there is a choice",
}


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
    child_iri: str
    parent_iri: str


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
    """May one put the model to ``use``, and why.

    ``answer`` is "yes", "with-duties", "only-if", "unknown" or "no".
    ``otherwise`` is the answer there would be without the doubt that makes it unknown. ``path``
    leads from the model to the one whose statement decides; it is empty for its own.
    """

    use: str
    answer: str
    otherwise: str
    reason: str
    conditions: tuple[Condition, ...]
    duties: tuple[Duty, ...]
    license: str
    clause: str
    note: str
    words: str
    stated: str
    position: Position | None
    path: tuple[Step, ...]


@dataclass(frozen=True)
class Conflict:
    """Two licences on one model, of a ``kind``: "cannot-both", "not-carried" or "dropped".

    ``license`` comes along with the weights of ``ancestor``, or allows no terms beside its own;
    ``other`` is the one it is held against, "" where the label as a whole lacks ``action``.
    """

    kind: str
    license: str
    clause: str
    other: str
    other_clause: str
    action: str
    ancestor: str
    reason: str


@dataclass(frozen=True)
class Knowledge:
    """How much of what the answers rest on is on record; teachers are those of distillation too."""

    licenses: int
    licenses_read_whole: int
    datasets: int
    datasets_with_license: int
    datasets_restricted: int
    undisclosed_stages: int
    teachers: int
    teachers_with_license: int


@dataclass(frozen=True)
class Document:
    """A licence that reaches the model, how much of its text was read, and the risks it brings."""

    iri: str
    name: str
    read: str
    version: str
    source: str
    risks: tuple[str, ...]


@dataclass(frozen=True)
class Judgement:
    """Everything that binds one model, with the versions of rules and data it was judged by.

    ``adds_up`` are licences of ancestors that bind beside the label, without contradiction.
    """

    model: str
    name: str
    verdicts: tuple[Verdict, ...]
    concerns: tuple[tuple[str, str, str], ...]
    terms: tuple[Term, ...]
    caveats: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    adds_up: tuple[str, ...]
    documents: tuple[Document, ...]
    knowledge: Knowledge
    rules: str
    date: str


@dataclass(frozen=True)
class Judge:
    """Judges models of one graph, from any number of threads: a question leaves nothing behind."""

    _store: Store
    _source: SourceMap
    _derivations: Derivations = field(init=False, repr=False)
    _versions: tuple[str, str] = field(init=False, repr=False)
    _carriers: dict[str, str] = field(init=False, repr=False)
    _ways: dict[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        channels = list(self._store.select(CARRIED).dicts())
        given = {
            "_derivations": derivations(self._store),
            "_versions": versions(self._store),
            "_carriers": {row["id"]: row["way"] for row in channels if row["kind"] == "relation"},
            "_ways": {row["id"]: row["way"] for row in channels if row["kind"] == "way"},
        }
        for name, value in given.items():
            object.__setattr__(self, name, value)

    def judge(self, model: str, uses: Iterable[str]) -> Judgement:
        """Return what binds ``model`` (an IRI), and whether it may be put to ``uses`` (of USES)."""
        lineage = self._derivations.walk([model], "up")
        obligations = Obligations.read(self._store, model)
        decided = {row["use"]: row for row in self._store.select(ANSWERS % model).dicts()}
        return Judgement(
            model,
            lineage.models[model].name,
            tuple(self._verdict(model, decided[use], obligations, lineage) for use in uses),
            self._concerns(model),
            self._terms(model),
            tuple(dict.fromkeys((*obligations.caveats, *self._caveats(model)))),
            tuple(self._conflicts(model)),
            tuple(obligations.adds_up),
            tuple(
                Document(row.iri, row.name, row.read, row.version, row.source, row.risks)
                for row in obligations.documents
            ),
            self._knowledge(model, obligations),
            *self._versions,
        )

    def _concerns(self, model: str) -> tuple[tuple[str, str, str], ...]:
        query = (
            "SELECT ?concern ?answer ?reason { <%s> jag:verdict ?verdict . ?verdict"
            " jag:concern/skos:notation ?concern ; jag:answer/skos:notation ?answer ;"
            " jag:reason ?reason } ORDER BY ?concern"
        )
        rows = self._store.select(query % model).dicts()
        return tuple((row["concern"], row["answer"], row["reason"]) for row in rows)

    def _terms(self, model: str) -> tuple[Term, ...]:
        """Return the terms that reach ``model``, each by the strongest of its ways only."""
        found: dict[tuple[str, ...], Term] = {}
        rows = list(self._store.select(TERMS % model).dicts())
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

    def _caveats(self, model: str) -> tuple[str, ...]:
        return tuple(
            Message("caveat-footnote", document=row["document"])
            if row["document"]
            else Message("caveat-dataset", dataset=row["dataset"])
            for row in self._store.select(CAVEATS % (model, model)).dicts()
        )

    def _conflicts(self, model: str) -> Iterable[Conflict]:
        for row in self._store.select(CONFLICTS % (model, model)).dicts():
            told = {"document": row["license"], "action": row["action"]}
            if row["other"]:
                told["other"] = row["other"]
            yield Conflict(
                row["kind"],
                row["license"],
                row["clause"],
                row["other"],
                row["otherClause"],
                row["action"],
                row["ancestor"],
                Message(f"conflict-{row['kind']}", **told),
            )

    def _knowledge(self, model: str, obligations: Obligations) -> Knowledge:
        rows = list(self._store.select(KNOWN % ((model,) * 4)).dicts())
        datasets = [row for row in rows if row["kind"] == "dataset"]
        teachers = [row for row in rows if row["kind"] == "teacher"]
        return Knowledge(
            len(obligations.documents),
            sum(document.read == "whole" for document in obligations.documents),
            len(datasets),
            sum(row["licensed"] == "true" for row in datasets),
            sum(row["restricted"] == "true" for row in datasets),
            sum(row["kind"] == "stage" for row in rows),
            len(teachers),
            sum(row["licensed"] == "true" for row in teachers),
        )

    def _verdict(
        self, model: str, row: dict[str, str], obligations: Obligations, lineage: Lineage
    ) -> Verdict:
        statement = row["statement"]
        above = " ".join(f"<{name}>" for name in lineage.models)
        holders = list(self._store.select(STATEMENTS % (above, *(statement,) * 3)).dicts())
        among = [holder["model"] for holder in holders] or [row["from"] or model]
        chain = self._chain(model, among, row["by"], lineage, is_gap=not holders)
        stated = holders[0] if holders else {"words": "", "stated": ""}
        last = chain[-1].parent if chain else model
        return Verdict(
            row["use"],
            row["answer"],
            row["otherwise"],
            row["reason"],
            *obligations.of(row["use"], row["answer"]),
            row["license"],
            row["clause"],
            row["note"],
            stated["words"],
            stated["stated"],
            self._position(statement, stated["stated"], last) if holders else None,
            tuple(self._step(edge, lineage) for edge in chain),
        )

    def _chain(
        self, model: str, holders: list[str], way: str, lineage: Lineage, *, is_gap: bool
    ) -> tuple[Edge, ...]:
        """Return the shortest chain from ``model`` to a holder by edges that carry ``way``.

        A gap in what is recorded (``is_gap``) comes along by open derivations, too.
        """
        if model in holders:
            return ()
        open_way = self._ways[way]  # the way it is, where the derivation is only supposed
        tainted = (open_way or way) != "weights"
        # by child: to whom an edge leads, and whether it passes no weights
        carried: dict[str, dict[tuple[str, bool], Edge]] = {}
        for edge in sorted(lineage.edges):
            taught = self._carriers[edge.relation] != "weights"
            if (tainted or not taught) and (edge.certain or open_way or is_gap):
                carried.setdefault(edge.child, {}).setdefault((edge.parent, taught), edge)

        def step(here: tuple[str, bool]) -> Iterable[tuple[str, bool]]:
            return ((parent, here[1] or taught) for parent, taught in carried.get(here[0], ()))

        chain = shortest(step, (model, False), [(one, tainted) for one in holders])
        return tuple(
            carried[child].get((parent, after and not before)) or carried[child][parent, True]
            for (child, before), (parent, after) in pairwise(chain)
        )

    def _step(self, edge: Edge, lineage: Lineage) -> Step:
        node = next(self._store.select(EDGE % (edge.child, edge.parent, edge.relation)).dicts())
        return Step(
            lineage.models[edge.child].name,
            edge.relation,
            lineage.models[edge.parent].name,
            node["words"],
            edge.stated,
            edge.certain,
            self._position(node["node"], edge.stated, edge.child),
            edge.child,
            edge.parent,
        )

    def _position(self, statement: str, stated: str, holder: str) -> Position | None:
        """Return where ``statement`` of ``holder`` is written: in a record, else in the dump."""
        found = None if stated == HUB_METADATA else self._source.find(statement)
        return found or place_in_dump(self._store, holder)
