"""The lines a client writes, as messages: a line that is none is answered with an error.

JSON-RPC 2.0, one message per line in UTF-8. Without an answer a client would wait for ever.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from select import select
from typing import Any, NoReturn

import anyio.from_thread

from jagraph.core.strict_json import each_once
from mcp import types

LONGEST = 4 << 20  # bytes; a question takes some hundred
_CHUNK = 1 << 16
_TICK = 0.2
_PARSE_ERROR, _INVALID_REQUEST = -32700, -32600


class Lines(io.TextIOBase):
    """Reads the file ``source``, from a thread of the event loop that can be cancelled meanwhile.

    ``refuse`` gets the error that answers a line that is no message.
    """

    def __init__(self, source: int, refuse: Callable[[types.JSONRPCError], None]) -> None:
        self._source = source
        self._refuse = refuse
        self._read = bytearray()

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]  # noqa: ARG002, a line is one message
        """Return the next line that is a message, "" at the end."""
        while line := self._line():
            wrong = refusal(line)
            while len(line) > LONGEST and not line.endswith(b"\n"):
                line = self._line()  # the rest of it
            if wrong is not None:
                self._refuse(wrong)
            elif line.strip():
                return line.decode()
        return ""

    def _line(self) -> bytes:
        """Return a line, or the beginning of one that is too long, or what is left at the end."""
        read = self._read
        while b"\n" not in read and len(read) <= LONGEST and self._more():
            pass
        end = read.find(b"\n") + 1 or LONGEST + 1
        line = bytes(read[:end])
        del read[:end]
        return line

    def _more(self) -> bool:
        """Read what there is; return whether it is not the end."""
        while not select([self._source], [], [], _TICK)[0]:
            anyio.from_thread.check_cancelled()
        more = os.read(self._source, _CHUNK)
        self._read += more
        return bool(more)


def refusal(line: bytes) -> types.JSONRPCError | None:
    """Return the error that answers ``line``, None for a message and for an empty line."""
    if len(line) > LONGEST:
        return _error(_INVALID_REQUEST, f"a message has at most {LONGEST >> 20} MiB")
    if not line.strip():
        return None
    try:
        message = json.loads(line.decode(), parse_constant=_no_json, object_pairs_hook=each_once)
    except (ValueError, RecursionError) as reason:
        return _error(
            _PARSE_ERROR, f"the line cannot be read as JSON in UTF-8: {_plain(str(reason))}"
        )
    if not isinstance(message, dict):
        return _error(_INVALID_REQUEST, "a message is one JSON object")
    identifier = message.get("id")
    if "id" in message and (not isinstance(identifier, str | int) or isinstance(identifier, bool)):
        return _error(_INVALID_REQUEST, "the id of a request is a string or a whole number")
    try:
        types.jsonrpc_message_adapter.validate_json(line, by_name=False)
    except ValueError:
        return _error(
            _INVALID_REQUEST, f"this is no message of JSON-RPC 2.0: {_fault(message)}", identifier
        )
    return None


def _fault(message: dict[str, Any]) -> str:
    if message.get("jsonrpc") != "2.0":
        return '"jsonrpc" is "2.0"'
    if not isinstance(message.get("method", ""), str):
        return '"method" is a string'
    if not isinstance(message.get("params", {}), dict):
        return '"params" is an object'
    if not {"method", "result", "error"} & message.keys():
        return 'a request has a "method"'
    return "it has a text that is not Unicode, or is nested too deeply"


def _error(code: int, what: str, identifier: str | int | None = None) -> types.JSONRPCError:
    if isinstance(identifier, str) and _plain(identifier) != identifier:
        identifier = None
    error_data = types.ErrorData(code=code, message=what)
    return types.JSONRPCError(jsonrpc="2.0", id=identifier, error=error_data)


def _plain(text: str) -> str:
    return text.encode(errors="replace").decode()


def _no_json(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")
