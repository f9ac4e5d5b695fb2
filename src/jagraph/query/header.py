"""The header of a query file, the lines that begin with ``#+``, and files of words: YAML."""

from __future__ import annotations

from pathlib import Path

from jagraph.core.errors import DataError
from jagraph.core.position import Position
from jagraph.core.positioned_yaml import Genre, Part, part, read_part
from jagraph.store.sparql_tokens import lines

_MARK = "#+"
_MANUAL = "queries/README.md shows a whole header"
_HEADER = Genre("bad-query-header", _MANUAL)


def read_header(path: Path, text: str) -> Part:
    """Return the header of the query file ``path`` whose content is ``text``.

    Raises DataError when it has none or it is not YAML.
    """
    marked = [(at, line) for at, line in enumerate(lines(text), 1) if line.startswith(_MARK)]
    if not marked:
        raise DataError(
            _HEADER.code,
            "a saved query begins with a header",
            where=Position(path, 1, 1),
            remedy=_MANUAL,
        )
    places = [at for at, _ in marked]
    header = "\n".join(line.removeprefix(_MARK) for _, line in marked)
    return part(header, path, _HEADER, places, len(_MARK))


def read_parts(path: Path) -> dict[str, Part]:
    """Return what the file ``path`` explains, by key."""
    return read_part(path, _HEADER).fields()
