"""The order of the stages, from records to a graph one can ask; the finished graph is a cache.

The cache is keyed by the content of every input and the versions of jagraph and its store. Sizes
and times of change are looked at first, since hashing all files costs more than most queries. A
new graph is written under a temporary name and renamed, so that a reader sees a whole one or none.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import platformdirs
import pyoxigraph as ox

from jagraph import __version__
from jagraph.context import read_context
from jagraph.errors import DataError, JagraphError, OutsideError, Position
from jagraph.graph import apply_rules, asserted_triples, count_values, load, load_ontology
from jagraph.issues import Issue
from jagraph.project import Project
from jagraph.records import Records, SourceMap, lost_values, read_records
from jagraph.store import EmbeddedStore
from jagraph.vocab import ASSERTED

Say = Callable[[str], None]
_STORE, _SOURCES = "store", "sources.json"


@dataclass(frozen=True)
class Graph:
    """A built graph: the store, and where each of its statements is written."""

    store: EmbeddedStore
    project: Project
    folder: Path

    def sources(self) -> SourceMap:
        """Read where nodes and values are written."""
        saved = json.loads((self.folder / _SOURCES).read_text(encoding="utf-8"))
        source = SourceMap()
        for node, file, line, column in saved["nodes"]:
            source.nodes[node] = Position(Path(file), line, column)
        for node, predicate, text, file, line, column in saved["values"]:
            written = source.values.setdefault((node, predicate), [])
            written.append((text, Position(Path(file), line, column)))
        return source


@dataclass(frozen=True)
class Asserted:
    """What the records say, as triples, with positions and what was found wrong on the way."""

    triples: list[ox.Triple]
    records: Records

    @property
    def issues(self) -> list[Issue]:
        """What could not be read."""
        return self.records.issues


def read(project: Project) -> Asserted:
    """Read the records of ``project`` to triples; nothing is derived yet."""
    context = read_context(project.context)
    records = read_records(project, context)
    triples = asserted_triples(records.documents, context)
    records.issues.extend(lost_values(records, count_values(triples), context))
    return Asserted(triples, records)


def derive(project: Project, asserted: Asserted, store: ox.Store) -> None:
    """Fill ``store`` with the ontology, what the records say, and what the rules find in both."""
    load_ontology(store, project.vocabulary)
    load(store, asserted.triples, ASSERTED)
    apply_rules(store, project.rules())


def build(project: Project, say: Say, *, fresh: bool = False) -> Graph:
    """Return the graph of ``project`` from the cache, building it when an input has changed.

    ``say`` gets one line when something takes long or a damaged cache is replaced; ``fresh`` builds
    in any case. Raises DataError when a record cannot be read, OutsideError when the cache folder
    cannot be written.
    """
    cache = _cache_folder()
    if not fresh and (known := _known_key(project, cache)):
        folder = cache / known
        if folder.is_dir():
            try:
                return Graph(EmbeddedStore.open(folder / _STORE), project, _checked(folder))
            except (OSError, ValueError, RuntimeError, JagraphError) as reason:
                say(f"the cached graph {folder} is damaged ({reason}); building it again")
    say(f"building the graph of {project.root} …")
    asserted = read(project)
    if asserted.issues:
        first = min(asserted.issues)
        others = len(asserted.issues) - 1
        raise DataError(
            first.code,
            first.message + (f" (and {others} more)" if others else ""),
            where=first.position,
            remedy=f"{first.remedy.rstrip('?')}; `jagraph validate` lists everything",
        )
    store = ox.Store()
    derive(project, asserted, store)
    folder = cache / _content_key(project)
    _write(folder, store, asserted.records.source, cache)
    _remember(project, cache, folder.name)
    return Graph(EmbeddedStore.open(folder / _STORE), project, folder)


def _checked(folder: Path) -> Path:
    json.loads((folder / _SOURCES).read_text(encoding="utf-8"))
    return folder


def _cache_folder() -> Path:
    folder = Path(os.environ.get("JAGRAPH_CACHE") or platformdirs.user_cache_dir("jagraph"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as reason:
        raise OutsideError(
            "no-cache-folder",
            f"the cache folder cannot be made: {reason}",
            where=str(folder),
            remedy="point JAGRAPH_CACHE at a folder you may write to",
        ) from reason
    return folder


def _inputs(project: Project) -> list[Path]:
    return [*project.records(), project.context, project.vocabulary, *project.rules()]


def _version() -> str:
    return f"{__version__} {ox.__version__} {sys.byteorder}"


def _content_key(project: Project) -> str:
    digest = hashlib.sha256(_version().encode())
    for path in _inputs(project):
        content = path.read_bytes()
        digest.update(f"\0{project.relative(path)}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:32]


def _look(project: Project) -> str:
    """Return a digest of path, size and time of change of every input."""
    digest = hashlib.sha256(_version().encode())
    for path in _inputs(project):
        try:
            status = path.stat()
        except OSError as reason:
            raise OutsideError(
                "missing-file",
                f"{path} cannot be read: {reason.strerror}",
                where=str(path),
                remedy="restore it from the repository, or check --project",
            ) from reason
        digest.update(f"\0{path}\0{status.st_size}\0{status.st_mtime_ns}".encode())
    return digest.hexdigest()[:32]


def _known_key(project: Project, cache: Path) -> str:
    """Return the content key of ``project``: remembered for unchanged files, else computed."""
    note = cache / f"look-{_look(project)}"
    try:
        return note.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        key = _content_key(project)
        if (cache / key).is_dir():
            _remember(project, cache, key)
        return key


def _remember(project: Project, cache: Path, key: str) -> None:
    handle, name = tempfile.mkstemp(dir=cache, prefix="look-new-")
    with os.fdopen(handle, "w", encoding="utf-8") as note:
        note.write(key)
    Path(name).replace(cache / f"look-{_look(project)}")


def _write(folder: Path, store: ox.Store, source: SourceMap, cache: Path) -> None:
    """Write the finished graph to ``folder`` as a whole or not at all."""
    half = Path(tempfile.mkdtemp(dir=cache, prefix="new-"))
    try:
        disk = ox.Store(str(half / _STORE))
        disk.bulk_extend(store.quads_for_pattern(None, None, None))
        disk.optimize()
        del disk
        nodes = [(node, p.file.as_posix(), p.line, p.column) for node, p in source.nodes.items()]
        values = [
            (node, predicate, text, p.file.as_posix(), p.line, p.column)
            for (node, predicate), written in source.values.items()
            for text, p in written
        ]
        text = json.dumps({"nodes": nodes, "values": values}, ensure_ascii=False)
        (half / _SOURCES).write_text(text, encoding="utf-8")
        if folder.is_dir():
            shutil.rmtree(folder)
        half.rename(folder)
    except OSError as reason:
        raise OutsideError(
            "cache-not-written",
            f"the built graph cannot be written: {reason}",
            where=str(folder),
            remedy="free some space, or point JAGRAPH_CACHE at another folder",
        ) from reason
    finally:
        shutil.rmtree(half, ignore_errors=True)
