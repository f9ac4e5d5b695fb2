"""The records and the whole graph as files: what is wrong, writing all of it, its versions."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from jagraph.api.arguments import require_format
from jagraph.api.opening import Folder, project_of
from jagraph.core.findings import Issue
from jagraph.core.project import Project
from jagraph.core.version import __version__
from jagraph.domain.lineage import Indexed
from jagraph.graph import provenance
from jagraph.graph.cache import Graph, silent

if TYPE_CHECKING:
    from jagraph.api.opening import Progress


class Versions(NamedTuple):
    """What an answer depends on.

    ``code`` is the version of jagraph, ``rules`` that of the vocabulary with its rules, ``data``
    the date of the newest edition of the list in the records; "" where it is not known.
    """

    code: str
    rules: str
    data: str


def validate(
    project: Folder | Project | None = None,
    paths: Iterable[Folder] = (),
    *,
    progress: Progress | None = None,
) -> list[Issue]:
    """Return every finding about the records of a project, sorted by file, line and column.

    ``project`` is as in ``open_graph``; ``paths`` (files or folders) limit what is reported. Each
    finding has ``severity`` ("error" or "warning"), ``code``, ``message``, ``remedy`` and
    ``position``; sound records have none. Raises OutsideError for what does not exist and where
    there is nothing to check.

    >>> validate("tests/tiny")
    []
    """
    from jagraph.graph.validation import validate as findings

    places = [Path(path) for path in paths]
    return findings(project_of(project), places, progress or silent)


def export(
    graph: Graph, path: Folder, *, format: str | None = None, progress: Progress | None = None
) -> None:
    """Write the whole graph, asserted and derived, to ``path``: whole or not at all.

    ``format`` is ttl, nt, rdf, jsonld, or nq and trig, which keep what is asserted and what is
    derived apart; by default the extension of ``path``. The same graph gives the same bytes; an
    imported store is written in its own order, with a line of ``progress`` now and then. Raises
    RequestError for another format, OutsideError when the file cannot be written.

    >>> export(graph, folder / "tiny.nt")
    >>> (folder / "tiny.nt").read_text().startswith("<https://w3id.org/jagraph/")
    True
    """
    from jagraph.core.atomic_write import whole
    from jagraph.graph import export as writing
    from jagraph.records.context import read_context

    target = Path(path)
    form = format or target.suffix.removeprefix(".")
    require_format(form, writing.FORMATS)
    with whole(target) as out:
        if isinstance(graph.store, Indexed):
            writing.stream(graph.store, form, out, progress or silent)
        else:
            context = read_context(graph.project.context)
            out.write(writing.export(graph.store, form, context))


def versions(graph: Graph) -> Versions:
    """Return the versions of the code, the rules and the data that answers depend on.

    >>> versions(graph).data
    '2025-01-27'
    """
    return Versions(__version__, *provenance.versions(graph.store))
