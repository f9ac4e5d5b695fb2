"""Everything about one thing: its card, its uses, its relatives, and what belongs to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jagraph.core.errors import RequestError, suggestion
from jagraph.core.messages import Message
from jagraph.core.namespaces import JAG, iri, split
from jagraph.domain.verdicts import USES, Judgement
from jagraph.store.base import Store
from jagraph.views.app_state import AppState
from jagraph.views.cards import Card, Kin
from jagraph.views.cells import Cell
from jagraph.views.cells import thing as thing_cell
from jagraph.views.facts import STATES, Fact, Statement
from jagraph.views.labels import Reader
from jagraph.views.read_texts import ReadText, read_texts
from jagraph.views.related import Belongings, belongings
from jagraph.views.targets import CardTarget, ComparisonTarget, LineageTarget, has_card
from jagraph.views.use_answers import UseAnswers, of_license, of_model

# what the table of a licence's terms shows of each, beside its own words
_OF_TERM = ("rule", "action", "clause", "reach")
# a page has them in its heading or at their values
_IN_HEADING = frozenset({"name", "names", "inferredKeys"})


@dataclass(frozen=True)
class Relative:
    """A model that the thing comes from or leads to, with its licence class."""

    kin: Kin
    license_class: str


@dataclass(frozen=True)
class Member:
    """A model of a family, with its licence class and its size."""

    cell: Cell
    license_class: str
    size: str


@dataclass(frozen=True)
class ThingView:
    """One thing as a page shows it.

    ``term_columns`` has what the columns of ``terms`` are called, ``downloads`` where its
    description is as data. Only a model has ``family``, ``judgement`` with ``texts``, and
    ``comparison``; ``uses`` are the answers of a model, or those of a licence alone. ``documents``
    are the licences that ``uses`` speak of, by name.
    """

    card: Card
    kind: str
    identifier: str
    facts: tuple[Fact, ...]
    terms: tuple[Statement, ...]
    term_columns: dict[str, str]
    license_class: str
    family: Cell | None
    judgement: Judgement | None
    uses: UseAnswers | None
    texts: tuple[ReadText, ...]
    documents: dict[str, Cell]
    models: tuple[Member, ...]
    parents: tuple[Relative, ...]
    children: tuple[Relative, ...]
    belongings: Belongings | None
    downloads: dict[str, CardTarget]
    explorer: LineageTarget
    picture: LineageTarget
    comparison: ComparisonTarget | None


def view_thing(
    kind: str, identifier: str, state: AppState, reader: Reader, store: Store
) -> ThingView:
    """Return what there is about a thing; raises RequestError when nothing is called so.

    What belongs to it may be much, and is asked of ``store``, which may have limits.
    """
    name = iri(kind, identifier)
    if not has_card(kind, identifier) or name not in state.names.things:
        raise _unknown(kind, identifier, state)
    card = state.cards.card(name, reader)
    facts = stated_facts(card, state)
    terms = facts.pop("terms", None)
    model = state.lineage.models.get(name)
    judged = state.judge.judge(name, USES) if model else None
    texts = read_texts(judged.documents, reader) if judged else ()
    return ThingView(
        card,
        kind,
        identifier,
        tuple(facts.values()),
        terms.statements if terms else (),
        {key: reader.name(JAG + key) for key in _OF_TERM},
        state.classes.get(name, ""),
        thing_cell(model.family, reader) if model and model.family else None,
        judged,
        _uses(card, judged, reader),
        texts,
        {text.license.text: text.license for text in texts},
        () if model else tuple(_members(name, state, reader)),
        _relatives(card.parents, card.members, state),
        _relatives(card.children, card.members, state),
        belongings(name, state, reader, store),
        {
            "Turtle": CardTarget(kind, identifier, "ttl"),
            "JSON-LD": CardTarget(kind, identifier, "jsonld"),
        },
        LineageTarget(kind, identifier),
        LineageTarget(kind, identifier, is_picture=True),
        ComparisonTarget((identifier,)) if model else None,
    )


def _uses(card: Card, judged: Judgement | None, reader: Reader) -> UseAnswers | None:
    if judged:
        return of_model(judged.verdicts, reader)
    return of_license(card.alone) if card.alone else None


def stated_facts(card: Card, state: AppState) -> dict[str, Fact]:
    """Return the facts of ``card`` by key; absence is a fact of the key that has no value.

    What a family does not know does not hold for a model that has a value of its own.
    """
    facts = {fact.key: fact for fact in card.facts if fact.key not in (*_IN_HEADING, *STATES)}
    for absence in (fact for fact in card.facts if fact.key in STATES):
        for statement in absence.statements:
            cell = statement.parts[0].cells[0]
            absent = Statement((), statement.proof, absence.key)
            facts.setdefault(cell.value, Fact(cell.value, cell.text, (absent,)))
    order = {name: number for number, name in enumerate(state.context.keys)}
    return {key: facts[key] for key in sorted(facts, key=lambda key: order.get(key, len(order)))}


def _unknown(kind: str, identifier: str, state: AppState) -> RequestError:
    names = [split(name) for name in state.names.things]
    alike = [name[1] for name in names if name and name[0] == kind]
    return RequestError(
        "unknown-name",
        Message("error-unknown-name", name=f"{kind}/{identifier}"),
        remedy=suggestion(
            identifier, alike, Message("help-search", search=f"/search?q={identifier}")
        ),
    )


def _members(family: str, state: AppState, reader: Reader) -> Iterable[Member]:
    for model in sorted(state.lineage.members(family)):
        yield Member(
            thing_cell(model, reader),
            state.classes.get(model, "unknown"),
            state.lineage.models[model].parameters,
        )


def _relatives(
    all_kin: Sequence[Kin], members: frozenset[str], state: AppState
) -> tuple[Relative, ...]:
    """Return the kin that are not ``members`` of the card themselves."""
    return tuple(
        Relative(kin, state.classes.get(kin.other.value, "unknown"))
        for kin in all_kin
        if kin.other.value not in members
    )
