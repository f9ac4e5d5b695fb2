"""What the records say of one thing, as a page shows it: values that link, words, places.

A model's facts are its own and what its family says for it; absence is a fact too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import pyoxigraph as ox

from jagraph.core.errors import Position
from jagraph.core.namespaces import JAG, RDF_TYPE
from jagraph.core.rdf_text import text_of
from jagraph.records.context import Key
from jagraph.views.app_state import AppState
from jagraph.views.cells import Cell, cell
from jagraph.views.labels import Reader
from jagraph.views.targets import ontology_target
from jagraph.views.words import words

# Inner nodes hang at these properties, those of a stage at the last; all have a fragment.
_ABOUT = """
SELECT ?node ?property ?value WHERE {
  {
    { BIND(<%(thing)s> AS ?node) }
    UNION {
      VALUES ?at {
        jag:licenseStatement jag:derivation jag:trainingStage jag:contextLengthStatement jag:term
        jag:size jag:listing
      }
      <%(thing)s> ?at ?node
    }
    UNION { <%(thing)s> jag:trainingStage/jag:portion ?node }
  }
  ?node ?property ?value .
}
ORDER BY ?node ?property ?value
"""
_OF_FAMILY = """
SELECT ?property ?value WHERE {
  ?family jag:hasModel <%s> ; ?property ?value .
  VALUES ?property { jag:unknownKey jag:absentKey jag:status jag:announcement }
}
ORDER BY ?property ?value
"""
# a family's values of these stand beside a model's own
_ADDING = {JAG + "unknownKey", JAG + "absentKey"}
_INFERRED = JAG + "inferredKey"
_MISSING = {JAG + name for name in ("MissingLicenseStatement", "UnseenLicenseStatement")}
_STATES = ("unknown", "none")
# what a statement is about stands without the name of its key
_PLAIN = frozenset(
    {"license", "relation", "from", "stage", "length", "section", "rule", "action", "amount"}
)
# they say how and where a statement is made, not what
_PROOF = frozenset({"words", "stated", "source", "footnotes", "editions", "certain", "inferred"})
_REMARKS = frozenset({"confidence", "note"})
_SKIPPED = frozenset({"name", "names", "models", "id", "type", "inferredKeys"})


@dataclass(frozen=True)
class Part:
    """The values of one key inside a statement; ``label`` is "" where it goes without saying.

    ``inferred`` values are the curator's, while the rest of the statement is the source's.
    """

    key: str
    label: str
    cells: tuple[Cell, ...]
    inferred: bool = False


@dataclass(frozen=True)
class Proof:
    """The list's words, the cells and footnotes they stand in, the line of the record."""

    words: tuple[str, ...] = ()
    stated: tuple[Cell, ...] = ()
    position: Position | None = None


@dataclass(frozen=True)
class Statement:
    """One value of a fact: its parts and its proof; ``state`` is "unknown" or "none" of no value.

    A statement that is not ``certain`` is left open by its source; ``inferred`` is the curator's.
    """

    parts: tuple[Part, ...]
    proof: Proof = Proof()
    state: str = ""
    certain: bool = True
    inferred: bool = False

    def cells(self, key: str) -> tuple[Cell, ...]:
        """Return the values of ``key`` in this statement."""
        return tuple(one for part in self.parts if part.key == key for one in part.cells)


@dataclass(frozen=True)
class Fact:
    """Everything that is said of one key of a record."""

    key: str
    label: str
    statements: tuple[Statement, ...]


def facts_of(thing: str, state: AppState, reader: Reader) -> dict[str, Fact]:
    """Return what is said of ``thing`` by the keys of its record, in the order of the context."""
    return _Facts(thing, state, reader).facts()


class _Facts:
    def __init__(self, thing: str, state: AppState, reader: Reader) -> None:
        self._thing = thing
        self._state = state
        self._reader = reader
        self._by_predicate = state.context.by_predicate()
        self._order = {name: number for number, name in enumerate(state.context.keys)}
        self._nodes: defaultdict[str, dict[str, list[ox.NamedNode | ox.Literal]]] = defaultdict(
            lambda: defaultdict(list)
        )
        store = state.graph.store
        for node, prop, value in store.select(_ABOUT % {"thing": thing}).rows:
            self._add(text_of(node), text_of(prop), value)  # type: ignore[arg-type]
        own = set(self._nodes[thing]) - _ADDING
        for prop, value in store.select(_OF_FAMILY % thing).rows:
            if text_of(prop) not in own:
                self._add(thing, text_of(prop), value)  # type: ignore[arg-type]

    def _add(self, node: str, prop: str, value: ox.NamedNode | ox.Literal) -> None:
        known = self._nodes[node][prop]
        if value not in known:
            known.append(value)

    def facts(self) -> dict[str, Fact]:
        found: dict[str, list[Statement]] = {}
        for key, values in self._ordered(self._thing):
            if key.name in _STATES:
                for value in values:
                    state = Statement((), self._place(key, value), key.name)
                    found.setdefault(value.value, []).append(state)
            else:
                said = [self._said(key, value) for value in values]
                found.setdefault(key.name, [])[:0] = [one for one in said if one is not None]
        # a family's "unknown" does not hold for a model that has a value of its own
        return {
            name: Fact(name, self._label(name), tuple(_stated(statements)))
            for name, statements in sorted(
                found.items(), key=lambda item: self._order.get(item[0], len(self._order))
            )
            if statements
        }

    def _said(self, key: Key, value: ox.NamedNode | ox.Literal) -> Statement | None:
        if value.value in self._nodes and value.value != self._thing:
            return self._statement(value.value)
        if isinstance(value, ox.NamedNode) and "#" in value.value.removeprefix(JAG):
            return None
        part = Part(key.name, "", (self._cell(key, value),))
        inferred = key.name in self._inferred(self._thing)
        return Statement((part,), self._place(key, value), inferred=inferred)

    def _inferred(self, node: str) -> set[str]:
        """Return the keys of ``node`` whose values the curator concluded."""
        return {value.value for value in self._nodes[node].get(_INFERRED, ())}

    def _statement(self, node: str) -> Statement | None:
        about = self._nodes[node]
        if _MISSING & {value.value for value in about.get(RDF_TYPE, ())}:
            return None
        parts: list[Part] = []
        quoted: list[str] = []
        stated: list[Cell] = []
        marks: dict[str, bool] = {}
        for key, values in self._ordered(node):
            if key.name == "words":
                quoted += [value.value for value in values]
            elif key.name in ("certain", "inferred"):
                marks[key.name] = values[0].value == "true"
            elif key.name in _PROOF:
                stated += [self._cell(key, value) for value in values]
            elif key.name == "portions":
                inner = (self._statement(one.value) for one in values)
                parts += [part for one in inner if one for part in one.parts]
            else:
                label = "" if key.name in _PLAIN else self._label(key.name)
                cells = tuple(self._cell(key, one) for one in values)
                parts.append(Part(key.name, label, cells, key.name in self._inferred(node)))
        return Statement(
            tuple(parts),
            Proof(tuple(quoted), tuple(stated), self._state.sources.find(node)),
            certain=marks.get("certain", True),
            inferred=marks.get("inferred", False),
        )

    def _ordered(self, node: str) -> Iterator[tuple[Key, list[ox.NamedNode | ox.Literal]]]:
        named = [
            (self._by_predicate[predicate], values)
            for predicate, values in self._nodes[node].items()
            if predicate in self._by_predicate
        ]
        skipped = _SKIPPED | ({"for"} if self._thing in self._state.lineage.models else set())
        kept = (entry for entry in named if entry[0].name not in skipped)
        yield from sorted(kept, key=lambda entry: self._rank(entry[0].name))

    def _rank(self, key: str) -> tuple[int, int]:
        """Return where ``key`` stands: what a statement is about first, remarks last."""
        place = 0 if key in _PLAIN else 2 if key in _REMARKS else 1
        return place, self._order[key]

    def _label(self, key: str) -> str:
        said, keys = words(self._reader.language), self._state.context.keys
        if f"key-{key}" in said:  # a property of another vocabulary has no name in ours
            return said[f"key-{key}"]
        return self._reader.name(keys[key].predicate) if key in keys else key

    def _cell(self, key: Key, value: ox.NamedNode | ox.Literal) -> Cell:
        made = cell("hubId" if key.name == "hub" else key.name, value, self._reader)
        if key.name == "relation":  # a property of the ontology
            return replace(made, target=ontology_target(value.value))
        return made

    def _place(self, key: Key, value: ox.NamedNode | ox.Literal) -> Proof:
        return Proof(position=self._state.sources.find(self._thing, key.predicate, value.value))


def _stated(statements: Iterable[Statement]) -> list[Statement]:
    """Return the statements that have a value, else those that say there is none."""
    known = list(statements)
    return [one for one in known if not one.state] or known[:1]
