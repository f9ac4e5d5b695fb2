"""A real server on a real port, for as long as a test needs it."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def serving(project: Path, *options: str) -> Iterator[tuple[str, int]]:
    """Run `jagraph serve` on ``project``; yield its URL, without a slash, and its process id."""
    command = [sys.executable, "-m", "jagraph", "serve", "--port", "0", "--project", str(project)]
    with subprocess.Popen([*command, *options], stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr is not None
            said = ""
            for line in server.stderr:
                said += line
                if found := re.search(r"http://\S+:\d+", line):
                    break
            else:
                raise AssertionError(said)
            # what it says later must not fill the pipe
            threading.Thread(target=server.stderr.read, daemon=True).start()
            yield found[0], server.pid
        finally:
            server.terminate()
            server.wait(600)
