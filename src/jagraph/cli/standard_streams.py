"""The standard streams: each of them open, and a stdout that says so when it loses an answer."""

from __future__ import annotations

import io
import os
import sys

TYPE_CHECKING = False  # typing is more to load than all else here
if TYPE_CHECKING:
    from typing import TextIO

    from _typeshed import ReadableBuffer


class ReaderGoneError(Exception):
    """Whoever read stdout has had enough, such as ``head``."""


class _Stdout(io.FileIO):
    """Descriptor 1, whose failures are not taken for those of another file."""

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data)
        except BrokenPipeError as reason:
            raise ReaderGoneError from reason
        except OSError as reason:
            from jagraph.core.errors import OutsideError

            raise OutsideError(
                "stdout-not-written",
                f"stdout cannot be written: {reason.strerror}",
                remedy="redirect it to another place, or write to a file with -o",
            ) from reason


def open_streams() -> None:
    """Make sure that there are three standard streams, and that a failing stdout is heard of.

    A stream that is closed is opened in the direction in which it cannot be used: so no file gets
    its number, and to use it is an error. What goes to a closed stderr is gone.
    """
    for number, mode in enumerate((os.O_WRONLY, os.O_RDONLY, os.O_RDWR)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # takes the lowest number that is free
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115, stays open
    if sys.stderr is None:
        sys.stderr = io.TextIOWrapper(
            io.FileIO(2, "wb", closefd=False), encoding="utf-8", errors="backslashreplace"
        )
    if sys.stdout is None or _descriptor(sys.stdout) == 1:
        sys.stdout = _named(sys.stdout)


def forget_stdout() -> None:
    """Send what is left for stdout nowhere, so that Python does not fail again as it ends."""
    if _descriptor(sys.stdout) == 1:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _named(old: TextIO | None) -> io.TextIOWrapper:
    """Return stdout, as text in the encoding of ``old``.

    Names of files that are not in UTF-8 go out as they came in.
    """
    encoding = old.encoding if old else "utf-8"
    return io.TextIOWrapper(
        io.BufferedWriter(_Stdout(1, "wb", closefd=False)),
        encoding=encoding,
        errors="surrogateescape" if encoding.lower() == "utf-8" else "strict",
        line_buffering=bool(old and old.line_buffering),
    )


def _descriptor(stream: TextIO | None) -> int:
    try:
        return -1 if stream is None else stream.fileno()
    except (OSError, ValueError):  # one in memory, or closed
        return -1
