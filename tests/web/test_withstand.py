"""A real server and its clients: silent, slow, many, gone or hostile; and one that is stopped."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import anyio
import httpx
import pytest
from benchmarks import clients
from tests.support.processes import workers_of
from tests.support.project import TINY, Run
from tests.support.serving import serving

from jagraph.graph.cache import Graph
from jagraph.query.workers.pool import Engine
from jagraph.query.workers.question import ANY_FORM, Limits, Question
from jagraph.web.connections import MOST

pytestmark = pytest.mark.slow


EXPLODING = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
_PATIENCE = 120.0
_PAGE = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def running(_own_cache: None) -> Iterator[tuple[str, int]]:
    """The URL and the process of a server whose queries may go on for ever."""
    with serving(TINY, "--time-limit", "600", "--name", "graph.example") as started:
        yield started


def opened(url: str, sent: bytes = b"", client: str = "127.0.0.1") -> socket.socket:
    """Return a connection from the address ``client`` on which ``sent`` was sent."""
    address = urlsplit(url)
    made = socket.create_connection((address.hostname, address.port or 0), 30, (client, 0))
    made.sendall(sent)
    return made


def ended(connection: socket.socket) -> bytes:
    """Return what comes until the server closes the connection; raises TimeoutError."""
    connection.settimeout(_PATIENCE)
    found = b""
    try:
        while more := connection.recv(1 << 16):
            found += more
    except ConnectionResetError:
        pass
    return found


def asking(query: str, accept: str = "application/json") -> bytes:
    """Return a request for ``query``."""
    path = f"/sparql?{urlencode({'query': query})}"
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n\r\n".encode()


def seated(process: int) -> set[int]:
    """Return the workers of a server that run a long query."""
    return {one for one, slow in workers_of(process) if slow}


def when(true: object) -> None:
    """Wait until ``true`` is so."""
    assert callable(true)
    until = time.monotonic() + _PATIENCE
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_silent_connections_lock_nobody_out_and_are_closed(running: tuple[str, int]) -> None:
    url, _ = running
    with ExitStack() as open_:
        silent = [open_.enter_context(opened(url)) for _ in range(MOST + 50)]
        for path in ("/", "/model/ume-7b", "/query/developers.csv"):
            assert httpx.get(f"{url}{path}", headers=_PAGE, timeout=_PATIENCE).status_code == 200
        other = open_.enter_context(opened(url, asking("ASK {}"), client="127.0.0.2"))
        assert other.recv(12) == b"HTTP/1.1 200"
        assert [ended(one) for one in silent] == [b""] * len(silent)


def test_of_a_full_server_the_greediest_client_loses(running: tuple[str, int]) -> None:
    url, _ = running
    with ExitStack() as open_:
        modest = [open_.enter_context(opened(url, client="127.0.0.2")) for _ in range(20)]
        for _ in range(MOST + 50):
            open_.enter_context(opened(url))
        for one in modest:
            one.sendall(asking("ASK {}"))
        assert [one.recv(12) for one in modest] == [b"HTTP/1.1 200"] * len(modest)


_POST = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
_LONG = b"Content-Length: 1000000\r\n\r\n"
# what is sent at once, and what then drips
_DRIPPING = (
    (b"", b"G"),
    (b"GET / HTTP/1.1\r\n", b"A: b\r\n"),
    (b"GET / HTTP/1.1\r\nHost: localhost\r\nA: ", b"a"),
    # an answer comes, and then ever more of a body that nobody reads
    (b"GET /looks.css HTTP/1.1\r\nHost: localhost\r\n" + _LONG, b"a"),
    (_POST + _LONG, b"a"),
)


def test_a_request_that_comes_bit_by_bit_has_an_end(running: tuple[str, int]) -> None:
    closed = threading.Event()

    def drip(slow: socket.socket, more: bytes) -> None:
        while not closed.wait(0.5):
            try:
                slow.sendall(more)
            except OSError:
                return

    with ExitStack() as open_, ThreadPoolExecutor(2 * len(_DRIPPING)) as threads:
        slow = [open_.enter_context(opened(running[0], begun)) for begun, _ in _DRIPPING]
        for one, (_, more) in zip(slow, _DRIPPING, strict=True):
            threads.submit(drip, one, more)
        answers = [threads.submit(ended, one) for one in slow]
        try:
            found = [one.result() for one in answers]
        finally:
            closed.set()
    assert found[:3] == [b"", b"", b""]
    assert found[3].startswith(b"HTTP/1.1 200")
    assert found[4].startswith(b"HTTP/1.1 408")


def test_a_client_that_takes_nothing_of_a_large_answer_is_let_go(
    running: tuple[str, int],
) -> None:
    url, _ = running
    large = f"SELECT ?a ?b ?c ?d ?e ?f {{ ?a ?b ?c . ?d ?e ?f }} LIMIT {100_000}"
    with opened(url, asking(large)) as greedy:
        greedy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        assert greedy.recv(12) == b"HTTP/1.1 200"
        port = greedy.getsockname()[1]
        when(lambda: not connected(urlsplit(url).port or 0, port))


def connected(server: int, client: int) -> bool:
    """Tell whether the server holds the connection from the port ``client``."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    ends = [(line.split()[1][-4:], line.split()[2][-4:], line.split()[3]) for line in lines]
    return (f"{server:04X}", f"{client:04X}", "01") in ends


def test_what_is_asked_for_a_client_that_hangs_up_is_stopped(running: tuple[str, int]) -> None:
    url, process = running
    for _ in range(2):
        with opened(url, asking(EXPLODING)), opened(url, asking(EXPLODING, "text/html")):
            when(lambda: len(seated(process)) == 2)
        when(lambda: not seated(process))


@contextmanager
def told(*options: str, project: Path = TINY) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run a server; yield its URL and its process, whose stderr is kept for the test."""
    words = ["-m", "jagraph", "serve", "--port", "0", "--project", str(project), *options]
    with subprocess.Popen([sys.executable, *words], stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr is not None
            found = None
            while found is None:
                line = server.stderr.readline()
                assert line
                found = re.search(r"http://\S+:\d+", line)
            yield found[0], server
        finally:
            server.kill()


def test_a_server_that_is_stopped_says_so_to_those_who_wait() -> None:
    with told("--time-limit", "600") as (url, server), ThreadPoolExecutor(8) as askers:

        def ask(accept: str) -> httpx.Response:
            given, headers = {"query": EXPLODING}, {"Accept": accept, "Accept-Language": "fr"}
            return httpx.get(f"{url}/sparql", params=given, headers=headers, timeout=_PATIENCE)

        # two in seats, the others in line for one
        data = [askers.submit(ask, "application/json") for _ in range(3)]
        pages = [askers.submit(ask, "text/html") for _ in range(3)]
        when(lambda: len(seated(server.pid)) == 2)
        time.sleep(1)
        server.send_signal(signal.SIGTERM)
        for one in data:
            answer = one.result()
            assert (answer.status_code, answer.json()["error"]["code"]) == (503, "closing")
            assert "stopped" in answer.json()["error"]["what"]
            assert answer.headers["retry-after"]
        for one in pages:
            assert one.result().status_code == 503
            assert "Le serveur est en train de s&#39;arrêter" in one.result().text
        assert server.wait(_PATIENCE) == -signal.SIGTERM
        assert server.stderr is not None
        assert "Traceback" not in server.stderr.read()


def test_a_store_that_is_removed_under_a_server_is_told_and_nothing_is_wrong(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAGRAPH_CACHE", str(tmp_path / "cache"))
    paths = [
        *("/", "/queries", "/vocab", "/model/ume-7b", "/family/ume", "/search?q=ume&all=1"),
        *("/query/descendants?base=mountain", "/query/descendants.csv?base=mountain"),
        *("/model/ume-7b.ttl", "/model/ume-7b.jsonld", "/developer/tanaka", "/license/mountain"),
        *("/compare?model=ume-7b&model=take-7b", "/lineage/family/take.svg", "/openapi.json"),
    ]

    def plain(answer: httpx.Response) -> str:
        return re.sub(r"nonce[-=][\"']?[\w-]+", "", answer.text)

    with told(project=copy) as (url, server), httpx.Client(timeout=_PATIENCE) as client:
        before = {path: client.get(f"{url}{path}", headers=_PAGE) for path in paths}
        assert {one.status_code for one in before.values()} == {200}
        shutil.rmtree(tmp_path / "cache")
        shutil.rmtree(copy)
        # as after queries that took too long: the next worker opens the store anew
        for worker, _ in workers_of(server.pid):
            subprocess.run(["kill", "-KILL", str(worker)], check=True)
        seen = set()
        for path in paths:
            after = client.get(f"{url}{path}", headers=_PAGE)
            seen.add(after.status_code)
            if after.status_code == 200:
                assert plain(after) == plain(before[path]), path
            else:
                assert after.status_code == 503, path
                assert "the store this server answers from is gone" in after.text.lower(), path
        assert seen == {200, 503}
        asked = client.get(f"{url}/sparql", params={"query": "ASK {}"})
        assert (asked.status_code, asked.json()["error"]["code"]) == (503, "store-gone")


def test_a_worker_that_the_system_ended_is_replaced(running: tuple[str, int]) -> None:
    url, process = running
    for worker, _ in workers_of(process):
        subprocess.run(["kill", "-KILL", str(worker)], check=True)
    for _ in range(4):
        assert httpx.get(f"{url}/sparql", params={"query": "ASK {}"}, timeout=600).json()["boolean"]


def test_good_clients_beside_hostile_ones_get_every_answer() -> None:
    paths = (
        *("/", "/model/ume-7b", "/queries", "/search?q=ume&all=1", "/looks.css"),
        *("/query/descendants?base=mountain", "/query/developers.csv", "/family/ume.ttl"),
        "/sparql?query=ASK+%7B+%3Fs+%3Fp+%3Fo+%7D",
    )
    with serving(TINY, "--time-limit", "5") as (url, _), ThreadPoolExecutor(1) as beside:
        until = time.monotonic() + 10
        harm = beside.submit(clients.hostile, url, 14, until)
        got = clients.good(url, paths, 8, until, pause=0.2)
    assert [one for one in got if one.status != 200] == []
    assert {one.path for one in got} == set(paths)
    assert [kind for kind, count in harm.result().items() if not count] == []


def test_questions_taken_back_at_any_moment_leave_the_engine_whole(tiny: Graph) -> None:
    delays = [0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 1.5]

    async def ask(engine: Engine) -> bytes:
        for delay in delays * 2:
            with anyio.move_on_after(delay):
                await engine.aside(engine.select, EXPLODING)
        with anyio.fail_after(_PATIENCE):
            return (await engine.run_async(Question("ASK {}", ANY_FORM))).read()

    limits = Limits(seconds=600, fast=2, slow=1, slice=0.2)
    with Engine(tiny.on_disk(), limits) as engine:
        when(lambda: len(workers_of(os.getpid())) == limits.fast)
        assert b"true" in anyio.run(ask, engine)
        when(lambda: len(workers_of(os.getpid())) == limits.fast)
    when(lambda: not workers_of(os.getpid()))


@pytest.mark.parametrize("digits", ["9" * 5000, "-" + "9" * 5000, "0" * 5000 + "1", "٣" * 2000])
def test_a_number_of_any_length_in_a_url_is_a_number_or_refused(
    running: tuple[str, int], digits: str
) -> None:
    url, _ = running
    for path in (
        *("/query/largest?page=", "/query/context-at-least?tokens=", "/search?q="),
        *("/model/", "/query/largest?sort=", "/lineage/query/descendants?base="),
        "/sparql?query=SELECT+%28",
    ):
        after = "+AS+%3Fn%29+%7B%7D" if path.startswith("/sparql") else ""
        for accept in ("text/html", "application/json"):
            asked = f"{url}{path}{digits}{after}"
            answer = httpx.get(asked, headers={"Accept": accept}, timeout=_PATIENCE)
            assert answer.status_code < 500, path
    headers = {"Range": b"bytes=" + digits.encode() + b"-"}
    assert httpx.get(f"{url}/static/site.css", headers=headers).status_code < 500


@pytest.mark.parametrize(
    "path",
    [
        *("//evil.example", "//evil.example/", "///evil.example/a", "/%2Fevil.example"),
        *("/%5Cevil.example", "/%5C/evil.example", "/%09/evil.example", "//evil.example/%2e%2e"),
        *("/model//evil.example", "//evil.example/query/largest", "/%0d%0aA:%20b"),
    ],
)
def test_no_path_leads_to_another_server(running: tuple[str, int], path: str) -> None:
    url, _ = running
    for query in ("", "?lang=fr&next=//evil.example"):
        with opened(url) as raw:
            line = f"GET {path}{query} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n"
            raw.sendall(f"{line}Connection: close\r\n\r\n".encode())
            head, _, body = ended(raw).decode().partition("\r\n\r\n")
        assert not head.startswith("HTTP/1.1 5"), head
        place = re.search(r"(?im)^location: *(\S+)", head)
        assert place is None or re.match(r"(http://localhost)?/(?![/\\])", place[1]), head
        links = re.findall(r"""(?:href|action|src)=["']([^"']*)""", body)
        assert links
        assert [one for one in links if not re.match(r"(#|/(?![/\\\s]))", one)] == []


@pytest.mark.parametrize(
    "host", ["localhost:99x", "localhost:<script>", "local host", "localhost/evil", "[::1", "a@b"]
)
def test_a_host_that_is_no_name_is_refused(running: tuple[str, int], host: str) -> None:
    with opened(running[0]) as raw:
        raw.sendall(f"GET /sparql HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        assert ended(raw).startswith(b"HTTP/1.1 4")


@pytest.mark.parametrize("verb", ["serve", "mcp"])
@pytest.mark.parametrize("seconds", ["inf", "nan", "-1", "0", "1e400", "86401", "9" * 5000, ""])
def test_a_time_limit_that_is_none_is_asked_wrongly(jagraph: Run, verb: str, seconds: str) -> None:
    done = jagraph(verb, "--time-limit", seconds)
    assert done.returncode == 2
    assert "--time-limit" in done.stderr
