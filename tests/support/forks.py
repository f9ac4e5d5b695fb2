"""Commands in processes of their own, forked from one that has imported jagraph but run nothing.

Starting Python and importing is most of the time of a small command; a test that kills it at each
of its steps starts it a hundred times.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_CHANGES = (
    "os.mkdir",
    "os.rename",
    "os.link",
    "os.symlink",
    "os.remove",
    "os.rmdir",
    "tempfile.mkdtemp",
)


class Nursery:
    """The process that forks; ask it for one command after the other."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(
        self,
        *arguments: str,
        cache: Path,
        killed_at: int = 0,
        watched: Path | None = None,
        first: str = "",
    ) -> subprocess.CompletedProcess[str]:
        """Run ``jagraph`` with ``arguments``, after the lines of Python ``first``.

        With ``killed_at`` it kills itself at that change of a file below ``watched`` (the cache).
        """
        asked = {
            "arguments": arguments,
            "cache": str(cache),
            "killed_at": killed_at,
            "watched": str(watched or cache),
            "first": first,
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        code, out, err = json.loads(self._process.stdout.readline())
        return subprocess.CompletedProcess(arguments, code, out, err)


@contextmanager
def nursery() -> Iterator[Nursery]:
    """Start the process that forks; it ends with the block."""
    with subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Nursery(process)
        assert process.stdin is not None
        process.stdin.close()


def _kill_at(step: int, watched: str) -> None:
    """Kill this process at its ``step``th making, writing, linking, renaming or removing."""
    left = step

    def count(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal left
        if not arguments or not str(arguments[event in ("os.link", "os.symlink")]).startswith(
            watched
        ):
            return
        writes = event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if event in _CHANGES or writes:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


def _serve() -> None:
    # loaded once, and out of the collector's sight, or each fork has a copy of every page
    import jagraph.cli.query
    import jagraph.graph.build
    import jagraph.sources.hub.importer  # noqa: F401, loaded before forking
    from jagraph.__main__ import main

    gc.freeze()
    for line in sys.stdin:
        asked = json.loads(line)
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            child = os.fork()
            if child == 0:
                os.environ["JAGRAPH_CACHE"] = asked["cache"]
                os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
                os.dup2(out.fileno(), 1)
                os.dup2(err.fileno(), 2)
                sys.argv[1:] = asked["arguments"]
                exec(asked["first"])  # noqa: S102, of the test
                if asked["killed_at"]:
                    _kill_at(asked["killed_at"], asked["watched"])
                main()  # ends the process
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            texts = []
            for file in (out, err):
                file.seek(0)
                texts.append(file.read().decode(errors="backslashreplace"))
        sys.stdout.write(json.dumps([code, *texts]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
