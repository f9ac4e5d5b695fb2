"""Clients of a server on this machine: good ones that read pages, hostile ones of every kind.

All of them end when ``until`` has come (``time.monotonic``), and none opens more than a few
connections at a time.
"""

from __future__ import annotations

import random
import socket
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import quote, urlsplit

_PATIENCE = 120.0
_AGAIN = 0.5  # seconds between two harms of one client: they are no flood
_EXPLODING = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "SELECT (COUNT(*) AS ?n) { ?a (!<a:a>)* ?b . ?c (!<a:a>)* ?d }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f",
)
_LARGE = "SELECT ?a ?b ?c ?d ?e ?f { ?a ?b ?c . ?d ?e ?f } LIMIT 90000"
_GET = "GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"
_POST = "POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"


@dataclass(frozen=True)
class Got:
    """One answer: what was asked, the status (0 for none), and the seconds it took."""

    path: str
    status: int
    seconds: float


def good(
    url: str, paths: Sequence[str], clients: int, until: float, pause: float = 2.0
) -> list[Got]:
    """Let so many clients read ``paths``, with a pause of up to twice ``pause`` after each."""

    def read(seed: int) -> list[Got]:
        chance = random.Random(seed)
        found = []
        time.sleep(min(chance.random() * pause, max(0.0, until - time.monotonic())))
        while time.monotonic() < until or not found:
            found.append(ask(url, chance.choice(paths)))
            time.sleep(min(chance.random() * 2 * pause, max(0.0, until - time.monotonic())))
        return found

    with ThreadPoolExecutor(clients) as threads:
        return [one for some in threads.map(read, range(clients)) for one in some]


def ask(url: str, path: str) -> Got:
    """Read one page, as a browser does."""
    began = time.perf_counter()
    connection = HTTPConnection(urlsplit(url).netloc, timeout=_PATIENCE)
    try:
        connection.request("GET", path, headers={"Accept": "text/html,*/*;q=0.5"})
        answer = connection.getresponse()
        answer.read()
        status = answer.status
    except (OSError, HTTPException):
        status = 0
    finally:
        connection.close()
    return Got(path, status, time.perf_counter() - began)


def hostile(url: str, clients: int, until: float) -> dict[str, int]:
    """Let so many clients do harm, as many of each kind; return how often each kind did it."""
    kinds = list(_KINDS.items())

    def harm(number: int) -> tuple[str, int]:
        kind, act = kinds[number % len(kinds)]
        chance, count = random.Random(number), 0
        while time.monotonic() < until:
            count += 1
            with suppress(OSError):
                act(url, until, chance)
        return kind, count

    done = dict.fromkeys(_KINDS, 0)
    with ThreadPoolExecutor(clients) as threads:
        for kind, count in threads.map(harm, range(clients)):
            done[kind] += count
    return done


def _opened(url: str, sent: str = "") -> socket.socket:
    address = urlsplit(url)
    made = socket.create_connection((address.hostname, address.port or 80), 5)
    made.sendall(sent.encode())
    return made


def _held(made: socket.socket, until: float, drip: bytes = b"") -> None:
    """Hold a connection until the server closes it, and let ``drip`` come again and again."""
    made.settimeout(0.3)
    while time.monotonic() < until:
        made.sendall(drip)
        with suppress(TimeoutError):
            if not made.recv(1 << 16):
                return


def _silent(url: str, until: float, _: random.Random) -> None:
    with _opened(url) as made:
        _held(made, until)


def _half_headers(url: str, until: float, _: random.Random) -> None:
    with _opened(url, "GET / HTTP/1.1\r\nHost: localhost\r\nX: ") as made:
        _held(made, until, b"x")


def _slow_body(url: str, until: float, _: random.Random) -> None:
    with _opened(url, f"{_POST}Content-Length: 1000000\r\n\r\n") as made:
        _held(made, until, b" ")


def _exploding(url: str, until: float, chance: random.Random) -> None:
    path = f"/sparql?query={quote(chance.choice(_EXPLODING))}"
    with _opened(url, _GET.format(path=path)) as made:
        _held(made, min(until, time.monotonic() + chance.choice((0.5, 3, 60))))


def _takes_nothing(url: str, until: float, _: random.Random) -> None:
    with _opened(url, _GET.format(path=f"/sparql?query={quote(_LARGE)}")) as made:
        while time.monotonic() < until:
            time.sleep(0.3)
            made.sendall(b"")


def _garbage(url: str, _: float, chance: random.Random) -> None:
    with _opened(url) as made:
        made.sendall(chance.randbytes(chance.choice((10, 1000, 100_000))))
        time.sleep(_AGAIN)


def _strange(url: str, _: float, chance: random.Random) -> None:
    paths = ("//evil.example", "/model/%00", f"/query/largest?page={'9' * 5000}", f"/{'a' * 20000}")
    with _opened(url, _GET.format(path=chance.choice(paths))) as made:
        made.settimeout(5)
        made.recv(1 << 16)
    time.sleep(_AGAIN)


_KINDS: dict[str, Callable[[str, float, random.Random], None]] = {
    "silent": _silent,
    "half headers": _half_headers,
    "slow body": _slow_body,
    "exploding query": _exploding,
    "takes nothing": _takes_nothing,
    "garbage": _garbage,
    "strange paths": _strange,
}
