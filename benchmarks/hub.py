"""The import of a dump of the Hub and questions to the store, by size.

python benchmarks/hub.py [MODELS …]      default: 10000

Each size is a dump of ``hub_dump.py`` with its seed; files go to a temporary folder.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from jagraph.catalogue import find_query
from jagraph.hub.importer import import_hub
from jagraph.hub.store import HubStore, open_store
from jagraph.lineage import derivations
from jagraph.project import find_project
from jagraph.queries import bound
from jagraph.store import EmbeddedStore

ROOT = Path(__file__).parents[1]
BASE = "meta-llama/Llama-2-7b-hf"


class Row(NamedTuple):
    """One measurement: what, on how many models, seconds, and how many rows or repositories."""

    name: str
    size: int
    seconds: float
    count: int


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


def rows(sizes: Iterable[int]) -> Iterator[Row]:
    """Yield the import and the questions at each size; index and query answer the same."""
    project = find_project(ROOT)
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            dump = folder / "dump.jsonl.gz"
            script = [sys.executable, str(ROOT / "benchmarks/hub_dump.py"), str(size)]
            subprocess.run([*script, "-o", str(dump)], check=True)
            seconds, report = timed(
                lambda dump=dump, folder=folder: import_hub(
                    project, dump, folder / "store", lambda _: None
                )
            )
            yield Row("import", size, seconds, report.repositories)
            graph = open_store(folder / "store", project)
            if not isinstance(graph.store, HubStore):
                raise TypeError("an imported store has an index")
            seconds, _ = timed(lambda store=graph.store: store.index)
            yield Row("open the index", size, seconds, len(graph.store.index))
            disk = EmbeddedStore.open(folder / "store" / "store")
            for query in ("descendants", "descendants-with-terms"):
                text = bound(find_query(project, query), {"base": BASE}, graph.store)
                for way, store in (("index", graph.store), ("query on disk", disk)):
                    seconds, found = timed(lambda store=store, text=text: store.select(text))
                    yield Row(f"{query}, {way}", size, seconds, len(found.rows))
            start = graph.store.index.model(len(graph.store.index) // 2).iri
            seconds, walk = timed(
                lambda store=graph.store, start=start: derivations(store).walk([start], "up")
            )
            yield Row("lineage up, index", size, seconds, len(walk.models))


def main() -> None:
    print("what\tmodels\tseconds\tcount")
    for row in rows([int(text) for text in sys.argv[1:]] or [10_000]):
        print(f"{row.name}\t{row.size}\t{row.seconds:.3f}\t{row.count}", flush=True)


if __name__ == "__main__":
    main()
