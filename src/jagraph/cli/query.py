"""The verbs that ask: query, sparql."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from jagraph.cli.again import note
from jagraph.cli.options import (
    QUERIES,
    Settings,
    asking,
    common,
    deliver,
    target_format,
    terminal,
    width,
)
from jagraph.core.bounded_reader import FaultyError, read_text
from jagraph.core.errors import JagraphError, OutsideError, RequestError
from jagraph.query import result_formats
from jagraph.query.binding import bound, given_once
from jagraph.query.catalogue import (
    Parameter,
    SavedQuery,
    catalogue,
    find_query,
    glossary_of,
)
from jagraph.query.parameters import Choice, choices
from jagraph.store.admission import admit_file
from jagraph.store.base import Solutions

_FORMAT = click.option(
    "--format",
    "form",
    metavar="|".join(result_formats.FORMATS),
    help="Default: table on a terminal, tsv when piped.",
)
_OUTPUT = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Write to a file; its extension tells the format.",
)


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    add_help_option=False,
)
@click.argument("name", required=False)
@click.argument("parameters", nargs=-1, type=click.UNPROCESSED)
@_FORMAT
@_OUTPUT
@QUERIES
@click.option(
    "-h", "--help", "wants_help", is_flag=True, help="Show this, or a query's parameters."
)
@asking
@common
@click.pass_context
def query(
    context: click.Context,
    settings: Settings,
    name: str | None,
    parameters: tuple[str, ...],
    form: str | None,
    output: Path | None,
    extra: tuple[Path, ...],
    wants_help: bool,
) -> None:
    """Run a saved query; without a NAME, list them all.

    \b
    jagraph query descendants --base llama-2
    jagraph query NAME --help                 what it answers and takes
    jagraph query --queries mine              the gallery with your own .rq files in mine/
    jagraph query trained-on --dataset Dolly --format csv -o dolly.csv
    """
    if name is None or name.startswith("-"):
        if wants_help:
            click.echo(context.get_help())
            return
        if name is not None:
            raise click.UsageError(f"the saved query's name comes before {name}", context)
        from jagraph.cli.query_help import gallery

        project = settings.project()
        click.echo(gallery(catalogue(project, extra), glossary_of(project, extra)), nl=False)
        return
    saved = find_query(settings.project(), name, extra)
    if wants_help:
        from jagraph.cli.query_help import explanation

        click.echo(explanation(saved, lambda parameter: _pick(parameter, settings)), nl=False)
        return
    asked = target_format(form, output, result_formats.FORMATS, "table" if terminal() else "tsv")
    given = pairs(parameters, saved)
    graph = settings.graph()
    text = bound(saved, given, graph.store)
    admit_file(text, saved.path)
    if settings.verbose:
        settings.say(text)
    deliver(result_formats.render(graph.store.select(text), asked, width=width()), output, settings)
    if asked == "tsv" and context.obj and settings.plain and not (output or extra):
        note(context.obj, saved, text, graph)


@click.command()
@click.argument("text", metavar="QUERY|FILE|-")
@_FORMAT
@_OUTPUT
@click.option(
    "--allow-service",
    is_flag=True,
    help="Let the query ask other servers (SERVICE), from this machine.",
)
@asking
@common
def sparql(
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
        deliver(result_formats.render(found, asked, width=width()), output, settings)
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


def pairs(words: tuple[str, ...], saved: SavedQuery) -> dict[str, str]:
    """Return the parameters of ``saved`` that ``words`` give, as "--NAME VALUE" or "--NAME=VALUE".

    Raises RequestError for a word that is no parameter, for one without a value or with two.
    """
    given: list[tuple[str, str]] = []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if not word.startswith("--"):
            raise RequestError(
                "bad-parameter",
                f"{word!r} is not a parameter",
                remedy=f"write --NAME VALUE; `jagraph query {saved.name} --help` lists them",
            )
        name, equals, value = word.removeprefix("--").partition("=")
        known = {parameter.name for parameter in saved.parameters}
        if not equals:
            if name in known and not rest:
                raise RequestError(
                    "missing-value", f"--{name} needs a value", remedy=f"write --{name} VALUE"
                )
            value = rest.pop(0) if rest else ""
        given.append((name, value))
    return given_once(given)


def _pick(parameter: Parameter, settings: Settings) -> list[Choice]:
    """Return the values a parameter may have; none while the graph cannot be built."""
    try:
        return choices(parameter, settings.graph().store, "en")
    except JagraphError as reason:
        settings.say(str(reason))
        return []
