"""Whatever happens to the files jagraph wrote for itself: the same answer, or it says so."""

from __future__ import annotations

import json
import os
import re
import select
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from urllib.parse import quote

import pytest
from tests.support import damages
from tests.support.dumps import write_dump
from tests.support.forks import Nursery, nursery
from tests.support.project import ROOT, TINY, Run
from tests.support.serving import serving

from jagraph.core import disk_memo
from jagraph.core.file_stamps import seal
from jagraph.core.manifest import MANIFEST
from jagraph.core.project import Project
from jagraph.graph.build import build
from jagraph.sources.hub.importer import import_hub

pytestmark = pytest.mark.slow


SEED = "1"
PATIENCE = 120.0  # seconds without a word are a hang
ASKED = ("query", "descendants", "--base", "mountain")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache that is this test's own to damage."""
    monkeypatch.setenv("JAGRAPH_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def graph(cache: Path, tiny_project: Project) -> Path:
    """The folder of the built graph of the frozen project."""
    folder = build(tiny_project, lambda _: None).folder
    assert folder is not None
    assert folder.parent == cache
    return folder


@pytest.fixture
def store(graph: Path, tmp_path: Path, tiny_project: Project) -> Path:
    """An imported store, beside the cache with the graph it was made from."""
    assert graph.is_dir()
    rows = [{"id": f"a/{n}", "tags": ["base_model:sakura/Ume-7b"]} for n in range(20)]
    dump = write_dump(tmp_path / "dump.jsonl", rows)
    import_hub(tiny_project, dump, tmp_path / "hub.store", lambda _: None)
    return tmp_path / "hub.store"


@pytest.fixture(scope="module")
def forks() -> Iterator[Nursery]:
    with nursery() as started:
        yield started


def outcomes(place: Path, store: Path | str) -> list[list[str]]:
    """Do every damage to the files in ``place``; return kind, file, way and outcome of each."""
    command = [
        sys.executable,
        "-m",
        "tests.support.damages",
        str(place),
        str(TINY),
        str(store),
        SEED,
    ]
    found, last = [], ""
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as it:
        assert it.stdout is not None
        assert it.stderr is not None
        while select.select([it.stdout], [], [], PATIENCE)[0]:
            line = it.stdout.readline().decode()
            if not line:
                break
            if line.startswith("["):
                found.append(json.loads(line))
            last = line
        else:
            it.kill()
            pytest.fail(f"it hangs: {last}")
        assert it.wait() == 0, last + it.stderr.read().decode()
    return found


def test_no_damage_gives_a_wrong_answer(graph: Path, store: Path) -> None:
    places = [(graph, ""), ((store / "current").resolve(), store)]
    with ThreadPoolExecutor() as at_once:
        both = list(at_once.map(outcomes, *zip(*places, strict=True)))
    for found in both:
        assert [one for one in found if one[3] not in ("same", "noticed")] == []
        assert len({one[0] for one in found}) >= 12
        assert {one[2] for one in found} == {"outcome", "outcome_while_open"}
        # a flipped bit is always noticed, whether or not a question happens to need it
        assert {one[3] for one in found if "bit" in one[0]} == {"noticed"}
    assert sum(map(len, both)) >= 500


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read a file of mode 000")
def test_file_that_may_not_be_read_is_damage(graph: Path, jagraph: Run) -> None:
    (graph / "names").chmod(0)
    done = jagraph(*ASKED, "--project", TINY)
    assert (done.returncode, done.stderr.count("is damaged")) == (0, 1)


def test_command_builds_a_damaged_cache_anew_and_says_so(
    graph: Path, cache: Path, forks: Nursery
) -> None:
    choose = Random(SEED)  # noqa: S311, not for secrets
    words = (*ASKED, "--project", str(TINY))
    right = forks.run(*words, cache=cache).stdout
    assert right.count("\n") > 5
    every = list(damages.damages(graph, choose))
    for damage in choose.sample(every, 12):
        damage.done()
        done = forks.run(*words, cache=cache)
        assert (done.returncode, done.stdout) == (0, right), damage
        assert done.stderr.count("\n") == 2, done.stderr
        assert f"the cached graph {graph} is damaged (" in done.stderr
        assert forks.run(*words, cache=cache).stderr == ""


def test_command_refuses_a_damaged_store_and_says_what_to_do(
    store: Path, cache: Path, forks: Nursery
) -> None:
    words = ("query", "descendants", "--base", "sakura/Ume-7b", "--store", str(store))
    assert forks.run(*words, cache=cache).stdout.count("\n") > 20
    names = store / "current/index/names.txt"
    damages.cut(names, names.stat().st_size - 1)
    done = forks.run(*words, cache=cache)
    assert (done.returncode, done.stdout) == (3, "")
    assert "error[damaged-store]: the imported store is damaged: index/names.txt" in done.stderr
    assert f"`jagraph import-hub FILE.jsonl.gz --store {store}`" in done.stderr
    (store / "current").unlink()
    done = forks.run(*words, cache=cache)
    assert (done.returncode, "error[damaged-store]" in done.stderr) == (3, True)


def test_a_copy_of_a_store_is_as_good(store: Path, tmp_path: Path, jagraph: Run) -> None:
    shutil.copytree(store, tmp_path / "copy", symlinks=True)
    shutil.rmtree(store)
    done = jagraph("stats", "-q", "--store", tmp_path / "copy")
    assert (done.returncode, done.stderr) == (0, "")


def test_manifest_is_one_that_sha256sum_checks(graph: Path) -> None:
    check = ["sha256sum", "--check", "--strict", "--quiet", MANIFEST]
    assert subprocess.run(check, cwd=graph, check=False).returncode == 0


# ── verify ───────────────────────────────────────────────────────────────────────────────────


def hidden_flip(file: Path, graph: Path) -> None:
    """Flip a bit and leave no trace of it: as if the disk had done it."""
    damages.flip(file, Random(SEED))  # noqa: S311, not for secrets
    disk_memo.remember(disk_memo.SOUND, str(graph), "", seal(str(graph))[0])


def test_verify_finds_what_left_no_trace_in_the_cache(graph: Path, jagraph: Run) -> None:
    sound = jagraph("verify", "--project", TINY)
    assert (sound.returncode, sound.stderr) == (0, "0 damaged\n")
    assert sound.stdout.startswith(f"sound\t{graph}\t")
    right = jagraph(*ASKED, "-q", "--project", TINY).stdout
    (file, *_) = sorted(graph.glob("store/*.sst"))
    hidden_flip(file, graph)
    done = jagraph("verify", "--project", TINY)
    assert done.returncode == 1
    assert f"damaged\t{file}\tis not as it was written\n" in done.stdout
    assert "1 damaged\n  help: the next question builds the graph anew" in done.stderr
    asked = jagraph(*ASKED, "--project", TINY)
    assert (asked.stdout, "is damaged" in asked.stderr) == (right, True)
    assert jagraph("verify", "--project", TINY).returncode == 0


def test_verify_finds_what_left_no_trace_in_a_store(store: Path, jagraph: Run) -> None:
    folder = (store / "current").resolve()
    assert jagraph("verify", "--store", store).returncode == 0
    hidden_flip(folder / "index/up_parent.npy", folder)
    done = jagraph("verify", "--store", store)
    assert done.returncode == 1
    assert done.stdout == f"damaged\t{folder}/index/up_parent.npy\tis not as it was written\n"
    assert f"help: import the dump again: `jagraph import-hub FILE.jsonl.gz --store {store}`" in (
        done.stderr
    )
    asked = jagraph("stats", "--store", store)
    assert (asked.returncode, "error[damaged-store]" in asked.stderr) == (3, True)


def test_verify_finds_a_damaged_note(cache: Path, jagraph: Run) -> None:
    jagraph(*ASKED, "-q", "--project", TINY)
    (note,) = cache.glob("query-*")
    damages.append(note)
    done = jagraph("verify", "--project", TINY)
    assert (done.returncode, f"damaged\t{note}\t" in done.stdout) == (1, True)


# ── What is remembered ───────────────────────────────────────────────────────────────────────


def test_damaged_note_is_asked_from_the_start(
    tmp_path: Path, cache: Path, jagraph: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "checkout"
    shutil.copytree(TINY / "data", place / "data")
    for folder in ("ontology", "queries"):
        shutil.copytree(ROOT / folder, place / folder)
    monkeypatch.chdir(place)
    words = [*ASKED, "-q"]
    right = jagraph(*words, cwd=place).stdout
    choose = Random(SEED)  # noqa: S311, not for secrets
    notes = sorted(path for path in cache.iterdir() if path.is_file())
    assert {note.name.partition("-")[0] for note in notes} == set(disk_memo.KINDS)
    whole = {note: note.read_bytes() for note in notes}
    for note in notes:
        others = [content for other, content in whole.items() if other != note]
        for damaged in (
            *(whole[note][:size] for size in (0, 1, len(whole[note]) // 2, len(whole[note]) - 1)),
            *others,
            whole[note] + b"\0",
        ):
            note.write_bytes(damaged)
            assert jagraph(*words, cwd=place).stdout == right
        for _ in range(200):
            note.write_bytes(whole[note])
            damages.flip(note, choose)
            with pytest.raises(disk_memo._UNREADABLE):
                disk_memo._read(str(note))
        assert jagraph(*words, cwd=place).stdout == right
    for note in notes:
        damages.cut(note, 40)
    assert jagraph(*words, cwd=place).stdout == right


@pytest.mark.usefixtures("cache")
def test_edit_that_keeps_size_and_time_is_seen(copy: Path, jagraph: Run) -> None:
    record = copy / "data/models/ume.yaml"
    long_ago = time.time_ns() - 10**12
    os.utime(record, ns=(long_ago, long_ago))
    asked = ("sparql", "-q", "ASK { ?m jag:name 'Uma' }", "--project", copy)
    time.sleep(0.2)  # until what is seen of the record may be remembered
    assert [jagraph(*asked).stdout for _ in range(2)] == ["false\n"] * 2
    text = record.read_text(encoding="utf-8")
    record.write_text(text.replace("name: Ume\n", "name: Uma\n"), encoding="utf-8")
    os.utime(record, ns=(long_ago, long_ago))
    assert jagraph(*asked).stdout == "true\n"


# ── A server that runs for days ──────────────────────────────────────────────────────────────


def _remove_all(cache: Path) -> None:
    shutil.rmtree(cache)


def _flip_everything(cache: Path) -> None:
    choose = Random(SEED)  # noqa: S311, not for secrets
    for file in cache.glob("*/store/*.sst"):
        for _ in range(100):
            damages.flip(file, choose)


def _cut_everything(cache: Path) -> None:
    for file in cache.rglob("*"):
        if file.is_file() and file.stat().st_size:
            damages.cut(file, file.stat().st_size // 2)


@pytest.mark.parametrize("damage", [_remove_all, _flip_everything, _cut_everything])
def test_server_mends_its_cache(damage: object, cache: Path) -> None:
    query = "SELECT ?m ?n { ?m a jag:Model ; jag:name ?n } ORDER BY ?m"
    paths = (f"/sparql?query={quote(query)}", "/model/ume-7b", "/query/descendants?base=mountain")
    assert callable(damage)
    with serving(TINY, "--time-limit", "600") as (url, _):

        def ask() -> list[bytes]:
            found = [urllib.request.urlopen(url + path, timeout=PATIENCE).read() for path in paths]
            return [re.sub(rb'nonce="[^"]*"', b"", one) for one in found]

        right = ask()
        damage(cache)
        assert ask() == right
        assert ask() == right
        assert len(list(cache.glob("*/store"))) >= 1


def test_server_whose_records_have_changed_refuses_when_its_cache_is_gone(
    copy: Path, cache: Path
) -> None:
    query = "SELECT ?m { ?m a jag:Model }"
    with serving(copy, "--time-limit", "600") as (url, _):
        ask = f"{url}/sparql?query={quote(query)}"
        urllib.request.urlopen(ask, timeout=PATIENCE).read()
        (copy / "data/datasets/fresh.yaml").write_text("name: Fresh\n", encoding="utf-8")
        shutil.rmtree(cache)
        with pytest.raises(urllib.error.HTTPError) as wrong:
            urllib.request.urlopen(ask, timeout=PATIENCE)
        said = json.loads(wrong.value.read())["error"]
        assert (wrong.value.code, said["code"]) == (503, "damaged-store")
        assert "start the server again" in said["remedy"]
