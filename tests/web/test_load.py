"""Queries that explode, beside many clients that ask what everybody asks, over a real port."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.support.inside import in_process

from jagraph.graph.cache import Graph
from jagraph.query.workers.question import Limits
from jagraph.views.app_state import AppState

pytestmark = pytest.mark.slow


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
# what explodes, and the limit it comes to, unless its time is up before
EXPLODING = {
    _CROSSED: "time-limit",
    "SELECT (COUNT(*) AS ?rows) { ?a (!<a:a>)* ?b . ?c (!<a:a>)* ?d }": "memory-limit",
    "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f": "memory-limit",
    f'SELECT ?x8 {{ BIND("0123456789abcdef" AS ?x0) {_GROWING} }}': "memory-limit",
    "SELECT * { ?a ?b ?c . ?d ?e ?f }": "row-limit",
}
STATUS = {"time-limit": 504, "memory-limit": 422, "row-limit": 422}
# pages, which differ in a nonce each time, and data, which does not
PAGES = (
    "/",
    "/queries",
    "/search?q=ume&all=1",
    "/model/ume-7b",
    "/query/descendants?base=mountain",
)
DATA = (
    *("/query/license-overview.csv", "/query/models-by-license.json?license=mountain"),
    *("/family/ume.ttl", "/sparql?format=csv&query=SELECT+%3Fm+%7B+%3Fm+a+jag%3AModel+%7D"),
    "/looks.css",
)
ORDINARY = tuple(path for pair in zip(PAGES, DATA, strict=True) for path in pair)
_MIB = 1 << 10  # in the unit of /proc
_SERVER_MIB = 300
_WORKER_MIB = 1100
_CLIENTS = 11
_EACH = 6
_PATIENCE = 300.0


@pytest.fixture(scope="module")
def state(tiny: Graph, tmp_path_factory: pytest.TempPathFactory) -> AppState:
    """The frozen project; of two more saved queries one explodes, one has a pick-list that does."""
    folder = tmp_path_factory.mktemp("queries")
    first = _HEADER.format(title="What is everything with everything?") + "#+ featured: 7\n"
    (folder / "explodes.rq").write_text(first + _CROSSED, encoding="utf-8")
    second = _HEADER.format(title="Which is picked?") + _PICKED
    (folder / "picked.rq").write_text(second, encoding="utf-8")
    return AppState(tiny, (folder,))


@pytest.fixture(scope="module")
def url(state: AppState) -> Iterator[str]:
    with in_process(state, Limits(seconds=5, rows=20_000, patience=_PATIENCE)) as address:
        yield address
    assert [child for child in children() if is_worker(child)] == []


def test_a_saved_query_that_explodes_is_stopped_on_its_page_and_counts_nothing(url: str) -> None:
    asked = (
        "/query/explodes?lang=ja",
        "/query/explodes.json",
        "/?lang=en",
        "/query/picked?lang=en",
    )
    with ThreadPoolExecutor(len(asked)) as clients:
        page, data, home, picked = clients.map(ask, [url] * len(asked), asked)
    assert page.status_code == 504
    assert 'role="alert"' in page.text
    assert "クエリは 5 秒を超えたため中止されました" in page.text
    assert (data.status_code, data.json()["error"]["code"]) == (504, "time-limit")
    assert home.status_code == 200
    card = home.text.partition('href="/query/explodes"')[2].partition("</a>")[0]
    assert "What is everything with everything?" in card
    assert "answers" not in card
    assert picked.status_code == 200
    assert '<a href="/family/ume">Ume</a>' in picked.text
    assert '<input id="p-base"' in picked.text


def test_exploding_queries_are_stopped_and_harm_nobody_else(url: str) -> None:
    done = threading.Event()
    own, workers = os.getpid(), dict[int, int]()
    alone = {path: ask(url, path).content for path in DATA}
    before = peak(own)
    watching = threading.Thread(target=watch, args=(workers, done))
    watching.start()
    with ThreadPoolExecutor(_CLIENTS + len(EXPLODING)) as clients:
        heavy = {query: clients.submit(explodes, url, query) for query in EXPLODING}
        others = [clients.submit(asks, url, first) for first in range(_CLIENTS)]
        wait([*heavy.values(), *others])
    done.set()
    watching.join()
    for path, answer in (pair for other in others for pair in other.result()):
        assert answer.status_code == 200, path
        assert path in PAGES or answer.content == alone[path]
    for query, limit in EXPLODING.items():
        status, error = heavy[query].result()
        assert error["code"] in (limit, "time-limit"), query
        assert status == STATUS[error["code"]]
        assert set(error["messages"]) == {"what", "remedy"}, query
    large = httpx.post(f"{url}/sparql", data={"query": "#" * (2 << 20)}, timeout=_PATIENCE)
    assert large.status_code == 413
    assert peak(own) - before < _SERVER_MIB * _MIB
    assert 0 < max(workers.values()) < _WORKER_MIB * _MIB


def explodes(url: str, query: str) -> tuple[int, dict[str, Any]]:
    """Ask ``query`` until there is room for it; return the status and the error."""
    while True:
        answer = httpx.post(f"{url}/sparql", data={"query": query}, timeout=_PATIENCE)
        if answer.status_code != 503:
            return answer.status_code, answer.json()["error"]
        assert answer.json()["error"]["code"] == "busy"
        time.sleep(int(answer.headers["retry-after"]) / 5)


def asks(url: str, first: int) -> list[tuple[str, httpx.Response]]:
    """Ask much that is ordinary, beginning at a place of one's own; return what was answered."""
    start = first % len(ORDINARY)
    return [(path, ask(url, path)) for path in (ORDINARY * 2)[start : start + _EACH]]


def ask(url: str, path: str) -> httpx.Response:
    return httpx.get(f"{url}{path}", headers={"Accept": "text/html"}, timeout=_PATIENCE)


def watch(workers: dict[int, int], done: threading.Event) -> None:
    """Keep the most memory that each worker ever had, in KiB."""
    while not done.wait(0.1):
        for worker in children():
            workers[worker] = max(workers.get(worker, 0), peak(worker))


def children() -> list[int]:
    tasks = Path("/proc/self/task").glob("*/children")
    return [int(number) for task in tasks for number in read(task).split()]


def is_worker(process: int) -> bool:
    return "jagraph.query.workers.worker" in read(Path(f"/proc/{process}/cmdline"))


def peak(process: int) -> int:
    found = re.search(r"VmHWM:\s+(\d+)", read(Path(f"/proc/{process}/status")))
    return int(found[1]) if found else 0


def read(file: Path) -> str:
    """Return what a file in /proc says, "" when its process has gone."""
    try:
        return file.read_text()
    except OSError:
        return ""
