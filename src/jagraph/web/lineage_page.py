"""The lineage of a thing or of a query's answers: in a card, as SVG, as a page to explore."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from secrets import token_urlsafe

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from jagraph.core.errors import OutsideError, RequestError
from jagraph.core.messages import Message
from jagraph.core.namespaces import iri
from jagraph.domain.lineage import Direction
from jagraph.drawing.canvas import as_svg
from jagraph.drawing.diagram_model import Picture, collapsed, picture
from jagraph.drawing.html_viewer import as_html
from jagraph.drawing.messages import WORDS
from jagraph.drawing.painter import draw
from jagraph.drawing.style import BROWSERS, THEMES, Theme
from jagraph.query.binding import bound
from jagraph.query.catalogue import SavedQuery
from jagraph.query.workers.pool import BusyError, Engine, LimitError
from jagraph.store.base import Solutions
from jagraph.views.app_state import Site
from jagraph.views.labels import Reader
from jagraph.web.headers import policy_with_scripts, policy_with_styles
from jagraph.web.html import EVERYWHERE, address, reader_of, site_of, theme_of

NAMESPACES = ("family", "model")
# queries with this tag are drawn, by their answers of this column
_TAG, _COLUMN = "lineage", "model"
View = tuple[Direction, int | None, str]
_IN_CARD = 32
_TO_EXPLORE = 300
_SIBLINGS = 4
_KEPT = 200
_AT_ONCE = 2
# what is tried until it is small enough to read: direction, depth, level
_VIEWS: tuple[View, ...] = (
    ("both", None, "model"),
    ("both", None, "family"),
    ("both", 2, "family"),
    ("up", None, "family"),
    ("up", 1, "family"),
)
_ABOVE: tuple[View, ...] = (("up", None, "model"), ("up", None, "family"), ("up", 1, "family"))
_HOLDER = token_urlsafe(16)  # stands for the nonce in what is kept


class Drawings:
    """Makes drawings, a few at a time, and keeps the last ones."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, ...], str] = OrderedDict()
        self._lock = threading.Lock()
        self._seats = threading.Semaphore(_AT_ONCE)

    def get(self, key: tuple[str, ...], make: Callable[[], str], seconds: float) -> str:
        """Return what is kept under ``key``, else what ``make`` returns.

        Raises BusyError when others are drawn for ``seconds``.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        if not self._seats.acquire(timeout=seconds):
            raise BusyError("busy", Message("error-busy-drawing"), remedy=Message("help-again"))
        try:
            made = make()
        finally:
            self._seats.release()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return made


@dataclass(frozen=True)
class _Subject:
    """What is drawn: the things, what is asked about them, the page of it, and the views to try.

    ``most`` is how many boxes its SVG should have.
    """

    things: tuple[str, ...]
    title: str
    page: str
    views: tuple[View, ...]
    most: int


def in_card(thing: str, request: Request, nonce: str) -> str:
    """Return the SVG of the lineage of ``thing`` for its card, "" when none can be drawn now."""
    try:
        return _svg(request, _of_thing(thing, reader_of(request)), BROWSERS, nonce)
    except (OutsideError, BusyError, LimitError):
        return ""


def of_answers(
    saved: SavedQuery, solutions: Solutions, given: Mapping[str, str]
) -> tuple[str, str] | None:
    """Return where the lineage of a query's answers is explored, and drawn as SVG.

    None when they are not about lineage, or when there are none.
    """
    if _TAG not in saved.tags or _COLUMN not in solutions.variables or not solutions.rows:
        return None
    path = f"/lineage/query/{saved.name}"
    return address(path, given), address(f"{path}.svg", given)


async def lineage_svg(request: Request) -> Response:
    """Draw the lineage of what is in the path as SVG whose boxes lead to cards."""
    engine: Engine = request.app.state.engine
    return await engine.aside(_lineage_svg, request, engine)


async def lineage(request: Request) -> Response:
    """Show the lineage of what is in the path as a page to explore."""
    engine: Engine = request.app.state.engine
    return await engine.aside(_lineage, request, engine)


def _lineage_svg(request: Request, engine: Engine) -> Response:
    subject, nonce = _asked(request, engine), token_urlsafe(16)
    theme = THEMES["dark" if theme_of(request) == "dark" else "light"]
    content = _svg(request, subject, theme, nonce)
    headers = {
        "Content-Security-Policy": policy_with_styles(nonce),
        "Vary": "Accept-Language, Cookie",
    }
    return Response(content, media_type="image/svg+xml", headers=headers)


def _lineage(request: Request, engine: Engine) -> Response:
    subject, reader = _asked(request, engine), reader_of(request)
    theme = "dark" if theme_of(request) == "dark" else "light"
    seconds, nonce = _seconds(request), token_urlsafe(16)

    def make() -> str:
        drawn = _picture(subject, site_of(request), reader, _TO_EXPLORE)
        return as_html(drawn, "LR", theme, nonce=_HOLDER, back=subject.page, seconds=seconds)

    key = (subject.page, reader.language, theme, "html")
    made = _drawings(request).get(key, make, seconds)
    headers = {
        "Content-Security-Policy": policy_with_scripts(nonce),
        "Vary": "Accept-Language, Cookie",
    }
    return HTMLResponse(made.replace(_HOLDER, nonce), headers=headers)


def _asked(request: Request, engine: Engine) -> _Subject:
    site, reader = site_of(request), reader_of(request)
    kind, identifier = request.path_params["kind"], request.path_params["identifier"]
    saved = site.catalogue.get(identifier)
    if kind == "query" and saved and _TAG in saved.tags:
        return _of_query(saved, request, engine)
    thing = iri(kind, identifier)
    if kind not in NAMESPACES or not site.lineage.members(thing):
        raise RequestError(
            "unknown-thing",
            Message("error-no-lineage", name=f"{kind}/{identifier}"),
            remedy=Message("help-search", search=f"/search?q={identifier}"),
        )
    return _of_thing(thing, reader)


def _of_thing(thing: str, reader: Reader) -> _Subject:
    title = WORDS[reader.language]["both"].format(name=reader.name(thing))
    return _Subject((thing,), title, reader.path(thing), _VIEWS, _IN_CARD)


def _of_query(saved: SavedQuery, request: Request, engine: Engine) -> _Subject:
    site, reader = site_of(request), reader_of(request)
    given = {name: value for name, value in request.query_params.items() if name not in EVERYWHERE}
    rows = engine.select(bound(saved, given, site.graph.store, site.names)).dicts()
    models = sorted({row[_COLUMN] for row in rows if row.get(_COLUMN)})
    if not models:
        raise RequestError("nothing-to-draw", Message("error-nothing-to-draw", query=saved.name))
    asked = ", ".join(f"{name} {value}" for name, value in given.items())
    title = reader.reads(saved.title_in(reader.language)) + (f" ({asked})" if asked else "")
    return _Subject(
        tuple(models), title, address(f"/query/{saved.name}", given), _ABOVE, _TO_EXPLORE
    )


def _svg(request: Request, subject: _Subject, theme: Theme, nonce: str) -> str:
    seconds, reader = _seconds(request), reader_of(request)

    def make() -> str:
        drawn = _picture(subject, site_of(request), reader, subject.most)
        return as_svg(draw(drawn, "LR", theme, seconds), nonce=_HOLDER)

    key = (subject.page, reader.language, theme.paper, "svg")
    return _drawings(request).get(key, make, seconds).replace(_HOLDER, nonce)


def _picture(subject: _Subject, site: Site, reader: Reader, most: int) -> Picture:
    """Return the first picture of ``subject`` that has at most ``most`` boxes, else the smallest.

    Raises LimitError when that is more than can be explored.
    """
    smallest: Picture | None = None
    for direction, depth, level in subject.views:
        found = site.lineage.walk(subject.things, direction, depth)
        whole = picture(found, site.graph.store, subject.title, level, reader.language)
        drawn = collapsed(whole, _SIBLINGS)
        if smallest is None or len(drawn.boxes) < len(smallest.boxes):
            smallest = drawn
        if len(drawn.boxes) <= most:
            break
    assert smallest is not None  # noqa: S101, there is always a view
    if len(smallest.boxes) > _TO_EXPLORE:
        raise LimitError(
            "size-limit",
            Message("error-too-many-boxes", count=len(smallest.boxes)),
            remedy=Message("help-fewer"),
        )
    known = site.names.things
    boxes = tuple(
        replace(box, page=reader.path(box.key) if box.key in known else "")
        for box in smallest.boxes
    )
    return replace(smallest, boxes=boxes)


def _drawings(request: Request) -> Drawings:
    drawings: Drawings = request.app.state.drawings
    return drawings


def _seconds(request: Request) -> float:
    seconds: float = request.app.state.limits.seconds
    return seconds
