"""The parts of `make bench`, in the order in which they are printed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from socket import create_server
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from benchmarks import engines, hub, load, rules, startup
from benchmarks.frame import JAGRAPH, Alike, Part, Row, command, in_turn, once
from benchmarks.hub_dump import Mix, write
from benchmarks.inputs import run as given

ROOT = Path(__file__).parents[1]
RULES_MOST = 100_000  # the rules derive every ancestor of every model; beyond it the index answers
INPUTS = 2_000
PYSHACL_LEAST, PYSHACL_MOST = 1_000, 2_000  # models; a minute or so
SHACL_MOST = 1_000_000  # models; 26 million triples, four gigabytes on the disk


def first_questions(_: Sequence[int]) -> Iterator[Row]:
    """Ask in a fresh process on a warm cache, beside Python itself and other ways to ask."""
    return startup.measure(_oxigraph())


def queries(_: Sequence[int]) -> Iterator[Row]:
    """Ask every saved query with its defaults: on disk, in memory, over HTTP, and in rdflib."""
    import pyoxigraph as ox
    import rdflib

    from jagraph import open_graph, saved_queries
    from jagraph.core.namespaces import GRAPHS
    from jagraph.store.base import EmbeddedStore, statements

    graph = open_graph(ROOT)
    disk = graph.store
    with tempfile.TemporaryDirectory() as folder:
        triples = Path(folder) / "all.nt"
        lines = (f"{triple} .\n" for triple in statements(disk, GRAPHS))
        triples.write_text("".join(lines), encoding="utf-8")
        inside = ox.Store()
        inside.bulk_load(path=str(triples), format=ox.RdfFormat.N_TRIPLES)
        memory = EmbeddedStore(inside)
        other = rdflib.Graph().parse(triples, format="nt")
        with _served(triples) as address:
            for name, saved in saved_queries(graph).items():
                text = saved.text
                contenders = {
                    "disk": lambda text=text: len(disk.select(text).rows),
                    "memory": lambda text=text: len(memory.select(text).rows),
                }
                if address:
                    contenders["oxigraph server"] = lambda text=text: _rows(address, text)
                alike = Alike()
                row = in_turn(alike.counted(contenders), 5)
                row["rdflib"], found = once(lambda text=text: len(list(other.query(text))))
                if found >= 0:
                    alike.add("rdflib", found)
                alike.check(name)
                yield Row(name, 0, row)


def curation(_: Sequence[int]) -> Iterator[Row]:
    """Do what a curator waits for: the cold build, the check of all records and of one file."""
    record = ROOT / "data/models/medswallow-70b.yaml"
    tasks = {
        "python -c pass": command(sys.executable, "-c", "pass"),
        "cold build": command(JAGRAPH, "build", "-q"),
        "validate": command(JAGRAPH, "validate", "-q"),
        "validate FILE": command(JAGRAPH, "validate", "-q", record),
    }
    for name, seconds in in_turn(tasks, 3).items():
        yield Row(name, 0, {"seconds": seconds})


def growth(sizes: Sequence[int]) -> Iterator[Row]:
    """Run the rules as the graph grows: what they derive is every ancestor of every model."""
    for size in sizes:
        if size <= RULES_MOST:
            yield Row("rules", size, {"seconds": rules.measure(size)[1]})


def shapes(sizes: Sequence[int]) -> Iterator[Row]:
    """Check the list, repeated under other names up to each size, with faults, by two engines."""
    known = ROOT / "ontology/shapes.ttl"
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data.nt"
        for size in sorted({PYSHACL_LEAST, *(size for size in sizes if size <= SHACL_MOST)}):
            models = engines.repeat_list(size, data)
            contenders = {"shacl": lambda: engines.by_shacl(data, known)}
            row = in_turn(contenders, 3 if models <= PYSHACL_MOST else 1)
            if models <= PYSHACL_MOST:
                row |= in_turn({"pyshacl": lambda: engines.by_pyshacl(data, known)}, 1)
            yield Row("validate", models, row)


def dumps(sizes: Sequence[int]) -> Iterator[Row]:
    """Generate dumps; the files are kept for the parts that follow."""
    for size in sizes:
        began = time.perf_counter()
        write(Mix(size), dump(size))
        yield Row("write a dump", size, {"seconds": time.perf_counter() - began})


def dump(size: int) -> Path:
    """Return where the dump of ``size`` models is."""
    folder = ROOT / "build/bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"hub-{size}.jsonl.gz"


def hub_scale(sizes: Sequence[int]) -> Iterator[Row]:
    """Import the dumps and ask about the largest tree."""
    return hub.measure(sizes, dump)


def hostile(_: Sequence[int]) -> Iterator[Row]:
    """Read pages beside clients that do harm."""
    return load.measure()


def inputs(_: Sequence[int]) -> Iterator[Row]:
    """Give generated inputs of every kind; one that ends as it should not fails the measurement."""
    for done in given.run(1, range(INPUTS), os.cpu_count() or 1):
        if done.wrong:
            raise ValueError(f"{len(done.wrong)} of {done.inputs} {done.kind}: {done.wrong[:5]}")
        what = f"{done.inputs:,} {done.kind}, 0 tracebacks, 0 hangs, 0 silent losses"
        yield Row(what, 0, {"seconds": done.seconds})


def _oxigraph() -> str | None:
    """Return the command of oxigraph, None where it is not installed."""
    beside = Path(sys.executable).with_name("oxigraph")
    return str(beside) if beside.is_file() else shutil.which("oxigraph")


@contextmanager
def _served(triples: Path) -> Iterator[str]:
    """Serve ``triples`` with an oxigraph server; yield its address, "" where there is none."""
    program = _oxigraph()
    if program is None:
        yield ""
        return
    store = triples.with_name("served")
    command(program, "load", "--location", store, "--file", triples)()
    with create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    words = [program, "serve-read-only", "--location", store, "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen(list(map(str, words)), stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}/query"
    try:
        _await(address)
        yield address
    finally:
        server.terminate()
        server.wait()


def _await(address: str) -> None:
    """Return when the server answers; raises OSError when it does not within twenty seconds."""
    until = time.monotonic() + 20
    while True:
        try:
            _rows(address, "SELECT * {}")
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


def _rows(address: str, query: str) -> int:
    """Return how many rows the server answers with."""
    body = urlencode({"query": query}).encode()
    accept = {"Accept": "application/sparql-results+json"}
    with urlopen(Request(address, body, accept), timeout=60) as answer:  # noqa: S310, loopback
        return len(json.load(answer)["results"]["bindings"])


PARTS = (
    Part("startup", "Start-up: first questions, fresh processes, a warm cache", first_questions),
    Part("queries", "Every saved query, on the list", queries),
    Part("load", "Good clients beside hostile ones: the slowest tenth of their answers", hostile),
    Part("inputs", "Generated inputs, by seed (`python -m benchmarks.inputs`)", inputs),
    Part("curation", "Building and validating the list", curation),
    Part("rules", "The rules", growth),
    Part("shapes", "SHACL on the list, repeated, with two faults in each repetition", shapes),
    Part("dumps", "Synthetic dumps", dumps),
    Part("hub", "The Hub", hub_scale),
)
