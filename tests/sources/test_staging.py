"""Lines of a dump: what is read of each, and how an import that was stopped goes on."""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.damages import cut, flip
from tests.support.dumps import write_dump

from jagraph.core.errors import DataError, OutsideError
from jagraph.sources.hub import lines
from jagraph.sources.hub.chains import too_deep
from jagraph.sources.hub.dump import UNIDENTIFIED, Entry, Parent, read_entry
from jagraph.sources.hub.staging import Staging

pytestmark = pytest.mark.slow


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


def read(**fields: Any) -> Entry:
    return read_entry(json.dumps({"id": "a/b", **fields}).encode())


def test_a_path_is_a_parent_not_known_and_a_count_too_large_is_none() -> None:
    entry = read(cardData={"base_model": "/home/me"}, downloads=2**80)
    assert (entry.parents, entry.downloads) == ((Parent(UNIDENTIFIED, "derivedFrom"),), None)
    assert entry.complaints == (
        "base_model '/home/me' is no repository id",
        f"downloads {2**80} is no count",
    )


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
    assert entry.parents == (
        Parent(UNIDENTIFIED, "derivedFrom"),
        Parent("a/b", "quantizedFrom", True),
        Parent("c/d", "derivedFrom"),
    )
    assert (entry.license, entry.created, entry.downloads) == ("mit", "2024-05-06", 12)
    assert entry.complaints == ("base_model 'not an id' is no repository id",)


def test_staging_goes_on_after_the_last_batch_and_keeps_the_later_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jagraph.sources.hub import staging

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
    from jagraph.sources.hub import staging

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
    monkeypatch.setattr(lines, "LONGEST", 100)
    long = {"id": "a/long", "tags": ["x" * 300]}
    dump = write_dump(tmp_path / "dump.jsonl", [{"id": "a/1"}, long, {"id": "a/2"}])
    base = Staging(tmp_path / "staging.sqlite")
    base.fill(dump, lambda _: None)
    assert [entry.id for entry in base.entries()] == ["a/1", "a/2"]
    assert [(fault.line, fault.lost) for fault in base.faults()] == [(2, True)]
    base.close()


BASES: list[tuple[object, str]] = [
    ("o/m", "o/m"),
    ("gpt2", "gpt2"),
    ("https://huggingface.co/o/m", "o/m"),
    ("http://www.huggingface.co/o/m/", "o/m"),
    ("huggingface.co/o/m/tree/main", "o/m"),
    ("hf.co/o/m/blob/main/README.md?x=1#top", "o/m"),
    ("o/m@v1.0", "o/m"),
    ({"name": "GPT-2", "repo_url": "https://huggingface.co/o/m"}, "o/m"),
    ({"name": "o/m", "revision": "main"}, "o/m"),
    ({"repo_id": "o/m", "url": "https://huggingface.co/o/m"}, "o/m"),
    ({"name": "o/m", "repo_url": "https://huggingface.co/other/m"}, UNIDENTIFIED),
    ({"name": "Llama 2", "organization": "Meta"}, UNIDENTIFIED),
    ({"finetuned": "o/m"}, UNIDENTIFIED),
    ("./o/m", UNIDENTIFIED),
    ("/home/me/m", UNIDENTIFIED),
    ("C:\\models\\m", UNIDENTIFIED),
    ("https://github.com/o/m", UNIDENTIFIED),
    ("https://huggingface.co/datasets/o/m", UNIDENTIFIED),
    ("a model of ours", UNIDENTIFIED),
    (7, UNIDENTIFIED),
    (True, UNIDENTIFIED),
    (["o/m"], UNIDENTIFIED),
]


@pytest.mark.parametrize(("given", "found"), BASES)
@pytest.mark.parametrize("listed", [False, True])
def test_a_base_model_is_told_or_stays_open_with_a_remark(
    given: object, found: str, listed: bool
) -> None:
    if isinstance(given, list) and not listed:
        return  # the form for several
    entry = read(cardData={"base_model": [given] if listed else given})
    assert [parent.id for parent in entry.parents] == [found]
    assert bool(entry.complaints) == (found == UNIDENTIFIED)


@pytest.mark.parametrize("nothing", [None, "", [], [None, ""]])
def test_an_empty_base_model_names_none(nothing: object) -> None:
    entry = read(cardData={"base_model": nothing, "license": nothing, "datasets": nothing})
    assert entry == Entry("a/b")


TAGS: list[tuple[object, list[str], set[str]]] = [
    # the card's name is older: the tag has what it became
    ("o/old", ["base_model:o/new", "base_model:finetune:o/new"], {"o/new"}),
    ("old/m", ["base_model:new/m"], {"new/m"}),
    ("O/M", ["base_model:o/m"], {"o/m"}),
    (["a/1", "o/old"], ["base_model:merge:a/1", "base_model:merge:o/new"], {"a/1", "o/new"}),
    # what the tags do not have stays
    (["a/1", "a/2"], ["base_model:a/1"], {"a/1", "a/2"}),
    (["old/m", "a/2", "a/3"], ["base_model:new/m"], {"new/m", "a/2", "a/3"}),
    (["a/1", "/home/me"], ["base_model:a/1"], {"a/1", UNIDENTIFIED}),
    # what the card says in a way that cannot be used, the Hub may have told
    ({"finetuned": "o/m"}, ["base_model:finetune:o/m"], {"o/m"}),
    (None, ["base_model:finetune:o/m"], {"o/m"}),
    (None, ["base_model:taught:o/m"], {"o/m"}),
]


@pytest.mark.parametrize(("card", "tags", "found"), TAGS)
def test_names_of_base_models_are_those_the_hub_resolved(
    card: object, tags: list[str], found: set[str]
) -> None:
    entry = read(cardData={"base_model": card}, tags=tags)
    assert {parent.id for parent in entry.parents} == found


def test_relation_of_the_tag_is_inferred_and_that_of_the_card_is_not() -> None:
    tags = ["base_model:o/new", "base_model:finetune:o/new"]
    (inferred,) = read(cardData={"base_model": "o/old"}, tags=tags).parents
    card = {"base_model": "o/old", "base_model_relation": "adapter"}
    (stated,) = read(cardData=card, tags=tags).parents
    assert inferred == Parent("o/new", "fineTunedFrom", True)
    assert stated == Parent("o/new", "adapterOf")


WRONG: list[tuple[str, object]] = [
    ("downloads", "5"),
    ("downloads", -5),
    ("downloads", 5.5),
    ("downloads", True),
    ("downloads", [5]),
    ("createdAt", "2025-99-99"),
    ("createdAt", "yesterday"),
    ("createdAt", 20250101),
    ("pipeline_tag", {"a": 1}),
    ("pipeline_tag", ["text-generation"]),
    ("pipeline_tag", "text\u0000generation"),
    ("tags", {"a": 1}),
    ("tags", [7]),
    ("tags", ["base_model:/home/me"]),
    ("cardData", {"license": {"name": "mit"}}),
    ("cardData", {"license": ["mit", 7]}),
    ("cardData", {"license": "mi\u202et"}),
    ("cardData", {"license": "other", "license_name": ["a", "b"]}),
    ("cardData", {"datasets": [{"name": "x"}]}),
    ("cardData", {"datasets": "/home/me"}),
    ("cardData", {"language": 7}),
    ("cardData", {"language": ["ja", "the language of Japan"]}),
    ("cardData", {"base_model": "a/b", "base_model_relation": {"a": 1}}),
    ("cardData", {"base_model": "a/b", "base_model_relation": "copied"}),
]


@pytest.mark.parametrize(("key", "value"), WRONG)
def test_a_value_of_a_wrong_kind_is_one_remark(key: str, value: object) -> None:
    assert len(read(**{key: value}).complaints) == 1


def test_a_licence_that_cannot_be_read_is_not_none() -> None:
    assert read(cardData={"license": 7}).license == "?"
    assert read(cardData={"license": ["mit", 7]}).license == "? mit"
    assert read(cardData={"license": {"a": 1}}, tags=["license:mit"]).license == "mit"


DUMPS: list[tuple[bytes, list[tuple[int, str]], list[tuple[int, str]]]] = [
    (b'[{"id": "a/1"}, {"id": "a/2"}]', [(1, "a/1"), (1, "a/2")], []),
    (b'\xef\xbb\xbf[\n {"id": "a/1"},\n {"id":\n  "a/2"}\n]\n', [(2, "a/1"), (3, "a/2")], []),
    (b'[{"id": "a/1"}]\n[{"id": "a/2"}][{"id": "a/3"}]', [(1, "a/1"), (2, "a/2"), (2, "a/3")], []),
    (
        b'[[{"id": "a/1"}], [{"id": "a/2"}]]\n{"id": "a/3"}',
        [(1, "a/1"), (1, "a/2"), (2, "a/3")],
        [],
    ),
    (b'[{"id": "a/1", "x": "] } \\" ["}, {"id": "a/2"}]', [(1, "a/1"), (1, "a/2")], []),
    (b'\xef\xbb\xbf{"id": "a/1"}\r\n\r\n{"id": "a/2"}', [(1, "a/1"), (3, "a/2")], []),
    (b'[7, {"id": "a/1"}]\n{"id": "a/2"}', [(2, "a/2")], [(1, "not a JSON object")]),
    (b'[{"id": "a/1"},\n{"id": "a', [(1, "a/1")], [(2, "ends in the middle")]),
    (b'[{"id": "a/1"}', [(1, "a/1")], [(1, "ends before its array")]),
    (b'[{"id": "a/1}]\n[{"id": "a/2"}]', [(2, "a/2")], [(1, "does not end on its line")]),
    (b'[{"id": "a b"}, {"id": "a/2"}]', [(1, "a/2")], [(1, "no repository id")]),
    (b"[]", [], [(1, "without an entry")]),
    (b'{"id": "a/1"}\n[half\n{"id": "a/2"}', [(1, "a/1"), (3, "a/2")], [(2, "not a JSON object")]),
]


@pytest.mark.parametrize(("dump", "entries", "faults"), DUMPS)
@pytest.mark.parametrize("chunk", [lines.LONGEST, 50])
def test_lines_and_arrays_are_read_and_faults_have_their_line(
    dump: bytes,
    entries: list[tuple[int, str]],
    faults: list[tuple[int, str]],
    chunk: int,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(lines, "LONGEST", chunk)
    (tmp_path / "dump").write_bytes(dump)
    base = Staging(tmp_path / "staging.sqlite")
    base.fill(tmp_path / "dump", lambda _: None)
    assert [(entry.line, entry.id) for entry in base.entries()] == entries
    assert [fault.line for fault in base.faults()] == [line for line, _ in faults]
    assert base.lines == len(dump.splitlines())
    for fault, (_, why) in zip(base.faults(), faults, strict=True):
        assert fault.lost
        assert why in fault.why
    base.close()


def test_an_array_can_be_gone_on_with_at_every_entry() -> None:
    dump = b'[{"id": "a/1"},\n {"id": "a/2"}, {"id": "a/3"}]\n{"id": "a/4"}\n[{"id": "a/5"}]'

    def rest(place: lines.Place) -> list[tuple[int, bytes]]:
        found = []
        pieces = lines.Pieces(io.BytesIO(dump), place)
        while piece := pieces.next():
            found.append((piece.line, piece.data.strip()))
        return found

    whole = rest(lines.Place())
    assert [line for line, _ in whole] == [1, 2, 2, 3, 4]
    pieces = lines.Pieces(io.BytesIO(dump), lines.Place())
    for number in range(len(whole) + 1):
        assert rest(pieces.place) == whole[number:]
        pieces.next()


def test_an_entry_of_an_array_too_long_to_hold_is_the_only_one_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "LONGEST", 100)
    rows = [{"id": "a/1"}, {"id": "a/long", "tags": ["\\" * 50, "x" * 300, "]}"]}, {"id": "a/2"}]
    (tmp_path / "dump").write_text(json.dumps(rows))
    base = Staging(tmp_path / "staging.sqlite")
    base.fill(tmp_path / "dump", lambda _: None)
    assert [entry.id for entry in base.entries()] == ["a/1", "a/2"]
    assert [fault.why for fault in base.faults()] == ["longer than 100 bytes"]
    base.close()


def test_ids_that_differ_in_case_are_one_repository_as_the_later_line_writes_it(
    tmp_path: Path,
) -> None:
    rows = [{"id": "a/one", "downloads": 1}, {"id": "b/x"}, {"id": "A/One", "downloads": 2}]
    base = Staging(tmp_path / "staging.sqlite")
    base.fill(write_dump(tmp_path / "dump.jsonl", rows), lambda _: None)
    assert [(entry.id, entry.downloads) for entry in base.entries()] == [
        ("A/One", 2),
        ("b/x", None),
    ]
    base.close()


@pytest.mark.parametrize(
    ("begin", "named"),
    [
        (b"PK\x03\x04", "zip"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
        (gzip.compress(gzip.compress(b'{"id": "a/b"}', mtime=0), mtime=0), "twice"),
        ('{"id": "a/b"}'.encode("utf-16"), "UTF-16"),
    ],
)
def test_a_file_that_is_no_text_is_told_by_its_beginning(
    begin: bytes, named: str, tmp_path: Path
) -> None:
    (tmp_path / "dump").write_bytes(begin)
    base = Staging(tmp_path / "staging.sqlite")
    with pytest.raises(DataError, match=named):
        base.fill(tmp_path / "dump", lambda _: None)
    base.close()


def test_a_staging_file_of_another_form_is_begun_anew(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "staging.sqlite")) as other:
        other.execute("CREATE TABLE progress (dump TEXT)")
        other.commit()
    base = Staging(tmp_path / "staging.sqlite")
    base.fill(write_dump(tmp_path / "dump.jsonl", [{"id": "a/b"}]), lambda _: None)
    assert base.count() == 1
    base.close()


def parents_of(entries: list[Entry], cut: list[str]) -> dict[str, set[str]]:
    return {
        entry.id: set() if entry.id in cut else {parent.id for parent in entry.parents}
        for entry in entries
    }


def ancestors_of(parents: dict[str, set[str]], name: str) -> set[str]:
    found, waiting = {name}, [name]
    while waiting:
        fresh = parents.get(waiting.pop(), set()) - found
        found |= fresh
        waiting += fresh
    return found - {name}


@settings(max_examples=60)
@given(st.lists(st.lists(st.integers(0, 29), max_size=3), max_size=30), st.integers(1, 12))
def test_only_what_has_too_many_ancestors_loses_its_base_models(
    rows: list[list[int]], most: int
) -> None:
    entries = [
        Entry(f"a/{n}", tuple(Parent(f"A/{one}".lower(), "mergedFrom") for one in row))
        for n, row in enumerate(rows)
    ]
    cut = too_deep(entries, most)
    whole, left = parents_of(entries, []), parents_of(entries, cut)
    assert all(len(ancestors_of(left, name)) <= most for name in left)
    assert all(len(ancestors_of(whole, name)) > most for name in cut)


def test_a_chain_is_cut_so_that_what_follows_from_it_grows_with_its_length() -> None:
    def follows(length: int) -> int:
        chain = [
            Entry(f"a/{n}", (Parent(f"a/{n - 1}", "fineTunedFrom"),) if n else ())
            for n in range(length)
        ]
        left = parents_of(chain, too_deep(chain, 10))
        return sum(len(ancestors_of(left, name)) for name in left)

    assert follows(10) == 45
    assert follows(2000) <= 10 * 2000
    assert too_deep([Entry("a/0", (Parent("a/0", "mergedFrom"),))], 1) == []
