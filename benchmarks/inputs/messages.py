"""Lines for the assistants' server: what has an id, or cannot be read, is answered."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.inputs import odd
from benchmarks.inputs.judging import BugError, Check, LossError

_TINY = Path(__file__).parents[2] / "tests/tiny"
_INTERNAL = -32603
_HELLO = {
    "jsonrpc": "2.0",
    "id": "hello",
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "bench", "version": "1"},
    },
}
_CALLS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("query", {"name": "descendants", "parameters": {"base": "mountain"}, "limit": 5}),
    ("describe_query", {"name": "largest"}),
    ("search", {"text": "ume", "limit": 3}),
    ("card", {"id": "ume-7b"}),
    ("lineage", {"id": "ume", "direction": "up", "depth": 2}),
    ("terms", {"id": "ume-7b", "use": "ship"}),
    ("sparql", {"query": "SELECT ?m { ?m a jag:Model }", "limit": 2}),
)


def make(chance: Random) -> bytes:
    """Return a message on one line, changed or damaged."""
    said: Any = {"jsonrpc": "2.0", "id": chance.choice((1, "one", 0, -7, "é")), "method": "ping"}
    shape = chance.random()
    if shape < 0.75:
        name, arguments = chance.choice(_CALLS)
        if chance.random() < 0.5:
            arguments = odd.json_changed(chance, arguments)
        said |= {"method": "tools/call", "params": {"name": name, "arguments": arguments}}
    elif shape < 0.85:
        said |= {"method": chance.choice(("tools/list", "initialize", "resources/list", "x"))}
        said |= {"params": odd.json_changed(chance, _HELLO["params"])}
    elif shape < 0.9:
        said |= {"method": "notifications/cancelled", "params": {"requestId": odd.value(chance)}}
    if chance.random() < 0.3:
        said = odd.json_changed(chance, said)
    written = json.dumps(said, ensure_ascii=chance.random() < 0.5)
    if chance.random() < 0.1:
        written = odd.json_doubled(chance, said)
    line = written.encode(errors="surrogatepass")
    if chance.random() < 0.3:
        line = odd.damaged(chance, line)
    return line.replace(b"\n", b" ")


@contextmanager
def opened(folder: Path) -> Iterator[Check]:
    """Give what sends one line to a server, and waits for its answer and that to a ping."""
    words = [sys.executable, "-m", "jagraph", "mcp", "-q", "--project", str(_TINY)]
    noise = (folder / "stderr").open("w+b")
    server = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=noise)
    counted = 0

    def send(*lines: bytes) -> None:
        assert server.stdin is not None  # noqa: S101, for the type checker
        server.stdin.write(b"".join(line + b"\n" for line in lines))
        server.stdin.flush()

    def answer() -> dict[str, Any]:
        assert server.stdout is not None  # noqa: S101, for the type checker
        line = server.stdout.readline()
        if not line:
            noise.seek(0)
            raise BugError(f"the server ended; {noise.read().decode(errors='replace')}")
        said: dict[str, Any] = json.loads(line)
        return said

    def check(given: bytes) -> None:
        nonlocal counted
        counted += 1
        ping = f"ping {counted}"
        send(given, json.dumps({"jsonrpc": "2.0", "id": ping, "method": "ping"}).encode())
        wanted = _is_answered(given)
        answers: list[dict[str, Any]] = []
        while len(answers) < bool(wanted) or ping:
            got = answer()
            if got.get("id") == ping:
                ping = ""
            elif "method" not in got:
                answers.append(got)
        if len(answers) > (wanted is not False):
            raise BugError(f"{len(answers)} answers: {answers}")
        for got in answers:
            if got.get("error", {}).get("code") == _INTERNAL or "a bug" in json.dumps(got):
                raise BugError(json.dumps(got))
            if got.get("id") not in (_id(given), None):
                raise LossError(f"the answer is to {got.get('id')!r}")
            refused = "error" in got or got["result"].get("isError")
            said = _said(given)
            if not refused and (said is None or _is_misspelt(said)):
                raise LossError(f"a key is misspelt or stands twice, and {given!r} is answered")

    try:
        send(json.dumps(_HELLO).encode())
        answer()
        send(b'{"jsonrpc": "2.0", "method": "notifications/initialized"}')
        yield check
    finally:
        server.kill()
        server.wait()
        noise.close()


def _said(line: bytes) -> Any:
    try:
        return json.loads(line.decode(), object_pairs_hook=_each_once)
    except (ValueError, RecursionError):
        return None


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def _is_misspelt(said: Any) -> bool:
    """Tell whether ``said`` calls one of _CALLS with an argument that none has."""
    call = said.get("params") if isinstance(said, dict) else None
    if not isinstance(call, dict) or not isinstance(call.get("arguments"), dict):
        return False
    known = next((given for name, given in _CALLS if name == call.get("name")), None)
    return known is not None and not call["arguments"].keys() <= known.keys()


def _id(line: bytes) -> Any:
    said = _said(line)
    return said.get("id") if isinstance(said, dict) else None


def _is_answered(line: bytes) -> bool | None:
    """Tell whether ``line`` gets an answer; None for an answer, which may be a wrong one."""
    if not line.strip():
        return False
    said = _said(line)
    if not isinstance(said, dict) or said.get("jsonrpc") != "2.0":
        return True
    if "method" not in said and said.keys() & {"result", "error"}:
        return None
    if "id" in said or not isinstance(said.get("method"), str):
        return True
    return None if said.get("params") is None else not isinstance(said["params"], dict)
