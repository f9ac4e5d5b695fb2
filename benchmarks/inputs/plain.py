"""What YAML says, read by PyYAML alone, to compare with what jagraph reads."""

from __future__ import annotations

from typing import Any

import yaml
from benchmarks.inputs.judging import LossError


def composed(source: str) -> yaml.Node:
    """Return the one document in ``source``, each scalar a text."""
    return yaml.compose(source, Loader=yaml.CBaseLoader)


def plain(node: yaml.Node) -> Any:
    """Return what ``node`` says in texts, lists and mappings.

    Raises LossError for a key that a mapping has twice.
    """
    if isinstance(node, yaml.ScalarNode):
        return node.value.strip()
    if isinstance(node, yaml.SequenceNode):
        return [plain(item) for item in node.value]
    found: dict[str, Any] = {}
    for key, value in node.value:
        name = str(plain(key))
        if name in found:
            raise LossError(f"{name!r} stands twice, and is taken")
        found[name] = plain(value)
    return found
