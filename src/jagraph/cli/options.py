"""The options of every verb, and of those that ask."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from jagraph.cli.settings import Settings

Verb = TypeVar("Verb", bound=Callable[..., Any])


QUERIES = click.option(
    "--queries",
    "extra",
    metavar="DIR",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Add your own saved queries (.rq) in DIR to the gallery; may be given again.",
)


class _Seconds(click.FloatRange):
    """A time that ends: from a tenth of a second to a day."""

    def __init__(self) -> None:
        super().__init__(min=0.1, max=86_400)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the number of seconds; "nan", which is in every range, is refused."""
        seconds: float = super().convert(value, param, ctx)
        if seconds != seconds:
            self.fail(f"{value!r} is no number of seconds.", param, ctx)
        return seconds


TIME_LIMIT = click.option(
    "--time-limit",
    type=_Seconds(),
    default=20,
    show_default=True,
    metavar="SECONDS",
    help="How long one SPARQL query may take.",
)


def common(verb: Verb) -> Verb:
    """Give ``verb`` the options of every verb, as its first argument ``settings``.

    Verbs that ask take those of ``asking``, too.
    """

    @wraps(verb)
    def with_settings(
        *args: Any,
        directory: Path | None,
        quiet: bool,
        verbose: bool,
        endpoint: str | None = None,
        imported: Path | None = None,
        **rest: Any,
    ) -> Any:
        return verb(Settings(directory, quiet, verbose, endpoint, imported), *args, **rest)

    options = (
        click.option(
            "--project",
            "directory",
            metavar="DIR",
            type=click.Path(path_type=Path),
            help="Work on the folders data/ (ontology/, queries/) in DIR.",
        ),
        click.option("-q", "--quiet", is_flag=True, help="Say nothing but the answer."),
        click.option("-v", "--verbose", is_flag=True, help="Say more: the SPARQL that is run."),
    )
    for option in reversed(options):
        with_settings = option(with_settings)
    return with_settings  # type: ignore[return-value]  # options are added


def asking(verb: Verb) -> Verb:
    """Give ``verb``, which has the options of ``common``, those that name another graph to ask."""
    options = (
        click.option(
            "--endpoint",
            metavar="URL",
            help="Ask the graph at a SPARQL endpoint, filled by `jagraph load`.",
        ),
        click.option(
            "--store",
            "imported",
            metavar="DIR",
            type=click.Path(path_type=Path),
            help="Ask the store that `jagraph import-hub` wrote to DIR.",
        ),
    )
    for option in reversed(options):
        verb = option(verb)
    return verb
