"""Reads a file of SHACL shapes; one that says nothing would find nothing wrong with any data."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from jagraph.errors import DataError, OutsideError
from jagraph.reading import read_text
from jagraph.store import EmbeddedStore

_ANY = "PREFIX sh: <http://www.w3.org/ns/shacl#> ASK { ?shape sh:property ?property }"
_REMEDY = "mend it, or restore it from the repository"


def read_shapes(path: Path) -> tuple[str, EmbeddedStore]:
    """Return the shapes in the file ``path``, as they are written and as a graph.

    Raises DataError when they are not Turtle, OutsideError when there are none or the file cannot
    be read.
    """
    try:
        text = read_text(path)
    except OSError as reason:
        raise OutsideError(
            "no-shapes",
            f"the shapes cannot be read: {reason.strerror}",
            where=str(path),
            remedy=_REMEDY,
        ) from reason
    store = ox.Store()
    try:
        store.bulk_load(text, format=ox.RdfFormat.TURTLE)
    except SyntaxError as reason:
        raise unusable(path, str(reason)) from reason
    shapes = EmbeddedStore(store)
    if not shapes.ask(_ANY):
        raise OutsideError(
            "no-shapes",
            "there is no shape with a property in this file: nothing would be checked",
            where=str(path),
            remedy=_REMEDY,
        )
    return text, shapes


def unusable(path: Path, why: str) -> DataError:
    """Return the error that says why the shapes in ``path`` cannot be used."""
    what = f"the shapes cannot be used: {why}"
    return DataError("bad-shapes", what, where=str(path), remedy=_REMEDY)
