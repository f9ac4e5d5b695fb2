"""Connections of clients that are silent, slow or many: none of them keeps the others out.

uvicorn bounds the size of headers and the number of connections, and closes those idle between two
requests. What it does not bound is bounded here: how long a request takes to come, how long a
client takes nothing of its answer, and how many connections one client has when all are taken.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

MOST = 500
REQUEST_SECONDS = 10.0
IDLE_SECONDS = 5
SENDING_SECONDS = 20.0
# how long queries may go on when the server is told to stop, and then their answers
_GRACE, _LAST_WORDS = 2.0, 4


class BoundedConnection(H11Protocol):
    """One connection; it is closed when its client keeps it waiting too long.

    When there are more than MOST, one is closed of the client that has most: the one that waits
    longest for a request, or one that is answered, of a client with more than the new one's.
    """

    waits_since: float | None = None  # None while a request is answered
    _timer: asyncio.TimerHandle | None = None
    _left = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn narrows it
        """Take the connection, and make room for it."""
        super().connection_made(transport)
        self._wait()
        self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._end_wait()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take a part of a request; the time a whole one may take goes on."""
        super().data_received(data)
        if self.is_answering():
            self._end_wait()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        self._wait()
        super().on_response_complete()
        if self.is_answering():  # it came while the last was answered
            self._end_wait()

    def pause_writing(self) -> None:
        """Begin to wait for the client to take what was sent."""
        super().pause_writing()
        self._set_timer(SENDING_SECONDS)

    def resume_writing(self) -> None:
        """End that wait."""
        super().resume_writing()
        if self.waits_since is None:
            self._set_timer(None)

    @property
    def peer(self) -> str:
        """The address of the client."""
        return self.client[0] if self.client else ""

    def is_answering(self) -> bool:
        """Tell whether a request has come and is not answered yet."""
        return self.cycle is not None and not self.cycle.response_complete

    def drop(self) -> None:
        """Close the connection at once."""
        self.transport.abort()

    def _wait(self) -> None:
        self.waits_since = self.loop.time()
        self._set_timer(REQUEST_SECONDS)

    def _end_wait(self) -> None:
        self.waits_since = None
        self._set_timer(None)

    def _set_timer(self, seconds: float | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._left = self.transport.get_write_buffer_size()
        self._timer = None if seconds is None else self.loop.call_later(seconds, self._look)

    def _look(self) -> None:
        """Close the connection, unless its client has taken a part of what is sent to it."""
        if 0 < self.transport.get_write_buffer_size() < self._left:
            self._set_timer(SENDING_SECONDS)
        else:
            self.drop()

    def _make_room(self) -> None:
        here = [
            connection
            for connection in self.connections
            if isinstance(connection, BoundedConnection) and not connection.transport.is_closing()
        ]
        if len(here) <= MOST:
            return
        shares = Counter(connection.peer for connection in here)
        closable = [
            (
                -shares[connection.peer],
                connection.waits_since is None,
                connection.waits_since or 0,
                connection,
            )
            for connection in here
            if connection is not self
            and (connection.waits_since is not None or shares[connection.peer] > shares[self.peer])
        ]
        if closable:
            min(closable, key=lambda entry: entry[:3])[3].drop()


class GracefulServer(uvicorn.Server):
    """A server that, told to stop, lets queries end, and then has those that go on answer so.

    ``stop`` ends what computes answers; whoever waits for one then says that the server stops.
    """

    def __init__(self, config: uvicorn.Config, stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._stop = stop

    async def shutdown(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]  # wider than uvicorn
        """Take no more connections, and answer what has been asked."""
        loop = asyncio.get_running_loop()
        ending = loop.call_later(_GRACE, lambda: loop.run_in_executor(None, self._stop))
        try:
            await super().shutdown(sockets)  # type: ignore[arg-type]  # sockets are objects here
        finally:
            ending.cancel()


def configured(app: object, log_level: str) -> uvicorn.Config:
    """Return the configuration of a server of ``app`` with these bounds."""
    return uvicorn.Config(
        app,  # type: ignore[arg-type]  # any ASGI app
        http=BoundedConnection,
        ws="none",
        log_level=log_level,
        server_header=False,
        timeout_keep_alive=IDLE_SECONDS,
        limit_concurrency=MOST + 10,  # met where there is none to close
        timeout_graceful_shutdown=round(_GRACE) + _LAST_WORDS,
    )
