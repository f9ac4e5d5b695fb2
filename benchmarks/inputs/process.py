"""The whole command in a process forked for it, with streams and limits as shells give them."""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.inputs.judging import OVER, BugError, HangError, set_clock

from jagraph.__main__ import main

STREAMS = ("as it is", "full", "closed", "unread", "small files", "no folder")
_SMALL = 500  # bytes of a file, under a limit
_CODES = (0, 1, 2, 3, 130)
_MORE = 5
_LOST = 120  # Python's own code for a stdout that could not be flushed


class Told(NamedTuple):
    """What a command said, and its exit code."""

    code: int
    out: bytes
    err: str


def told(words: Sequence[str], folder: Path, stdin: bytes = b"", streams: str = STREAMS[0]) -> Told:
    """Run ``jagraph`` with ``words`` in ``folder``.

    Raises HangError when it does not end, BugError for a traceback and for an exit code that is
    none of its contract.
    """
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, \
            tempfile.TemporaryFile() as err:  # fmt: skip
        given.write(stdin)
        given.seek(0)
        set_clock(_MORE)  # the time of this process is no sooner up
        child = os.fork()
        if child == 0:
            set_clock()
            os.chdir(folder)
            for number, file in enumerate((given, out, err)):
                os.dup2(file.fileno(), number)
            _run(words, streams)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        out.seek(0)
        err.seek(0)
        done = Told(code, out.read(), err.read().decode(errors="replace"))
    if code in OVER:
        raise HangError(f"{words} does not end; {done.err}")
    if code not in _CODES or "Traceback (most" in done.err or "error[bug]" in done.err:
        raise BugError(f"{words} with stdout {streams}: exit code {code}; {done.err}")
    return done


def _run(words: Sequence[str], streams: str) -> None:
    """Run the command in this process and end it, as a process of its own would."""
    code = 99
    try:
        if streams == "full":
            os.dup2(os.open("/dev/full", os.O_WRONLY), 1)
        elif streams == "closed":
            os.close(1)
            sys.stdout = None  # type: ignore[assignment]  # as Python has it then
        elif streams == "unread":
            reader, writer = os.pipe()
            os.close(reader)
            os.dup2(writer, 1)
        elif streams == "small files":
            resource.setrlimit(resource.RLIMIT_FSIZE, (_SMALL, _SMALL))
        elif streams == "no folder":
            gone = tempfile.mkdtemp()
            os.chdir(gone)
            Path(gone).rmdir()
        for name, number, mode in (("stdin", 0, "r"), ("stdout", 1, "w"), ("stderr", 2, "w")):
            if number != 1 or streams != "closed":
                errors = (
                    "surrogateescape" if number == 0 else ("strict", "backslashreplace")[number - 1]
                )
                stream = open(number, mode, encoding="utf-8", errors=errors, closefd=False)  # noqa: SIM115, it outlives the block
                setattr(sys, name, stream)
        sys.argv = ["jagraph", *words]
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
        code = _flushed(code)
    except BaseException:
        os.write(2, traceback.format_exc().encode(errors="replace"))
    finally:
        os._exit(code)


def _flushed(code: int) -> int:
    """Flush as Python does when it ends; return the exit code it has then."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except (OSError, ValueError):
        return _LOST
    return code
