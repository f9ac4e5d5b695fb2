"""Objects of JSON in which no key hides another value: JSON has two of a kind, Python the last."""

from __future__ import annotations

from typing import Any


def each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the object of ``pairs``, as ``object_pairs_hook`` of ``json.loads``.

    Raises ValueError for a key that stands twice.
    """
    mapping = dict(pairs)
    if len(mapping) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice!r:.80} stands twice in one object")
    return mapping
