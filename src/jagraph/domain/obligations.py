"""What the licences that reach a model make its uses depend on, ask for, and risk, by clause."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jagraph.core.messages import Message
from jagraph.store.base import Store

_REACHING = """
SELECT DISTINCT ?statement ?document ?name ?read ?version ?source ?class ?supposed ?way ?choice
  ?certain ?beside ?holder ?risk ?riskClause
WHERE {
  ?channel jag:through ?through .
  OPTIONAL { ?channel jag:supposes ?sure }
  BIND(COALESCE(?sure, ?channel) AS ?base)
  ?base skos:notation ?way .
  BIND(BOUND(?sure) AS ?supposed)
  <%s> ?through ?statement .
  ?statement ?says ?document .
  FILTER(?says IN (jag:license, jag:footnote))
  ?document rdfs:label ?name .
  OPTIONAL { ?document jag:read/skos:notation ?read }
  OPTIONAL { ?document jag:textVersion ?version }
  OPTIONAL { ?document jag:source ?source }
  OPTIONAL { ?document jag:licenseClass/skos:notation ?class }
  OPTIONAL { ?statement jag:joined/skos:notation ?choice }
  OPTIONAL { ?statement jag:certain ?certain }
  OPTIONAL { ?statement jag:license ?beside . FILTER(?beside != ?document) }
  OPTIONAL { ?statement jag:statedBy/rdfs:label ?holder }
  OPTIONAL {
    ?document jag:term ?danger .
    ?danger jag:rule <https://w3id.org/jagraph/rule/risk> ; jag:action/skos:notation ?risk .
    OPTIONAL { ?danger jag:clause ?riskClause }
  }
}
ORDER BY ?statement ?document ?way ?risk ?riskClause
"""
_READINGS = """
SELECT ?document ?way ?use ?reading ?may ?rank ?right ?reason ?term WHERE {
  VALUES ?document { %s }
  ?document jag:reading ?reading .
  ?reading jag:use/skos:notation ?use ; jag:by/skos:notation ?way ; jag:may ?given ;
    jag:reason ?reason .
  ?given skos:notation ?may ; jag:rank ?rank .
  OPTIONAL { ?reading jag:right ?right }
  OPTIONAL { ?reading jag:readTerm ?term }
}
ORDER BY ?document ?reading
"""
# apart from the readings, which are many: an optional part within an optional part is slow
_TERMS = """
SELECT ?term ?action ?kind ?clause ?note ?confidence ?wording ?url ?prefix WHERE {
  VALUES ?document { %s }
  ?document jag:term ?term .
  ?term jag:action ?does .
  ?does skos:notation ?action .
  OPTIONAL { ?does jag:conditionKind/skos:notation ?kind }
  OPTIONAL { ?term jag:clause ?clause }
  OPTIONAL { ?term skos:note ?note }
  OPTIONAL { ?term jag:confidence/skos:notation ?confidence }
  OPTIONAL { ?term jag:wording ?wording }
  OPTIONAL { ?term schema:url ?url }
  OPTIONAL { ?term jag:requiredPrefix ?prefix }
}
ORDER BY ?term ?wording
"""
_OF_TERM = ("action", "kind", "clause", "note", "confidence", "wording", "url", "prefix")
_MODEL = """
SELECT ?hub ?added WHERE {
  { <%s> jag:hubId ?hub } UNION { <%s> jag:addsUp/rdfs:label ?added }
}
ORDER BY ?hub ?added
"""
_GENERATED = """
SELECT DISTINCT ?license ?teacher ?class WHERE {
  <%s> jag:descendsFrom?/jag:trainedOn/jag:datasetWithin?/jag:generatedBy ?by .
  ?by jag:licenseStatement/jag:license ?terms ; rdfs:label ?teacher .
  ?terms rdfs:label ?license ; jag:licenseClass/skos:notation ?class .
  FILTER(?class = "service-terms" || EXISTS {
    ?terms jag:term ?term . ?term jag:reach <https://w3id.org/jagraph/reach/outputs>
  })
}
ORDER BY ?license ?teacher
"""
_SERVICE = "service-terms"
_TAUGHT = ("distillation", "outputs")
# the answers beside which what a use depends on and asks for is said
_OPEN = ("unknown", "only-if", "with-duties", "yes")


@dataclass(frozen=True)
class Condition:
    """What a use depends on: a ``kind`` "fact" about the asker, or an "act" to be done first.

    ``source`` is who states the licence that makes it.
    """

    kind: str
    reason: str
    document: str
    clause: str
    note: str
    source: str
    supposed: bool


@dataclass(frozen=True)
class Duty:
    """What has to be done on a use: ``wording`` are the exact words that the text orders.

    Where ``prefix`` is what a name has to begin with, ``name`` says whether this model's does:
    "passes", "check" (but for case, spaces and hyphens), "fails" or "unknown"; "" where the duty is
    about what one makes from it.
    """

    action: str
    document: str
    clause: str
    wording: tuple[str, ...]
    url: str
    note: str
    prefix: str
    name: str
    source: str
    supposed: bool
    confidence: str


@dataclass(frozen=True)
class Reaching:
    """One licence or footnote that reaches a model, with what was read and the risks it brings."""

    iri: str
    name: str
    read: str
    version: str
    source: str
    risks: tuple[str, ...]


@dataclass(frozen=True)
class Obligations:
    """The conditions and duties of each use of one model, and the licences they come from."""

    documents: tuple[Reaching, ...]
    caveats: tuple[str, ...]
    adds_up: tuple[str, ...]
    _conditions: dict[str, tuple[Condition, ...]]
    _duties: dict[str, tuple[Duty, ...]]

    @classmethod
    def read(cls, store: Store, model: str) -> Obligations:
        """Read what reaches the model with the IRI ``model``."""
        reaching = list(store.select(_REACHING % model).dicts())
        about = list(store.select(_MODEL % (model, model)).dicts())
        hub = next((row["hub"] for row in about if row["hub"]), "")
        binding = [row for row in reaching if _binds(row)]
        return cls(
            tuple(_documents(binding)),
            tuple(_service_caveats(reaching, store, model)),
            tuple(row["added"] for row in about if row["added"]),
            *_due(binding, store, hub),
        )

    @classmethod
    def alone(cls, store: Store, document: str, name: str, way: str) -> Obligations:
        """Read what a licence, the IRI ``document``, makes uses depend on where nothing else binds.

        It comes by ``way``, "own" for what is under it, "weights" for what is made from that.
        """
        reached = {"document": document, "statement": document, "name": name, "way": way}
        reached |= {"choice": "", "holder": "", "supposed": "false"}
        return cls((), (), (), *_due([reached], store, None))

    def of(self, use: str, answer: str) -> tuple[tuple[Condition, ...], tuple[Duty, ...]]:
        """Return the conditions and the duties of ``use``, none where the answer is "no"."""
        if answer not in _OPEN:
            return (), ()
        return self._conditions.get(use, ()), self._duties.get(use, ())


def _due(
    binding: list[dict[str, str]], store: Store, hub: str | None
) -> tuple[dict[str, tuple[Condition, ...]], dict[str, tuple[Duty, ...]]]:
    """Return the conditions and the duties of what binds, by use; ``hub`` is as in ``_duty``."""
    wanted = " ".join(f"<{one}>" for one in sorted({row["document"] for row in binding}))
    terms: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for row in store.select(_TERMS % wanted).dicts():
        terms[row["term"]].append(row)
    none = [dict.fromkeys(_OF_TERM, "")]
    readings: defaultdict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in store.select(_READINGS % wanted).dicts():
        readings[row["document"], row["way"]] += [
            row | term for term in terms.get(row["term"], none)
        ]
    conditions: defaultdict[str, dict[object, Condition]] = defaultdict(dict)
    duties: defaultdict[str, dict[object, Duty]] = defaultdict(dict)
    for reached in _each(binding):
        for group in _groups(_counting(reached, binding, readings)):
            row = group[0]
            if row["may"] == "only-if":
                one = _condition(row, reached)
                conditions[row["use"]].setdefault((one.document, one.clause, one.reason), one)
            elif row["may"] == "with-duties":
                duty = _duty(group, reached, hub)
                duties[row["use"]].setdefault((duty.document, duty.clause, duty.action), duty)
    return (
        {use: tuple(sorted(found.values(), key=_acts_first)) for use, found in conditions.items()},
        {use: tuple(found.values()) for use, found in duties.items()},
    )


def _binds(row: dict[str, str]) -> bool:
    """Tell whether a licence counts: terms of a service do on the service alone."""
    return row["class"] != _SERVICE or (not row["beside"] and row["way"] not in _TAUGHT)


def _each(binding: Iterable[dict[str, str]]) -> Iterator[dict[str, str]]:
    """Yield each way by which a document reaches the model once, sure ones first."""
    seen = set()
    for row in sorted(binding, key=lambda row: (row["supposed"], row["way"] != "own")):
        key = (row["document"], row["statement"], row["way"])
        if key not in seen:
            seen.add(key)
            yield row


def _counting(
    reached: dict[str, str],
    binding: list[dict[str, str]],
    readings: dict[tuple[str, str], list[dict[str, str]]],
) -> Iterator[dict[str, str]]:
    """Yield the readings that count: of permissions and of a choice, those of the strongest."""
    mine = readings[reached["document"], reached["way"]]
    best: dict[tuple[str, str], int] = {}
    for row in mine:
        if row["right"]:
            key = (row["use"], row["right"])
            best[key] = max(best.get(key, 0), int(row["rank"]))
    weaker = _weaker_options(reached, binding, readings)
    for row in mine:
        strongest = not row["right"] or int(row["rank"]) == best[row["use"], row["right"]]
        if strongest and row["use"] not in weaker:
            yield row


def _weaker_options(
    reached: dict[str, str],
    binding: list[dict[str, str]],
    readings: dict[tuple[str, str], list[dict[str, str]]],
) -> set[str]:
    """Return the uses for which another licence of the same choice allows more."""
    if reached["choice"] != "any":
        return set()

    def allowed(document: str) -> dict[str, int]:
        weakest: dict[str, int] = {}
        for row in readings[document, reached["way"]]:
            weakest[row["use"]] = min(weakest.get(row["use"], 4), int(row["rank"]))
        return weakest

    mine = allowed(reached["document"])
    others = {row["document"] for row in binding if row["statement"] == reached["statement"]}
    return {
        use
        for other in others - {reached["document"]}
        for use, rank in allowed(other).items()
        if rank > mine.get(use, 4)
    }


def _groups(rows: Iterable[dict[str, str]]) -> Iterator[list[dict[str, str]]]:
    """Yield the rows of each reading together: one row per wording."""
    groups: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        groups[row["reading"]].append(row)
    yield from groups.values()


def _condition(row: dict[str, str], reached: dict[str, str]) -> Condition:
    return Condition(
        row["kind"] or "fact",
        row["reason"],
        reached["name"],
        row["clause"],
        row["note"],
        reached["holder"],
        reached["supposed"] == "true",
    )


def _duty(group: list[dict[str, str]], reached: dict[str, str], hub: str | None) -> Duty:
    """Return the duty of a reading; no name is checked where ``hub``, its id there, is None."""
    row = group[0]
    wording = tuple(dict.fromkeys(one["wording"] for one in group if one["wording"]))
    name = ""
    if row["prefix"] and reached["way"] != "own" and hub is not None:
        name = name_check(hub, row["prefix"])
    return Duty(
        row["action"],
        reached["name"],
        row["clause"],
        wording,
        row["url"],
        row["note"],
        row["prefix"],
        name,
        reached["holder"],
        reached["supposed"] == "true",
        row["confidence"],
    )


def name_check(hub: str, prefix: str) -> str:
    """Return whether the repository's name begins with ``prefix``: passes, check, fails, unknown.

    The texts settle neither case nor spaces and hyphens: a name that differs in these alone is to
    be checked. ``hub`` is the id on the Hub, "" where there is none.
    """
    if not hub:
        return "unknown"
    name = hub.rpartition("/")[2]
    if name.startswith(prefix):
        return "passes"
    return "check" if _folded(name).startswith(_folded(prefix)) else "fails"


def _folded(name: str) -> str:
    return re.sub("[ _-]", "", name.lower())


def _acts_first(condition: Condition) -> tuple[bool, str]:
    return condition.kind != "act", condition.document


def _documents(binding: Iterable[dict[str, str]]) -> Iterator[Reaching]:
    """Yield each licence that reaches the model, by name, with its risks."""
    rows: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for row in binding:
        if row["read"]:
            rows[row["name"]].append(row)
    for name, found in sorted(rows.items()):
        risks = dict.fromkeys((row["risk"], row["riskClause"]) for row in found if row["risk"])
        yield Reaching(
            found[0]["document"],
            name,
            found[0]["read"],
            found[0]["version"],
            found[0]["source"],
            tuple(f"{risk} ({clause})" if clause else risk for risk, clause in risks),
        )


def _service_caveats(reaching: Iterable[dict[str, str]], store: Store, model: str) -> Iterator[str]:
    """Yield what terms of a service bind whose outputs were used, those of the label first."""
    label = [row for row in reaching if row["class"] == _SERVICE and row["beside"]]
    taught = [
        row
        for row in reaching
        if row["class"] == _SERVICE and row["way"] in _TAUGHT and not row["beside"]
    ]
    found = [(row["name"], row["holder"]) for row in (*label, *taught)]
    written = list(store.select(_GENERATED % model).dicts())
    found += [(row["license"], row["teacher"]) for row in written if row["class"] == _SERVICE]
    for document, holder in dict.fromkeys(found):
        yield Message("caveat-service", document=document, holder=holder)
    for row in written:
        if row["class"] != _SERVICE:
            yield Message("caveat-generated", document=row["license"], holder=row["teacher"])
    for row in reaching:
        if row["way"] in _TAUGHT and row["class"] != _SERVICE and row["read"] not in ("", "whole"):
            yield Message("caveat-teacher-not-read", document=row["name"], holder=row["holder"])
