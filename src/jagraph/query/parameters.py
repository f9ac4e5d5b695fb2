"""Pick-lists: the values a parameter of a saved query may have, with a name to show for each."""

from __future__ import annotations

from typing import NamedTuple
from unicodedata import normalize

from jagraph.core.namespaces import ROOT, shorten, split
from jagraph.core.rdf_text import number
from jagraph.query.catalogue import Parameter
from jagraph.query.name_resolver import Names
from jagraph.records.record_types import KINDS
from jagraph.store.base import Store

MOST = 2000
_NAMED = """
SELECT ?thing ?label (LANG(?label) AS ?language) WHERE {
  { SELECT DISTINCT ?thing WHERE { %s } LIMIT %d }
  OPTIONAL {
    ?thing rdfs:label|skos:prefLabel ?label FILTER(LANG(?label) IN ("", "en", "%s"))
  }
}
"""
_CONCEPTS = "?thing skos:inScheme <%s>"
_THINGS = "VALUES ?class { %s } ?thing a ?class"
_CLASSES = {kind.namespace: kind.class_name for kind in KINDS} | {"model": "Model"}


class Choice(NamedTuple):
    """One value a parameter may have, as it is written, and what to show for it."""

    value: str
    label: str


def choices(
    parameter: Parameter, store: Store, language: str, names: Names | None = None
) -> list[Choice]:
    """Return the values to pick from, by name; numbers by size, a choice in its written order.

    The query under ``pick`` in the header feeds the list; without one it holds all things or
    concepts of the parameter's kind, at most MOST. ``names`` spares reading those of ``store``
    again.
    """
    if parameter.kind == "choice":
        return [
            Choice(value, words.get(language) or words["en"])
            for value, words in parameter.choices.items()
        ]
    if parameter.kind == "number":
        return _numbers(parameter, store)
    if parameter.namespaces and names is None:
        names = Names.read(store)
    labels = _labels(parameter, store, language)
    picked = [Choice(_value(thing, parameter, names), label) for thing, label in labels.items()]
    return sorted(picked, key=lambda choice: (normalize("NFKC", choice.label).casefold(), choice))


def _labels(parameter: Parameter, store: Store, language: str) -> dict[str, str]:
    """Return what each thing of the list is called in ``language``, else plainly, in English."""
    labels: dict[str, tuple[int, str]] = {}
    order = (language, "", "en")
    for row in store.select(_NAMED % (_pattern(parameter), MOST, language)).dicts():
        name = (order.index(row["language"]), row["label"] or shorten(row["thing"]))
        labels[row["thing"]] = min(name, labels.get(row["thing"], name))
    return {thing: label for thing, (_, label) in labels.items()}


def _numbers(parameter: Parameter, store: Store) -> list[Choice]:
    if not parameter.pick:
        return []
    rows = store.select(f"SELECT DISTINCT ?thing WHERE {{ {_pattern(parameter)} }}").dicts()
    values = sorted({int(number(row["thing"])) for row in rows})
    return [Choice(str(value), f"{value:,}") for value in values[:MOST]]


def _pattern(parameter: Parameter) -> str:
    if parameter.pick:
        return f"{{ {parameter.pick} }}"
    if parameter.scheme:
        return _CONCEPTS % (ROOT + parameter.scheme)
    return _THINGS % " ".join(f"jag:{_CLASSES[space]}" for space in parameter.namespaces)


def _value(thing: str, parameter: Parameter, names: Names | None) -> str:
    """Return the id alone where it means ``thing`` and nothing else, else ``kind/id``."""
    identifier = (split(thing) or ("", thing))[1]
    if not parameter.namespaces or names is None:
        return identifier
    alone = names.meant(identifier, parameter.namespaces) == [thing]
    return identifier if alone else shorten(thing)
