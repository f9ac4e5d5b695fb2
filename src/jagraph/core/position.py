"""A place in a file, as errors and sources name it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Position:
    """A place in a file; ``line`` and ``column`` count from 1."""

    file: Path
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file.as_posix()}:{self.line}:{self.column}"
