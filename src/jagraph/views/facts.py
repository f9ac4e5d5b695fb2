"""What a record says, fact by fact: values that link, the words of the source, their place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pyoxigraph as ox

from jagraph.core.namespaces import JAG
from jagraph.core.position import Position
from jagraph.domain.hub_origin import HUB_PLACE
from jagraph.records.context import Context, Key
from jagraph.records.source_map import SourceMap
from jagraph.views.cells import Cell, cell
from jagraph.views.labels import Reader
from jagraph.views.record_nodes import RecordNodes, Term
from jagraph.views.targets import ontology_target

_INFERRED = JAG + "inferredKey"
_REASON = JAG + "reason"
# a statement without a licence says so by its class, or has a reason
_ABSENCE = {JAG + "MissingLicenseStatement": "no licence stated"}
# what a statement is about stands without the name of its key
_PLAIN = frozenset(
    {"license", "relation", "from", "stage", "length", "section", "rule", "action", "amount"}
)
# they say how and where a statement is made, not what
_PROOF = frozenset({"words", "stated", "source", "footnotes", "editions", "certain", "inferred"})
_REMARKS = frozenset({"confidence", "note"})
# the values of these are keys of the record that have no value
STATES = ("unknown", "none")
_NO_FACTS = frozenset({"models", "id", "type"})


@dataclass(frozen=True)
class Part:
    """The values of one key inside a statement; ``label`` is "" where it goes without saying.

    ``inferred`` values are the curator's, while the rest of the statement is the source's. The
    parts of one portion of a training stage have its number, from 1, as ``portion``.
    """

    key: str
    label: str
    cells: tuple[Cell, ...]
    inferred: bool = False
    portion: int = 0


@dataclass(frozen=True)
class Proof:
    """The words of the source, the cells and footnotes they stand in, the line of the record."""

    words: tuple[str, ...] = ()
    stated: tuple[Cell, ...] = ()
    position: Position | None = None


@dataclass(frozen=True)
class Statement:
    """One value of a fact: its parts and its proof.

    ``state`` is "unknown" or "none" where there is no value, ``absence`` says in English why there
    is no licence. A statement that is not ``certain`` is left open by its source; ``inferred`` is
    the curator's, or the Hub's where it is ``from_hub``.
    """

    parts: tuple[Part, ...]
    proof: Proof = Proof()
    state: str = ""
    absence: tuple[str, ...] = ()
    certain: bool = True
    inferred: bool = False
    from_hub: bool = False

    def cells(self, key: str) -> tuple[Cell, ...]:
        """Return the values of ``key`` in this statement."""
        return tuple(value for part in self.parts if part.key == key for value in part.cells)


@dataclass(frozen=True)
class Fact:
    """Everything that is said of one key of a record."""

    key: str
    label: str
    statements: tuple[Statement, ...]


class FactReader:
    """Makes the facts of ``nodes`` for one reader.

    ``dump`` is the place of what was imported and has no record.
    """

    def __init__(
        self,
        nodes: RecordNodes,
        sources: SourceMap,
        context: Context,
        reader: Reader,
        dump: Position | None = None,
    ) -> None:
        self._nodes = nodes
        self._sources = sources
        self._context = context
        self._reader = reader
        self._dump = dump
        self._keys = context.by_predicate()
        self._order = {name: number for number, name in enumerate(context.keys)}
        # of the models that a statement is for, the reader of a model's card looks at one
        self._skipped = _NO_FACTS | ({"for"} if nodes.is_model else set())

    def facts(self, thing: str) -> tuple[Fact, ...]:
        """Return what is said of ``thing``, one of the nodes, in the order of the context."""
        entries = sorted(self._entries(thing), key=lambda entry: self._order[entry[0].name])
        facts = (self._fact(thing, key, values) for key, values in entries)
        return tuple(fact for fact in facts if fact.statements)

    def place(self, thing: str) -> Position | None:
        """Return where ``thing`` is written."""
        return self._sources.find(thing) or self._dump

    def _fact(self, thing: str, key: Key, values: list[Term]) -> Fact:
        statements = (self._value(thing, key, value) for value in values)
        stated = tuple(statement for statement in statements if statement is not None)
        return Fact(key.name, self._label(key.name), stated)

    def _value(self, thing: str, key: Key, value: Term) -> Statement | None:
        if self._nodes.is_statement(value):
            return self._statement(value.value)
        if isinstance(value, ox.NamedNode) and "#" in value.value.removeprefix(JAG):
            return None  # a node of which only a rule speaks
        holder = self._nodes.holders.get(key.predicate, thing)
        position = self._sources.find(holder, key.predicate, value.value) or self._dump
        part = Part(key.name, "", (self._cell(key, value),))
        return Statement(
            (part,), Proof(position=position), inferred=key.name in self._inferred(thing)
        )

    def _statement(self, node: str) -> Statement:
        properties = self._nodes.of(node)
        all_values = [value.value for values in properties.values() for value in values]
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
                for number, value in enumerate(values, 1):
                    inner = self._statement(value.value).parts
                    parts += [replace(part, portion=number) for part in inner]
            elif key.name != "inferredKeys":
                label = "" if key.name in _PLAIN else self._label(key.name)
                cells = tuple(self._cell(key, value) for value in values)
                parts.append(Part(key.name, label, cells, key.name in self._inferred(node)))
        from_hub = HUB_PLACE in all_values
        position = None if from_hub else self._sources.find(node)
        absence = [_ABSENCE[value] for value in all_values if value in _ABSENCE]
        absence += [value.value for value in properties.get(_REASON, ())]
        return Statement(
            tuple(parts),
            Proof(tuple(quoted), tuple(stated), position or self._dump),
            absence=tuple(absence),
            certain=marks.get("certain", True),
            inferred=marks.get("inferred", False),
            from_hub=from_hub,
        )

    def _inferred(self, node: str) -> set[str]:
        """Return the keys of ``node`` whose values the curator concluded."""
        return {value.value for value in self._nodes.of(node).get(_INFERRED, ())}

    def _entries(self, node: str) -> Iterator[tuple[Key, list[Term]]]:
        for predicate, values in self._nodes.of(node).items():
            key = self._keys.get(predicate)
            if key and key.name not in self._skipped:
                yield key, values

    def _ordered(self, node: str) -> list[tuple[Key, list[Term]]]:
        """Return the keys of a statement: what it is about first, remarks last."""
        return sorted(self._entries(node), key=lambda entry: self._rank(entry[0].name))

    def _rank(self, key: str) -> tuple[int, int]:
        place = 0 if key in _PLAIN else 2 if key in _REMARKS else 1
        return place, self._order[key]

    def _label(self, key: str) -> str:
        keys = self._context.keys
        return self._reader.key(key, keys[key].predicate) if key in keys else key

    def _cell(self, key: Key, value: Term) -> Cell:
        if key.name in STATES:
            return Cell(self._label(value.value), value=value.value)
        text_cell = cell("hubId" if key.name == "hub" else key.name, value, self._reader)
        if key.name == "relation":  # a property of the ontology
            return replace(text_cell, target=ontology_target(value.value))
        return text_cell
