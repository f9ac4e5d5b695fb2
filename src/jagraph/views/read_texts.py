"""The texts of licences that reach a model: how much was read, of which version, their risks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jagraph.domain.verdicts import Document
from jagraph.views.cells import Cell, thing
from jagraph.views.labels import Reader
from jagraph.views.targets import WebTarget, web_target


@dataclass(frozen=True)
class ReadText:
    """One text; ``source`` is the page where it was read, None where that has no address."""

    license: Cell
    extent: str
    version: str
    source: WebTarget | None
    risks: tuple[str, ...]


def read_texts(documents: Iterable[Document], reader: Reader) -> tuple[ReadText, ...]:
    """Return what was read of ``documents``."""
    return tuple(
        ReadText(
            thing(document.iri, reader),
            reader.concept("extent", document.read),
            document.version,
            web_target(document.source),
            tuple(_risk(risk, reader) for risk in document.risks),
        )
        for document in documents
    )


def _risk(written: str, reader: Reader) -> str:
    """Return a risk, written "ends-by-suit (5.c)", as the reader calls it."""
    risk, space, clause = written.partition(" ")
    return f"{reader.concept('action', risk)}{space}{clause}"
