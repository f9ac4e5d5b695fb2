"""Lines of a dump: what is read of each, and how an import that was stopped goes on."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.damages import cut, flip
from tests.dumps import write_dump

from jagraph.errors import OutsideError
from jagraph.hub.dump import Parent, read_entry
from jagraph.hub.staging import Staging


@pytest.mark.parametrize(
    "line",
    [
        rb'{"id": "a/b", "pipeline_tag": "half of a pair: \ud800"}',
        b'{"id": "a/b", "downloads": ' + b"9" * 5000 + b"}",
        b'{"id": "a/.."}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_a_line_that_cannot_be_used_is_refused_with_a_reason(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        read_entry(line)


def test_a_path_is_no_parent_and_a_count_too_large_is_none() -> None:
    entry = read_entry(
        json.dumps(
            {"id": "a/b", "cardData": {"base_model": "/home/me"}, "downloads": 2**80}
        ).encode()
    )
    assert (entry.parents, entry.downloads) == ((), None)
    assert entry.complaints == ("base_model '/home/me' is no repository id",)


def test_entry_reads_every_form_of_the_fields() -> None:
    line = json.dumps(
        {
            "id": "o/m",
            "tags": ["base_model:quantized:a/b", "base_model:a/b", "license:mit"],
            "cardData": {"base_model": ["a/b", "https://huggingface.co/c/d", "not an id"]},
            "createdAt": "2024-05-06T07:08:09.000Z",
            "downloads": 12,
            "pipeline_tag": "text-generation",
        }
    ).encode()
    entry = read_entry(line)
    assert entry.parents == (Parent("a/b", "quantizedFrom", True), Parent("c/d", "derivedFrom"))
    assert (entry.license, entry.created, entry.downloads) == ("mit", "2024-05-06", 12)
    assert entry.complaints == ("base_model 'not an id' is no repository id",)


def test_staging_goes_on_after_the_last_batch_and_keeps_the_later_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jagraph.hub import staging

    monkeypatch.setattr(staging, "_BATCH_BYTES", 200)
    rows = [{"id": f"a/{n}", "downloads": n} for n in range(40)] + [{"id": "a/0", "downloads": 99}]
    dump = tmp_path / "dump.jsonl.gz"
    whole = "\n".join(map(json.dumps, rows)) + "\n"
    dump.write_bytes(gzip.compress(whole.encode()))
    read = 0

    def stop(line: bytes) -> Any:
        nonlocal read
        read += 1
        if read == 25:
            raise KeyboardInterrupt
        return read_entry(line)

    base = Staging(tmp_path / "staging.sqlite")
    with monkeypatch.context() as patch:
        patch.setattr(staging, "read_entry", stop)
        with pytest.raises(KeyboardInterrupt):
            base.fill(dump, lambda _: None)
    there = base.count()
    assert 0 < there < 25
    base.close()
    again = Staging(tmp_path / "staging.sqlite")
    said: list[str] = []
    again.fill(dump, said.append)
    assert said == [f"going on after line {there} of {dump}"]
    assert (again.count(), again.lines) == (40, 41)
    assert next(entry for entry in again.entries() if entry.id == "a/0").downloads == 99
    again.close()


def test_staged_lines_that_are_damaged_are_read_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jagraph.hub import staging

    monkeypatch.setattr(staging, "_BATCH_BYTES", 10_000)
    rows = [{"id": f"a/{n}", "downloads": n, "tags": ["license:mit"]} for n in range(600)]
    dump = write_dump(tmp_path / "dump.jsonl", rows, "[]")

    def staged(path: Path, said: list[str]) -> tuple[list[Any], int, list[Any]]:
        base = Staging(path)
        try:
            base.fill(dump, said.append)
            return list(base.entries()), base.lines, base.faults()
        finally:
            base.close()

    path = tmp_path / "staging.sqlite"
    right = staged(path, [])
    assert (len(right[0]), right[1], len(right[2])) == (600, 601, 1)
    whole = path.read_bytes()
    choose = Random(1)  # noqa: S311, not for secrets
    noticed = 0
    for number in range(150):
        path.write_bytes(whole)
        if number < 5:
            cut(path, len(whole) * number // 5)
        else:
            flip(path, choose)
        said: list[str] = []
        assert staged(path, said) == right
        noticed += bool(said)
    assert noticed > 40  # the rest of the file is room, or another beginning says nothing


def test_cut_off_compression_is_an_error_with_what_to_do(tmp_path: Path) -> None:
    dump = tmp_path / "dump.jsonl.gz"
    dump.write_bytes(gzip.compress(b'{"id": "a/b"}\n' * 1000)[:-20])
    base = Staging(tmp_path / "staging.sqlite")
    with pytest.raises(OutsideError) as wrong:
        base.fill(dump, lambda _: None)
    base.close()
    assert wrong.value.code == "unreadable-dump"


def test_a_line_too_long_to_hold_is_skipped_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jagraph.hub import staging

    monkeypatch.setattr(staging, "_LONGEST_LINE", 100)
    long = {"id": "a/long", "tags": ["x" * 300]}
    dump = write_dump(tmp_path / "dump.jsonl", [{"id": "a/1"}, long, {"id": "a/2"}])
    base = Staging(tmp_path / "staging.sqlite")
    base.fill(dump, lambda _: None)
    assert [entry.id for entry in base.entries()] == ["a/1", "a/2"]
    assert [(fault.line, fault.lost) for fault in base.faults()] == [(2, True)]
    base.close()
