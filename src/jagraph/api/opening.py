"""Opening a graph: the built one, an imported store, or the graph at an endpoint."""

from __future__ import annotations

import os

from jagraph.core.errors import RequestError
from jagraph.core.project import Project, find_project
from jagraph.graph.cache import Graph, cached, silent

TYPE_CHECKING = False  # typing is more to load than all else here
if TYPE_CHECKING:
    from collections.abc import Callable

    Progress = Callable[[str], None]

Folder = str | os.PathLike[str]


def open_graph(
    project: Folder | Project | None = None,
    *,
    store: Folder | None = None,
    endpoint: str | None = None,
    progress: Progress | None = None,
) -> Graph:
    """Return the graph of a project, open for questions.

    ``project`` is a folder with ``data/``; by default the one with ``data/`` and ``ontology/``
    around the working folder, else the records that come with jagraph. The graph is taken from the
    cache, and built (a few seconds) when a record, a rule or the vocabulary has changed. ``store``
    is a folder that ``jagraph import-hub`` wrote, ``endpoint`` the URL of a SPARQL endpoint that
    ``jagraph load`` filled: one of them is asked instead. ``progress`` gets a line of text when
    something takes long.

    Raises DataError, with file, line and column, when a record cannot be read; OutsideError when a
    folder is missing or a store is damaged; RequestError when both ``store`` and ``endpoint`` are
    given. An endpoint that does not answer is an OutsideError of the first question.

    >>> with open_graph("tests/tiny") as graph:
    ...     graph.ask("ASK { model:hana-7b a jag:Model }")
    True
    """
    if endpoint is not None and store is not None:
        raise RequestError(
            "two-graphs", "--endpoint and --store name two graphs", remedy="leave one out"
        )
    here, say = project_of(project), progress or silent
    if endpoint is not None:
        from jagraph.store.remote import RemoteStore

        return Graph(RemoteStore(endpoint), here, None)
    if store is not None:
        from pathlib import Path

        from jagraph.sources.hub.imported_store import open_store

        return open_store(Path(store), here, say)

    def build() -> Graph:
        from jagraph.graph.build import build_anew

        return build_anew(here, say, must_keep=False)

    return cached(here, say, build) or build()


def project_of(folder: Folder | Project | None) -> Project:
    """Return the project in ``folder``; see ``open_graph``. Raises OutsideError without one."""
    if isinstance(folder, Project):
        return folder
    return find_project(None if folder is None else os.fspath(folder))
