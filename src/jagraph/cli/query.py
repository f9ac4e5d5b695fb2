"""The verb `query`: the saved queries, their gallery and their help."""

from __future__ import annotations

from pathlib import Path

import click

from jagraph.cli.answer_options import FORMAT, OUTPUT
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
from jagraph.cli.query_parameters import pairs
from jagraph.core.errors import JagraphError
from jagraph.query import result_formats
from jagraph.query.binding import bound
from jagraph.query.catalogue import (
    Parameter,
    catalogue,
    find_query,
    glossary_of,
)
from jagraph.query.parameters import Choice, choices
from jagraph.store.admission import admit_file


@click.command(
    "query",
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    add_help_option=False,
)
@click.argument("name", required=False)
@click.argument("parameters", nargs=-1, type=click.UNPROCESSED)
@FORMAT
@OUTPUT
@QUERIES
@click.option(
    "-h", "--help", "wants_help", is_flag=True, help="Show this, or a query's parameters."
)
@asking
@common
@click.pass_context
def command(
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
    admit_file(text, saved.file)
    if settings.verbose:
        settings.say(text)
    deliver(result_formats.render(graph.store.select(text), asked, width=width()), output, settings)


def _pick(parameter: Parameter, settings: Settings) -> list[Choice]:
    """Return the values a parameter may have; none while the graph cannot be built."""
    try:
        return choices(parameter, settings.graph().store, "en")
    except JagraphError as reason:
        settings.say(str(reason))
        return []
