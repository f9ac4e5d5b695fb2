"""The answer of a query as a table: named columns, links to cards, sorted, filtered, in pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from unicodedata import normalize

from jagraph.core.namespaces import JAG
from jagraph.core.rdf_text import text_of
from jagraph.store.base import Solutions
from jagraph.views.cells import Cell, cell, thing
from jagraph.views.labels import Reader
from jagraph.views.words import words

PER_PAGE = 200
_LONG = 32


@dataclass(frozen=True)
class Column:
    """One column: its variable, what it is called, and how it is set."""

    name: str
    heading: str
    is_number: bool = False
    is_long: bool = False


@dataclass(frozen=True)
class Table:
    """Columns and rows of cells."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def containing(self, text: str) -> Table:
        """Return the table with those rows only that have ``text`` in a cell."""
        needle = _plain(text)
        rows = (row for row in self.rows if any(needle in _plain(c.searched) for c in row))
        return replace(self, rows=tuple(rows))

    def sorted_by(self, name: str, *, descending: bool) -> Table:
        """Return the table sorted by the column ``name``; what is not stated comes last."""
        at = [column.name for column in self.columns].index(name)
        filled = [row for row in self.rows if row[at].kind != "none"]
        empty = [row for row in self.rows if row[at].kind == "none"]
        if self.columns[at].is_number:
            filled.sort(key=lambda row: float(row[at].key), reverse=descending)
        else:
            filled.sort(key=lambda row: _plain(row[at].text), reverse=descending)
        return replace(self, rows=(*filled, *empty))

    def part(self, number: int) -> Table:
        """Return the rows of page ``number``, from 1."""
        start = (number - 1) * PER_PAGE
        return replace(self, rows=self.rows[start : start + PER_PAGE])

    @property
    def pages(self) -> int:
        """How many pages it fills."""
        return max(1, -(-len(self.rows) // PER_PAGE))


def table(
    solutions: Solutions,
    reader: Reader,
    headings: Mapping[str, str] | None = None,
    *,
    carries: bool = False,
) -> Table:
    """Return ``solutions`` as the reader sees them; a name and its id are one column that links.

    ``headings`` names columns in place of the ontology and the pages' own words; ``carries`` is as
    of a cell.
    """
    variables = solutions.variables
    named = {name.removesuffix("Name"): name for name in variables if name.endswith("Name")}
    shown = [name for name in variables if named.get(name) not in variables]
    places = {name: index for index, name in enumerate(variables)}
    rows: list[tuple[Cell, ...]] = []
    for row in solutions.rows:
        made = []
        for name in shown:
            value = row[places[name]]
            identified = places.get(name.removesuffix("Name")) if name.endswith("Name") else None
            if identified is not None and row[identified] is not None:
                subject = thing(text_of(row[identified]), reader)
                made.append(replace(subject, text=text_of(value) or subject.text))
            else:
                made.append(cell(name, value, reader, carries=carries))
        rows.append(tuple(made))
    columns = [
        _column(name, [row[index] for row in rows], reader, headings or {})
        for index, name in enumerate(shown)
    ]
    return Table(tuple(columns), tuple(rows))


def _column(
    name: str, cells: Sequence[Cell], reader: Reader, headings: Mapping[str, str]
) -> Column:
    stated = [cell for cell in cells if cell.kind != "none"]
    return Column(
        name,
        headings.get(name) or heading(name, reader),
        bool(stated) and all(cell.kind == "number" for cell in stated),
        any(len(cell.text) > _LONG and cell.target is None for cell in stated),
    )


def heading(name: str, reader: Reader) -> str:
    """Return what the column ``name`` is called: our word, the ontology's, else its name."""
    texts = words(reader.language)
    base = name.removesuffix("Name")
    if f"column-{base}" in texts:
        return texts[f"column-{base}"]
    for candidate in (f"{JAG}{base[:1].upper()}{base[1:]}", f"{JAG}{base}"):
        if reader.knows(candidate):
            return reader.name(candidate)
    spaced = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in base)
    return spaced[:1].upper() + spaced[1:]


def _plain(text: str) -> str:
    return normalize("NFKC", text).casefold()
