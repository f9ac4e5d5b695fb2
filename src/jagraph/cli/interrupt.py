"""Ctrl-C ends a command within a second, and a rule without end ends it, too.

Either also while the engine does not return to Python.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from jagraph.core.errors import DataError
from jagraph.core.time_limit import ending

_PATIENCE = 0.5  # seconds for the command to end by itself


@contextmanager
def stoppable() -> Iterator[None]:
    """Watch for Ctrl-C while the block runs.

    Python tells the main thread between two of its own steps, and a query is one step. The system
    writes a byte to a pipe at once; the thread that reads it ends the process when the block has
    not ended soon. Files are written under no name until they are whole, so nothing half is left.
    Whoever has taken Ctrl-C over, as a server does, is left alone.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    told, tell = os.pipe()
    os.set_blocking(tell, False)
    ended = threading.Event()
    threading.Thread(target=_watch, args=(told, ended), daemon=True).start()
    before = signal.set_wakeup_fd(tell, warn_on_full_buffer=False)
    try:
        with ending(_give_up):
            yield
    finally:
        signal.set_wakeup_fd(before)
        ended.set()
        os.close(tell)


def _watch(told: int, ended: threading.Event) -> None:
    with os.fdopen(told, "rb", buffering=0) as signals:
        while number := signals.read(1):
            ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler
            if number[0] == signal.SIGINT and ours and not ended.wait(_PATIENCE):
                _end("stopped", 130)


def _give_up(error: DataError) -> None:
    _end(str(error), error.exit_code)


def _end(said: str, code: int) -> None:
    sys.stderr.write(f"{said}\n")
    sys.stderr.flush()
    os._exit(code)
