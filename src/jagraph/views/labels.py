"""What things are called in the reader's language, and how numbers and dates are written there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import pyoxigraph as ox

from jagraph.core.namespaces import ROOT, shorten
from jagraph.store.base import Store
from jagraph.views.phrases import said
from jagraph.views.words import typeset, words

_LABELS = "SELECT ?thing ?label WHERE { ?thing rdfs:label|skos:prefLabel ?label }"
_MOST_DIGITS = 1000
# places of a sentence that are lists, and what parts their elements
_LISTS = {"names": " or ", "kinds": " or ", "options": ", "}


@dataclass(frozen=True)
class Labels:
    """The names of every thing, concept and property by language; "" is that of no language."""

    names: dict[str, dict[str, str]]

    @classmethod
    def read(cls, store: Store) -> Labels:
        """Read every label in ``store``."""
        names: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for thing, label in store.select(_LABELS).rows:
            if isinstance(thing, ox.NamedNode) and isinstance(label, ox.Literal):
                names[thing.value].setdefault(label.language or "", label.value)
        return cls(dict(names))

    def name(self, thing: str, language: str) -> str:
        """Return the name of ``thing`` in ``language``, else in no language, else in English."""
        known = self.names.get(thing, {})
        return known.get(language) or known.get("") or known.get("en") or shorten(thing)


@dataclass(frozen=True)
class Reader:
    """One reader's language, and everything said in it."""

    language: str
    labels: Labels

    def name(self, thing: str) -> str:
        """Return the name of the thing, concept or property with the IRI ``thing``."""
        return self.labels.name(thing, self.language)

    def key(self, name: str, predicate: str) -> str:
        """Return what the key ``name`` of a record is called, whose property is ``predicate``."""
        # a property of another vocabulary has no name in ours
        return words(self.language).get(f"key-{name}") or self.name(predicate)

    def concept(self, scheme: str, identifier: str) -> str:
        """Return the name of the concept ``identifier`` of ``scheme``, as it is where unknown."""
        concept = f"{ROOT}{scheme}/{identifier}"
        return self.name(concept) if concept in self.labels.names else identifier

    def truth(self, value: bool) -> str:
        """Return what "yes" or "no" is called."""
        return self.concept("answer", "yes" if value else "no")

    def says(self, sentence: str) -> str:
        """Return what a rule or an error says in English; as it is when it is no known form."""
        spoken = said(sentence, self.language, self._place)
        return typeset(spoken, self.language) if spoken else sentence

    def reads(self, text: str) -> str:
        """Return prose in the reader's language with the spaces that must not end a line."""
        return typeset(text, self.language)

    def is_english(self, sentence: str) -> bool:
        """Tell whether ``sentence`` stays English for a reader of another language."""
        return self.language != "en" and self.says(sentence) == sentence

    def _place(self, name: str, value: str) -> str:
        if name == "said":
            return self.says(value)
        if name not in _LISTS:
            return self.concept(name, value)
        spoken = words(self.language)
        if value == "none":
            return spoken["state-none"]
        elements = [one.removeprefix("--") for one in value.split(_LISTS[name])]
        if name == "kinds" and self.language != "en":
            elements = [spoken[f"kind-{one}"].lower() for one in elements]
        return (", " if name == "options" else spoken["or"]).join(elements)

    def knows(self, thing: str) -> bool:
        """Tell whether ``thing`` has a name."""
        return thing in self.labels.names

    # the three of them load Babel when they are called: a command that prints none goes without

    def number(self, value: int | float | str) -> str:
        """Return ``value`` with its thousands apart, as the language writes it."""
        from jagraph.views.locale_formats import number

        if isinstance(value, str):
            if len(value) > _MOST_DIGITS:  # Python reads no number of thousands of digits
                return value
            value = int(value)
        return number(value, self.language)

    def share(self, part: int, whole: int) -> str:
        """Return ``part`` of ``whole`` in per cent."""
        from jagraph.views.locale_formats import percent

        return percent(part / whole if whole else 0, self.language)

    def day(self, written: str) -> str:
        """Return an ISO date, a month or a year, as the language writes it; else as it is."""
        from jagraph.views.locale_formats import day

        return day(written, self.language)
