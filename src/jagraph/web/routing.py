"""Routes for programs beside the pages for people at the same paths."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Scope

from jagraph.web.negotiation import best

Handler = Callable[[Request], Awaitable[Response]]


def split_suffix(name: str, suffixes: tuple[str, ...]) -> tuple[str, str]:
    """Return ``name`` without its suffix, and the suffix, "" when it has none of ``suffixes``."""
    stem, dot, suffix = name.rpartition(".")
    return (stem, suffix) if dot and stem and suffix in suffixes else (name, "")


class DataRoute(Route):
    """A route that is taken when data is asked for, by a suffix or by the Accept header.

    The parameter ``name`` of ``path`` may end in one of ``suffixes``; ``offers`` are the media
    types it can write. A client that likes a page as much gets the page.
    """

    def __init__(
        self, path: str, answer: Handler, suffixes: tuple[str, ...], offers: tuple[str, ...]
    ) -> None:
        super().__init__(path, answer)
        self._suffixes = suffixes
        self._offers = ("text/html", *offers)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match the path, unless the client would rather have a page."""
        match, child = super().matches(scope)
        name = child.get("path_params", {}).get("name", "")
        if match is Match.NONE or split_suffix(name, self._suffixes)[1]:
            return match, child
        if best(Headers(scope=scope).get("accept"), self._offers) in (None, "text/html"):
            return Match.NONE, {}
        return match, child
