"""What is left when a process is killed, when the disk is full, when many build at once."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.forks import Nursery, nursery
from tests.support.project import TINY

from jagraph.core.atomic_write import write_whole

pytestmark = pytest.mark.slow


_ASK = ("sparql", "SELECT (COUNT(*) AS ?n) { ?m a jag:Model }", "--project", str(TINY))


def command(cache: Path, *arguments: str) -> list[str]:
    return ["env", f"JAGRAPH_CACHE={cache}", sys.executable, "-m", "jagraph", *arguments]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(arguments, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def forks() -> Iterator[Nursery]:
    with nursery() as started:
        yield started


@pytest.fixture(scope="module")
def answer(forks: Nursery, tmp_path_factory: pytest.TempPathFactory) -> str:
    done = forks.run(*_ASK, cache=tmp_path_factory.mktemp("whole"))
    assert done.returncode == 0, done.stderr
    return done.stdout


def age(cache: Path) -> None:
    """Make everything in ``cache`` look as if its process ended two minutes ago."""
    then = time.time() - 120
    for path in cache.iterdir():
        os.utime(path, (then, then))


def test_build_killed_at_any_change_of_the_cache_is_made_good(
    forks: Nursery, tmp_path: Path, answer: str
) -> None:
    killed = 0
    for point in range(1, 60):
        cache = tmp_path / str(point)
        done = forks.run(*_ASK, cache=cache, killed_at=point)
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL, done.stderr
        killed += 1
        again = forks.run(*_ASK, "-q", cache=cache)
        assert (again.returncode, again.stdout, again.stderr) == (0, answer, "")
        shutil.rmtree(cache, ignore_errors=True)
    assert killed >= 5
    assert done.stdout == answer


def test_build_killed_at_any_time_is_made_good(forks: Nursery, tmp_path: Path, answer: str) -> None:
    cache = tmp_path / "cache"
    for part in (1, 3, 5):
        started = time.monotonic()
        with subprocess.Popen(
            command(cache, "build", "--project", str(TINY)),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stderr is not None
            process.stderr.readline()  # "building …"
            time.sleep((time.monotonic() - started) * part / 6)
            process.kill()
        again = forks.run(*_ASK, "-q", cache=cache)
        assert (again.returncode, again.stdout, again.stderr) == (0, answer, "")


def test_what_a_killed_build_leaves_is_removed_by_a_later_one(
    forks: Nursery, tmp_path: Path, copy: Path
) -> None:
    cache = tmp_path / "cache"
    ask = ("sparql", "ASK {}", "-q", "--project", str(copy))
    forks.run(*ask, cache=cache, killed_at=5)
    assert list(cache.glob("new-*"))
    age(cache)
    assert forks.run(*ask, cache=cache).returncode == 0
    assert not list(cache.glob("new-*"))


def test_only_the_newest_graphs_of_a_project_are_kept(
    forks: Nursery, tmp_path: Path, copy: Path
) -> None:
    cache = tmp_path / "cache"
    for number in range(4):
        (copy / "data/datasets/fresh.yaml").write_text(f"name: Fresh {number}\n", encoding="utf-8")
        assert forks.run("build", "--project", str(copy), cache=cache).returncode == 0
    assert len([path for path in cache.iterdir() if path.is_dir()]) == 3


def test_graphs_of_a_project_that_is_gone_are_removed(
    forks: Nursery, tmp_path: Path, copy: Path
) -> None:
    cache = tmp_path / "cache"
    assert forks.run("build", "--project", str(copy), cache=cache).returncode == 0
    shutil.rmtree(copy)
    assert forks.run("build", "--project", str(TINY), cache=cache).returncode == 0
    assert len([path for path in cache.iterdir() if path.is_dir()]) == 1


def test_processes_that_build_at_once_answer_alike(tmp_path: Path, answer: str) -> None:
    ask = command(tmp_path / "cache", *_ASK)
    started = [
        subprocess.Popen(ask, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for process in started:
        out, err = process.communicate()
        assert (process.returncode, out) == (0, answer), err
        assert err.count("\n") <= 1
    assert len([path for path in (tmp_path / "cache").iterdir() if path.is_dir()]) == 1


def test_record_changed_in_the_same_tick_and_size_is_seen(
    forks: Nursery, tmp_path: Path, copy: Path
) -> None:
    cache, record = tmp_path / "cache", copy / "data/datasets/fresh.yaml"
    names = []
    for name in ("One", "Two"):
        record.write_text(f"name: {name}\n", encoding="utf-8")
        now = time.time_ns()
        os.utime(record, ns=(now, now))
        ask = "SELECT ?name { <https://w3id.org/jagraph/dataset/fresh> jag:name ?name }"
        done = forks.run("sparql", ask, "-q", "--project", str(copy), cache=cache)
        names.append(done.stdout.split()[1:])
    assert names == [["One"], ["Two"]]


# ── A cache that cannot be written ───────────────────────────────────────────────────────────


@pytest.fixture(params=["size=64k", "ro", "a file"])
def unwritable(request: pytest.FixtureRequest, tmp_path: Path) -> list[str]:
    """Start of a command whose cache is on a disk that is full or read-only, or is no folder."""
    cache = tmp_path / "cache"
    if request.param == "a file":
        cache.write_text("not a folder", encoding="utf-8")
        return ["env", f"JAGRAPH_CACHE={cache}"]
    cache.mkdir()
    mounted = 'mount -t tmpfs -o $0 none "$JAGRAPH_CACHE" && exec "$@"'
    alone = ["unshare", "--map-root-user", "--mount", "sh", "-c", mounted, request.param]
    return ["env", f"JAGRAPH_CACHE={cache}", *alone]


def test_question_is_answered_from_memory_and_that_is_said(
    unwritable: list[str], answer: str
) -> None:
    done = run(*unwritable, sys.executable, "-m", "jagraph", *_ASK)
    assert (done.returncode, done.stdout) == (0, answer), done.stderr
    assert "the cache cannot be written: " in done.stderr
    assert "; answering from memory\n  help: free some space, or point JAGRAPH_CACHE" in done.stderr


def test_build_that_cannot_be_kept_is_an_error_with_the_remedy(unwritable: list[str]) -> None:
    done = run(*unwritable, sys.executable, "-m", "jagraph", "build", "--project", str(TINY))
    assert (done.returncode, done.stdout) == (3, "")
    assert "error[cache-not-written]: the cache cannot be written: " in done.stderr
    assert "help: free some space, or point JAGRAPH_CACHE at a folder" in done.stderr


def test_card_is_shown_with_its_places_without_a_cache(unwritable: list[str]) -> None:
    jagraph = [*unwritable, sys.executable, "-m", "jagraph"]
    done = run(*jagraph, "show", "Ume-7b", "--project", str(TINY))
    assert done.returncode == 0, done.stderr
    assert "data/models/ume.yaml:" in done.stdout


# ── Files the user asked for ─────────────────────────────────────────────────────────────────


def test_import_killed_at_its_changes_leaves_the_old_store_or_the_new_one_and_goes_on(
    forks: Nursery, tmp_path: Path
) -> None:
    cache, store = Path(os.environ["JAGRAPH_CACHE"]), tmp_path / "store"
    words = ("import-hub", "-q", "--project", str(TINY), "--store", str(store))
    asked = (
        "sparql",
        "-q",
        "SELECT (COUNT(*) AS ?n) { ?m jag:downloads ?d }",
        "--store",
        str(store),
    )
    dumps = []
    for count in (1, 50):
        dump = tmp_path / f"{count}.jsonl"
        dump.write_text("".join(f'{{"id": "a/{n}", "downloads": {n}}}\n' for n in range(count)))
        dumps.append(str(dump))
    assert forks.run(*words, dumps[0], cache=cache).returncode == 0
    seen = set()
    for point in range(1, 100, 6):
        done = forks.run(*words, dumps[1], cache=cache, killed_at=point, watched=store)
        found = forks.run(*asked, cache=cache)
        assert (found.returncode, found.stderr) == (0, "")
        seen.add(found.stdout)
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL, done.stderr
    assert (point > 12, seen) == (True, {"n\n1\n", "n\n50\n"})
    assert not (store / "staging.sqlite").exists()


def test_killed_export_leaves_the_old_file_or_the_new_one(forks: Nursery, tmp_path: Path) -> None:
    cache, target = Path(os.environ["JAGRAPH_CACHE"]), tmp_path / "out" / "graph.nt"
    target.parent.mkdir()
    export = ("export", "-q", "-o", str(target), "--project", str(TINY))
    assert forks.run(*export, cache=cache).returncode == 0
    whole, old = target.read_bytes(), b"what was there before\n"
    killed = 0
    for point in range(1, 20):
        target.write_bytes(old)
        done = forks.run(*export, cache=cache, killed_at=point, watched=target.parent)
        for path in target.parent.iterdir():
            assert path.read_bytes() in (old, whole), path
            if path != target:
                path.unlink()
        if done.returncode == 0:
            break
        killed += 1
    assert killed >= 2
    assert target.read_bytes() == whole


def test_export_to_a_full_disk_keeps_the_old_file(forks: Nursery, tmp_path: Path) -> None:
    target = tmp_path / "graph.nt"
    target.write_text("old", encoding="utf-8")
    export = ("export", "-q", "-o", str(target), "--project", str(TINY))
    cache = Path(os.environ["JAGRAPH_CACHE"])
    forks.run("build", "-q", "--project", str(TINY), cache=cache)
    limited = 'trap "" XFSZ; ulimit -f 16; exec "$@"'
    done = run("sh", "-c", limited, "sh", sys.executable, "-m", "jagraph", *export)
    assert done.returncode == 3
    assert "error[not-written]" in done.stderr
    assert "free some space" in done.stderr
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["old"]


def test_file_is_written_where_files_must_have_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "O_TMPFILE")
    write_whole(tmp_path / "a.txt", "text")
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["text"]
