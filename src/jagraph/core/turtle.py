"""Reads the Turtle files of a project, which may be anybody's."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from jagraph.core.bounded_reader import FaultyError, read_text
from jagraph.core.errors import DataError, OutsideError
from jagraph.core.position import Position

_MOST_QUOTED = 64  # triples within triples, at which the parser recurses


def read_turtle(path: Path) -> tuple[str, list[ox.Triple]]:
    """Return the text and the triples of the Turtle file ``path``.

    Raises OutsideError when it cannot be read, DataError for what is wrong in it.
    """
    try:
        text = read_text(path)
    except FaultyError as wrong:
        raise wrong.placed(path) from wrong
    except OSError as reason:
        raise OutsideError(
            "missing-file",
            f"the file cannot be read: {reason.strerror}",
            where=str(path),
            remedy="restore it from the repository, or check --project",
        ) from reason
    if text.count("<<") > _MOST_QUOTED:
        raise DataError(
            "too-deep",
            f"more than {_MOST_QUOTED} triples are quoted",
            where=str(path),
            remedy="write them out: the ontology and the shapes quote no triples",
        )
    try:
        return text, [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]
    except SyntaxError as reason:
        raise DataError(
            "bad-turtle",
            f"not Turtle: {reason.msg}",
            where=Position(path, reason.lineno or 1, reason.offset or 1),
            remedy="check brackets, quotes and the dot at the end here and on the line above",
        ) from reason
