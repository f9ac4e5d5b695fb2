"""The lines of a dump in a SQLite file: resumable, each repository once, in the order of the ids.

A transaction holds a batch of lines and how far the dump was read, so that a killed import goes on
where the last batch ended. Memory holds one batch. The file is locked while it is open, so that of
two imports at once the second fails.
"""

from __future__ import annotations

import gzip
import io
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from jagraph import __version__
from jagraph.errors import OutsideError
from jagraph.hub.dump import Entry, Parent, read_entry
from jagraph.reading import require_plain

Say = Callable[[str], None]
_BATCH_BYTES = 16 << 20
_LONGEST_LINE = 4 << 20
_SAY_EVERY = 2.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS progress (dump TEXT, offset INTEGER, lines INTEGER, done INTEGER);
CREATE TABLE IF NOT EXISTS fault (line INTEGER, lost INTEGER, why TEXT);
CREATE TABLE IF NOT EXISTS model (
  id TEXT PRIMARY KEY, parents TEXT, license TEXT, datasets TEXT, languages TEXT, task TEXT,
  created TEXT, downloads INTEGER
) WITHOUT ROWID;
"""


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
        self._base = sqlite3.connect(path)
        try:
            self._base.executescript(
                "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
                "PRAGMA cache_size=-200000;"
            )
            self._base.executescript(_SCHEMA)
        except sqlite3.OperationalError as reason:
            self._base.close()
            if reason.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            raise OutsideError(
                "import-runs",
                "another import writes this store",
                where=str(path.parent),
                remedy="wait until it is done, or give --store another folder",
            ) from reason

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    @property
    def lines(self) -> int:
        """How many lines were read."""
        row = self._base.execute("SELECT lines FROM progress").fetchone()
        return int(row[0]) if row else 0

    def fill(self, dump: Path, say: Say) -> None:
        """Read the lines of ``dump`` that are not yet staged; another dump begins anew.

        Raises OutsideError when the dump cannot be read, or ends in the middle of its compression.
        """
        try:
            status = dump.stat()
            mark = f"{__version__} {dump.resolve()} {status.st_size} {status.st_mtime_ns}"
            row = self._base.execute("SELECT dump, offset, lines, done FROM progress").fetchone()
            if row is None or row[0] != mark:
                with self._base:
                    for table in ("progress", "fault", "model"):
                        self._base.execute(f"DELETE FROM {table}")  # noqa: S608, our own names
                    self._base.execute("INSERT INTO progress VALUES (?, 0, 0, 0)", (mark,))
                row = (mark, 0, 0, 0)
            if row[3]:
                return
            if row[1]:
                say(f"going on after line {row[2]:,} of {dump}")
            with closing(_opened(dump)) as source:
                source.seek(row[1])
                self._read(source, row[1], row[2], say)
        except (OSError, EOFError, zlib.error) as reason:
            raise OutsideError(
                "unreadable-dump",
                f"the dump cannot be read: {reason}",
                where=str(dump),
                remedy="give a .jsonl or .jsonl.gz file that is whole; what was read is kept",
            ) from reason

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
                *row[5:],
            )

    def licenses(self) -> list[str]:
        """Return every licence that a repository states, in a fixed order."""
        found = self._base.execute("SELECT DISTINCT license FROM model ORDER BY license")
        return [row[0] for row in found]

    def datasets(self) -> list[str]:
        """Return every dataset that a repository names, in a fixed order."""
        found = self._base.execute("SELECT DISTINCT datasets FROM model WHERE datasets != ''")
        return sorted({name for row in found for name in row[0].split()})

    def count(self) -> int:
        """Return how many repositories there are."""
        return int(self._base.execute("SELECT COUNT(*) FROM model").fetchone()[0])

    def faults(self) -> list[Fault]:
        """Return what was wrong, line by line."""
        rows = self._base.execute("SELECT line, lost, why FROM fault ORDER BY line")
        return [Fault(line, bool(lost), why) for line, lost, why in rows]

    def _read(self, source: IO[bytes], offset: int, lines: int, say: Say) -> None:
        spoke = time.monotonic()
        while True:
            begin = offset
            entries: list[Entry] = []
            faults: list[tuple[int, int, str]] = []
            while offset - begin < _BATCH_BYTES and (line := source.readline(_LONGEST_LINE)):
                lines += 1
                offset += len(line)
                if len(line) == _LONGEST_LINE and not line.endswith(b"\n"):
                    offset += _skip_line(source)
                    faults.append((lines, 1, f"longer than {_LONGEST_LINE:,} bytes"))
                    continue
                if not line.strip():
                    continue
                try:
                    entry = read_entry(line)
                except ValueError as reason:
                    faults.append((lines, 1, str(reason)))
                    continue
                entries.append(entry)
                faults += [(lines, 0, why) for why in entry.complaints]
            with self._base:
                self._base.executemany(
                    "INSERT OR REPLACE INTO model VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    map(_row, sorted(entries, key=lambda entry: entry.id)),
                )
                self._base.executemany("INSERT INTO fault VALUES (?, ?, ?)", faults)
                self._base.execute(
                    "UPDATE progress SET offset = ?, lines = ?, done = ?",
                    (offset, lines, offset == begin),
                )
            if offset == begin:
                return
            if time.monotonic() - spoke > _SAY_EVERY:
                spoke = time.monotonic()
                say(f"read {lines:,} lines")


def _row(entry: Entry) -> tuple[object, ...]:
    parents = (f"{p.id} {p.relation} {'?' if p.inferred else '.'}" for p in entry.parents)
    return (
        entry.id,
        "\n".join(parents),
        entry.license,
        " ".join(entry.datasets),
        " ".join(entry.languages),
        entry.task,
        entry.created,
        entry.downloads,
    )


def _skip_line(source: IO[bytes]) -> int:
    """Read to the end of the line; return how many bytes that were."""
    skipped = 0
    while rest := source.readline(_LONGEST_LINE):
        skipped += len(rest)
        if rest.endswith(b"\n"):
            break
    return skipped


def _opened(dump: Path) -> IO[bytes]:
    require_plain(dump)  # it is opened twice, and again when an import goes on
    with dump.open("rb") as raw:
        compressed = raw.read(2) == b"\x1f\x8b"
    if compressed:
        return cast("IO[bytes]", io.BufferedReader(gzip.open(dump), 1 << 20))
    return dump.open("rb", 1 << 20)
