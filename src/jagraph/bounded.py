"""Reads text files of a project, which may be anybody's, and no more of them than is sensible."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

LARGEST = 1 << 20  # bytes
_MARK = "\ufeff"


@dataclass(frozen=True)
class Fault:
    """Why a text cannot be taken; ``line`` and ``column`` count from 0."""

    code: str
    what: str
    remedy: str
    line: int = 0
    column: int = 0


class FaultyError(Exception):
    """A file that is not read any further, with its ``fault``."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.what)
        self.fault = fault


def unmarked(text: str) -> str:
    """Return ``text`` without the byte order mark that some editors begin a file with."""
    return text.removeprefix(_MARK)


def read_text(path: Path) -> str:
    """Return the UTF-8 text of ``path``, with or without a byte order mark in the file.

    No more than LARGEST bytes are read. Raises OSError, and FaultyError for what is no such text.
    """
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise FaultyError(
            Fault(
                "too-large",
                f"the file is larger than {LARGEST >> 20} MiB",
                "a file of this kind has some kilobytes: take out what is not a part of it",
            )
        )
    try:
        return unmarked(content.decode("utf-8"))
    except UnicodeDecodeError as reason:
        before = content[: reason.start]
        fault = Fault(
            "unreadable-file",
            f"the file cannot be read: {reason}",
            "write the file in UTF-8",
            before.count(b"\n"),
            reason.start - before.rfind(b"\n") - 1,
        )
        raise FaultyError(fault) from reason
