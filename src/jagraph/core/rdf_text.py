"""Values as text: the bare text of one, rows as tab-separated values."""

from __future__ import annotations

from math import inf, isfinite

import pyoxigraph as ox

from jagraph.core.namespaces import shorten

TYPE_CHECKING = False  # typing is more to load than all else here
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Value = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None


def text_of(value: Value) -> str:
    """Return the lexical form of a literal, the IRI of a node, "" for nothing."""
    if value is None:
        return ""
    return str(value) if isinstance(value, ox.Triple) else value.value


def number(text: str) -> float:
    """Return the number that ``text`` is, 0 for ""; raises DataError for what is none."""
    try:
        value = float(text or 0)
    except ValueError:
        value = inf
    if not isfinite(value):
        from jagraph.core.errors import DataError

        raise DataError(
            "not-a-number",
            f"the graph has {text[:80]!r} where a number belongs",
            remedy="mend the data where it comes from",
        )
    return value


def bare(value: Value) -> str:
    """Return a value as it is written bare: the id of a thing, the text of a literal."""
    return shorten(value.value) if isinstance(value, ox.NamedNode) else text_of(value)


def tsv(variables: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a line of names and one per row; a tab or line break within a cell is a space."""
    return "".join("\t".join(map(_one_line, row)) + "\n" for row in [variables, *rows])


def _one_line(cell: str) -> str:
    return cell.replace("\t", " ").replace("\n", " ").replace("\r", " ")
