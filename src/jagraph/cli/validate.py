"""The verb `validate`: what is wrong with the records, or with an imported store."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import click

from jagraph.cli.options import common
from jagraph.cli.settings import Settings, deliver, target_format, width
from jagraph.core import findings
from jagraph.core.errors import RequestError
from jagraph.core.rdf_text import Value
from jagraph.query import result_formats
from jagraph.store.base import Solutions


@click.command("validate")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    metavar="|".join(findings.FORMATS),
    default="table",
    help="github annotates a pull request.",
)
@click.option(
    "--store",
    "checked",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Check the store that `jagraph import-hub` wrote to DIR instead.",
)
@common
def command(settings: Settings, paths: tuple[Path, ...], form: str, checked: Path | None) -> None:
    """Check the records; each finding has its file, line and column. Exit code 1 on an error.

    PATHs limit what is reported, not what is read: a reference may point anywhere. An imported
    store has no lines: each constraint that fails is a row, with its count and one example.
    """
    if checked is not None:
        if paths:
            raise RequestError(
                "paths-of-a-store",
                "PATHs are files of records, which a store does not have",
                where=str(paths[0]),
                remedy="leave the PATHs out, or --store",
            )
        _validate_store(settings, checked, form)
    from jagraph.api.records import validate

    asked = target_format(form, None, findings.FORMATS, "table")
    found = validate(settings.project(), paths, progress=settings.say)
    if found or asked == "json":
        click.echo(findings.render(found, asked))
    errors = sum(issue.severity == "error" for issue in found)
    settings.say(f"{errors} errors, {len(found) - errors} warnings")
    raise click.exceptions.Exit(1 if errors else 0)


def _validate_store(settings: Settings, checked: Path, form: str) -> NoReturn:
    """Print the constraints that fail in an imported store, and end with the exit code."""
    import pyoxigraph as ox

    from jagraph.sources.hub.check import COLUMNS, check
    from jagraph.sources.hub.imported_store import open_store

    asked = target_format(form, None, result_formats.FORMATS, "table")
    failures = check(open_store(checked, settings.project(), settings.say), settings.say)
    if failures or asked == "json":
        rows: list[tuple[Value, ...]] = [
            tuple(ox.Literal(cell) for cell in one) for one in failures
        ]
        found = result_formats.render(Solutions([*COLUMNS], rows), asked, width=width(asked))
        deliver(found, None, settings)
    settings.say(f"{len(failures)} constraints fail")
    raise click.exceptions.Exit(1 if failures else 0)
