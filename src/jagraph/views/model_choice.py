"""Which models are set side by side: those asked for, those one may add, and what is unclear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jagraph.core.errors import RequestError
from jagraph.core.messages import Message
from jagraph.core.namespaces import split
from jagraph.query.name_resolver import fold
from jagraph.views.app_state import AppState
from jagraph.views.cells import Cell, thing
from jagraph.views.comparison import Aspect, aspects, read
from jagraph.views.labels import Reader
from jagraph.views.targets import ComparisonTarget

MOST = 4
_OFFERED = 12


@dataclass(frozen=True)
class ChosenModel:
    """A model of the comparison: its id, its licence class, and the comparison without it."""

    cell: Cell
    identifier: str
    license_class: str
    without: ComparisonTarget


@dataclass(frozen=True)
class Offer:
    """A model that can be added, its licence class, and the comparison with it."""

    cell: Cell
    license_class: str
    target: ComparisonTarget


@dataclass(frozen=True)
class ComparisonView:
    """Two to four models side by side.

    ``rows`` are all aspects, ``alike`` counts those in which nothing differs. ``wanted`` is the
    text that ``offers`` were looked for by; ``unshown`` counts the offers left out, ``room`` the
    models that still fit. ``addition`` is the comparison with the one model that ``wanted`` means.
    """

    models: tuple[ChosenModel, ...]
    rows: tuple[Aspect, ...]
    alike: int
    wanted: str
    wrong: RequestError | None
    offers: tuple[Offer, ...]
    unshown: int
    room: int
    addition: ComparisonTarget | None = None


def view_comparison(
    texts: Sequence[str], addition: str, state: AppState, reader: Reader
) -> ComparisonView:
    """Compare the models that ``texts`` name; ``addition`` is a part of a name of one more."""
    meanings = {text: state.names.meant(text, ("model",)) for text in texts}
    clear = list(dict.fromkeys(meant[0] for meant in meanings.values() if len(meant) == 1))
    models = clear[:MOST]
    unclear = next((text for text, meant in meanings.items() if len(meant) != 1), "")
    wanted = addition or unclear
    candidates = _candidates(wanted, models, state) if wanted else []
    missing = "" if candidates else wanted
    offered = candidates if wanted else _relatives(models, state)
    rows = aspects(read(models, state, reader), state, reader) if len(models) > 1 else []
    is_sure = len(candidates) == 1 and len(models) < MOST and not unclear
    return ComparisonView(
        tuple(_chosen(model, models, state, reader) for model in models),
        tuple(rows),
        sum(not row.differs for row in rows),
        wanted,
        _wrong(len(clear), unclear, meanings.get(unclear, []), missing),
        tuple(_offer(model, models, state, reader) for model in offered[:_OFFERED]),
        max(0, len(offered) - _OFFERED),
        MOST - len(models),
        _target([*models, candidates[0]]) if is_sure else None,
    )


def _chosen(model: str, models: Sequence[str], state: AppState, reader: Reader) -> ChosenModel:
    return ChosenModel(
        thing(model, reader),
        _identifier(model),
        state.classes.get(model, "unknown"),
        _target([other for other in models if other != model]),
    )


def _offer(model: str, models: Sequence[str], state: AppState, reader: Reader) -> Offer:
    license_class = state.classes.get(model, "unknown")
    return Offer(thing(model, reader), license_class, _target([*models, model]))


def _target(models: Sequence[str]) -> ComparisonTarget:
    return ComparisonTarget(tuple(map(_identifier, models)))


def _identifier(model: str) -> str:
    return (split(model) or ("", model))[1]


def _wrong(count: int, unclear: str, meant: Sequence[str], missing: str) -> RequestError | None:
    """Return what is wrong with the models that were asked for, None when nothing is."""
    if len(meant) > 1:
        return RequestError(
            "ambiguous-name",
            Message("error-ambiguous-model", name=repr(unclear), count=len(meant)),
            remedy=Message("help-one-of", choices=tuple(map(_identifier, meant))),
        )
    if unclear or missing:
        return RequestError(
            "unknown-name",
            Message("error-unknown-model", name=repr(unclear or missing)),
            remedy=Message("help-part-of-name"),
        )
    if count > MOST:
        return RequestError(
            "too-many",
            Message("error-too-many-models", count=count, most=MOST),
            remedy=Message("help-choose-at-most", most=MOST),
        )
    return None


def _candidates(text: str, models: Sequence[str], state: AppState) -> list[str]:
    """Return the models that ``text`` may mean and that are not there yet, likeliest first."""
    meant = state.names.meant(text, ("model",))
    if len(meant) != 1:
        families = state.names.meant(text, ("family",))
        members = {model for family in families for model in state.lineage.members(family)}
        hits = state.names.search(text) if fold(text) else []
        meant = [*meant, *sorted(members), *(iri for iri in hits if iri in state.lineage.models)]
    return [model for model in dict.fromkeys(meant) if model not in models]


def _relatives(models: Sequence[str], state: AppState) -> list[str]:
    """Return what the models come from and lead to, and their siblings: what one may compare."""
    near: dict[str, None] = {}
    for edge in state.lineage.edges:
        if edge.child in models:
            near[edge.parent] = None
    for model in models:
        near |= dict.fromkeys(sorted(state.lineage.members(state.lineage.models[model].family)))
    for edge in state.lineage.edges:
        if edge.parent in models:
            near[edge.child] = None
    return [model for model in near if model not in models and state.lineage.models[model].family]
