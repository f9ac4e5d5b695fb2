"""An imported store held against ``ontology/hub-shapes.ttl``, whatever its size.

The engine is the package shacl: a compiled program that passes once over the data, where pyshacl
asks an rdflib graph shape by shape and takes hours for a million models (docs/benchmarks.md). It is
young, so the tests hold it to pyshacl's results.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from jagraph.core.errors import OutsideError
from jagraph.core.namespaces import HUB, shorten
from jagraph.graph.cache import Graph, Say
from jagraph.graph.shapes import read_shapes, unusable
from jagraph.sources.hub.imported_store import HubStore

if TYPE_CHECKING:
    import shacl

_MOST_RESULTS = 100_000


class Failure(NamedTuple):
    """A constraint that fails: how often, and the first node and value where it does."""

    shape: str
    component: str
    times: int
    example: str
    value: str
    message: str


COLUMNS = Failure._fields


def check(graph: Graph, say: Say) -> list[Failure]:
    """Return the constraints that fail in ``graph``, the most frequent first.

    At most 100,000 results are read; ``say`` tells when there may be more. Raises OutsideError when
    the temporary copy of the data cannot be written.
    """
    if not isinstance(graph.store, HubStore):
        raise TypeError("shapes of the Hub are for imported stores")
    shapes = _parsed(graph.project.hub_shapes)
    say("checking what the Hub says (shapes) …")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "hub.nt"
        try:
            graph.store.dump(HUB, copy)
        except OSError as reason:
            raise OutsideError(
                "not-written",
                f"the data to check cannot be copied: {reason}",
                where=folder,
                remedy="free some space, or point TMPDIR at a folder with room",
            ) from reason
        report = shapes.validate_file(str(copy), max_results=_MOST_RESULTS)
    if len(report.results) >= _MOST_RESULTS:
        say(f"warning: {_MOST_RESULTS:,} results were read; there may be more")
    counts: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], shacl.Result] = {}
    for result in report.results:
        key = (result.source_shape or "", result.component)
        counts[key] += 1
        first.setdefault(key, result)
    return [
        Failure(
            shorten(shape.strip("<>")),
            component,
            count,
            shorten(first[shape, component].focus_node.strip("<>")),
            first[shape, component].value or "",
            first[shape, component].message or "",
        )
        for (shape, component), count in counts.most_common()
    ]


def _parsed(path: Path) -> shacl.Shapes:
    import shacl

    text, _ = read_shapes(path)
    try:
        return shacl.Shapes.from_turtle(text)
    except ValueError as reason:
        raise unusable(path, str(reason)) from reason
