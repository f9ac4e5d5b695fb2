"""Ctrl-C ends a command within a second, and a rule without end ends it, too.

Either also while the engine does not return to Python.
"""

from __future__ import annotations

import os
import sys

# the modules `signal` and `threading` load more than most questions take
from _signal import (  # type: ignore[import-not-found]
    SIGINT,
    default_int_handler,
    getsignal,
    set_wakeup_fd,
)
from _thread import allocate_lock, start_new_thread

from jagraph.core.time_limit import ending

TYPE_CHECKING = False  # typing is more to load than all else here
if TYPE_CHECKING:
    from threading import Lock

    from jagraph.core.errors import DataError

_PATIENCE = 0.5  # seconds for the command to end by itself


class stoppable:  # noqa: N801, it is used as a function
    """Context manager: watch for Ctrl-C.

    Python tells the main thread between two of its own steps, and a query is one step. The system
    writes a byte to a pipe at once; the thread that reads it ends the process when the block has
    not ended soon. Files are written under no name until they are whole, so nothing half is left.
    Whoever has taken Ctrl-C over, as a server does, is left alone. A thread that is not the main
    one is not told of Ctrl-C, and nothing is watched.
    """

    def __enter__(self) -> None:
        told, self._tell = os.pipe()
        os.set_blocking(self._tell, False)
        try:
            self._before = set_wakeup_fd(self._tell, warn_on_full_buffer=False)
        except ValueError:  # not the main thread
            os.close(told)
            os.close(self._tell)
            self._tell = -1
            return
        self._running = allocate_lock()  # held until the block has ended
        self._running.acquire()
        start_new_thread(_watch, (told, self._running))
        self._ending = ending(_give_up)
        self._ending.__enter__()

    def __exit__(self, *_: object) -> None:
        if self._tell >= 0:
            self._ending.__exit__()
            set_wakeup_fd(self._before)
            self._running.release()
            os.close(self._tell)


def _watch(told: int, running: Lock) -> None:
    with os.fdopen(told, "rb", buffering=0) as signals:
        while number := signals.read(1):
            ours = getsignal(SIGINT) is default_int_handler
            if number[0] == SIGINT and ours:
                if not running.acquire(timeout=_PATIENCE):
                    _end("stopped", 130)
                running.release()


def _give_up(error: DataError) -> None:
    _end(str(error), error.exit_code)


def _end(said: str, code: int) -> None:
    sys.stderr.write(f"{said}\n")
    sys.stderr.flush()
    os._exit(code)
