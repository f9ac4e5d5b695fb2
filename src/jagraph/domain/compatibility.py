"""Whether two licences can be on one model: what rules 27 and 28 say of models, of a pair.

A pair is a licence that comes along with a parent and one of the label, or two that come along
with two parents; the strongest of four kinds holds. What passes depends on the relation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product

from jagraph.core.messages import Message
from jagraph.store.base import Store

_TERMS = """
SELECT ?license ?name ?frees ?policy ?becomes ?rule ?action ?clause ?reach ?restricts ?carried
  ?shuts
WHERE {
  VALUES ?license { %s }
  ?license rdfs:label ?name ; jag:read/jag:silenceFrees ?frees .
  OPTIONAL { ?license jag:policy ?policy }
  OPTIONAL { ?license jag:mayBecome ?becomes }
  OPTIONAL {
    ?license jag:term ?term .
    ?term jag:rule/skos:notation ?rule ; jag:action ?does ; jag:reach/skos:notation ?reach .
    ?does skos:notation ?action .
    OPTIONAL { ?term jag:clause ?clause }
    OPTIONAL { ?does jag:isRestriction ?restricts }
    OPTIONAL { ?does jag:isCarriedOn ?carried }
    OPTIONAL { ?does jag:shutsOut ?shuts }
  }
}
ORDER BY ?license ?action ?clause
"""
_BINDING = """
SELECT DISTINCT ?license WHERE {
  { <%s> jag:licenseStatement ?statement } UNION { <%s> jag:inheritedStatement ?statement }
  ?statement jag:license ?license .
}
ORDER BY ?license
"""
_REACHES = """
SELECT DISTINCT ?relation ?reach WHERE {
  ?property jag:carrier ?carrier ; skos:notation ?relation .
  ?carrier jag:handsOver ?under .
  ?way jag:grantReach/skos:notation ?reach .
  FILTER(
    (?carrier = jag:bindsThrough && ?reach = "weights")
    || (?carrier = jag:taughtBy && ?reach IN ("distillation", "outputs"))
    || (?carrier = jag:passesOutputs && ?reach = "outputs"))
}
ORDER BY ?relation ?reach
"""
_BINDING_RULES = ("prohibition", "condition", "duty")


@dataclass(frozen=True)
class Fit:
    """How ``license`` and ``other`` go together, strongest kind first, by which action and clauses.

    ``kind`` is "cannot-both", "not-carried", "dropped", "adds-up", or "unknown" where a text was
    not read in whole and nothing stronger is known.
    """

    license: str
    other: str
    kind: str
    action: str
    clause: str
    other_clause: str
    reason: str


@dataclass
class _License:
    name: str
    read_whole: bool
    policy: str
    becomes: set[str] = field(default_factory=set)
    demands: dict[str, str] = field(default_factory=dict)  # the clause by the action
    carried: set[str] = field(default_factory=set)
    shut_by: str | None = None
    own_terms: bool = False


def relations(store: Store) -> dict[str, tuple[str, ...]]:
    """Return what terms have to reach to pass by each relation, by its id."""
    reaches: defaultdict[str, list[str]] = defaultdict(list)
    for row in store.select(_REACHES).dicts():
        reaches[row["relation"]].append(row["reach"])
    return {relation: tuple(found) for relation, found in reaches.items()}


def licenses_of(store: Store, model: str) -> list[str]:
    """Return the licences (IRIs) that surely reach the model with the IRI ``model``."""
    return [row["license"] for row in store.select(_BINDING % (model, model)).dicts()]


def fits(
    store: Store, ones: Iterable[str], others: Iterable[str], relation: str = "fineTunedFrom"
) -> list[Fit]:
    """Return how each licence of ``ones`` goes with each of ``others`` (IRIs).

    ``ones`` come along from parents by ``relation``; ``others`` are those of the label, or come
    along from a second parent. The same licence twice is no pair.
    """
    first, second = list(dict.fromkeys(ones)), list(dict.fromkeys(others))
    passing = relations(store)[relation]
    parents = _read(store, first, passing)
    labels = _read(store, second, ("weights",))
    return [
        _fit(one, parents[one], other, labels[other])
        for one, other in product(first, second)
        if one != other
    ]


def _read(store: Store, licenses: Iterable[str], passing: tuple[str, ...]) -> dict[str, _License]:
    found: dict[str, _License] = {}
    for row in store.select(_TERMS % " ".join(f"<{one}>" for one in licenses)).dicts():
        here = found.setdefault(
            row["license"], _License(row["name"], row["frees"] == "true", row["policy"])
        )
        if row["becomes"]:
            here.becomes.add(row["becomes"])
        if row["rule"] == "permission" and row["action"] == "additional-terms":
            here.own_terms = True
        if row["rule"] not in _BINDING_RULES or row["reach"] not in passing:
            continue
        if row["restricts"] == "true":
            here.demands.setdefault(row["action"], row["clause"])
        if row["carried"] == "true":
            here.carried.add(row["action"])
        if row["shuts"] == "true" and here.shut_by is None:
            here.shut_by = row["clause"]
    return found


def _fit(one: str, parent: _License, other: str, label: _License) -> Fit:
    free = other in parent.becomes or one in label.becomes
    if not free:
        for shutting, demanding in ((parent, label), (label, parent)):
            for action in _shut_out(shutting, demanding):
                return Fit(
                    shutting.name,
                    demanding.name,
                    "cannot-both",
                    action,
                    shutting.shut_by or "",
                    demanding.demands[action],
                    Message(
                        "conflict-cannot-both",
                        document=shutting.name,
                        other=demanding.name,
                        action=action,
                    ),
                )
        for action in sorted(parent.carried & set(label.demands)):
            if not parent.policy or parent.policy != label.policy:
                told = {"document": parent.name, "other": label.name, "action": action}
                return _of(parent, label, action, Message("conflict-not-carried", **told))
        for action in sorted(set(parent.demands) - set(label.demands)):
            if not label.read_whole:
                break
            told = {"document": parent.name, "action": action}
            return _of(parent, label, action, Message("conflict-dropped", **told))
    kind = "adds-up" if parent.read_whole and label.read_whole else "unknown"
    message = Message(f"conflict-{kind}", document=parent.name, other=label.name)
    return Fit(parent.name, label.name, kind, "", "", "", message)


def _shut_out(shutting: _License, demanding: _License) -> Iterator[str]:
    """Yield what ``demanding`` passes on that ``shutting`` allows no place beside its own terms."""
    if shutting.shut_by is not None and not shutting.own_terms:
        yield from sorted(set(demanding.demands) - set(shutting.demands))


def _of(parent: _License, label: _License, action: str, message: Message) -> Fit:
    kind = message.key.removeprefix("conflict-")
    return Fit(
        parent.name,
        label.name,
        kind,
        action,
        parent.demands.get(action, ""),
        label.demands.get(action, ""),
        message,
    )
