"""What is wrong with the records, each finding at the place where it is written.

Three layers, nothing twice: ``records`` refuses what cannot be read, SHACL says what one node must
have, and the queries in ``queries/checks/`` say what must hold between nodes. SHACL sees only what
is asserted; a check query sees the edges between
records too.
"""

from __future__ import annotations

import logging
import warnings
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from jagraph.core.errors import DataError, OutsideError, RequestError
from jagraph.core.findings import Issue, Severity
from jagraph.core.namespaces import shorten
from jagraph.core.position import Position
from jagraph.core.project import Project
from jagraph.core.rdf_text import text_of
from jagraph.core.time_limit import patience
from jagraph.graph.build import Asserted, derive, read
from jagraph.graph.cache import Say, silent
from jagraph.graph.shapes import read_shapes, unusable
from jagraph.records.context import read_context
from jagraph.records.reader import unread
from jagraph.records.source_map import SourceMap
from jagraph.store.admission import read_query
from jagraph.store.base import EmbeddedStore

if TYPE_CHECKING:
    import rdflib

_SH = "http://www.w3.org/ns/shacl#"
_RESULTS = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT ?focus ?path ?value ?shape ?component ?severity (MIN(?text) AS ?message) WHERE {
  ?result a sh:ValidationResult ; sh:focusNode ?focus ; sh:sourceShape ?shape ;
    sh:sourceConstraintComponent ?component ; sh:resultSeverity ?severity .
  OPTIONAL { ?result sh:resultPath ?path }
  OPTIONAL { ?result sh:value ?value }
  OPTIONAL { ?result sh:resultMessage ?text }
}
GROUP BY ?focus ?path ?value ?shape ?component ?severity
"""
_COLUMNS = ("node", "path", "value", "message", "help")
_LAST_LAYER = "descent"
_KEYS = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT ?shape ?path { ?shape sh:property/sh:path ?path }
"""


def validate(project: Project, paths: Sequence[Path] = (), say: Say = silent) -> list[Issue]:
    """Return every finding about the records of ``project``, sorted by position.

    ``paths`` (files or folders) limit what is reported: all records are read, but only the nodes in
    ``paths`` are held against the shapes. ``say`` gets a line per stage. When records cannot be
    read, only that is reported: the rest of the graph would be full of holes that are no mistakes
    of their own. Raises OutsideError for a path that does not exist, and where there is nothing to
    check or to check by: no record, shape, rule or check.
    """
    selection = [_place(path, project) for path in paths]
    records = project.records()
    say(f"checking {len(records)} records …")
    listed = [*records, *project.unread(), *project.unread_checks()]
    if selection and not any(_is_in(project.relative(path), selection) for path in listed):
        raise OutsideError(
            "nothing-to-check",
            "no record is in " + ", ".join(map(str, paths)),
            remedy="give a record, or a folder of records, of this project",
        )
    asserted = read(project)
    findings = asserted.issues
    if not findings:
        triples = _about(selection, asserted) if selection else asserted.triples
        say("  each by itself (shapes) …")
        findings = _by_shapes(project, asserted.records.source, triples)
        say("  against each other (checks) …")
        findings += _by_checks(project, asserted)
    return sorted({issue for issue in findings if _is_in(issue.position.file, selection)})


def _place(path: Path, project: Project) -> Path:
    """Return ``path``, which counts from here or from the project's root, from that root."""
    places = [place.resolve() for place in (path, project.root / path) if place.exists()]
    for place in places:
        if place.is_relative_to(project.root):
            return project.relative(place)
    raise OutsideError(
        "missing-file",
        f"{path} is not in {project.root}" if places else f"{path} does not exist",
        where=str(path),
        remedy="give a record, or a folder of records, of this project",
    )


def _is_in(file: Path, places: Sequence[Path]) -> bool:
    return not places or any(file == path or path in file.parents for path in places)


def _about(files: Sequence[Path], asserted: Asserted) -> list[ox.Triple]:
    """Return the triples the shapes look at for the nodes written in ``files``.

    A shape looks at the properties of its node and, for its target, at those that point to it.
    """
    inside: dict[str, bool] = {}

    def is_inside(node: object) -> bool:
        if not isinstance(node, ox.NamedNode):
            return False
        if node.value not in inside:
            place = asserted.records.source.find(node.value)
            inside[node.value] = place is not None and _is_in(place.file, files)
        return inside[node.value]

    return [t for t in asserted.triples if is_inside(t.subject) or is_inside(t.object)]


def _by_shapes(project: Project, source: SourceMap, triples: list[ox.Triple]) -> list[Issue]:
    """Check each node of ``triples``, which are asserted, against its closed shape with pyshacl."""
    import rdflib
    from pyshacl import validate as check
    from pyshacl.errors import ReportableRuntimeError

    names = {path: key.name for path, key in read_context(project.context).by_predicate().items()}
    rdflib.NORMALIZE_LITERALS = False  # else "yes" is reported as "false"
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)  # ill-typed literals: we report
    warnings.filterwarnings("ignore", "Parsing weird boolean", UserWarning)
    text, shapes = read_shapes(project.shapes)
    takes = _takes(shapes, names)
    data = rdflib.Graph()
    triples_text = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    data.parse(data=triples_text, format="nt")
    try:
        _, report, _ = check(data, shacl_graph=_shapes(text), inference="none", advanced=False)
    except ReportableRuntimeError as reason:
        raise unusable(project.shapes, str(reason)) from reason
    store = ox.Store()
    store.bulk_load(report.serialize(format="nt").encode(), format=ox.RdfFormat.N_TRIPLES)
    issues = []
    for row in EmbeddedStore(store).select(_RESULTS).rows:
        focus, path, value, shape, component, severity, message = row
        if not isinstance(focus, ox.NamedNode):
            continue  # a scalar where a node belongs: its own property reports it
        kind = text_of(component).removeprefix(_SH).removesuffix("ConstraintComponent")
        sentence, remedy = _wording(
            kind, names.get(text_of(path), ""), text_of(message), takes.get(text_of(shape), "")
        )
        issues.append(
            _issue(
                source,
                project,
                focus.value,
                path.value if isinstance(path, ox.NamedNode) else "",
                value.value if isinstance(value, ox.NamedNode | ox.Literal) else "",
                "misplaced-key" if kind == "Closed" else text_of(shape).rpartition("#")[2],
                sentence,
                remedy,
                "warning" if text_of(severity).endswith(("Warning", "Info")) else "error",
            )
        )
    return issues


@lru_cache(maxsize=1)
def _shapes(text: str) -> rdflib.Graph:
    """Return the shapes; parsing them takes longer than holding a file against them."""
    import rdflib

    # rdflib recurses into the brackets of Turtle, of which N-Triples have none
    flat = ox.serialize(ox.parse(text, format=ox.RdfFormat.TURTLE), format=ox.RdfFormat.N_TRIPLES)
    return rdflib.Graph().parse(data=flat, format="nt")


def _by_checks(project: Project, asserted: Asserted) -> list[Issue]:
    """Run the check queries; each row is a finding with ``?node ?path ?value ?message ?help``.

    They see names, edges and what spreads along them, not the verdicts that follow.
    """
    store = ox.Store()
    derive(project, asserted, store, last=_LAST_LAYER)
    graph = EmbeddedStore(store)
    issues = [unread(path, project) for path in project.unread_checks()]
    for path in project.checks():
        for row in _failures(graph, path):
            issues.append(
                _issue(
                    asserted.records.source,
                    project,
                    row["node"],
                    row["path"],
                    row["value"],
                    path.stem,
                    row["message"],
                    row["help"],
                    "warning" if row.get("severity") == "warning" else "error",
                )
            )
    return issues


def _issue(
    source: SourceMap,
    project: Project,
    node: str,
    path: str,
    value: str,
    code: str,
    message: str,
    remedy: str,
    severity: Severity,
) -> Issue:
    place = source.find(node, path, value)
    if place is None:
        place = Position(project.relative(project.data), 1, 1)
        message = f"{shorten(node)}: {message}"
    text = message.replace("{value}", shorten(value) if value else "nothing")
    return Issue(place, code, text, remedy, severity)


def _failures(graph: EmbeddedStore, path: Path) -> list[dict[str, str]]:
    """Return the rows of one check query; raises DataError for one that is no such query."""
    try:
        with patience(path):
            solutions = graph.select(read_query(path))
    except RequestError as reason:
        raise _bad_check(path, reason.what) from reason
    if missing := [name for name in _COLUMNS if name not in solutions.variables]:
        raise _bad_check(path, "it has no column ?" + ", ?".join(missing))
    return list(solutions.dicts())


def _bad_check(path: Path, why: str) -> DataError:
    remedy = "mend it, or restore it from the repository"
    what = f"the check cannot be used: {why}"
    return DataError("bad-check", what, where=Position(path, 1, 1), remedy=remedy)


def _takes(shapes: EmbeddedStore, names: Mapping[str, str]) -> dict[str, str]:
    """Return for each node shape the keys it takes, as the help of what does not belong there."""
    keys: defaultdict[str, list[str]] = defaultdict(list)
    for row in shapes.select(_KEYS).dicts():
        keys[row["shape"]].append(names.get(row["path"], row["path"]))
    return {shape: "the keys here: " + ", ".join(sorted(found)) for shape, found in keys.items()}


def _wording(kind: str, key: str, message: str, takes: str) -> tuple[str, str]:
    """Return what is wrong and what to do, by the kind of constraint that does not hold."""
    if kind == "Closed":
        return message.replace("{path}", repr(key)), takes
    if kind == "MinCount":
        return f"{key!r} is missing", "" if "{value}" in message else message
    if kind == "MaxCount":
        return f"{key!r} takes one value", "keep one; two sources that differ are two statements"
    return message, ""
