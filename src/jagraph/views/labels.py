"""What things are called in the reader's language, and how numbers and dates are written there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import pyoxigraph as ox

from jagraph.core.messages import Argument, Message, catalogue
from jagraph.core.namespaces import ROOT, shorten
from jagraph.inference.reasons import reasons
from jagraph.store.base import Store
from jagraph.views.words import typeset, words

_LABELS = "SELECT ?thing ?label WHERE { ?thing rdfs:label|skos:prefLabel ?label }"
_STAGE = f"{ROOT}stage/"
_MOST_DIGITS = 1000
_CELLS = ("cell-before-stage", "cell-after-stage")
_PLACES = ("search", "questions", "ontology")
_WHOLE = ("error-", "help-")  # messages that are sentences of their own


@dataclass(frozen=True)
class Labels:
    """The names of every thing, concept and property by language; "" is that of no language.

    ``sentences`` are the messages that the graph and the saved queries write, by their English.
    """

    names: dict[str, dict[str, str]]
    sentences: dict[str, Message]

    @classmethod
    def read(cls, store: Store) -> Labels:
        """Read every label and every reason in ``store``."""
        names: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for thing, label in store.select(_LABELS).rows:
            if isinstance(thing, ox.NamedNode) and isinstance(label, ox.Literal):
                names[thing.value].setdefault(label.language or "", label.value)
        messages = [Message("cell-not-said"), Message("reason-no-license")]
        stages = [thing.removeprefix(_STAGE) for thing in names if thing.startswith(_STAGE)]
        messages += [Message(key, stage=stage) for key in _CELLS for stage in stages]
        return cls(dict(names), {text: text for text in messages} | reasons(store))

    def message(self, sentence: str) -> Message | None:
        """Return ``sentence`` as a message, None where it is only English."""
        message = self.sentences.get(sentence)
        return sentence if isinstance(sentence, Message) else message

    def name(self, thing: str, language: str) -> str:
        """Return the name of ``thing`` in ``language``, else in no language, else in English."""
        names = self.names.get(thing, {})
        return names.get(language) or names.get("") or names.get("en") or shorten(thing)


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
        """Return what a rule or an error says in English; as it is when it is no message."""
        message = self.labels.message(sentence)
        if message is None:
            return sentence
        spoken = message.said(self.language, self._place)
        if message.key.startswith(_WHOLE) and not self._begins_with_data(message.key):
            spoken = spoken[:1].upper() + spoken[1:]
        return typeset(spoken, self.language)

    def reads(self, text: str) -> str:
        """Return prose in the reader's language with the spaces that must not end a line."""
        return typeset(text, self.language)

    def is_english(self, sentence: str) -> bool:
        """Tell whether ``sentence`` stays English for a reader of another language."""
        return self.language != "en" and self.labels.message(sentence) is None

    def _place(self, name: str, value: Argument) -> str:
        """Return what stands in the place ``name`` of a message, by the rules of ``messages``."""
        spoken = words(self.language)
        if name == "sentence":
            return self.says(value if isinstance(value, str) else str(value))
        if name in _PLACES:
            return spoken[f"place-{name}"]
        if not isinstance(value, tuple):
            return self.concept(name, str(value))
        if name == "kinds" and self.language != "en":
            value = tuple(spoken[f"kind-{kind}"].lower() for kind in value)
        parted = spoken["or"] if name in ("names", "kinds") else ", "
        return parted.join(value) or spoken["state-none"]

    def _begins_with_data(self, key: str) -> bool:
        """Tell whether the sentence ``key`` begins with what somebody wrote, such as a name."""
        first = catalogue(self.language)[key].partition("}")[0]
        return first.startswith("{") and first[1:] not in _PLACES

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
