"""Dumps of the Hub: each line is an entry or a fault, each value is in its entry or remarked."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from benchmarks.inputs import odd, process
from benchmarks.inputs.judging import Check, LossError

from jagraph.sources.hub.dump import Entry
from jagraph.sources.hub.staging import Fault, Staging

_TINY = Path(__file__).parents[2] / "tests/tiny"
_ENTRIES: tuple[dict[str, Any], ...] = (
    {"id": "ume/ume-7b"},
    {
        "id": "maker/tuned-7b",
        "tags": ["base_model:ume/ume-7b", "base_model:finetune:ume/ume-7b", "license:mit"],
        "cardData": {
            "base_model": "ume/ume-7b",
            "base_model_relation": "finetune",
            "license": "mit",
            "datasets": ["maker/data", "maker/more"],
            "language": ["ja", "en"],
        },
        "pipeline_tag": "text-generation",
        "createdAt": "2024-05-01T00:00:00.000Z",
        "downloads": 512,
    },
    {
        "id": "other/merged",
        "cardData": {
            "base_model": ["maker/tuned-7b", "mountain/mountain-7b"],
            "license": "other",
            "license_name": "own",
            "license_link": "LICENSE",
            "language": "ja",
        },
        "tags": ["license:other", "ja", "region:us"],
        "downloads": 0,
    },
    {"id": "a/b", "modelId": "a/b", "cardData": None, "tags": [], "license": "x"},
)
_LINES = (
    b"",
    b"  ",
    b"null",
    b"5",
    b'"text"',
    b"[]",
    b"<html>",
    b"{",
    b"}",
    b"//",
    b"\xff\xfe",
    b"[5]",
)
_IMPORTED = 0.005  # by the whole command


class Dump(NamedTuple):
    """A dump: its bytes, the lines when it is nothing but lines, the number of whole entries."""

    content: bytes
    lines: tuple[bytes, ...]
    whole: int
    imported: bool


def make(chance: Random) -> Dump:
    """Return some entries, changed, as lines or an array, between other lines, damaged or cut."""
    lines: list[bytes] = []
    for number in range(chance.choice((1, 1, 2, 4))):
        entry = dict(chance.choice(_ENTRIES))
        if number:
            entry["id"] = f"{entry['id']}-{number}"
        shape = chance.random()
        if shape < 0.7:
            written = json.dumps(
                odd.json_changed(chance, entry), ensure_ascii=chance.random() < 0.5
            )
        elif shape < 0.8:
            written = odd.json_doubled(chance, entry)
        else:
            written = json.dumps(entry)
        lines.append(written.encode(errors="surrogatepass"))
        if chance.random() < 0.15:
            lines.insert(chance.randrange(len(lines) + 1), chance.choice(_LINES))
        if chance.random() < 0.15:
            lines[-1] = odd.damaged(chance, lines[-1]).replace(b"\n", b" ")
    imported = chance.random() < _IMPORTED
    form = chance.random()
    if form < 0.6:
        return Dump(b"\n".join(lines) + b"\n" * chance.randrange(2), tuple(lines), 0, imported)
    entries = [entry | {"id": f"{entry['id']}-{n}"} for n, entry in enumerate(_ENTRIES)]
    array = json.dumps(entries, indent=chance.choice((None, 1))).encode()
    if form < 0.8:
        return Dump(odd.flipped(chance, array), (), len(entries), imported)
    content = odd.damaged(chance, chance.choice((array, b"\n".join(lines))))
    if form > 0.9:
        packed = gzip.compress(content, mtime=0)
        content = chance.choice((packed, odd.damaged(chance, packed)))
    return Dump(content, (), 0, imported)


@contextmanager
def opened(folder: Path) -> Iterator[Check]:
    """Give what stages a dump, and now and then imports it."""
    path, store = folder / "dump.jsonl", folder / "store"

    def check(given: Dump) -> None:
        path.write_bytes(given.content)
        if given.imported:
            process.told(
                ["import-hub", str(path), "--store", str(store), "--project", str(_TINY)], folder
            )
            return
        with closing(Staging(Path(":memory:"))) as staging:
            staging.fill(path, lambda _: None)
            entries, faults = list(staging.entries()), staging.faults()
        _lines_kept(given, entries, faults)
        if len(entries) < given.whole and not any(fault.lost for fault in faults):
            raise LossError(f"{len(entries)} entries of {given.whole}, and {faults}")

    yield check


def _lines_kept(given: Dump, entries: list[Entry], faults: list[Fault]) -> None:
    """Raise LossError for a line that is no entry and no fault, or one that lost a value."""
    by_line = {entry.line: entry for entry in entries}
    named = {fault.line for fault in faults}
    ids = {entry.id.lower() for entry in entries}
    for number, line in enumerate(given.lines, 1):
        if number in named or line.strip().startswith(b"["):
            continue
        entry = by_line.get(number)
        if entry is None:
            if line.strip() and not _is_later(line, ids):
                raise LossError(f"line {number} is no entry and no fault: {line[:200]!r}")
            continue
        said = json.loads(line, object_pairs_hook=_each_once)
        if lost := [what for what, kept in _values(said, entry) if not kept]:
            raise LossError(f"line {number} lost {lost}, without a remark: {line[:500]!r}")


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise LossError(f"a key stands twice, without a remark: {pairs}")
    return dict(pairs)


def _is_later(line: bytes, ids: set[str]) -> bool:
    """Tell whether the repository of ``line`` stands in another line, too; the later one counts."""
    said = json.loads(line)
    return str(said.get("id", said.get("modelId"))).lower() in ids


def _values(said: dict[str, Any], entry: Entry) -> Iterator[tuple[str, bool]]:
    """Yield each part of the line that an entry keeps, and whether it has it."""
    card = said.get("cardData") or {}
    for key, kept in (("downloads", entry.downloads), ("createdAt", entry.created)):
        if said.get(key) is not None:
            yield key, str(said[key]).startswith(str(kept)) and kept != ""
    if said.get("pipeline_tag") not in (None, ""):
        yield "pipeline_tag", " ".join(str(said["pipeline_tag"]).split()) == entry.task
    for key, found in (("language", entry.languages), ("datasets", entry.datasets)):
        for item in _listed(card.get(key)):
            yield key, str(item).strip().lower() in {one.lower() for one in found}
    for item in _listed(card.get("license")):
        plain = "-".join(str(item).lower().split())
        yield "license", plain in {*entry.license.split(), "", "unknown", "none"}
    if any(_listed(card.get("base_model"))):
        yield "base_model", bool(entry.parents)
    for item in _listed(said.get("tags")):
        if str(item).startswith("base_model:"):
            yield "tags", bool(entry.parents)


def _listed(given: object) -> list[object]:
    return [one for one in (given if isinstance(given, list) else [given]) if one not in (None, "")]
