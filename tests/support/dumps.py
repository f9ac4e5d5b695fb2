"""Dumps of the Hub as the tests write them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def write_dump(path: Path, rows: list[dict[str, Any]], *more: str) -> Path:
    """Write ``rows`` as JSON lines, then ``more`` lines as they are; return ``path``."""
    path.write_text("\n".join([*map(json.dumps, rows), *more]) + "\n", encoding="utf-8")
    return path
