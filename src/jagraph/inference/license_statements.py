"""The licence statements as they are written, for what follows from their licences together."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from jagraph.core.namespaces import iri
from jagraph.store.base import Store

_LICENSES = "SELECT ?key ?value { ?key jag:license ?value }"
_FOOTNOTES = "SELECT ?key ?value { ?key jag:footnote ?value }"
_UNCERTAIN = "SELECT ?key { ?key jag:certain false }"
_CHOICES = f"SELECT ?key {{ ?key jag:joined <{iri('joining', 'any')}> }}"
_SERVICES = f"SELECT ?key {{ ?key jag:licenseClass <{iri('license-class', 'service-terms')}> }}"


@dataclass(frozen=True)
class Statement:
    """What one licence statement names; ``is_choice``: one may choose among its licences."""

    licenses: frozenset[str] = frozenset()
    footnotes: frozenset[str] = frozenset()
    is_certain: bool = True
    is_choice: bool = False

    @property
    def is_sure(self) -> bool:
        """Whether all its licences surely hold."""
        return self.is_certain and not self.is_choice


def read_statements(store: Store) -> dict[str, Statement]:
    """Return what has a licence or a footnote, by its IRI."""
    licenses, footnotes = multiple(store, _LICENSES), multiple(store, _FOOTNOTES)
    uncertain, choices = keys(store, _UNCERTAIN), keys(store, _CHOICES)
    return {
        name: Statement(
            frozenset(licenses[name]),
            frozenset(footnotes[name]),
            name not in uncertain,
            name in choices,
        )
        for name in {*licenses, *footnotes}
    }


def read_services(store: Store) -> frozenset[str]:
    """Return the licences that are the terms of a service, which bind who has an account."""
    return keys(store, _SERVICES)


def keys(store: Store, query: str) -> frozenset[str]:
    """Return what ``query`` calls ``key``."""
    return frozenset(row["key"] for row in store.select(query).dicts())


def multiple(store: Store, query: str) -> defaultdict[str, set[str]]:
    """Return each ``value`` of ``query`` by its ``key``."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in store.select(query).dicts():
        found[row["key"]].add(row["value"])
    return found
