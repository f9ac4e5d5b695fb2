"""A saved query that was asked before is answered again without the parser of the command line.

To read a command and the header of a query costs several times what the answer costs. What they
come to, the SPARQL to run, is remembered by working folder and words of the command, and holds for
as long as the graph and the file of the query stay as they were. The store is asked anew each time;
its files look, before and after, as they did when their content was last verified.
"""

from __future__ import annotations

import os

# the module `signal` loads enum, which takes longer than most questions
from _signal import SIG_DFL, SIGINT, signal  # type: ignore[import-not-found]  # has no stub

import pyoxigraph as ox

from jagraph.core.disk_memo import ASKED, GRAPH, SOUND, recall, remember
from jagraph.core.file_stamps import TICK, last_change, seal, stamp, stamps
from jagraph.core.folder_lock import Hold
from jagraph.core.namespaces import PREFIXES
from jagraph.core.project_root import nearest
from jagraph.core.rdf_text import bare, tsv

TYPE_CHECKING = False  # typing is more to load than all else here
if TYPE_CHECKING:
    from jagraph.graph.cache import Graph
    from jagraph.query.catalogue import SavedQuery


def answer(words: list[str]) -> str | None:
    """Return the answer to the command ``words`` as TSV, None where it was not asked before."""
    if words[:1] != ["query"]:
        return None
    try:
        folder = os.getcwd()
        known = recall(ASKED, _subject(folder, words), "")
        if not isinstance(known, dict):
            return None
        graph = known["graph"]
        if (
            nearest(folder) != known["nearest"]
            or stamp(known["file"][0]) != known["file"]
            or recall(GRAPH, known["root"], stamps(*known["inputs"])[0]) != known["key"]
        ):
            return None
        hold = Hold(graph)
        sound = recall(SOUND, graph, "")
        if seal(graph)[0] != sound:
            return None
        text = _ask(ox.Store.read_only(known["store"]), known["sparql"])
        del hold
        return text if seal(graph)[0] == sound else None
    except (OSError, ValueError, RuntimeError):  # gone or damaged: the whole command line mends it
        return None


def _ask(store: ox.Store, sparql: str) -> str | None:
    # Python would tell of Ctrl-C after the query; nothing is open that a sudden end could harm
    before = signal(SIGINT, SIG_DFL)
    try:
        found = store.query(sparql, use_default_graph_as_union=True, prefixes=PREFIXES)
        if not isinstance(found, ox.QuerySolutions):
            return None
        return tsv([one.value for one in found.variables], (map(bare, row) for row in found))
    finally:
        signal(SIGINT, before)


def note(words: list[str], saved: SavedQuery, sparql: str, graph: Graph) -> None:
    """Remember that the command ``words``, which names no project, asks ``sparql`` of ``graph``."""
    from contextlib import suppress

    if graph.folder is not None:
        with suppress(OSError):  # a file or folder is gone since: the answer is given nonetheless
            _note(words, saved, sparql, graph, graph.folder)


def _note(
    words: list[str], saved: SavedQuery, sparql: str, graph: Graph, built: os.PathLike[str]
) -> None:
    import time

    from jagraph.core.bounded_reader import read_text
    from jagraph.graph.fingerprint import inputs

    file = stamp(os.fspath(saved.path))
    unchanged = read_text(saved.path) == saved.text
    if unchanged and last_change(file) < time.time_ns() - TICK:
        folder, root = os.getcwd(), os.fspath(graph.project.root)
        known = {
            "nearest": nearest(folder),
            "file": file,
            "root": root,
            "inputs": inputs(graph.project),
            "key": graph.key,
            "graph": os.fspath(built),
            "store": os.fspath(graph.on_disk()),
            "sparql": sparql,
        }
        remember(ASKED, _subject(folder, words), "", known)


def _subject(folder: str, words: list[str]) -> str:
    return "\0".join([folder, *words])
