"""A worker process as the server sees it: asked, listened to, demoted, ended."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from multiprocessing import Pipe
from os import PRIO_PROCESS, setpriority
from pathlib import Path
from typing import IO

_LOWER = 15
_START = 120.0
READY, DATA, END, ERROR = b"r", b"d", b"e", b"x"


class WorkerDiedError(Exception):
    """The worker is gone in the middle of a query."""


class WorkerProcess:
    """One worker process and the line to it; ``turn`` tells which writing of the graph it opens."""

    def __init__(self, folder: Path, memory: int, turn: int) -> None:
        self.turn = turn
        self._line, theirs = Pipe()
        command = [sys.executable, "-m", "jagraph.query.workers.worker", str(theirs.fileno())]
        self._process = subprocess.Popen(
            [*command, str(folder), str(memory)],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the server
        )
        theirs.close()
        self.began = False  # whether it has opened the store
        self._computed = 0.0

    def ask(self, message: bytes) -> None:
        """Hand over a question, when the worker has started."""
        try:
            if not self.began and self._line.poll(_START):
                self.began = self._line.recv_bytes() == READY
            self._computed = self._clock()
            self._line.send_bytes(message)
        except (EOFError, OSError) as reason:
            raise WorkerDiedError from reason

    def lives(self) -> bool:
        """Tell whether the process runs."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End what it does at once, from any thread; who listens to it finds it dead."""
        self._process.kill()

    def computed(self) -> float:
        """Return how many seconds it has computed for the question."""
        return self._clock() - self._computed

    def _clock(self) -> float:
        try:
            # what clock_getcpuclockid(3) gives for another process
            return time.clock_gettime(~self._process.pid << 3 | 2)
        except OSError:
            return time.monotonic()

    def collect(self, into: IO[bytes], until: float) -> tuple[bytes, bytes] | None:
        """Write the answer to ``into``; return the last frame, or None at the time ``until``."""
        try:
            while self._line.poll(max(0.0, until - time.monotonic())):
                frame = self._line.recv_bytes()
                kind, content = frame[:1], frame[1:]
                if kind != DATA:
                    return kind, content
                into.write(content)
        except (EOFError, OSError) as reason:
            raise WorkerDiedError from reason
        return None

    def lower(self) -> None:
        """Let every other process go first."""
        try:
            setpriority(PRIO_PROCESS, self._process.pid, _LOWER)
        except ProcessLookupError as reason:
            raise WorkerDiedError from reason

    def end(self) -> int:
        """Kill it, whatever it does; return the signal that had ended it before, or 0."""
        try:
            status = self._process.wait(0.1 if self._process.poll() is None else 0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            status = 0
        self._line.close()
        return -min(0, status)


def called(number: int) -> str:
    """Return the name of a signal."""
    return signal.Signals(number).name if number else "no signal"
