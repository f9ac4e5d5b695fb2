"""The verb `sparql`: any SPARQL 1.1 query."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from jagraph.cli.answer_options import FORMAT, OUTPUT
from jagraph.cli.options import asking, common
from jagraph.cli.settings import Settings, deliver, target_format, terminal, width
from jagraph.core.bounded_reader import FaultyError, read_text
from jagraph.core.errors import OutsideError, RequestError
from jagraph.query import result_formats
from jagraph.store.base import Solutions


@click.command("sparql")
@click.argument("text", metavar="QUERY|FILE|-")
@FORMAT
@OUTPUT
@click.option(
    "--allow-service",
    is_flag=True,
    help="Let the query ask other servers (SERVICE), from this machine.",
)
@asking
@common
def command(
    settings: Settings, text: str, form: str | None, output: Path | None, allow_service: bool
) -> None:
    """Run any SPARQL 1.1 query: given as text, in a file, or on stdin ("-").

    SELECT and ASK give a table (or what --format says), CONSTRUCT and DESCRIBE give Turtle. The
    prefixes of jagraph need not be declared.

    \b
    jagraph sparql 'SELECT ?m { ?m jag:descendsFrom model:llama-2-7b }'
    """
    asked = target_format(
        form, output, (*result_formats.FORMATS, "ttl"), "table" if terminal() else "tsv"
    )
    store = settings.graph().store
    store.allow_service = allow_service
    found = store.answer(_query_text(text))
    if isinstance(found, Solutions):
        if asked == "ttl":
            raise RequestError(
                "unknown-format",
                "a SELECT query gives a table, not Turtle",
                remedy="one of: " + ", ".join(result_formats.FORMATS),
            )
        deliver(result_formats.render(found, asked, width=width(asked)), output, settings)
    elif isinstance(found, bool):
        deliver(f"{str(found).lower()}\n", output, settings)
    else:
        from jagraph.graph.export import triples_as_turtle

        deliver(triples_as_turtle(found), output, settings)


def _query_text(text: str) -> str:
    if text == "-":
        return _standard_input()
    if "\n" in text or "{" in text:
        return text
    try:
        return read_text(Path(text))
    except FaultyError as wrong:
        raise wrong.placed(Path(text)) from wrong
    except OSError as reason:
        raise OutsideError(
            "missing-file",
            f"the query file cannot be read: {reason.strerror}",
            where=text,
            remedy="give SPARQL, a file with it, or - for stdin",
        ) from reason


def _standard_input() -> str:
    """Return what is on stdin; raises OutsideError when it cannot be read or is not in UTF-8."""
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except (OSError, UnicodeDecodeError) as reason:
        why = reason.strerror if isinstance(reason, OSError) else f"it is not UTF-8: {reason}"
        raise OutsideError(
            "stdin-not-read", f"stdin cannot be read: {why}", remedy="pipe a query in UTF-8 into it"
        ) from reason
