"""HTTP requests: none finds a bug, each that is one is answered whole, and none is half read."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from random import Random
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from benchmarks.inputs import odd
from benchmarks.inputs.judging import BugError, Check, HangError, LossError
from benchmarks.load import served

_TINY = Path(__file__).parents[2] / "tests/tiny"
_PATIENCE = 15.0
_SECONDS = "2"  # of one query: generated ones may explode
_PLACES = (
    *(
        "/",
        "/queries",
        "/vocab",
        "/search",
        "/looks.css",
        "/static/site.css",
        "/sparql",
        "/openapi.json",
    ),
    *(
        "/model/ume-7b",
        "/family/ume",
        "/license/closed",
        "/developer/sakura-lab",
        "/compare",
        "/api",
    ),
    *("/query/descendants", "/query/largest", "/query/descendants-with-terms", "/lineage/ume"),
    *("/model/ume-7b.ttl", "/family/ume.jsonld", "/query/largest.csv", "/query/developers.json"),
    *(
        "/model/ume-7b/terms",
        "/favicon.ico",
        "/robots.txt",
        "/context.jsonld",
        "/concern/share-alike",
    ),
)
_PARAMETERS = (
    *(
        "q",
        "all",
        "lang",
        "page",
        "format",
        "query",
        "base",
        "terms",
        "model",
        "sort",
        "depth",
        "use",
    ),
    *("direction", "theme", "limit", "license", "default-graph-uri", "update", "section"),
)
_QUERIES = (
    "SELECT ?m { ?m a jag:Model } LIMIT 3",
    "ASK { ?a ?b ?c }",
    "CONSTRUCT { ?a ?b ?c } WHERE { ?a ?b ?c } LIMIT 2",
    "DESCRIBE model:ume-7b",
    "DELETE WHERE { ?a ?b ?c }",
    "SELECT * { SERVICE <http://127.0.0.1:1/> { ?a ?b ?c } }",
)
_HEADERS = (
    (
        "Accept",
        ("text/html", "*/*", "text/turtle", "application/sparql-results+json", "q=;", ",,;q=2"),
    ),
    ("Accept-Language", ("ja", "fr;q=0.5,en", "x;q=nan", "*")),
    ("Accept-Encoding", ("gzip", "identity;q=0", "br,,")),
    (
        "Content-Type",
        ("application/sparql-query", "application/x-www-form-urlencoded", "a/b;c", ""),
    ),
    ("Cookie", ("lang=ja", "lang=; theme=x", "=;=", "a" * 3000)),
    ("If-None-Match", ('"x"', "*", "W/")),
    ("If-Modified-Since", ("yesterday", "Thu, 01 Jan 1970 00:00:00 GMT")),
    ("Range", ("bytes=0-1", "bytes=-", "x")),
    ("Origin", ("http://evil.example", "null")),
    ("X-Forwarded-For", ("1.2.3.4", "x")),
)
_METHODS = (
    ("GET",) * 14 + ("POST",) * 5 + ("HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "FOO")
)


class Asked(NamedTuple):
    """A request as it is sent.

    It is ``sound`` when it is HTTP, and ``misspelt`` when a saved query has not what it names.
    """

    sent: bytes
    method: str
    sound: bool
    misspelt: bool = False


def make(chance: Random) -> Asked:
    """Return a request with odd places, parameters, headers or bodies, or damaged as a whole."""
    if chance.random() < 0.08:
        return _misspelt(chance)
    path = chance.choice(_PLACES)
    change = chance.random()
    if change < 0.15:
        path = f"{path.rpartition('/')[0]}/{quote(odd.text(chance))}"
    elif change < 0.2:
        path += quote(odd.text(chance), safe=chance.choice(("", "/?.")))
    elif change < 0.25:
        path = odd.misspelt(chance, path).replace(" ", "%20")
    named = [
        (chance.choice(_PARAMETERS), _value(chance)) for _ in range(chance.choice((0, 0, 1, 2, 3)))
    ]
    asked = "&".join(f"{name}={value}" for name, value in named)
    method = chance.choice(_METHODS)
    heads = {"Host": "localhost"}
    for name, values in chance.sample(_HEADERS, chance.choice((0, 1, 2, 3))):
        heads[name] = chance.choice(values)
        if chance.random() < 0.2:
            heads[name] = "".join(sign for sign in odd.text(chance)[:5000] if " " < sign < "\x7f")
    body = b""
    if method == "POST":
        body = chance.choice((_query(chance), f"query={quote(_query(chance))}", asked)).encode()
        body = odd.damaged(chance, body) if chance.random() < 0.2 else body
        heads["Content-Length"] = str(len(body))
    target = f"{path}?{asked}" if asked and chance.random() < 0.95 else path
    if not target.startswith("/"):
        target = f"/{target}"
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in heads.items())]
    head = "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1", "replace")
    if chance.random() < 0.1:
        return Asked(odd.damaged(chance, head + body), method, sound=False)
    return Asked(head + body, method, sound=True)


def _misspelt(chance: Random) -> Asked:
    known = ("base", "terms", "follow")
    wrong = odd.misspelt(chance, chance.choice(known))
    wrong = f"{wrong}x" if wrong in known else wrong  # two letters that are the same changed places
    doubled = "base=ume&base=mountain"
    asked = chance.choice((f"{quote(wrong)}=ume", f"base=ume&{quote(wrong)}=x", doubled))
    ending = chance.choice(("", ".csv", ".json"))
    head = f"GET /query/descendants-with-terms{ending}?{asked} HTTP/1.1\r\nHost: localhost\r\n"
    return Asked(f"{head}Connection: close\r\n\r\n".encode(), "GET", sound=True, misspelt=True)


def _value(chance: Random) -> str:
    known = ("ume", "ume-7b", "mountain", "ja", "1", "csv", "json", "share-alike", _query(chance))
    value = chance.choice((chance.choice(known), odd.text(chance)))
    return quote(value) if chance.random() < 0.95 else quote(value).replace("%", "%%", 1)


def _query(chance: Random) -> str:
    query = chance.choice(_QUERIES)
    if chance.random() < 0.4:
        at = chance.randrange(len(query) + 1)
        query = query[:at] + odd.text(chance) + query[at + chance.choice((0, 1, 5)) :]
    return query


@contextmanager
def opened(_: Path) -> Iterator[Check]:
    """Give what asks a server of the frozen project."""
    with served(_TINY, _SECONDS) as url:
        address = urlsplit(url)

        def check(given: Asked) -> None:
            try:
                with socket.create_connection((address.hostname, address.port), _PATIENCE) as made:
                    made.sendall(given.sent)
                    if not given.sound:  # there may be no end that the server could wait for
                        made.shutdown(socket.SHUT_WR)
                    _answered(made, given)
            except TimeoutError as late:
                raise HangError(f"no answer in {_PATIENCE:g} s") from late
            except OSError as gone:  # a server closes when it has read what is no request
                if given.sound:
                    raise BugError(f"the server does not answer: {gone}") from gone

        yield check


def _answered(made: socket.socket, given: Asked) -> None:
    """Read the answer; raises BugError for what is no answer, LossError for a part of one."""
    answer = HTTPResponse(made, method=given.method)
    try:
        answer.begin()
        body = answer.read()
    except (HTTPException, ConnectionError) as broken:
        if given.sound:
            raise LossError(f"no whole answer: {type(broken).__name__}: {broken}") from broken
        return
    if answer.status == 500 or b"this is a bug" in body:
        raise BugError(f"status {answer.status}: {body[:300]!r}")
    if given.misspelt and answer.status == 200:
        raise LossError(f"a parameter that is not read: {given.sent!r}")
