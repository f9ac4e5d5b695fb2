"""The lines of an assistant's program, good and bad, against the real command over its pipes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import pytest
from tests.support.exploding import EXPLODING
from tests.support.processes import workers_of
from tests.support.project import TINY

from jagraph.graph.cache import Graph
from jagraph.mcp.message_lines import LONGEST

pytestmark = pytest.mark.slow


_PATIENCE = 120.0
_HELLO = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "a test", "version": "1"},
}
Said = dict[str, Any]


class Session:
    """One process of the command, and what it is told and says."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        assert process.stdin is not None
        assert process.stdout is not None
        self._into: IO[bytes] = process.stdin
        self.out: IO[bytes] = process.stdout

    def write(self, *lines: bytes) -> None:
        for line in lines:
            self._into.write(line + b"\n")
        self._into.flush()

    def ask(self, number: int, method: str, params: Said | None = None) -> None:
        said = {"jsonrpc": "2.0", "id": number, "method": method, "params": params or {}}
        self.write(json.dumps(said).encode())

    def call(self, number: int, tool: str, **arguments: Any) -> None:
        self.ask(number, "tools/call", {"name": tool, "arguments": arguments})

    def tell(self, method: str, params: Said) -> None:
        self.write(json.dumps({"jsonrpc": "2.0", "method": method, "params": params}).encode())

    def read(self) -> Said:
        said: Said = json.loads(self.out.readline())
        return said

    def close(self) -> int:
        self._into.close()
        return self.process.wait(_PATIENCE)


@contextmanager
def session(graph: Graph) -> Iterator[Session]:
    """Start the command on the frozen project, and greet it."""
    assert graph.folder is not None
    words = ["-m", "jagraph", "mcp", "-q", "--time-limit", "600", "--project", str(TINY)]
    with subprocess.Popen(
        [sys.executable, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "JAGRAPH_CACHE": str(graph.folder.parent)},
    ) as process:
        try:
            started = Session(process)
            started.ask(0, "initialize", _HELLO)
            assert started.read()["id"] == 0
            started.tell("notifications/initialized", {})
            yield started
            assert process.stderr is not None
            assert process.poll() is None or process.stderr.read() == b""
        finally:
            process.kill()


def request(number: int, text: str) -> bytes:
    """Return a call of the tool search with ``text``, which is written in JSON, for its text."""
    call = f'{{"name":"search","arguments":{{"text":{text}}}}}'
    return f'{{"jsonrpc":"2.0","id":{number},"method":"tools/call","params":{call}}}'.encode()


_UNREADABLE: tuple[tuple[bytes, int | str | None, int], ...] = (
    (b"garbage", None, -32700),
    (b"\xff\xfe", None, -32700),
    (b'{"jsonrpc":"2.0","id":1,"method":"ping"', None, -32700),
    (request(2, '"\xff"')[:-10].replace("\xff".encode(), b"\xff"), None, -32700),
    (b"[" * 200_000, None, -32700),
    (request(3, "9" * 5000), None, -32700),
    (request(4, "NaN"), None, -32700),
    (b'{"jsonrpc":"2.0","id":5,"method":"ping","method":"tools/list"}', None, -32700),
    (b"[]", None, -32600),
    (b"7", None, -32600),
    (b'{"jsonrpc":"2.0","id":5}', 5, -32600),
    (b'{"jsonrpc":"1.0","id":6,"method":"ping"}', 6, -32600),
    (b'{"id":"seven","method":"ping"}', "seven", -32600),
    (b'{"jsonrpc":"2.0","id":8,"method":8}', 8, -32600),
    (b'{"jsonrpc":"2.0","id":9,"method":"tools/call","params":9}', 9, -32600),
    (b'{"jsonrpc":"2.0","id":null,"method":"ping"}', None, -32600),
    (b'{"jsonrpc":"2.0","id":1.5,"method":"ping"}', None, -32600),
    (b'{"jsonrpc":"2.0","id":true,"method":"ping"}', None, -32600),
    (b'{"jsonrpc":"2.0","id":"\\ud800","method":"ping"}', None, -32600),
    (request(10, '"\\ud800"'), 10, -32600),
    (request(11, '{"a":' * 400 + "1" + "}" * 400), 11, -32600),
    (request(12, f'"{"x" * LONGEST}"'), None, -32600),
    (b'{"jsonrpc":"2.0","id":13,"method":"no/such"}', 13, -32601),
    (b'{"jsonrpc":"2.0","id":14,"method":"tools/call","params":{"name":5}}', 14, -32602),
    (b'{"jsonrpc":"2.0","id":15,"method":"tools/list","params":{"cursor":5}}', 15, -32602),
)


def test_every_line_that_cannot_be_read_is_answered_with_an_error(tiny: Graph) -> None:
    with session(tiny) as started:
        for number, (line, known, code) in enumerate(_UNREADABLE, 100):
            started.write(line, b"")
            said = started.read()
            assert (said["id"], said["error"]["code"]) == (known, code), line[:80]
            assert said["error"]["message"], line[:80]
            started.ask(number, "ping")
            assert started.read() == {"jsonrpc": "2.0", "id": number, "result": {}}, line[:80]
        assert started.close() == 0


def test_the_end_of_the_input_is_the_end_and_no_error(tiny: Graph) -> None:
    with session(tiny) as started:
        started.call(1, "sparql", query=EXPLODING)
        started.write(b"garbage")
        assert started.read()["error"]["code"] == -32700
        assert started.close() == 0
    with session(tiny) as started:
        started.out.close()
        started.call(1, "search", text="ume")
        assert started.close() == 0


def test_an_interrupt_ends_it_though_the_client_is_silent(tiny: Graph) -> None:
    with session(tiny) as started:
        started.ask(1, "ping")
        assert started.read()["id"] == 1
        started.process.send_signal(signal.SIGINT)
        assert started.process.wait(_PATIENCE) == 130
        assert started.process.stderr is not None
        assert started.process.stderr.read().split() == [b"stopped"]


def test_a_call_that_is_cancelled_frees_its_seat_at_once(tiny: Graph) -> None:
    with session(tiny) as started:
        seats = 2
        for round_ in range(3):  # more than seats and line together hold
            numbers = range(10 * round_ + 1, 10 * round_ + 1 + seats)
            for number in numbers:
                started.call(number, "sparql", query=EXPLODING)
            slow = _when(lambda: lowered(started), seats)
            for number in numbers:
                started.tell("notifications/cancelled", {"requestId": number})
            _when(lambda: lowered(started), 0)
            assert not slow & {one for one, _ in workers_of(started.process.pid)}
        started.call(100, "query", name="developers")
        assert started.read()["id"] == 100
        assert started.close() == 0


def lowered(started: Session) -> set[int]:
    """Return the workers that have a seat."""
    return {one for one, slow in workers_of(started.process.pid) if slow}


def _when(look: Any, count: int) -> set[int]:
    """Return what ``look`` sees when it is so many; the queries themselves would take minutes."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        found: set[int] = look()
        if len(found) == count:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{look()} are not {count}")


def test_a_strange_text_is_looked_for_like_any(tiny: Graph) -> None:
    with session(tiny) as started:
        for text in ("\u0000", "\u202e", "x" * 100_000, "'; DROP", "{{7*7}}"):
            started.call(1, "search", text=text)
            assert "result" in started.read(), text[:80]
