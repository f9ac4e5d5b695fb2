"""An endpoint that answers as a test wants, on a real port."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

JSON = "application/sparql-results+json"


ROW = '{"a":{"type":"literal","value":"%d"}}'


HEAD = '{"head":{"vars":["a"]},"results":{"bindings":['


WHOLE = (HEAD + ROW % 1 + "]}}").encode()


Script = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers the first look at the graph properly, then does what the test's script says."""

    def do_GET(self) -> None:
        self.handle_query(self.path.partition("?")[2])

    def do_POST(self) -> None:
        self.handle_query(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def handle_query(self, form: str) -> None:
        server = self.server
        assert isinstance(server, Server)
        self.fields = parse_qs(form)
        if "?trace" in self.fields["query"][0]:
            found = [{"trace": {"type": "literal", "value": trace}} for trace in server.traces]
            answer = {"head": {"vars": ["trace"]}, "results": {"bindings": found}}
            self.reply(json.dumps(answer).encode())
            return
        server.asked.append(self)
        server.script(self)

    def reply(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in (
            {"Content-Type": JSON, "Content-Length": str(len(body))} | named
        ).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """A server on a free loopback port that follows a script."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[Handler] = []
        self.script: Script = lambda handler: handler.reply(WHOLE)
        self.url = f"http://127.0.0.1:{self.server_port}/sparql"
        self.traces: tuple[str, ...] = ("filled", "vocabulary", "united")
        self.stopping = threading.Event()

    def handle_error(self, *_: object) -> None:
        """Say nothing when the client goes away: it is told to."""
