"""One card per thing: its facts beside the words and the place they come from."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from jagraph.context import Context
from jagraph.errors import Position
from jagraph.sources import SourceMap
from jagraph.store import Store, text_of
from jagraph.vocab import ASSERTED, HUB, JAG, RDF_TYPE, shorten, split

_ABOUT = """
SELECT ?property ?value WHERE {
  VALUES ?graph { <%s> <%s> }
  GRAPH ?graph { <%s> ?property ?value }
}
ORDER BY ?property ?value
"""
_LABEL = "SELECT ?label WHERE { <%s> rdfs:label ?label } ORDER BY ?label"
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
SELECT ?concern ?answer ?basis ?reason WHERE {
  <%s> jag:verdict ?verdict .
  ?verdict jag:concern ?concern ; jag:answer ?answer ; jag:basis ?basis ; jag:reason ?reason .
}
ORDER BY ?concern
"""
_RELATED = """
SELECT ?way ?other WHERE {
  <%s> jag:hasModel? ?model .
  { ?model jag:derivedFrom ?other BIND("comes from" AS ?way) }
  UNION { ?other jag:derivedFrom ?model BIND("leads to" AS ?way) }
}
ORDER BY ?way ?other
"""
# What a statement is about comes first, its words and where they stand come last.
_LAST = ("note", "words", "stated", "footnotes", "editions", "source", "certain", "inferred")


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
    def __init__(self, store: Store, source: SourceMap, context: Context) -> None:
        self._store = store
        self._source = source
        self._keys = context.by_predicate()
        self._order = {name: number for number, name in enumerate(context.keys)}
        self._labels: dict[str, str] = {}

    def card(self, thing: str, *, whole: bool = True) -> Card:
        about = self._about(thing)
        facts: list[Fact] = []
        models: list[Card] = []
        for key, predicate, value in self._ordered(about[thing]):
            if key == "models":
                models.append(self.card(value.value, whole=False))
            elif value.value in about and value.value != thing:
                facts.append(self._statement(key, value.value, about))
            else:
                place = self._source.find(thing, predicate, value.value)
                facts.append(Fact(key, self._show(value), position=place))
        related = tuple(
            (row["way"], self._name(row["other"]))
            for row in (self._store.select(_RELATED % thing).dicts() if whole else ())
        )
        concluded = tuple(
            Fact(
                shorten(row["concern"]).partition("/")[2],
                f"{shorten(row['answer']).partition('/')[2]} "
                f"({shorten(row['basis']).partition('/')[2]})",
                row["reason"],
            )
            for row in self._store.select(_CONCLUDED % thing).dicts()
        )
        return Card(
            thing,
            self._label(thing),
            self._source.find(thing),
            tuple(facts),
            tuple(models),
            concluded,
            tuple(dict.fromkeys(related)),
        )

    def _about(self, thing: str) -> dict[str, list[tuple[str, ox.NamedNode | ox.Literal]]]:
        """Return what is asserted of ``thing`` and of the statements it makes, by node."""
        about: defaultdict[str, list[tuple[str, ox.NamedNode | ox.Literal]]] = defaultdict(list)
        waiting = [thing]
        for node in waiting:
            for prop, value in self._store.select(_ABOUT % (ASSERTED, HUB, node)).rows:
                about[node].append((text_of(prop), value))  # type: ignore[arg-type]
                inner = text_of(value)
                stated = text_of(prop) in _SHARED or inner.startswith(f"{thing}#")
                if isinstance(value, ox.NamedNode) and stated and inner not in waiting:
                    waiting.append(inner)
        return about

    def _label(self, name: str) -> str:
        if name not in self._labels:
            row = next(self._store.select(_LABEL % name).dicts(), {"label": shorten(name)})
            self._labels[name] = row["label"]
        return self._labels[name]

    def _statement(
        self,
        key: str,
        node: str,
        about: dict[str, list[tuple[str, ox.NamedNode | ox.Literal]]],
    ) -> Fact:
        parts: list[str] = []
        words: list[str] = []
        stated: list[str] = []
        for name, _, value in self._ordered(about[node]):
            if name == "words":
                words.append(value.value)
            elif name in ("stated", "footnotes", "editions", "source"):
                stated.append(self._show(value))
            elif value.value in about:
                inner = self._statement(name, value.value, about)
                parts.append(f"({inner.value})")
            elif name == "certain":
                parts.append("certain" if value.value == "true" else "NOT CERTAIN")
            elif name == "inferred":
                parts.append("inferred by the curator")
            elif name in ("license", "relation", "stage"):
                parts.append(self._show(value))
            else:
                parts.append(f"{name} {self._show(value)}")
        return Fact(
            key, "; ".join(parts), " / ".join(words), ", ".join(stated), self._source.find(node)
        )

    def _ordered(
        self, entries: list[tuple[str, ox.NamedNode | ox.Literal]]
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
        parts = split(name)
        if parts and parts[0] in _LABELLED:
            return self._label(name)
        return shorten(name).rpartition("/")[2].removeprefix("jag:")


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
