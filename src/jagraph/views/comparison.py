"""Models side by side: one row per aspect, one place per model, and whether the places differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from jagraph.domain.verdicts import USES, Judgement
from jagraph.views.app_state import AppState
from jagraph.views.cells import Cell, thing
from jagraph.views.facts import Fact, Part, Statement
from jagraph.views.labels import Reader
from jagraph.views.thing import stated_facts
from jagraph.views.use_answers import UseRow, of_verdict
from jagraph.views.words import words

Facts = dict[str, Fact]


@dataclass(frozen=True)
class Place:
    """What one model has on one aspect: statements, or a verdict, or a licence class.

    ``state`` says why there is nothing: "unknown", "none" or "silent" (nobody looked).
    """

    statements: tuple[Statement, ...] = ()
    verdict: UseRow | None = None
    license_class: str = ""
    state: str = ""

    @property
    def key(self) -> object:
        """What makes two places the same: what is said, not where."""
        if self.verdict:
            asked = {(one.action, one.document, one.clause) for one in self.verdict.duties}
            conditions = {one.reason for one in self.verdict.conditions}
            return self.verdict.answer, frozenset(conditions), frozenset(asked)
        parts = {
            (tuple(cell.key for part in statement.parts for cell in part.cells), statement.certain)
            for statement in self.statements
        }
        return self.state, self.license_class, frozenset(parts)


@dataclass(frozen=True)
class Aspect:
    """One row: its name, its places in the order of the models."""

    name: str
    places: tuple[Place, ...]

    @property
    def differs(self) -> bool:
        """Whether the models are not the same in it."""
        return len({place.key for place in self.places}) > 1


@dataclass(frozen=True)
class Compared:
    """One model of the comparison, with what was read of it."""

    iri: str
    facts: Facts
    judged: Judgement


def read(models: Iterable[str], state: AppState, reader: Reader) -> list[Compared]:
    """Read what is said and concluded of ``models``, which are IRIs of models."""
    return [
        Compared(
            model,
            stated_facts(state.cards.card(model, reader), state),
            state.judge.judge(model, USES),
        )
        for model in models
    ]


def aspects(compared: Sequence[Compared], state: AppState, reader: Reader) -> list[Aspect]:
    """Return the rows of the comparison."""
    return list(_aspects(compared, state, reader))


def _aspects(compared: Sequence[Compared], state: AppState, reader: Reader) -> Iterator[Aspect]:
    texts = words(reader.language)

    def row(name: str, read_place: Callable[[Compared], Place]) -> Aspect:
        return Aspect(name, tuple(read_place(model) for model in compared))

    def of_key(key: str) -> Callable[[Compared], Place]:
        return lambda model: _place(model.facts, key)

    yield row(texts["column-family"], lambda model: _family(model, state, reader))
    yield row(texts["column-developer"], of_key("developers"))
    yield row(texts["column-parameters"], lambda model: _size(model.facts))
    yield row(texts["column-contextLength"], of_key("contextLengths"))
    yield row(texts["compare-tokens"], lambda model: _in_stages(model.facts, ("tokens", "amount")))
    yield row(texts["column-license"], of_key("licenses"))
    yield row(
        texts["column-licenseClass"],
        lambda model: Place(license_class=state.classes.get(model.iri, "unknown")),
    )
    for number, use in enumerate(USES):
        verdicts = (
            Place(verdict=of_verdict(model.judged.verdicts[number], reader)) for model in compared
        )
        yield Aspect(texts[f"use-{use}"], tuple(verdicts))
    yield row(texts["compare-bases"], of_key("derivations"))
    yield row(
        texts["compare-datasets"],
        lambda model: _in_stages(model.facts, ("datasets", "dataset", "disclosure")),
    )
    yield row(texts["compare-hub"], of_key("hub"))


def _place(facts: Facts, key: str) -> Place:
    if key not in facts:
        return Place(state="silent")
    statements = facts[key].statements
    if statements[0].state:
        return Place(state=statements[0].state)
    return Place(statements)


def _size(facts: Facts) -> Place:
    """Return the size, with the one in the name where both are stated."""
    place = _place(facts, "parameters")
    if place.state or "nominalParameters" not in facts:
        return place
    nominal = (
        replace(part, label=facts["nominalParameters"].label)
        for statement in facts["nominalParameters"].statements
        for part in statement.parts
    )
    first, *rest = place.statements
    return Place((replace(first, parts=(*first.parts, *nominal)), *rest))


def _in_stages(facts: Facts, keys: Sequence[str]) -> Place:
    """Return what the training stages say of ``keys``, each with its stage and its proof."""
    stages = _place(facts, "stages")
    cells = []
    for stage in stages.statements:
        parts = tuple(replace(part, label="") for part in stage.parts if part.key in keys)
        if parts:
            unit = tuple(part for part in stage.parts if part.key == "unit" and "amount" in keys)
            kind = tuple(part for part in stage.parts if part.key == "stage")
            cells.append(replace(stage, parts=(*parts, *unit, *kind)))
    if cells:
        return Place(tuple(cells))
    return Place(state=stages.state or "silent")


def _family(model: Compared, state: AppState, reader: Reader) -> Place:
    family = state.lineage.models[model.iri].family
    cell: Cell = thing(family, reader)
    return Place((Statement((Part("family", "", (cell,)),)),))
