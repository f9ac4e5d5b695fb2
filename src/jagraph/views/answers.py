"""What the SPARQL editor shows for a query: a table, Turtle, a truth value, or what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from jagraph.core.errors import JagraphError, suggestion
from jagraph.core.namespaces import JAG, PREFIXES, ROOT, shorten, split
from jagraph.core.rdf_text import Value, text_of
from jagraph.store.base import Store
from jagraph.store.sparql_tokens import lines, tokens
from jagraph.views.labels import Labels
from jagraph.views.targets import CardTarget, Target, ontology_target, web_target

_AT = re.compile(r"query:(\d+):(\d+)")
_ESCAPED = re.compile(r"\\(.)")  # PN_LOCAL_ESC


@dataclass(frozen=True)
class Cell:
    """One value of a table: its text, where it leads (None for nowhere), its language."""

    text: str
    target: Target | None = None
    language: str = ""


@dataclass(frozen=True)
class Remark:
    """Something to say about a place in a query; line and column count from 1, 0 is nowhere.

    ``line_text`` is the line of the query it is about.
    """

    what: str
    remedy: str
    line: int
    column: int
    line_text: str = ""


def cell(value: Value) -> Cell:
    """Return how a table shows ``value``; IRIs are shortened and lead somewhere."""
    if isinstance(value, ox.NamedNode):
        return Cell(shorten(value.value), _target(value.value))
    language = value.language or "" if isinstance(value, ox.Literal) else ""
    return Cell(text_of(value), language=language)


def wrong(query: str, error: JagraphError) -> Remark:
    """Return what ``error`` says about ``query``; only what is no SPARQL has a place there."""
    match = _AT.fullmatch(str(error.where)) if error.code == "bad-sparql" else None
    line, column = (int(match[1]), int(match[2])) if match else (0, 0)
    return Remark(error.what, error.remedy, line, column, _line(query, line))


def unknown_names(query: str, store: Store, labels: Labels) -> Iterator[Remark]:
    """Yield each name in ``query`` that is in a namespace of jagraph and that the graph has not.

    Such a name is no error in SPARQL: it only matches nothing.
    """
    checked = set()
    for token in tokens(query):
        name = token.text.rstrip(".")
        prefix, colon, local = name.partition(":")
        namespace = PREFIXES.get(prefix, "")
        if token.kind != "word" or not colon or not local or name in checked:
            continue
        checked.add(name)
        iri = namespace + _ESCAPED.sub(r"\1", local)
        if namespace.startswith(ROOT) and not _is_known(store, labels, iri):
            candidates = [
                f"{prefix}:{found.removeprefix(namespace)}"
                for found in labels.names
                if found.startswith(namespace)
            ]
            before = query[: token.start]
            line = before.count("\n") + 1
            yield Remark(
                name,
                suggestion(name, candidates, ""),
                line,
                token.start - (before.rfind("\n") + 1) + 1,
                _line(query, line),
            )


def _is_known(store: Store, labels: Labels, name: str) -> bool:
    return name in labels.names or store.ask(f"ASK {{ {{ {ox.NamedNode(name)} ?p ?o }} }}")


def _target(name: str) -> Target | None:
    if name.startswith(JAG):
        return ontology_target(name)
    parts = split(name)
    return CardTarget(*parts) if parts else web_target(name)


def _line(query: str, line: int) -> str:
    every = lines(query)
    return every[line - 1] if 0 < line <= len(every) else ""
