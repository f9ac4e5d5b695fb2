"""What stands in one place of a table: a thing, an answer, a licence class, a number or words."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from jagraph.core.namespaces import ROOT
from jagraph.core.rdf_text import Value, text_of
from jagraph.views.labels import Reader
from jagraph.views.targets import CardTarget, Target, WebTarget, card_target, web_target
from jagraph.views.words import words

_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = {_XSD + name for name in ("integer", "decimal", "double", "int", "long")}
_MAY = ("yes", "with-duties", "only-if", "unknown", "no")
_CARRIES = ("yes", "conditional", "unknown", "no")
# columns whose plain words are concepts of a scheme, where it is not called as they are
_SCHEMES = {"licenseClass": "license-class", "term": "concern", "kind": "conflict"}
# columns in which a query writes a sentence
_SENTENCES = frozenset({"reason", "when", "license", "licenseName"})
# kinds of cells whose value is an id
_NAMED = ("class", "answer", "carries")
_BOOLEAN = _XSD + "boolean"


@dataclass(frozen=True)
class Cell:
    """What is shown, as which ``kind``, where it leads, and the ``value`` it is sorted by.

    ``target`` is None where it leads nowhere. ``kind`` is "text", "number", "answer" (to "may I"),
    "carries" (whether there is such a term), "class" or "none".
    """

    text: str
    kind: str = "text"
    target: Target | None = None
    value: str = ""

    @property
    def key(self) -> str:
        """What it is sorted by."""
        return self.value or self.text

    @property
    def model(self) -> str:
        """The id of the model whose card it leads to, "" for anything else."""
        target = self.target
        if isinstance(target, CardTarget) and target.kind == "model":
            return target.identifier
        return ""

    @property
    def searched(self) -> str:
        """What a filter looks in: the text, and of a class or an answer its id in any language."""
        return f"{self.text} {self.value}" if self.kind in _NAMED else self.text


NOTHING = Cell("", "none")


def cell(column: str, value: Value, reader: Reader, *, carries: bool = False) -> Cell:
    """Return ``value`` of the column ``column`` as the reader sees it.

    ``carries`` says that an answer is about whether there is a term, and no permission.
    """
    text = text_of(value)
    if not text:
        return NOTHING
    if isinstance(value, ox.NamedNode):
        return thing(text, reader)
    if isinstance(value, ox.Literal) and value.datatype.value in _NUMBERS:
        whole = text.lstrip("-").isdecimal()
        return Cell(reader.number(text) if whole else text, "number", value=text)
    if column == "answer" and carries and text in _CARRIES:
        return Cell(words(reader.language)[f"has-{text}"], "carries", value=text)
    if column == "answer" and text in _MAY:
        return Cell(reader.concept("may", text), "answer", value=text)
    if column == "answer" and text in _CARRIES:
        return Cell(reader.concept("answer", text), "answer", value=text)
    if isinstance(value, ox.Literal) and value.datatype.value == _BOOLEAN:
        return Cell(reader.truth(text in ("true", "1")), value=text)
    scheme = _SCHEMES.get(column, column)
    if scheme == "license-class":
        from jagraph.drawing.diagram_model import CLASSES  # a card for a terminal has none

        if text in CLASSES:
            return Cell(reader.concept(scheme, text), "class", value=text)
    if column == "contextLength" and text == "unknown":
        return Cell(reader.concept("may", text), "answer", value=text)
    if page := web_target(text):
        return Cell(text, target=page)
    if column == "hubId":
        return Cell(text, target=WebTarget(f"https://huggingface.co/{text}"))
    if column == "relation":
        return Cell(relation(text, reader), value=text)
    if column in _SENTENCES:
        return Cell(reader.says(text), value=text)
    return Cell(reader.concept(scheme, text), value=text)


def thing(iri: str, reader: Reader) -> Cell:
    """Return the thing or concept ``iri`` by its name, leading to its card or that of its owner."""
    if reader.knows(iri) or iri.startswith(ROOT):
        target = card_target(iri) or card_target(iri.partition("#")[0])
        return Cell(reader.name(iri), target=target, value=iri)
    return Cell(iri, target=web_target(iri))


def relation(name: str, reader: Reader) -> str:
    """Return what the relation ``name`` ("fineTunedFrom") is called."""
    return reader.name(f"{ROOT}vocab#{name}") if name.isidentifier() else name
