"""Which record a licence is that a card names: by the Hub's id, a name, an alias or the address.

Cards write one licence in many ways: ``gemma``, ``gemma-terms-of-use``, "Gemma Terms of Use". What
two records could be is joined to none, and so is a name of general words ("Research License").
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from jagraph.query.name_resolver import fold
from jagraph.sources.hub import nodes
from jagraph.store.base import Store

OTHER = "other"
_KEYS = "SELECT ?record ?key { ?record a jag:License ; jag:hubLicense ?key }"
_NAMES = """
SELECT ?record ?key {
  ?record a jag:License ; jag:name|skos:altLabel|skos:prefLabel|jag:spdxId|jag:hubLicense ?key
}
"""
_ADDRESSES = "SELECT ?record ?key { ?record a jag:License ; schema:url|jag:source ?key }"
_RECORDS = "SELECT ?record { ?record a jag:License ; jag:name ?name }"
_GENERAL = frozenset(
    (
        *("a", "agreement", "ai", "commercial", "community", "conditions", "custom", "evaluation"),
        *("for", "general", "licence", "license", "model", "models", "no", "non", "noncommercial"),
        *("of", "open", "other", "own", "proprietary", "public", "research", "terms", "the"),
        *("unknown", "use"),
    )
)
_ENDS = ("agreement", "license")


class Licenses:
    """The licences of the records, as the Hub may name them."""

    def __init__(self, store: Store) -> None:
        tags = _unique(store, _KEYS, str)
        self._tags = {tag: record for tag, record in tags.items() if tag != OTHER}
        self._tagged = set(self._tags.values())
        self._names = _unique(store, _NAMES, _name)
        for row in store.select(_RECORDS).dicts():
            self._names.setdefault(_name(row["record"].rpartition("/")[2]), row["record"])
        self._addresses = _unique(store, _ADDRESSES, _address)

    def record(self, label: str, link: str = "") -> str | None:
        """Return the IRI of the record of the licence ``label``, whose text is at ``link``."""
        name = self._tags.get(label) or self._names.get(_name(label))
        text = self._addresses.get(_address(link))
        return (name or text) if name == text or None in (name, text) else None

    def stated(self, words: str) -> set[str]:
        """Return the licences that the words of an Entry state, records and others (IRIs)."""
        return {
            self.record(label, link) or nodes.license_node(name)
            for name, label, link in nodes.licenses_of(words)
        }

    def may_be_other(self, records: set[str]) -> bool:
        """Tell whether the Hub has no id of its own for each of ``records``: it calls it other."""
        return bool(records) and not records & self._tagged


def _unique(store: Store, query: str, form: Callable[[str], str]) -> dict[str, str]:
    """Return what has exactly one record, in the form it is compared in."""
    records: defaultdict[str, set[str]] = defaultdict(set)
    for row in store.select(query).dicts():
        records[form(row["key"])].add(row["record"])
    return {key: min(iris) for key, iris in records.items() if key and len(iris) == 1}


def _name(text: str) -> str:
    """Return a name as it is compared; "" for one that says nothing of its own."""
    if set(re.split(r"[\W_]+", text.lower())) <= _GENERAL | {""}:
        return ""
    name = fold(text).replace("licence", "license")
    for end in _ENDS:
        name = name.removesuffix(end)
    return name


def _address(text: str) -> str:
    """Return an address as it is compared: host and path, "" for no address of the web."""
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return ""
    host = parts.netloc.lower().removeprefix("www.")
    return host + unquote(parts.path).rstrip("/").lower()
