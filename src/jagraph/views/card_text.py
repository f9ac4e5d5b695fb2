"""A card as text for a terminal, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import groupby
from typing import Any

from jagraph.core.namespaces import shorten
from jagraph.core.position import Position
from jagraph.domain.license_answers import LicenseAnswer
from jagraph.domain.verdict_text import WORDS, condition_text, duty_text
from jagraph.views.cards import Card, Kin
from jagraph.views.facts import Fact, Part, Statement

# what is said of a licence, a relation or a stage goes without the name of its key
_NAMELESS = ("license", "relation", "stage")
_COMES, _LEADS = "comes from", "leads to"
Line = dict[str, Any]


def as_text(card: Card) -> str:
    """Return ``card`` for reading: one fact per line, with its words and its place.

    It is a card as records write it.
    """
    lines = [f"{card.name}  [{shorten(card.iri)}]"]
    if card.position:
        lines.append(f"{card.position.file.as_posix()}:{card.position.line}")
    lines += [_text(line) for line in _lines(card.facts)]
    for model in card.models:
        place = f"  {_place(model.position)}" if model.position else ""
        lines += ["", f"model {model.name}  [{shorten(model.iri)}]{place}"]
        lines += [_text(line) for line in _lines(model.facts) if line["key"] != "name"]
        lines += [f"  {line}" for line in _concluded(model)]
    if card.concluded or card.alone:
        lines += ["", *_concluded(card)]
    for way, kin in ((_COMES, card.parents), (_LEADS, card.children)):
        if kin:
            lines += ["", f"{way}: {', '.join(_others(kin))}"]
    return "\n".join(lines) + "\n"


def as_data(card: Card) -> Line:
    """Return ``card``, as records write it, as plain data; what is empty is left out."""
    related = [
        [way, other]
        for way, kin in ((_COMES, card.parents), (_LEADS, card.children))
        for other in _others(kin)
    ]
    data = {
        "iri": card.iri,
        "name": card.name,
        "position": str(card.position) if card.position else "",
        "facts": [_filled(line) for line in _lines(card.facts)],
        "models": [as_data(model) for model in card.models],
        "concluded": [asdict(conclusion) for conclusion in card.concluded],
        "alone": [asdict(one) for one in card.alone],
        "carried": [asdict(term) for term in card.carried],
        "related": related,
    }
    return _filled(data)


def as_json(card: Card) -> str:
    """Return ``card``, as records write it, as JSON."""
    return json.dumps(as_data(card), ensure_ascii=False, indent=1) + "\n"


def _lines(facts: Iterable[Fact]) -> Iterator[Line]:
    for fact in facts:
        for statement in fact.statements:
            yield {
                "key": fact.key,
                "value": "; ".join(_values(fact, statement)),
                "words": " / ".join(statement.proof.words),
                "stated": ", ".join(cell.text for cell in statement.proof.stated),
                "position": statement.proof.position,
            }


def _values(fact: Fact, statement: Statement) -> Iterator[str]:
    yield from statement.absence
    for portion, parts in groupby(statement.parts, lambda part: part.portion):
        values = [text for part in parts for text in _texts(part, fact.key)]
        yield from [f"({'; '.join(values)})"] if portion else values
    if not statement.certain:
        yield "NOT CERTAIN"
    if statement.inferred and statement.parts[0].key != fact.key:
        yield "inferred from the Hub's tag" if statement.from_hub else "inferred by the curator"
    for part in statement.parts:
        if part.inferred:
            yield f"the {part.key} is inferred by the curator"


def _texts(part: Part, key: str) -> Iterator[str]:
    """Yield the values of ``part`` with its name, but where that goes without saying."""
    name = "" if part.key in (*_NAMELESS, key) else f"{part.key} "
    yield from (name + cell.text for cell in part.cells)


def _text(line: Line) -> str:
    text = f"  {line['key']}: {line['value']}"
    if line["words"]:
        text += f'  "{line["words"]}"'
    if line["stated"]:
        text += f"  <{line['stated']}>"
    return f"{text}  {_place(line['position'])}" if line["position"] else text


def _concluded(card: Card) -> Iterator[str]:
    """Yield the answers about use, then the terms that are carried, each under its heading."""
    if card.concluded:
        yield "may I (not legal advice)"
        for one in card.concluded:
            yield f"  {one.use}: {WORDS[one.answer]}: {one.reason}"
    if card.alone:
        yield "may I, if nothing else binds (not legal advice)"
        yield from (line for one in card.alone for line in _alone(one))
    if card.carried:
        yield "has a term about"
        for term in card.carried:
            issued = "; its developer issues this licence" if term.issued else ""
            yield f"  {term.concern}: {term.answer} ({term.basis}): {term.reason}{issued}"


def _alone(answer: LicenseAnswer) -> Iterator[str]:
    of = f"{answer.use}, of what is made from it" if answer.on_derivatives else answer.use
    yield f"  {of}: {WORDS[answer.answer]}: {answer.reason}"
    for condition in answer.conditions:
        if condition.reason != answer.reason:
            yield f"    {condition_text(condition)}"
    yield from (f"    {duty_text(duty)}" for duty in answer.duties)


def _others(kin: Iterable[Kin]) -> list[str]:
    """Return the names of the models at the other end, each once, in the order of their IRIs."""
    names = {relative.other.value: relative.other.text for relative in kin}
    return list(dict.fromkeys(names[iri] for iri in sorted(names)))


def _filled(line: Line) -> Line:
    return {
        key: str(value) if isinstance(value, Position) else value
        for key, value in line.items()
        if value
    }


def _place(position: Position | None) -> str:
    return f"@{position.line}" if position else ""
