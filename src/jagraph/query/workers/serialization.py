"""Answers as bytes: the four W3C formats of SELECT and ASK, row by row; the formats of graphs.

SPARQL 1.1 Query Results JSON, XML (second edition), CSV and TSV. Written here, not by pyoxigraph,
since its writer cannot be told to stop after so many rows.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph as ox

from jagraph.core.namespaces import WRITTEN
from jagraph.core.rdf_text import Value, text_of
from jagraph.query.result_formats import binding

_GRAPHS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML,
}
_XML = '<?xml version="1.0"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#">'
_FORBIDDEN = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF], "�")
Rows = Iterable[Sequence[Value]]


def write_triples(triples: Iterator[ox.Triple], form: str, out: BinaryIO) -> None:
    """Write the answer to a CONSTRUCT or DESCRIBE in ``form``: ttl, nt, jsonld or rdf."""
    prefixes = WRITTEN if form in ("ttl", "rdf") else None
    ox.serialize(triples, out, format=_GRAPHS[form], prefixes=prefixes)


def write_boolean(truth: bool, form: str, out: BinaryIO) -> None:
    """Write the answer to an ASK."""
    word = "true" if truth else "false"
    if form == "json":
        text = f'{{"head":{{}},"boolean":{word}}}'
    elif form == "xml":
        text = f"{_XML}<head/><boolean>{word}</boolean></sparql>"
    else:
        text = word + "\n"
    out.write(text.encode())


def write_solutions(variables: Sequence[str], rows: Rows, form: str, out: BinaryIO) -> None:
    """Write the answer to a SELECT in ``form``: json, xml, csv or tsv."""
    {"json": _json, "xml": _xml, "csv": _csv, "tsv": _tsv}[form](variables, rows, out)


def _json(variables: Sequence[str], rows: Rows, out: BinaryIO) -> None:
    head = json.dumps({"vars": list(variables)})
    out.write(f'{{"head":{head},"results":{{"bindings":['.encode())
    for number, row in enumerate(rows):
        bound = {
            name: binding(value)
            for name, value in zip(variables, row, strict=True)
            if value is not None
        }
        out.write((",\n" if number else "\n").encode() + json.dumps(bound).encode())
    out.write(b"\n]}}\n")


def _csv(variables: Sequence[str], rows: Rows, out: BinaryIO) -> None:
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\r\n")
    writer.writerow(variables)
    for row in rows:
        writer.writerow(
            [f"_:{cell.value}" if isinstance(cell, ox.BlankNode) else text_of(cell) for cell in row]
        )
        out.write(line.getvalue().encode())
        line.seek(0)
        line.truncate()
    out.write(line.getvalue().encode())


def _tsv(variables: Sequence[str], rows: Rows, out: BinaryIO) -> None:
    out.write(("\t".join(f"?{name}" for name in variables) + "\n").encode())
    for row in rows:
        cells = ("" if cell is None else str(cell).replace("\t", "\\t") for cell in row)
        out.write(("\t".join(cells) + "\n").encode())


def _xml(variables: Sequence[str], rows: Rows, out: BinaryIO) -> None:
    names = "".join(f"<variable name={quoteattr(name)}/>" for name in variables)
    out.write(f"{_XML}<head>{names}</head><results>\n".encode())
    for row in rows:
        cells = "".join(
            f"<binding name={quoteattr(name)}>{_xml_term(value)}</binding>"
            for name, value in zip(variables, row, strict=True)
            if value is not None
        )
        out.write(f"<result>{cells}</result>\n".encode())
    out.write(b"</results></sparql>\n")


def _xml_term(value: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    if isinstance(value, ox.Triple):
        parts = zip(("subject", "predicate", "object"), value, strict=True)
        inner = "".join(f"<{name}>{_xml_term(part)}</{name}>" for name, part in parts)
        return f"<triple>{inner}</triple>"
    # XML 1.0 has no way to write a control character
    text = escape(value.value.translate(_FORBIDDEN), {"\r": "&#13;"})
    term = binding(value)
    if term["type"] != "literal":
        return f"<{term['type']}>{text}</{term['type']}>"
    attribute = ""
    if "xml:lang" in term:
        attribute = f" xml:lang={quoteattr(term['xml:lang'])}"
    elif "datatype" in term:
        attribute = f" datatype={quoteattr(term['datatype'])}"
    return f"<literal{attribute}>{text}</literal>"
