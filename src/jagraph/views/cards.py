"""One card per thing: its facts beside the words and the place they come from."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyoxigraph as ox

from jagraph.core.errors import Position
from jagraph.core.namespaces import ASSERTED, HUB, JAG, RDF_TYPE, shorten, split
from jagraph.core.rdf_text import text_of
from jagraph.domain.hub_origin import HUB_PLACE, place_in_dump
from jagraph.query.batched import about
from jagraph.records.context import Context
from jagraph.records.source_map import SourceMap
from jagraph.store.base import Store

_ABOUT = f"""
SELECT ?node ?property ?value WHERE {{
  VALUES ?node {{ %s }}
  {{ GRAPH <{ASSERTED}> {{ ?node ?property ?value }} }}
  UNION {{ GRAPH <{HUB}> {{ ?node ?property ?value }} }}
}}
ORDER BY ?node ?property ?value
"""
_LABEL = """
SELECT ?thing ?label WHERE { VALUES ?thing { %s } ?thing rdfs:label ?label }
ORDER BY ?thing STR(?label)
"""
# what a model of the Hub says in the same words as others stands outside its own name
_SHARED = {JAG + name for name in ("licenseStatement", "derivation", "trainingStage")}
_LABELLED = (
    "model",
    "dataset",
    "license",
    "developer",
    "family",
    "hub",
    "hub-license",
    "hub-dataset",
)
_CONCLUDED = """
SELECT ?thing ?concern ?answer ?basis ?reason (COUNT(?own) AS ?issued) WHERE {
  VALUES ?thing { %s }
  ?thing jag:verdict ?verdict .
  ?verdict jag:concern ?concern ; jag:answer ?answer ; jag:basis ?basis ; jag:reason ?reason .
  OPTIONAL { ?verdict jag:decidedTerm/^jag:term/jag:licensor ?own . ?thing jag:developedBy ?own }
}
GROUP BY ?thing ?concern ?answer ?basis ?reason
ORDER BY ?thing ?concern
"""
_RELATED = """
SELECT DISTINCT ?way ?other WHERE {
  VALUES ?thing { %s }
  { ?thing jag:derivedFrom ?other BIND("comes from" AS ?way) }
  UNION { ?other jag:derivedFrom ?thing BIND("leads to" AS ?way) }
}
ORDER BY ?way ?other
"""
_MODELS = JAG + "hasModel"
# a statement without a licence says so by its class, or has a reason
_ABSENCE = {JAG + "MissingLicenseStatement": "no licence stated"}
_REASON = JAG + "reason"
_Entry = tuple[str, ox.NamedNode | ox.Literal]
# What a statement is about comes first, its words and where they stand come last.
_LAST = (
    *("note", "words", "stated", "footnotes", "editions", "source", "certain"),
    *("inferred", "inferredKeys"),
)


@dataclass(frozen=True)
class Fact:
    """One line of a card: a key, its value, the list's words for it and where it is written."""

    key: str
    value: str
    words: str = ""
    stated: str = ""
    position: Position | None = None


@dataclass(frozen=True)
class Card:
    """What the graph says of one thing."""

    iri: str
    name: str
    position: Position | None
    facts: tuple[Fact, ...]
    models: tuple[Card, ...] = ()
    concluded: tuple[Fact, ...] = ()
    related: tuple[tuple[str, str], ...] = field(default=())


def card(thing: str, store: Store, source: SourceMap, context: Context) -> Card:
    """Return the card of ``thing``; that of a family holds the cards of its models."""
    return _Reader(store, source, context).card(thing)


class _Reader:
    """Reads one card; asks once for each level of nodes, since a store may be far away."""

    def __init__(self, store: Store, source: SourceMap, context: Context) -> None:
        self._store = store
        self._source = source
        self._keys = context.by_predicate()
        self._order = {name: number for number, name in enumerate(context.keys)}
        self._about: defaultdict[str, list[_Entry]] = defaultdict(list)
        self._statements: set[str] = set()
        self._concluded: defaultdict[str, list[Fact]] = defaultdict(list)
        self._labels: dict[str, str] = {}
        self._dump: Position | None = None

    def card(self, thing: str) -> Card:
        things = self._read(thing)
        self._dump = place_in_dump(self._store, thing)
        for row in about(self._store, _CONCLUDED, things).dicts():
            concern, answer, basis = (
                shorten(row[column]).partition("/")[2] for column in ("concern", "answer", "basis")
            )
            issued = "; its developer issues this licence" if row["issued"] != "0" else ""
            fact = Fact(concern, f"{answer} ({basis})", row["reason"] + issued)
            self._concluded[row["thing"]].append(fact)
        found = about(self._store, _RELATED, things)
        related = [(row["way"], row["other"]) for row in found.dicts()]
        values = [value for entries in self._about.values() for _, value in entries]
        named = [value.value for value in values if isinstance(value, ox.NamedNode)]
        labelled = [*things, *filter(_has_label, [*named, *(other for _, other in related)])]
        for row in about(self._store, _LABEL, labelled).dicts():
            self._labels.setdefault(row["thing"], row["label"])
        names = dict.fromkeys((way, self._name(other)) for way, other in related)
        return replace(self._card(thing), related=tuple(names))

    def _read(self, thing: str) -> list[str]:
        """Read what is asserted of ``thing``, of its models and of the statements they make.

        Returns ``thing`` and its models.
        """
        things = [thing]
        level = [thing]
        while level:
            inside: list[str] = []
            for node, prop, value in about(self._store, _ABOUT, level).rows:
                name, predicate, inner = text_of(node), text_of(prop), text_of(value)
                self._about[name].append((predicate, value))  # type: ignore[arg-type]
                if not isinstance(value, ox.NamedNode):
                    continue
                if predicate == _MODELS:
                    things.append(inner)
                    inside.append(inner)
                elif predicate in _SHARED or _owner(inner) in things:
                    self._statements.add(inner)
                    inside.append(inner)
            level = [name for name in inside if name not in self._about]
        return things

    def _card(self, thing: str) -> Card:
        facts: list[Fact] = []
        models: list[Card] = []
        for key, predicate, value in self._ordered(self._about[thing]):
            if predicate == _MODELS:
                models.append(self._card(value.value))
            elif self._is_statement(value):
                facts.append(self._statement(key, value.value))
            else:
                place = self._source.find(thing, predicate, value.value) or self._dump
                facts.append(Fact(key, self._show(value), position=place))
        return Card(
            thing,
            self._label(thing),
            self._source.find(thing) or self._dump,
            tuple(facts),
            tuple(models),
            tuple(self._concluded[thing]),
        )

    def _is_statement(self, value: ox.NamedNode | ox.Literal) -> bool:
        return value.value in self._statements and value.value in self._about

    def _label(self, name: str) -> str:
        return self._labels.get(name) or shorten(name)

    def _statement(self, key: str, node: str) -> Fact:
        from_hub = any(value.value == HUB_PLACE for _, value in self._about[node])
        parts = [_ABSENCE[value.value] for _, value in self._about[node] if value.value in _ABSENCE]
        parts += [value.value for name, value in self._about[node] if name == _REASON]
        words: list[str] = []
        stated: list[str] = []
        for name, _, value in self._ordered(self._about[node]):
            if name == "words":
                words.append(value.value)
            elif name in ("stated", "footnotes", "editions", "source"):
                stated.append(self._show(value))
            elif self._is_statement(value):
                inner = self._statement(name, value.value)
                parts.append(f"({inner.value})")
            elif name == "certain":
                parts.append("certain" if value.value == "true" else "NOT CERTAIN")
            elif name == "inferred":
                parts.append(
                    "inferred from the Hub's tag" if from_hub else "inferred by the curator"
                )
            elif name == "inferredKeys":
                parts.append(f"the {value.value} is inferred by the curator")
            elif name in ("license", "relation", "stage"):
                parts.append(self._show(value))
            else:
                parts.append(f"{name} {self._show(value)}")
        place = None if from_hub else self._source.find(node)
        return Fact(
            key, "; ".join(parts), " / ".join(words), ", ".join(stated), place or self._dump
        )

    def _ordered(
        self, entries: list[_Entry]
    ) -> Iterator[tuple[str, str, ox.NamedNode | ox.Literal]]:
        named = [
            (self._keys[predicate].name, predicate, value)
            for predicate, value in entries
            if predicate != RDF_TYPE and predicate in self._keys
        ]
        yield from sorted(named, key=lambda e: (e[0] in _LAST, self._order[e[0]]))

    def _show(self, value: ox.NamedNode | ox.Literal) -> str:
        return self._name(value.value) if isinstance(value, ox.NamedNode) else value.value

    def _name(self, name: str) -> str:
        if _has_label(name):
            return self._label(name)
        return shorten(name).rpartition("/")[2].removeprefix("jag:")


def _has_label(name: str) -> bool:
    parts = split(name)
    return parts is not None and parts[0] in _LABELLED


def _owner(node: str) -> str:
    """Return the thing inside whose record ``node`` stands, "" for a thing itself."""
    return node.rpartition("#")[0]


def as_text(card: Card) -> str:
    """Return ``card`` for reading: one fact per line, with its words and its place."""
    lines = [f"{card.name}  [{shorten(card.iri)}]"]
    if card.position:
        lines.append(f"{card.position.file.as_posix()}:{card.position.line}")
    lines += [_line(fact) for fact in card.facts]
    for model in card.models:
        place = f"  {_place(model.position)}" if model.position else ""
        lines += ["", f"model {model.name}  [{shorten(model.iri)}]{place}"]
        lines += [_line(fact) for fact in model.facts if fact.key != "name"]
        lines += [f"  concluded: {f.key}: {f.value}: {f.words}" for f in model.concluded]
    if card.concluded:
        lines += ["", "concluded (not legal advice)"]
        lines += [f"  {fact.key}: {fact.value}: {fact.words}" for fact in card.concluded]
    for way in ("comes from", "leads to"):
        others = [other for related, other in card.related if related == way]
        if others:
            lines += ["", f"{way}: {', '.join(others)}"]
    return "\n".join(lines) + "\n"


def as_json(card: Card) -> str:
    """Return ``card`` as JSON."""

    def plain(value: object) -> object:
        if isinstance(value, Position | Path):
            return str(value)
        if isinstance(value, Fact | Card):
            return {name: plain(inner) for name, inner in vars(value).items() if inner}
        return [plain(item) for item in value] if isinstance(value, tuple) else value

    return json.dumps(plain(card), ensure_ascii=False, indent=1) + "\n"


def _line(fact: Fact) -> str:
    text = f"  {fact.key}: {fact.value}"
    if fact.words:
        text += f'  "{fact.words}"'
    if fact.stated:
        text += f"  <{fact.stated}>"
    return f"{text}  {_place(fact.position)}" if fact.position else text


def _place(position: Position | None) -> str:
    return f"@{position.line}" if position else ""
