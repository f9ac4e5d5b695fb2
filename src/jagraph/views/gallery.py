"""The saved queries by what they are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jagraph.query.catalogue import SavedQuery, Words


@dataclass(frozen=True)
class QueryGroup:
    """The saved queries whose first tag is ``tag`` ("" without one), and what it is called."""

    tag: str
    name: str
    queries: tuple[SavedQuery, ...]


def query_groups(
    queries: Iterable[SavedQuery], tags: Mapping[str, Words], language: str
) -> tuple[QueryGroup, ...]:
    """Return every query under its first tag: in the order of ``tags``, then other tags by name."""
    groups: defaultdict[str, list[SavedQuery]] = defaultdict(list)
    for saved in queries:
        groups[saved.tags[0] if saved.tags else ""].append(saved)
    order = [*(tag for tag in tags if tag in groups), *sorted(groups.keys() - tags.keys())]
    names = {tag: words.get(language, words["en"]) for tag, words in tags.items()}
    return tuple(QueryGroup(tag, names.get(tag, tag), tuple(groups[tag])) for tag in order)
