"""The entries of a dump as bytes: one JSON object per line, or JSON arrays of them.

The Hub's API gives an array per answer. A dump may hold lines, one array, or one after the other,
on one line or on many. What is no entry costs at most the rest of its line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import IO

LONGEST = 4 << 20
_SPACE = b" \t\r\n"
_MARK = "\ufeff".encode()  # a byte order mark, at the beginning of each file that was joined
_BRACKET = re.compile(rb'["{}\[\]]')
_TEXT = re.compile(rb'(?:[^"\\]++|\\[\s\S])*+')
# how files begin that are not text in UTF-8, and what to do with each
_FOREIGN = (
    (b"PK\x03\x04", "a zip archive", "unpack it"),
    (b"BZh", "compressed by bzip2", "unpack it with bunzip2, or pack it with gzip"),
    (b"\xfd7zXZ", "compressed by xz", "unpack it with unxz, or pack it with gzip"),
    (b"\x28\xb5\x2f\xfd", "compressed by zstd", "unpack it with unzstd, or pack it with gzip"),
    (b"\x1f\x8b", "compressed twice", "unpack it once with gunzip"),
    (b"PAR1", "a Parquet file", "write it as JSON lines"),
    (b"\xff\xfe", "text in UTF-16", "save it in UTF-8"),
    (b"\xfe\xff", "text in UTF-16", "save it in UTF-8"),
)


@dataclass(frozen=True)
class Place:
    """Where reading goes on: bytes and lines behind it, and in how many arrays it stands."""

    offset: int = 0
    lines: int = 0
    depth: int = 0


@dataclass(frozen=True)
class Piece:
    """The bytes of one entry and the line it begins in, or why there is none."""

    line: int
    data: bytes
    why: str = ""


def foreign(begin: bytes) -> tuple[str, str] | None:
    """Return what a file is that begins so and cannot be a dump, and what to do; else None."""
    return next((signature[1:] for signature in _FOREIGN if begin.startswith(signature[0])), None)


class Pieces:
    """Reads a dump entry by entry; ``place`` is where another reader can go on."""

    def __init__(self, source: IO[bytes], place: Place) -> None:
        source.seek(place.offset)
        self._source = source
        self._offset = place.offset
        self._lines = place.lines
        self._depth = place.depth
        self._empty = False
        self._cut = False
        self._rest = b""  # read and not yet used, of the current line

    @property
    def place(self) -> Place:
        """Where the next entry is looked for."""
        return Place(self._offset - len(self._rest), self._lines, self._depth)

    def next(self) -> Piece | None:
        """Return the next entry or what stands in its place, None at the end."""
        while chunk := self._chunk():
            if self._depth:
                piece = self._element(chunk)
            elif chunk[:1] == b"{":
                piece = self._line(chunk)
            else:
                piece = self._other(chunk)
            if piece:
                return piece
        if self._cut:  # a last line that nothing ends is a line
            self._cut = False
            self._lines += 1
        if self._depth:
            self._depth = 0
            return Piece(self._lines, b"", "the dump ends before its array does")
        return None

    def _chunk(self) -> bytes:
        """Return the rest of the line, or a new line: at most LONGEST bytes of it."""
        if self._rest:
            chunk, self._rest = self._rest, b""
            return chunk
        chunk = self._source.readline(LONGEST)
        self._offset += len(chunk)
        self._cut = not chunk.endswith(b"\n") if chunk else self._cut
        return chunk

    def _done(self, chunk: bytes) -> None:
        """Count the line that ``chunk``, used up, may end."""
        self._lines += chunk.endswith(b"\n")

    def _line(self, chunk: bytes) -> Piece:
        """Return the whole line that ``chunk`` begins."""
        line = self._lines + 1
        while not chunk.endswith(b"\n") and len(chunk) < LONGEST and (more := self._chunk()):
            chunk += more
        if len(chunk) >= LONGEST and not chunk.endswith(b"\n"):
            self._skip(chunk)
            return Piece(line, b"", f"longer than {LONGEST:,} bytes")
        self._done(chunk)
        return Piece(line, chunk)

    def _other(self, chunk: bytes) -> Piece | None:
        """Return what a line holds that begins with no entry; None for an array or space."""
        text = chunk.removeprefix(_MARK).lstrip(_SPACE)
        if not text:
            self._done(chunk)
            return None
        if text[:1] != b"[":
            return self._line(text)
        self._depth, self._empty, self._rest = 1, True, text[1:]
        return None

    def _element(self, chunk: bytes) -> Piece | None:
        """Return the next entry of an array; None for what stands between entries."""
        text = chunk.lstrip(b" \t\r\n,")
        line = self._lines + 1
        if not text:
            self._done(chunk)
            return None
        self._rest = text[1:]
        if text[:1] == b"]":
            self._depth -= 1
            empty, self._empty = self._empty and not self._depth, False
            return Piece(line, b"", "an array without an entry") if empty else None
        if text[:1] == b"[":
            self._depth += 1
            return None
        self._rest, self._empty = b"", False
        if text[:1] == b"{":
            return self._object(text)
        self._depth = 0
        self._skip(text)
        return Piece(line, b"", "not a JSON object, and the rest of its line is not read")

    def _object(self, chunk: bytes) -> Piece:
        """Return the object that ``chunk`` begins, which may go on over many lines."""
        line, depth, in_text = self._lines + 1, 0, False
        parts: list[bytes] = []
        size = at = 0
        while True:
            while at < len(chunk):
                if in_text:
                    at = _end_of_text(chunk, at)
                    if chunk[at : at + 1] != b'"':
                        break
                    in_text, at = False, at + 1
                    continue
                match = _BRACKET.search(chunk, at)
                at = match.end() if match else len(chunk)
                sign = match[0] if match else b""
                in_text = sign == b'"'
                depth += (sign in (b"{", b"[")) - (sign in (b"}", b"]"))
                if match and not depth:
                    self._rest = chunk[at:]
                    parts.append(chunk[:at])
                    if size + at > LONGEST:
                        return Piece(line, b"", f"longer than {LONGEST:,} bytes")
                    return Piece(line, b"".join(parts))
            self._done(chunk)
            if in_text and chunk.endswith(b"\n"):
                self._depth = 0
                return Piece(line, b"", "not JSON: a text does not end on its line")
            begun = chunk[at:]  # half of an escape
            size += at
            parts.append(chunk[:at])
            if size > LONGEST:
                parts = []
            more = self._chunk()
            if not more:
                self._depth = 0
                return Piece(line, b"", "the dump ends in the middle of an entry")
            chunk, at = begun + more, 0

    def _skip(self, chunk: bytes) -> None:
        """Read to the end of the line that ``chunk`` is of."""
        while chunk and not chunk.endswith(b"\n"):
            chunk = self._chunk()
        self._done(chunk)


def _end_of_text(chunk: bytes, at: int) -> int:
    """Return where the text that holds ``at`` ends, or how far ``chunk`` has it."""
    match = _TEXT.match(chunk, at)
    return match.end() if match else at
