"""The frozen project with texts that would break out of a page, a script or a line."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from tests.support.project import TINY

LONG = "w" * 300
HOSTILE = f"</script><script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{{{7*7}}}} {LONG}"
_FREE = {
    *("aliases", "clause", "description", "name", "names", "note", "requiredPrefix", "row"),
    *("variant", "version", "words"),
}


def write(folder: Path) -> None:
    """Write the project into ``folder``: every text that is free is hostile and keeps its own."""
    shutil.copytree(TINY / "data", folder / "data")
    for file in (folder / "data").glob("*/*.yaml"):
        record = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
        file.write_text(json.dumps(_spoilt(record), indent=1), encoding="utf-8")


def _spoilt(value: Any) -> Any:
    if isinstance(value, list):
        return [_spoilt(one) for one in value]
    if not isinstance(value, dict):
        return value
    made = {}
    for key, inner in value.items():
        if key in _FREE:
            made[key] = _each(inner, lambda text: f"{text} {HOSTILE}")
        else:
            made[key] = _spoilt(inner)
    return made


def _each(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, list):
        return [_each(one, change) for one in value]
    if isinstance(value, dict):
        return {key: _each(one, change) for key, one in value.items()}
    return change(value)
