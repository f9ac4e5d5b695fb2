"""A server of a site in this process: for tests of many pages, without a start of Python."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from jagraph.query.workers.question import Limits
from jagraph.views.app_state import AppState
from jagraph.web.app import create_app

_PATIENT = Limits(seconds=600, patience=600)


@contextmanager
def in_process(state: AppState, limits: Limits = _PATIENT) -> Iterator[str]:
    """Serve ``state`` on a port from a thread of this process; yield its URL, without a slash."""
    listening = socket.create_server(("127.0.0.1", 0))
    app = create_app(state, limits)
    config = uvicorn.Config(app, log_level="warning", timeout_keep_alive=600)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.05)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
