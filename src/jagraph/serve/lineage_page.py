"""The lineage of a model or family: as a picture in its card, as SVG, as a page to explore."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from secrets import token_urlsafe

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from jagraph.draw import draw
from jagraph.errors import OutsideError, RequestError
from jagraph.lineage import Direction
from jagraph.looks import BROWSERS, THEMES, Theme
from jagraph.page import as_html
from jagraph.picture import Picture, collapsed, picture
from jagraph.scene import as_svg
from jagraph.serve.engine import BusyError
from jagraph.serve.headers import policy_with_scripts, policy_with_styles
from jagraph.serve.html import reader_of, site_of, theme_of
from jagraph.serve.labels import Reader
from jagraph.serve.site import Site
from jagraph.vocab import iri
from jagraph.wording import WORDS

NAMESPACES = ("family", "model")
_IN_CARD = 32
_TO_EXPLORE = 300
_SIBLINGS = 4
_KEPT = 200
_AT_ONCE = 2
# what is tried until it is small enough to read: direction, depth, level
_VIEWS: tuple[tuple[Direction, int | None, str], ...] = (
    ("both", None, "model"),
    ("both", None, "family"),
    ("both", 2, "family"),
    ("up", None, "family"),
    ("up", 1, "family"),
)
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
            raise BusyError("busy", "too many pictures are drawn", remedy="ask again")
        try:
            made = make()
        finally:
            self._seats.release()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return made


def in_card(thing: str, request: Request, nonce: str) -> str:
    """Return the SVG of the lineage of ``thing`` for its card, "" when none can be drawn now."""
    try:
        return _svg(request, thing, reader_of(request), BROWSERS, nonce)
    except (OutsideError, BusyError):
        return ""


def lineage_svg(request: Request) -> Response:
    """Draw the lineage of the thing in the path as SVG whose boxes lead to cards."""
    (thing, reader), nonce = _asked(request), token_urlsafe(16)
    theme = THEMES["dark" if theme_of(request) == "dark" else "light"]
    content = _svg(request, thing, reader, theme, nonce)
    headers = {
        "Content-Security-Policy": policy_with_styles(nonce),
        "Vary": "Accept-Language, Cookie",
    }
    return Response(content, media_type="image/svg+xml", headers=headers)


def lineage(request: Request) -> Response:
    """Show the lineage of the thing in the path as a page to explore."""
    thing, reader = _asked(request)
    theme = "dark" if theme_of(request) == "dark" else "light"
    seconds, nonce = _seconds(request), token_urlsafe(16)

    def make() -> str:
        drawn = _picture(thing, site_of(request), reader, _TO_EXPLORE)
        back = reader.path(thing)
        return as_html(drawn, "LR", theme, nonce=_HOLDER, back=back, seconds=seconds)

    made = _drawings(request).get((thing, reader.language, theme, "html"), make, seconds)
    headers = {
        "Content-Security-Policy": policy_with_scripts(nonce),
        "Vary": "Accept-Language, Cookie",
    }
    return HTMLResponse(made.replace(_HOLDER, nonce), headers=headers)


def _asked(request: Request) -> tuple[str, Reader]:
    site = site_of(request)
    namespace, identifier = request.path_params["kind"], request.path_params["identifier"]
    thing = iri(namespace, identifier)
    if namespace not in NAMESPACES or not site.lineage.members(thing):
        raise RequestError(
            "unknown-thing",
            f"there is no lineage of {namespace}/{identifier}",
            remedy=f"/search?q={identifier} looks in every name",
        )
    return thing, reader_of(request)


def _svg(request: Request, thing: str, reader: Reader, theme: Theme, nonce: str) -> str:
    seconds = _seconds(request)

    def make() -> str:
        drawn = _picture(thing, site_of(request), reader, _IN_CARD)
        return as_svg(draw(drawn, "LR", theme, seconds), nonce=_HOLDER)

    made = _drawings(request).get((thing, reader.language, theme.paper, "svg"), make, seconds)
    return made.replace(_HOLDER, nonce)


def _picture(thing: str, site: Site, reader: Reader, most: int) -> Picture:
    """Return the first picture of ``thing`` that has at most ``most`` boxes, else the smallest."""
    title = WORDS[reader.language]["both"].format(name=reader.name(thing))
    smallest: Picture | None = None
    for direction, depth, level in _VIEWS:
        found = site.lineage.walk([thing], direction, depth)
        whole = picture(found, site.graph.store, title, level, reader.language)
        drawn = collapsed(whole, _SIBLINGS)
        if smallest is None or len(drawn.boxes) < len(smallest.boxes):
            smallest = drawn
        if len(drawn.boxes) <= most:
            break
    assert smallest is not None  # noqa: S101, there is always a view
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
