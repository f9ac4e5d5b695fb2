"""What every verb shares: the options of every verb, the graph, and where answers go."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar

import click

from jagraph.api.arguments import require_format
from jagraph.api.opening import open_graph
from jagraph.cli.terminal_text import write_exactly
from jagraph.core.atomic_write import whole
from jagraph.core.descriptors import descriptor
from jagraph.core.errors import RequestError
from jagraph.core.project import Project, find_project
from jagraph.core.project_root import nearest
from jagraph.graph.cache import Graph

Verb = TypeVar("Verb", bound=Callable[..., Any])


@dataclass(frozen=True)
class Settings:
    """The options every verb takes."""

    directory: Path | None
    quiet: bool
    verbose: bool
    endpoint: str | None = None
    imported: Path | None = None

    def project(self) -> Project:
        """Return the project the verb works on."""
        return find_project(self.directory)

    def own_project(self) -> Project:
        """Return the project to change; raises RequestError outside of one.

        The records that come with jagraph serve those who have none of their own, to read.
        """
        project, here = self.project(), str(Path.cwd())
        outside = self.directory is None and nearest(here) != str(project.root)
        if outside or project.packaged:
            raise RequestError(
                "no-project-here",
                "the working folder is not in a project, and the records that come with jagraph "
                "are not changed",
                where=here,
                remedy="work in the folder that holds data/ and ontology/, or say --project DIR",
            )
        return project

    def graph(self) -> Graph:
        """Return the graph to ask: the endpoint's, the imported one, or the built one.

        The built one is built now if need be. Raises RequestError when two are named.
        """
        return open_graph(
            self.project(), store=self.imported, endpoint=self.endpoint, progress=self.say
        )

    def note_unknown_places(self) -> None:
        """Say so where it is not known in which lines the statements are written."""
        if self.endpoint is not None:
            self.say("note: lines of records are not known at an endpoint, and left out")

    def say(self, text: str) -> None:
        """Tell the user what goes on, on stderr, unless quiet."""
        if not self.quiet:
            with suppress(OSError):  # stderr is closed or full: what is said is not the answer
                click.echo(text, err=True)


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
    from functools import wraps

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


def target_format(
    given: str | None, output: Path | None, formats: tuple[str, ...], otherwise: str
) -> str:
    """Return the format asked for: by name, else by the target's extension, else ``otherwise``.

    Raises RequestError with the formats there are.
    """
    asked = given or otherwise
    if output and not given:
        fitting = (form for form in formats if output.name.endswith(f".{form}"))
        asked = next(fitting, output.suffix.removeprefix("."))
    require_format(asked, formats)
    return asked


def deliver(content: str | bytes, output: Path | None, settings: Settings) -> None:
    """Write ``content`` to ``output``, whole or not at all, or to stdout.

    Every character stays as it is, but on a terminal.
    """
    if output is None and isinstance(content, str):
        write_exactly(content)
    else:
        with delivered(output, settings) as out:
            out.write(content.encode() if isinstance(content, str) else content)


@contextmanager
def delivered(output: Path | None, settings: Settings) -> Iterator[IO[bytes]]:
    """Give a file to fill that becomes ``output`` when it is whole, or stdout."""
    if output is None or descriptor(output) == 1:
        yield sys.stdout.buffer
    else:
        with whole(output) as out:
            yield out
        settings.say(f"wrote {output}")


def terminal() -> bool:
    """Tell whether answers go to a person's terminal."""
    return sys.stdout.isatty()


def width() -> int | None:
    """Return the width answers may take: that of the terminal, or COLUMNS, or no bound."""
    from shutil import get_terminal_size

    if "COLUMNS" in os.environ or terminal():
        return get_terminal_size().columns
    return None
