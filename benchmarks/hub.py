"""The Hub at each size: import, opening, and transitive questions by the index beside other ways.

The index must answer what the other way answers: a measurement of different answers is an error.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import networkx as nx
from benchmarks.frame import JAGRAPH, Alike, Row, in_turn, peak

from jagraph import lineage, open_graph
from jagraph.domain.lineage import Lineage
from jagraph.query.binding import bound
from jagraph.query.catalogue import find_query
from jagraph.sources.hub.imported_store import HubStore
from jagraph.store.base import EmbeddedStore

ROOT = Path(__file__).parents[1]
BASE = "meta-llama/Llama-2-7b-hf"
OTHER_WAY_MOST = {"query on disk": 1_000_000, "networkx, read anew": 100_000}  # models
_RUNS = 3


def measure(sizes: Sequence[int], dump: Callable[[int], Path]) -> Iterator[Row]:
    """Yield the rows of each size; ``dump`` says where the dump of a size is."""
    for size in sizes:
        with tempfile.TemporaryDirectory(dir=dump(size).parent) as folder:
            there = ("--store", folder, "-q")
            yield _program("import", size, "import-hub", dump(size), *there)
            yield _program("check the shapes", size, "validate", *there)
            graph = open_graph(ROOT, store=folder)
            store = graph.store
            if not isinstance(store, HubStore) or graph.folder is None:
                raise TypeError("an imported store has an index")
            began = time.perf_counter()
            start = store.index.model(len(store.index) // 2).iri
            yield Row("open the index", size, {"index": time.perf_counter() - began})
            yield _program("terms of one model", size, "terms", start, *there)
            popular = partial(store.select, find_query(graph.project, "hub-popular").text)
            yield Row("the most downloaded", size, in_turn({"index": popular}, 1))
            disk = EmbeddedStore.open(graph.folder / "store")
            for name in ("descendants", "descendants-with-terms"):
                text = bound(find_query(graph.project, name), {"base": BASE}, store)
                row = _compared(
                    lambda store=store, text=text: len(store.select(text).rows),
                    lambda disk=disk, text=text: len(disk.select(text).rows),
                    "query on disk",
                    size,
                )
                yield Row(f"{name} of {BASE}", size, row)
            row = _compared(
                lambda graph=graph, start=start: len(lineage(graph, start, direction="up").models),
                lambda disk=disk, start=start: _by_networkx(disk, start),
                "networkx, read anew",
                size,
            )
            yield Row("lineage upwards", size, row)


def _program(what: str, size: int, *words: str | Path) -> Row:
    """Run a verb in a process of its own; with its memory."""
    began = time.perf_counter()
    gib = peak(JAGRAPH, *words)
    return Row(what, size, {"index": time.perf_counter() - began}, gib)


def _by_networkx(store: EmbeddedStore, start: str) -> int:
    """Return how many models are above ``start``, itself among them."""
    graph = nx.DiGraph((edge.child, edge.parent) for edge in Lineage.read(store).edges)
    return 1 + len(nx.descendants(graph, start) if start in graph else ())


def _compared(
    index: Callable[[], int], other: Callable[[], int], name: str, size: int
) -> dict[str, float]:
    """Return the seconds of both ways; raises ValueError when they find different numbers."""
    alike = Alike()
    taken = in_turn(alike.counted({"index": index}), _RUNS)
    if size <= OTHER_WAY_MOST[name]:
        taken |= in_turn(alike.counted({name: other}), 1)
    alike.check(name)
    return taken
