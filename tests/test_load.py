"""Queries that explode, beside many clients that ask what everybody asks, over a real port."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import httpx
import pytest
from tests.inside import in_process
from tests.serving import serving

from conftest import TINY
from jagraph.cache import Graph
from jagraph.serve.engine import Limits
from jagraph.serve.site import Site

_HEADER = """#+ title: {title}
#+ description: A query of one's own.
"""
_CROSSED = "SELECT (COUNT(*) AS ?rows) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
_PICKED = """#+ parameters:
#+   base: {kind: family, help: A family., pick: "?thing ?a ?b . ?c ?d ?e . ?f ?g ?h . ?i ?j ?k"}
PREFIX family: <https://w3id.org/jagraph/family/>
SELECT ?base { VALUES ?base { family:ume } }
"""
_GROWING = " ".join(f"BIND(CONCAT({', '.join([f'?x{n}'] * 16)}) AS ?x{n + 1})" for n in range(8))
# what explodes, and the codes of the errors that may stop it
EXPLODING = {
    _CROSSED: {"time-limit"},
    "SELECT (COUNT(*) AS ?rows) { ?a (!<a:a>)* ?b . ?c (!<a:a>)* ?d }": {
        *("time-limit", "memory-limit")
    },
    "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f": {"time-limit", "memory-limit"},
    f'SELECT ?x8 {{ BIND("0123456789abcdef" AS ?x0) {_GROWING} }}': {"memory-limit", "size-limit"},
    "SELECT * { ?a ?b ?c . ?d ?e ?f }": {"row-limit"},
}
STATUS = {"time-limit": 504, "memory-limit": 422, "size-limit": 422, "row-limit": 422}
ORDINARY = (
    *("/", "/queries", "/search?q=ume", "/model/ume-7b", "/license/mountain", "/looks.css"),
    *("/query/descendants?base=mountain", "/query/license-overview.csv", "/family/ume.ttl"),
    "/sparql?query=SELECT+%3Fm+%7B+%3Fm+a+jag%3AModel+%7D",
)
_MIB = 1 << 10  # in the unit of /proc
_SERVER_MIB = 600
_WORKER_MIB = 1100
_CLIENTS = 11
_PATIENCE = 300.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Saved queries of one's own: one explodes, one has a pick-list that does."""
    first = _HEADER.format(title="What is everything with everything?") + "#+ featured: 7\n"
    (tmp_path / "explodes.rq").write_text(first + _CROSSED, encoding="utf-8")
    second = _HEADER.format(title="Which is picked?") + _PICKED
    (tmp_path / "picked.rq").write_text(second, encoding="utf-8")
    return tmp_path


def test_a_saved_query_that_explodes_is_stopped_on_its_page_and_counts_nothing(
    tiny: Graph, folder: Path
) -> None:
    limits = Limits(seconds=1, patience=600)
    with (
        in_process(Site(tiny, (folder,)), limits) as url,
        httpx.Client(base_url=url, timeout=600, headers={"Accept": "text/html"}) as client,
    ):
        page = client.get("/query/explodes?lang=en")
        assert page.status_code == 504
        assert 'role="alert"' in page.text
        assert "took longer than 1 seconds" in page.text
        data = client.get("/query/explodes.json")
        assert (data.status_code, data.json()["error"]["code"]) == (504, "time-limit")
        home = client.get("/?lang=en")
        assert home.status_code == 200
        card = home.text.partition('href="/query/explodes"')[2].partition("</a>")[0]
        assert "What is everything with everything?" in card
        assert "answers" not in card
        picked = client.get("/query/picked?lang=en")
        assert picked.status_code == 200
        assert '<a href="/family/ume">Ume</a>' in picked.text
        assert '<input id="p-base"' in picked.text


def test_exploding_queries_are_stopped_and_harm_nobody_else(folder: Path) -> None:
    options = ("--time-limit", "3", "--row-limit", "20000", "--queries", str(folder))
    with serving(TINY, *options) as (url, server):
        done = threading.Event()
        memory: dict[int, int] = {}
        watching = threading.Thread(target=watch, args=(server, memory, done))
        watching.start()
        with ThreadPoolExecutor(_CLIENTS + len(EXPLODING)) as clients:
            heavy = {query: clients.submit(explodes, url, query, done) for query in EXPLODING}
            others = [clients.submit(asks, url, first) for first in range(_CLIENTS)]
            wait(others)
            done.set()
        watching.join()
        assert {status for other in others for status in other.result()} == {200}
        for query, codes in EXPLODING.items():
            answers = heavy[query].result()
            assert answers <= {(STATUS[code], code) for code in codes} | {(503, "busy")}
            assert answers - {(503, "busy")}
        large = httpx.post(f"{url}/sparql", data={"query": "#" * (2 << 20)}, timeout=_PATIENCE)
        assert large.status_code == 413
        workers = children(server)
        assert workers
    assert memory.pop(server) < _SERVER_MIB * _MIB
    assert max(memory.values()) < _WORKER_MIB * _MIB
    assert [worker for worker in workers if is_worker(worker)] == []


def explodes(url: str, query: str, done: threading.Event) -> set[tuple[int, str]]:
    """Ask ``query`` until others are done, and until it is stopped; return how it was answered."""
    found: set[tuple[int, str]] = set()
    while not done.is_set() or found <= {(503, "busy")}:
        answer = httpx.post(f"{url}/sparql", data={"query": query}, timeout=_PATIENCE)
        found.add((answer.status_code, answer.json()["error"]["code"]))
        if answer.status_code == 503:
            done.wait(int(answer.headers["retry-after"]) / 5)
    return found


def asks(url: str, first: int) -> list[int]:
    """Ask all that is ordinary, beginning at a place of one's own; return the statuses."""
    start = first % len(ORDINARY)
    return [
        httpx.get(f"{url}{path}", headers={"Accept": "text/html"}, timeout=_PATIENCE).status_code
        for path in (*ORDINARY[start:], *ORDINARY[:start])
    ]


def watch(server: int, memory: dict[int, int], done: threading.Event) -> None:
    """Keep the most memory that the server and each worker ever had, in KiB."""
    while not done.wait(0.1):
        for process in (server, *children(server)):
            memory[process] = max(memory.get(process, 0), peak(process))


def children(server: int) -> list[int]:
    tasks = Path(f"/proc/{server}/task").glob("*/children")
    return [int(number) for task in tasks for number in read(task).split()]


def is_worker(process: int) -> bool:
    return "jagraph.serve.worker" in read(Path(f"/proc/{process}/cmdline"))


def peak(process: int) -> int:
    found = re.search(r"VmHWM:\s+(\d+)", read(Path(f"/proc/{process}/status")))
    return int(found[1]) if found else 0


def read(file: Path) -> str:
    """Return what a file in /proc says, "" when its process has gone."""
    try:
        return file.read_text()
    except OSError:
        return ""
