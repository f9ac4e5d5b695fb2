"""Stops what is done for a client that has hung up."""

from __future__ import annotations

import anyio
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Hangup:
    """Cancels the handler of a request when its client closes the connection."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and what comes of its body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        wrong: Exception | None = None
        # room for the one message that a handler of GET never takes
        into, out = anyio.create_memory_object_stream[Message](1)
        async with anyio.create_task_group() as group:

            async def listen() -> None:
                while (message := await receive())["type"] != "http.disconnect":
                    await into.send(message)
                group.cancel_scope.cancel()

            group.start_soon(listen)
            try:
                await self._app(scope, out.receive, send)
            except Exception as reason:
                wrong = reason
            group.cancel_scope.cancel()
        into.close()
        out.close()
        if wrong is not None:  # not in a group of errors, which no handler knows
            raise wrong
