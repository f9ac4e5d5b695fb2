"""The entries of a dump in a SQLite file: resumable, each repository once, by id.

The Hub tells ids apart without regard to case, and so does this file; the written form is kept.
A transaction holds a batch of entries and how far the dump was read, so that a killed import goes
on where the last batch ended. Memory holds one batch. The file is locked while it is open, so that
of two imports at once the second fails. Each row has a checksum: what was damaged since it was
staged is noticed before an import goes on, and the dump is read anew.
"""

from __future__ import annotations

import gzip
import io
import os
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, cast

from jagraph.core.bounded_reader import require_plain
from jagraph.core.errors import DataError, OutsideError
from jagraph.core.file_stamps import stamp
from jagraph.core.version import __version__
from jagraph.sources.hub.dump import OPEN, UNIDENTIFIED, Entry, Parent, read_entry
from jagraph.sources.hub.lines import Pieces, Place, foreign

Say = Callable[[str], None]
_BATCH_BYTES = 16 << 20
_SAY_EVERY = 2.0
_TABLES = ("progress", "fault", "model")
_FORM = 3  # of the tables
_SCHEMA = f"""
PRAGMA user_version={_FORM};
CREATE TABLE progress (
  dump TEXT, offset INTEGER, lines INTEGER, depth INTEGER, done INTEGER, sum INTEGER
);
CREATE TABLE fault (line INTEGER, lost INTEGER, why TEXT, sum INTEGER);
CREATE TABLE model (
  id TEXT PRIMARY KEY COLLATE NOCASE, parents TEXT, license TEXT, datasets TEXT, languages TEXT,
  task TEXT, created TEXT, downloads INTEGER, line INTEGER, sum INTEGER
) WITHOUT ROWID;
"""

_KEEP = "INSERT OR REPLACE INTO model VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_BLAME = "INSERT INTO fault VALUES (?, ?, ?, ?)"


@dataclass(frozen=True)
class Fault:
    """What is wrong with a line; ``lost`` when the whole line could not be used."""

    line: int
    lost: bool
    why: str


class Staging:
    """The staged lines of one dump; ``path`` is made if need be."""

    def __init__(self, path: Path) -> None:
        """Take ``path`` for this process alone; raises OutsideError when another has it."""
        self.dump = ""  # the name of its file
        self._path = path
        self._base = sqlite3.connect(path)
        try:
            self._begin()
        except sqlite3.DatabaseError as reason:
            if reason.sqlite_errorcode in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                self._discard()
                return
            self._base.close()
            if reason.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:  # there are kinds of it
                raise
            raise OutsideError(
                "import-runs",
                "another import writes this store",
                where=str(path.parent),
                remedy="wait until it is done, or give --store another folder",
            ) from reason

    def _begin(self) -> None:
        """Lock the file, and make its tables unless it has them."""
        self._base.executescript(
            "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
            "PRAGMA cache_size=-200000; BEGIN EXCLUSIVE; COMMIT;"
        )
        if self._base.execute("PRAGMA user_version").fetchone()[0] != _FORM:
            drops = "".join(f"DROP TABLE IF EXISTS {table};" for table in _TABLES)
            self._base.executescript(f"BEGIN; {drops} {_SCHEMA} COMMIT;")

    def _discard(self) -> None:
        """Begin with an empty file."""
        self._base.close()
        for ending in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + ending).unlink(missing_ok=True)
        self._base = sqlite3.connect(self._path)
        self._begin()

    def _is_sound(self) -> bool:
        """Tell whether everything is as it was staged."""
        try:
            report = self._base.execute("PRAGMA integrity_check").fetchone()
            return report == ("ok",) and all(
                _sum(row[:-1]) == row[-1]
                for table in _TABLES
                for row in self._base.execute(f"SELECT * FROM {table}")  # noqa: S608, our own names
            )
        except sqlite3.DatabaseError:
            return False

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    @property
    def lines(self) -> int:
        """How many lines were read."""
        row = self._base.execute("SELECT lines FROM progress").fetchone()
        return int(row[0]) if row else 0

    def fill(self, dump: Path, say: Say) -> None:
        """Read what of ``dump`` is not yet staged; another dump begins anew.

        Raises OutsideError when the dump cannot be read, or ends in the middle of its compression,
        DataError when it is no text.
        """
        self.dump = dump.name
        try:
            require_plain(dump)  # it is opened again when an import goes on
            mark = " ".join(map(str, (__version__, dump.resolve(), *stamp(os.fspath(dump))[1:])))
            row = self._progress(mark)
            if row is None:
                row = (mark, 0, 0, 0, 0)
                with self._base:
                    self._base.execute(
                        "INSERT INTO progress VALUES (?, ?, ?, ?, ?, ?)", (*row, _sum(row))
                    )
            elif not self._is_sound():
                say("what was staged is damaged: reading the dump from its beginning")
                self._discard()
                self.fill(dump, say)
                return
            place, done = Place(*row[1:4]), row[4]
            if done:
                return
            if place.offset:
                say(f"going on after line {place.lines:,} of {dump}")
            with closing(_opened(dump)) as source:
                self._read(source, mark, place, say)
        except (OSError, EOFError, zlib.error) as reason:
            raise OutsideError(
                "unreadable-dump",
                f"the dump cannot be read: {reason}",
                where=str(dump),
                remedy="give a .jsonl or .jsonl.gz file that is whole; what was read is kept",
            ) from reason

    def lose_parents(self, names: list[str], why: str) -> None:
        """Put one that is not identified in the place of the base models of ``names``."""
        unknown = f"{UNIDENTIFIED} {OPEN} ."
        with self._base:
            for name in names:
                row = self._base.execute("SELECT * FROM model WHERE id = ?", (name,)).fetchone()
                row_kept = (row[0], unknown, *row[2:-1])
                self._base.execute(_KEEP, (*row_kept, _sum(row_kept)))
                fault = (row[-2], 0, why)
                self._base.execute(_BLAME, (*fault, _sum(fault)))

    def entries(self) -> Iterator[Entry]:
        """Yield each repository once, in the order of the ids; of two lines the later one."""
        for row in self._base.execute("SELECT * FROM model ORDER BY id"):
            parents = (text.split(" ") for text in row[1].split("\n") if text)
            yield Entry(
                row[0],
                tuple(Parent(name, relation, mark == "?") for name, relation, mark in parents),
                row[2],
                tuple(row[3].split()),
                tuple(row[4].split()),
                row[5],
                row[6],
                row[7],
                line=row[8],
            )

    def licenses(self) -> list[str]:
        """Return every licence that a repository states, in a fixed order."""
        rows = self._base.execute("SELECT DISTINCT license FROM model ORDER BY license")
        return [row[0] for row in rows]

    def datasets(self) -> list[str]:
        """Return every dataset that a repository names, in a fixed order."""
        rows = self._base.execute("SELECT DISTINCT datasets FROM model WHERE datasets != ''")
        return sorted({name for row in rows for name in row[0].split()})

    def has_parent(self, name: str) -> bool:
        """Tell whether a repository names the base model ``name``."""
        rows = self._base.execute(
            "SELECT 1 FROM model WHERE instr(char(10) || parents, char(10) || ? || ' ') LIMIT 1",
            (name,),
        )
        return rows.fetchone() is not None

    def count(self) -> int:
        """Return how many repositories there are."""
        return int(self._base.execute("SELECT COUNT(*) FROM model").fetchone()[0])

    def faults(self) -> list[Fault]:
        """Return what was wrong, line by line."""
        rows = self._base.execute("SELECT line, lost, why FROM fault ORDER BY line, rowid")
        return [Fault(line, bool(lost), why) for line, lost, why in rows]

    def _progress(self, mark: str) -> tuple[str, int, int, int, int] | None:
        """Return how far the dump ``mark`` was read; None, and nothing is staged, without it."""
        try:
            row = self._base.execute(
                "SELECT dump, offset, lines, depth, done FROM progress"
            ).fetchone()
            if row is None and self.count() == 0:
                return None
        except sqlite3.DatabaseError:
            row = None
        if row is None or row[0] != mark:
            self._discard()
            return None
        return cast("tuple[str, int, int, int, int]", row)

    def _read(self, source: IO[bytes], mark: str, place: Place, say: Say) -> None:
        spoke = time.monotonic()
        pieces = Pieces(source, place)
        done = False
        while not done:
            entries: list[Entry] = []
            faults: list[tuple[int, int, str]] = []
            while pieces.place.offset - place.offset < _BATCH_BYTES:
                piece = pieces.next()
                if piece is None:
                    done = True
                    break
                try:
                    if piece.why:
                        raise ValueError(piece.why)
                    entry = replace(read_entry(piece.data), line=piece.line)
                except ValueError as reason:
                    faults.append((piece.line, 1, str(reason)))
                    continue
                entries.append(entry)
                faults += [(piece.line, 0, why) for why in entry.complaints]
            place = pieces.place
            with self._base:
                self._base.executemany(
                    _KEEP,
                    map(_row, sorted(entries, key=lambda entry: entry.id.lower())),
                )
                rows = ((*fault, _sum(fault)) for fault in faults)
                self._base.executemany(_BLAME, rows)
                far = (mark, place.offset, place.lines, place.depth, int(done))
                self._base.execute(
                    "UPDATE progress SET dump = ?, offset = ?, lines = ?, depth = ?, done = ?,"
                    " sum = ?",
                    (*far, _sum(far)),
                )
            if time.monotonic() - spoke > _SAY_EVERY:
                spoke = time.monotonic()
                say(f"read {place.lines:,} lines")


def _row(entry: Entry) -> tuple[object, ...]:
    parents = (f"{p.id} {p.relation} {'?' if p.inferred else '.'}" for p in entry.parents)
    row = (
        entry.id,
        "\n".join(parents),
        entry.license,
        " ".join(entry.datasets),
        " ".join(entry.languages),
        entry.task,
        entry.created,
        entry.downloads,
        entry.line,
    )
    return (*row, _sum(row))


def _sum(row: tuple[object, ...]) -> int:
    return zlib.crc32(repr(row).encode(errors="surrogatepass"))


def _opened(dump: Path) -> io.BufferedReader[Any]:
    """Open ``dump``, compressed by gzip or not; raises DataError for a file that is no text."""
    source: io.BufferedReader[Any] = io.BufferedReader(dump.open("rb", 0), 1 << 20)
    if source.peek(2).startswith(b"\x1f\x8b"):
        source.close()
        unpacked = cast("io.RawIOBase", gzip.GzipFile(dump))
        source = io.BufferedReader(unpacked, 1 << 20)
    if signature := foreign(source.peek(8)):
        source.close()
        kind, remedy = signature
        raise DataError("unusable-dump", f"this is {kind}", where=str(dump), remedy=remedy)
    return source
