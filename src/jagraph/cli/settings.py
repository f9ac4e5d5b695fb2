"""What every verb shares once its words are read: the project, the graph, where answers go."""

from __future__ import annotations

import os
import sys

from jagraph.api.arguments import require_format
from jagraph.api.opening import open_graph
from jagraph.cli.terminal_text import echo, write_exactly
from jagraph.core.errors import RequestError
from jagraph.core.frozen import frozen
from jagraph.core.project import find_project
from jagraph.core.project_root import nearest

TYPE_CHECKING = False  # typing is more to load than all else here
if TYPE_CHECKING:
    from pathlib import Path

    from jagraph.core.project import Project
    from jagraph.graph.cache import Graph


@frozen
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
        project, here = self.project(), os.getcwd()
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
        try:
            if not self.quiet:
                echo(text, err=True)
        except OSError:
            pass  # stderr is closed or full: what is said is not the answer


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
        from jagraph.cli.delivery import delivered

        with delivered(output, settings) as out:
            out.write(content.encode() if isinstance(content, str) else content)


def terminal() -> bool:
    """Tell whether answers go to a person's terminal."""
    return sys.stdout.isatty()


def width(form: str) -> int | None:
    """Return the width of a table: that of the terminal, or COLUMNS, or no bound, as of others."""
    if form != "table":
        return None
    from shutil import get_terminal_size

    if "COLUMNS" in os.environ or terminal():
        return get_terminal_size().columns
    return None
