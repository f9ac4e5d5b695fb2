"""The reader of a terminal or a program: everything is called as a record writes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jagraph.core.namespaces import shorten, split
from jagraph.query.batched import about
from jagraph.store.base import Store
from jagraph.views.labels import Labels, Reader

_LABELS = """
SELECT ?thing ?label WHERE { VALUES ?thing { %s } ?thing rdfs:label ?label }
ORDER BY ?thing STR(?label)
"""
# things that have names of their own; all else is called by its id
_NAMED = frozenset(
    {
        *("model", "dataset", "license", "developer", "family"),
        *("hub", "hub-license", "hub-dataset"),
    }
)


@dataclass(frozen=True)
class PlainReader(Reader):
    """A reader of English for whom a concept is its id, and a number its digits."""

    @classmethod
    def of(cls, things: Iterable[str], mentioned: Iterable[str], store: Store) -> PlainReader:
        """Return a reader who knows the names of ``things`` and those ``mentioned`` beside them.

        Only these are read, since a store may have millions. An id is the name of what has none.
        """
        labels: dict[str, dict[str, str]] = {}
        named = [*things, *filter(_is_named, mentioned)]
        for row in about(store, _LABELS, named).dicts():
            labels.setdefault(row["thing"], {"": row["label"]})
        return cls("en", Labels(labels, {}))

    def name(self, thing: str) -> str:
        """Return the name of ``thing``, else its id."""
        if thing in self.labels.names:
            return self.labels.name(thing, self.language)
        if _is_named(thing):
            return shorten(thing)
        return shorten(thing).rpartition("/")[2].removeprefix("jag:")

    def key(self, name: str, predicate: str) -> str:  # noqa: ARG002, as every reader
        """Return ``name``."""
        return name

    def concept(self, scheme: str, identifier: str) -> str:  # noqa: ARG002, as every reader
        """Return ``identifier``."""
        return identifier

    def truth(self, value: bool) -> str:
        """Return "true" or "false"."""
        return str(value).lower()

    def says(self, sentence: str) -> str:
        """Return ``sentence`` as it is."""
        return sentence

    def number(self, value: int | float | str) -> str:
        """Return ``value`` in digits."""
        return str(value)


def _is_named(thing: str) -> bool:
    parts = split(thing)
    return parts is not None and parts[0] in _NAMED
