"""The lineage of a thing or of a query's answers as a picture that is small enough to read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from jagraph.core.errors import RequestError
from jagraph.core.messages import Message
from jagraph.core.namespaces import iri
from jagraph.domain.lineage import Direction
from jagraph.drawing.diagram_model import Picture, collapsed, picture
from jagraph.drawing.messages import WORDS
from jagraph.query.binding import bound
from jagraph.query.catalogue import SavedQuery
from jagraph.query.workers.errors import LimitError
from jagraph.store.base import Solutions, Store
from jagraph.views.app_state import AppState
from jagraph.views.labels import Reader
from jagraph.views.targets import QueryTarget, Target, card_target

NAMESPACES = ("family", "model")
TO_EXPLORE = 300
# queries with this tag are drawn, by their answers of this column
_TAG, _COLUMN = "lineage", "model"
View = tuple[Direction, int | None, str]
_IN_CARD = 32
_SIBLINGS = 4
# what is tried until it is small enough to read: direction, depth, level
_VIEWS: tuple[View, ...] = (
    ("both", None, "model"),
    ("both", None, "family"),
    ("both", 2, "family"),
    ("up", None, "family"),
    ("up", 1, "family"),
)
_ABOVE: tuple[View, ...] = (("up", None, "model"), ("up", None, "family"), ("up", 1, "family"))


@dataclass(frozen=True)
class Subject:
    """What is drawn: the things, what is asked about them, where that stands, the views to try.

    ``most`` is how many boxes its SVG should have.
    """

    things: tuple[str, ...]
    title: str
    target: Target | None
    views: tuple[View, ...]
    most: int


def is_drawn(saved: SavedQuery, solutions: Solutions) -> bool:
    """Tell whether the answers of ``saved`` are about lineage, and there are any."""
    return _TAG in saved.tags and _COLUMN in solutions.variables and bool(solutions.rows)


def subject_of(
    kind: str,
    identifier: str,
    given: Mapping[str, str],
    state: AppState,
    reader: Reader,
    store: Store,
) -> Subject:
    """Return what is drawn of a thing, or of the saved query ``identifier`` (``kind`` "query").

    The query is asked of ``store`` with ``given`` values. Raises RequestError where there is no
    lineage.
    """
    saved = state.catalogue.get(identifier)
    if kind == "query" and saved and _TAG in saved.tags:
        return _of_query(saved, given, state, reader, store)
    thing = iri(kind, identifier)
    if kind not in NAMESPACES or not state.lineage.members(thing):
        raise RequestError(
            "unknown-thing",
            Message("error-no-lineage", name=f"{kind}/{identifier}"),
            remedy=Message("help-search", search=f"/search?q={identifier}"),
        )
    return subject_of_thing(thing, reader)


def subject_of_thing(thing: str, reader: Reader) -> Subject:
    """Return what is drawn of the family or model ``thing`` (an IRI)."""
    title = WORDS[reader.language]["both"].format(name=reader.name(thing))
    return Subject((thing,), title, card_target(thing), _VIEWS, _IN_CARD)


def picture_of(
    subject: Subject,
    state: AppState,
    language: str,
    most: int,
    address: Callable[[Target], str],
) -> Picture:
    """Return the first picture of ``subject`` that has at most ``most`` boxes, else the smallest.

    ``address`` gives the address that a box leads to. Raises LimitError when the smallest has
    more boxes than can be explored.
    """
    smallest: Picture | None = None
    for direction, depth, level in subject.views:
        part = state.lineage.walk(subject.things, direction, depth)
        whole = picture(part, state.graph.store, subject.title, level, language)
        drawn = collapsed(whole, _SIBLINGS)
        if smallest is None or len(drawn.boxes) < len(smallest.boxes):
            smallest = drawn
        if len(drawn.boxes) <= most:
            break
    assert smallest is not None  # noqa: S101, there is always a view
    if len(smallest.boxes) > TO_EXPLORE:
        raise LimitError(
            "size-limit",
            Message("error-too-many-boxes", count=len(smallest.boxes)),
            remedy=Message("help-fewer"),
        )

    def page(thing: str) -> str:
        target = card_target(thing) if thing in state.names.things else None
        return address(target) if target else ""

    boxes = tuple(replace(box, page=page(box.key)) for box in smallest.boxes)
    return replace(smallest, boxes=boxes)


def _of_query(
    saved: SavedQuery, given: Mapping[str, str], state: AppState, reader: Reader, store: Store
) -> Subject:
    rows = store.select(bound(saved, given, state.graph.store, state.names)).dicts()
    models = sorted({row[_COLUMN] for row in rows if row.get(_COLUMN)})
    if not models:
        raise RequestError("nothing-to-draw", Message("error-nothing-to-draw", query=saved.name))
    values = ", ".join(f"{name} {value}" for name, value in given.items())
    title = reader.reads(saved.title_in(reader.language)) + (f" ({values})" if values else "")
    target = QueryTarget(saved.name, tuple(given.items()))
    return Subject(tuple(models), title, target, _ABOVE, TO_EXPLORE)
