"""Solutions as a table for people, TSV, CSV, SPARQL JSON or Markdown."""

from __future__ import annotations

from io import StringIO

import pyoxigraph as ox

from jagraph.core.rdf_text import Value, bare, text_of, tsv
from jagraph.core.visible_text import visible
from jagraph.store.base import Solutions

FORMATS = ("table", "tsv", "csv", "csv-safe", "json", "md")
EXACT = frozenset({"tsv", "csv", "csv-safe", "json"})
# with these a spreadsheet begins a formula, or another cell, also when they are of full width
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


def render(solutions: Solutions, form: str, *, width: int | None = None) -> str:
    """Return ``solutions`` in ``form``, one of FORMATS, ending with a newline.

    ``json`` is the SPARQL 1.1 Query Results JSON Format; ``tsv`` and ``csv`` have bare values, with
    the ids of things (``model/…``) in place of their IRIs; ``csv-safe`` is CSV in which no cell is
    a formula to a spreadsheet; ``width`` bounds the ``table``. Those in EXACT are for programs and
    have every character as it is; the others show what acts on a terminal or is not seen.
    """
    if form == "json":
        return _json(solutions)
    rows = [[bare(value) for value in row] for row in solutions.rows]
    if form not in EXACT:
        rows = [[_visible(cell) for cell in row] for row in rows]
    if form == "table":
        return _table(solutions.variables, rows, width)
    if form == "md":
        return _markdown(solutions.variables, rows)
    if form == "tsv":
        return tsv(solutions.variables, rows)
    # the modules `csv` and `json` load more than most questions take
    from _csv import writer

    if form == "csv-safe":
        rows = [["'" + cell if cell.startswith(_FORMULA) else cell for cell in row] for row in rows]
    out = StringIO()
    writer(out, lineterminator="\r\n").writerows([solutions.variables, *rows])
    return out.getvalue()


def _visible(cell: str) -> str:
    """Return ``cell`` made visible, its lines ended by ``\\n`` alone."""
    return "\n".join(map(visible, cell.replace("\r\n", "\n").split("\n")))


def _table(variables: list[str], rows: list[list[str]], width: int | None) -> str:
    """Draw a table; the ids that a name column repeats are left to the machine formats."""
    from rich.console import Console
    from rich.table import Table

    named = {name.removesuffix("Name") for name in variables if name.endswith("Name")}
    shown = [index for index, name in enumerate(variables) if name not in named]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for index in shown:
        numeric = bool(rows) and all(row[index].replace(",", "").isdigit() for row in rows)
        table.add_column(variables[index], justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(row[index] for index in shown))
    out = StringIO()
    console = Console(file=out, width=width or 160, highlight=False, markup=False, emoji=False)
    console.print(table)
    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    count = f"{len(rows)} row{'' if len(rows) == 1 else 's'}"
    return "\n".join([*lines, "", count]) + "\n"


def _markdown(variables: list[str], rows: list[list[str]]) -> str:
    def line(cells: list[str]) -> str:
        escaped = (cell.replace("|", "\\|").replace("\n", " ") for cell in cells)
        return "| " + " | ".join(escaped) + " |"

    return "\n".join([line(variables), line(["---"] * len(variables)), *map(line, rows)]) + "\n"


def _json(solutions: Solutions) -> str:
    """Return the answer as JSON, a line for each row; made row by row, since there may be many."""
    from _json import encode_basestring as quoted

    def members(texts: dict[str, str]) -> str:
        return "{" + ", ".join(f"{quoted(name)}: {text}" for name, text in texts.items()) + "}"

    def written(value: Value) -> str:
        return members({name: quoted(text) for name, text in binding(value).items()})

    lines = ",\n".join(
        members(
            {
                name: written(value)
                for name, value in zip(solutions.variables, row, strict=True)
                if value is not None
            }
        )
        for row in solutions.rows
    )
    head = members({"vars": f"[{', '.join(map(quoted, solutions.variables))}]"})
    return f'{{"head": {head},\n"results": {{"bindings": [\n{lines}\n]}}}}\n'


def binding(value: Value) -> dict[str, str]:
    """Return one value as the SPARQL 1.1 Query Results JSON Format has it."""
    if isinstance(value, ox.NamedNode):
        return {"type": "uri", "value": value.value}
    if isinstance(value, ox.Literal):
        term = {"type": "literal", "value": value.value}
        if value.language:
            term["xml:lang"] = value.language
        elif value.datatype.value != _XSD_STRING:
            term["datatype"] = value.datatype.value
        return term
    return {"type": "bnode", "value": text_of(value)}
