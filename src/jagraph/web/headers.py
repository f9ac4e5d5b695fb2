"""Headers: those of a request as one line each, those of every answer.

By them nothing is loaded from elsewhere, and nothing inline runs.
"""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def policy_with_styles(nonce: str) -> str:
    """Return the policy of a page that has styles under ``nonce``, with letters of their own."""
    styles = _POLICY.replace("style-src 'self'", f"style-src 'self' 'nonce-{nonce}'")
    return styles.replace("font-src 'self'", "font-src 'self' data:")


def policy_with_scripts(nonce: str) -> str:
    """Return the policy of a page that has styles and scripts under ``nonce``."""
    return policy_with_styles(nonce).replace(
        "script-src 'self'", f"script-src 'self' 'nonce-{nonce}'"
    )


class SafeHeaders:
    """Adds the headers to every answer that does not set them itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, with the headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class JoinedHeaders:
    """Gives a request's header lines of one name as one line (RFC 9110, section 5.3)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] == "http":
            lines: dict[bytes, bytes] = {}
            for name, value in scope["headers"]:
                between = b"; " if name == b"cookie" else b", "
                lines[name] = lines[name] + between + value if name in lines else value
            scope = {**scope, "headers": list(lines.items())}
        await self._app(scope, receive, send)
