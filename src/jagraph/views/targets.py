"""Where a reader can go on: named by what is there, without an address.

Each face makes addresses of its own from these: a server absolute paths, a static site relative
ones, the command line none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jagraph.core.namespaces import JAG, split
from jagraph.query.name_resolver import NAMESPACES

Pairs = tuple[tuple[str, str], ...]
DataForm = Literal["csv", "tsv", "json", "ttl", "md", "jsonld"]


@dataclass(frozen=True)
class CardTarget:
    """The card of a thing; with a ``form`` its description in that format."""

    kind: str
    identifier: str
    form: DataForm | None = None


@dataclass(frozen=True)
class OntologyTarget:
    """The place of a class, a property or a concept ("SCHEME/ID") in the ontology's document."""

    anchor: str


@dataclass(frozen=True)
class QueryTarget:
    """The answer of a saved query with parameters; with a ``form`` in that format."""

    name: str
    parameters: Pairs = ()
    form: DataForm | None = None


@dataclass(frozen=True)
class LineageTarget:
    """The lineage of a thing, or of a query's answers (``kind`` "query"), to explore or as SVG."""

    kind: str
    identifier: str
    parameters: Pairs = ()
    is_picture: bool = False


@dataclass(frozen=True)
class ComparisonTarget:
    """Models side by side, by their ids."""

    models: tuple[str, ...] = ()


@dataclass(frozen=True)
class EditorTarget:
    """The SPARQL editor with a query to begin with."""

    query: str


@dataclass(frozen=True)
class WebTarget:
    """A page elsewhere."""

    url: str


Target = (
    CardTarget
    | OntologyTarget
    | QueryTarget
    | LineageTarget
    | ComparisonTarget
    | EditorTarget
    | WebTarget
)


def card_target(iri: str) -> CardTarget | None:
    """Return the card of the thing ``iri``, None where it has no card of its own."""
    parts = split(iri)
    return CardTarget(*parts) if parts and has_card(*parts) else None


def has_card(kind: str, identifier: str) -> bool:
    """Tell whether a thing with this id has a card of its own."""
    return kind in NAMESPACES and "#" not in identifier and "/" not in identifier


def ontology_target(iri: str) -> OntologyTarget:
    """Return the place in the ontology of the class or property ``iri``."""
    return OntologyTarget(iri.removeprefix(JAG))


def web_target(text: str) -> WebTarget | None:
    """Return the page at the URL ``text``, None where it is none."""
    return WebTarget(text) if text.startswith(("https://", "http://")) else None
