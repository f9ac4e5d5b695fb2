"""Refuses requests no handler should see: for another host, or with an endless URL.

Own code, since Starlette's TrustedHostMiddleware knows neither our errors nor the length of a URL.
"""

from __future__ import annotations

import re

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from jagraph.core.errors import RequestError

_LONGEST = 16 << 10
_HOST = re.compile(r"([\w.-]+|\[[0-9A-Fa-f:.]+(%\w+)?\])(:\d{0,5})?|", re.ASCII)


class Guard:
    """Answers only to its own ``hosts``, so that no web page reaches a local server by DNS tricks.

    A page of an attacker can point its own name at 127.0.0.1; the browser then sends that name as
    Host. None allows every host.
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str] | None) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "http":
            headers = dict(scope["headers"])
            host = headers.get(b"host", b"").decode("latin-1")
            if not _HOST.fullmatch(host):
                await _refuse(
                    400,
                    "bad-host",
                    f"{host!r} is no name of a server",
                    "send the name and the port it is called by",
                )(scope, receive, send)
                return
            if self._hosts is not None and _name(host) not in self._hosts:
                await _refuse(
                    421,
                    "wrong-host",
                    f"this server is not {host!r}",
                    f"call it {' or '.join(sorted(self._hosts))}",
                )(scope, receive, send)
                return
            if len(scope["path"]) + len(scope["query_string"]) > _LONGEST:
                await _refuse(
                    414,
                    "url-too-long",
                    f"the URL is longer than {_LONGEST >> 10} KiB",
                    "send the query with POST",
                )(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _name(host: str) -> str:
    """Return the name in a Host header, without the port and the brackets of IPv6."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()


def _refuse(status: int, code: str, what: str, remedy: str) -> JSONResponse:
    wrong = RequestError(code, what, remedy=remedy)
    return JSONResponse({"error": wrong.as_data()}, status)
