"""What is wrong with the records, each finding at the place where it is written.

Three layers, nothing twice: ``records`` refuses what cannot be read, SHACL says what one node must
have, and the queries in ``queries/checks/`` say what must hold between nodes. SHACL sees only what
is asserted; a check query sees what is derived too.
"""

from __future__ import annotations

import logging
import warnings
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from jagraph.build import Asserted, derive, read
from jagraph.context import read_context
from jagraph.errors import OutsideError, Position
from jagraph.issues import Issue, Severity
from jagraph.project import Project
from jagraph.sources import SourceMap
from jagraph.store import EmbeddedStore, text_of
from jagraph.vocab import shorten

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
_KEYS = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT ?shape ?path { ?shape sh:property/sh:path ?path }
"""


def validate(project: Project) -> list[Issue]:
    """Return every finding about the records of ``project``, sorted by position.

    When records cannot be read, only that is reported: the rest of the graph would be full of holes
    that are no mistakes of their own.
    """
    asserted = read(project)
    if asserted.issues:
        return sorted(set(asserted.issues))
    found = [*_by_shapes(project, asserted), *_by_checks(project, asserted)]
    return sorted(set(found))


def only(issues: Iterable[Issue], paths: Iterable[Path], project: Project) -> list[Issue]:
    """Return the issues in ``paths`` (files or folders); raises OutsideError for a missing one."""
    wanted = []
    for path in paths:
        place = path if path.exists() else project.root / path
        if not place.exists():
            raise OutsideError(
                "missing-file",
                f"{path} does not exist",
                where=str(path),
                remedy="give a record, or a folder of records, of this project",
            )
        wanted.append(project.relative(place.resolve()))
    return [
        issue
        for issue in issues
        if any(
            issue.position.file == path or path in issue.position.file.parents for path in wanted
        )
    ]


def _by_shapes(project: Project, asserted: Asserted) -> list[Issue]:
    """Check each node against its closed shape with pyshacl, on the asserted triples alone."""
    import rdflib
    from pyshacl import validate as check

    rdflib.NORMALIZE_LITERALS = False  # else "yes" is reported as "false"
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)  # ill-typed literals: we report
    warnings.filterwarnings("ignore", "Parsing weird boolean", UserWarning)
    data = rdflib.Graph()
    written = ox.serialize(asserted.triples, format=ox.RdfFormat.N_TRIPLES)
    data.parse(data=written, format="nt")
    shapes = rdflib.Graph().parse(project.shapes, format="turtle")
    _, report, _ = check(data, shacl_graph=shapes, inference="none", advanced=False)
    store = ox.Store()
    store.bulk_load(report.serialize(format="nt").encode(), format=ox.RdfFormat.N_TRIPLES)
    names = {path: key.name for path, key in read_context(project.context).by_predicate().items()}
    takes = _keys_by_shape(shapes.serialize(format="nt"), names)
    issues = []
    for row in EmbeddedStore(store).select(_RESULTS).rows:
        focus, path, value, shape, component, severity, message = row
        if not isinstance(focus, ox.NamedNode):
            continue  # a scalar where a node belongs: its own property reports it
        kind = text_of(component).removeprefix(_SH).removesuffix("ConstraintComponent")
        said, remedy = _wording(
            kind, names.get(text_of(path), ""), text_of(message), takes.get(text_of(shape), "")
        )
        issues.append(
            _issue(
                asserted.records.source,
                project,
                focus.value,
                path.value if isinstance(path, ox.NamedNode) else "",
                value.value if isinstance(value, ox.NamedNode | ox.Literal) else "",
                "misplaced-key" if kind == "Closed" else text_of(shape).rpartition("#")[2],
                said,
                remedy,
                "warning" if text_of(severity).endswith(("Warning", "Info")) else "error",
            )
        )
    return issues


def _by_checks(project: Project, asserted: Asserted) -> list[Issue]:
    """Run the check queries; each row is a finding with ``?node ?path ?value ?message ?help``."""
    store = ox.Store()
    derive(project, asserted, store)
    graph = EmbeddedStore(store)
    issues = []
    for path in project.checks():
        for row in graph.select(path.read_text(encoding="utf-8")).dicts():
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


def _keys_by_shape(shapes: str, names: dict[str, str]) -> dict[str, str]:
    """Return for each node shape the keys it takes, as the help of what does not belong there."""
    store = ox.Store()
    store.bulk_load(shapes.encode(), format=ox.RdfFormat.N_TRIPLES)
    keys: defaultdict[str, list[str]] = defaultdict(list)
    for row in EmbeddedStore(store).select(_KEYS).dicts():
        keys[row["shape"]].append(names[row["path"]])
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
