"""Files, streams and exceptions of every kind: what is outside, in the data, asked, or a bug."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.forks import Nursery, nursery
from tests.support.inside import in_process
from tests.support.project import ROOT, TINY, Run
from tests.support.verbs import command, verbs, writers

import jagraph.core.atomic_write as jagraph_output
import jagraph.core.project as jagraph_project
from jagraph.cli.main import run as run_words
from jagraph.cli.settings import Settings
from jagraph.core.atomic_write import whole, write_whole
from jagraph.core.errors import DataError, JagraphError, OutsideError, RequestError
from jagraph.core.faults import fault
from jagraph.graph import versioned_folders
from jagraph.graph.cache import Graph
from jagraph.mcp.server import _answer
from jagraph.mcp.tools import ToolDefinition
from jagraph.query.workers.pool import Engine
from jagraph.query.workers.question import Question
from jagraph.views.app_state import AppState

CONTRACT = (0, 1, 2, 3)
pytestmark = [pytest.mark.usefixtures("in_time", "tiny"), pytest.mark.slow]
PATIENCE = 120  # seconds after which a command hangs

Spoil = Callable[[Path], None]


@pytest.fixture(scope="module")
def forks() -> Iterator[Nursery]:
    with nursery() as started:
        yield started


@pytest.fixture
def in_time() -> Iterator[None]:
    """Fail, and do not wait for ever, where a command does."""

    def late(*_: object) -> None:
        pytest.fail("the command hangs")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(PATIENCE)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def tree(folder: Path) -> Path:
    shutil.copytree(TINY / "data", folder / "data")
    return folder


def own_ontology(folder: Path) -> Path:
    shutil.copytree(ROOT / "ontology", folder / "ontology")
    return folder / "ontology"


# ── Records that are no plain files ──────────────────────────────────────────────────────────
# The tests may run as root, who may read a file of mode 000: a link that goes round in a circle is
# what nobody can open.


def bind_socket(path: Path) -> None:
    with contextlib.chdir(path.parent), socket.socket(socket.AF_UNIX) as bound:
        bound.bind(path.name)  # a path may have some hundred bytes only


A_NAME = "a name that is no UTF-8"
UNREADABLE: dict[str, tuple[str, Spoil]] = {
    "a link to nothing": ("dangling.yaml", lambda path: path.symlink_to("/nowhere")),
    "a link to itself": ("circle.yaml", lambda path: path.symlink_to(path.name)),
    "a folder": ("folder.yaml", Path.mkdir),
    "a named pipe": ("pipe.yaml", os.mkfifo),
    "a socket": ("socket.yaml", bind_socket),
    "an endless device": ("zero.yaml", lambda path: path.symlink_to("/dev/zero")),
    "no UTF-8": ("latin.yaml", lambda path: path.write_bytes(b"name: Caf\xe9\n")),
    A_NAME: ("caf\udce9.yaml", lambda path: path.write_text("name: Cafe\n")),
}
CONTENTS = [kind for kind in UNREADABLE if kind != A_NAME]


@pytest.fixture(scope="module")
def read_by(tmp_path_factory: pytest.TempPathFactory, forks: Nursery) -> list[str]:
    """The verbs that read the records: those to which it matters that one is no YAML."""
    folder = tree(tmp_path_factory.mktemp("broken"))
    (folder / "data/models/ume.yaml").write_text("name: [\n", encoding="utf-8")
    cache = Path(os.environ["JAGRAPH_CACHE"])
    asked = {verb: [*command(verb), "--project", str(folder)] for verb in verbs()}
    here = f"import os; os.chdir({str(folder)!r})"
    found = [
        verb
        for verb, words in asked.items()
        if forks.run(*words, cache=cache, first=here).returncode == 1
    ]
    assert {"query", "sparql", "show", "validate", "build", "export"} <= set(found)
    return [*found, "fmt"]  # which reads their text alone


@pytest.mark.parametrize("kind", UNREADABLE)
def test_record_that_is_no_readable_file_is_named_by_every_verb_that_reads(
    kind: str, read_by: list[str], jagraph: Run, tmp_path: Path
) -> None:
    name, spoil = UNREADABLE[kind]
    spoil(tree(tmp_path) / "data/models" / name)
    shown = name.encode("utf-8", "backslashreplace").decode()
    for verb in read_by:
        done = jagraph(*command(verb), "--project", tmp_path)
        if (verb, kind) == ("fmt", A_NAME):
            assert done.returncode == 0  # it asks for no id
            continue
        said = done.stdout + done.stderr
        assert done.returncode == 1, (verb, said)
        place = "1:10" if kind == "no UTF-8" else "1:1"
        assert f"  --> data/models/{shown}:{place}\n" in said, verb
        assert "Traceback" not in said, verb


@pytest.mark.parametrize("name", [".#ume.yaml", ".ume.yaml.swp", "ume.yaml~", "#ume.yaml#"])
def test_what_an_editor_leaves_beside_a_record_changes_nothing(
    name: str, jagraph: Run, tmp_path: Path
) -> None:
    folder = tree(tmp_path) / "data/models"
    asked = (["stats"], ["validate"], ["fmt", "--check"], ["show", "Ume-7b"])
    before = [jagraph(*words, "-q", "--project", tmp_path).stdout for words in asked]
    (folder / name).symlink_to("somebody@somewhere.1234:5678")
    for words, answer in zip(asked, before, strict=True):
        done = jagraph(*words, "-q", "--project", tmp_path)
        assert (done.returncode, done.stdout, done.stderr) == (0, answer, "")


@pytest.mark.parametrize("aim", ["/nowhere", "circle"])
def test_folder_of_records_that_cannot_be_read_is_not_left_out(
    aim: str, jagraph: Run, tmp_path: Path
) -> None:
    (tree(tmp_path) / "data/circle").symlink_to(aim)
    for words in (["stats"], ["validate"], ["fmt", "--check"]):
        done = jagraph(*words, "-q", "--project", tmp_path)
        assert (done.returncode, done.stdout) == (3, "")
        assert f"  --> {tmp_path}/data/circle\n" in done.stderr


def test_a_long_value_is_refused_where_it_is(jagraph: Run, tmp_path: Path) -> None:
    record = tree(tmp_path) / "data/models/ume.yaml"
    with record.open("a", encoding="utf-8") as out:
        out.write(f"note: {'x' * 20_001}\n")
    line = record.read_text(encoding="utf-8").count("\n")
    done = jagraph("stats", "--project", tmp_path)
    assert done.returncode == 1
    assert f"  --> data/models/ume.yaml:{line}:7\n" in done.stderr
    with record.open("a", encoding="utf-8") as out:
        out.write(f"note: {'x' * (16 << 20)}\n")
    done = jagraph("stats", "--project", tmp_path)
    assert done.returncode == 1
    assert "larger than 1 MiB\n  --> data/models/ume.yaml:1:1\n" in done.stderr


def code_of(kind: str, name: str) -> int:
    """Return the exit code for a file that cannot be read: 1 where what is in it is wrong."""
    return 1 if kind == "no UTF-8" and name != "context.jsonld" else 3


# ── Files beside the records ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", CONTENTS)
@pytest.mark.parametrize(
    "name", ["context.jsonld", "jagraph.ttl", "shapes.ttl", "rules/01-types.rq"]
)
def test_part_of_the_ontology_that_cannot_be_read_is_named(
    kind: str, name: str, jagraph: Run, tmp_path: Path
) -> None:
    part = own_ontology(tree(tmp_path)) / name
    part.unlink(missing_ok=True)
    UNREADABLE[kind][1](part)
    done = jagraph("validate", "-q", "--project", tmp_path)
    assert (done.returncode, done.stdout) == (code_of(kind, name), ""), done.stderr
    assert f"  --> {part}" in done.stderr


@pytest.mark.parametrize("kind", CONTENTS)
@pytest.mark.parametrize(
    "words",
    [
        ["sparql", "FILE"],
        ["check", "Ume-7b", "--policy", "FILE"],
        ["query", "mine", "--queries", "FOLDER"],
        ["query", "--queries", "FOLDER"],
        ["import-hub", "FILE", "--store", "FOLDER/store"],
    ],
    ids=" ".join,
)
def test_file_given_that_cannot_be_read_is_named(
    kind: str, words: list[str], jagraph: Run, tmp_path: Path
) -> None:
    file = tmp_path / "given" / "mine.rq"
    file.parent.mkdir()
    UNREADABLE[kind][1](file)
    given = {"FILE": str(file), "FOLDER": str(file.parent)}
    if words[0] == "import-hub" and kind == "no UTF-8":
        return  # a line that is no UTF-8 is one that cannot be used
    done = jagraph(*(given.get(word, word) for word in words), "--project", TINY)
    assert done.returncode == code_of(kind, file.name), done.stderr
    assert str(file) in done.stderr
    assert "  help: " in done.stderr


def test_query_is_read_from_a_pipe_that_is_open_already(jagraph: Run) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"ASK {}")
    os.close(writing)
    done = jagraph("sparql", f"/dev/fd/{reading}", "-q", "--project", TINY, "--format", "tsv")
    os.close(reading)
    assert (done.returncode, done.stdout) == (0, "true\n")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"@context": []}',
        '{"@context": 5}',
        '{"@context": {"name": {}}}',
        '{"@context": {"name": {"@id": "jag:name"}, "name": {"@id": "jag:note"}}}',
        '{"@context": {"name": {"@id": 5}}}',
        '{"@context": {"name": {"@id": "jag:name", "@type": 5}}}',
        '{"@context": {"name": {"@id": "jag:name", "@context": []}}}',
        '{"@context": {"@version": "x", "name": {"@id": "jag:name"}}}',
        '{"@context": {"name": {"@id": "jag:name", "@container": "@nowhere"}}}',
        '{"@context":' * 100_000,
        "\ufeff{",
    ],
)
def test_broken_context_is_named(text: str, jagraph: Run, tmp_path: Path) -> None:
    context = own_ontology(tree(tmp_path)) / "context.jsonld"
    context.write_text(text, encoding="utf-8")
    for name in (tmp_path / "data").glob("*/*.yaml"):
        name.write_text("name: One\n", encoding="utf-8")
    done = jagraph("stats", "-q", "--project", tmp_path)
    said = done.stderr
    # what has no key `name` is a context, in which the records have unknown keys
    assert done.returncode == 3 or (text == '{"@context": {}}' and done.returncode == 1), said
    assert "error[unreadable-context]" in said
    assert f"  --> {context}\n" in said


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("jagraph.ttl", "@prefix", "bad-turtle"),
        ("shapes.ttl", "@prefix", "bad-turtle"),
        ("rules/01-types.rq", "#+ layer: facts\nCONSTRUCT {", "bad-rule"),
        ("rules/01-types.rq", "#+ layer: facts\nASK {}", "bad-rule"),
        ("rules/01-types.rq", "CONSTRUCT { ?a ?b ?c } { ?a ?b ?c }", "bad-rule"),
        ("rules/01-types.rq", "#+ layer: lore\nCONSTRUCT {} {}", "bad-rule"),
    ],
)
def test_broken_part_of_the_ontology_is_wrong_data(
    name: str, text: str, code: str, jagraph: Run, tmp_path: Path
) -> None:
    part = own_ontology(tree(tmp_path)) / name
    part.write_text(text, encoding="utf-8")
    done = jagraph("validate", "-q", "--project", tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"error[{code}]: " in done.stderr
    assert str(part) in done.stderr


@pytest.mark.parametrize("text", ["ASK {}", "SELECT ?node { }", "SELECT {"])
def test_broken_check_is_wrong_data(text: str, jagraph: Run, tmp_path: Path) -> None:
    check = tree(tmp_path) / "queries/checks/mine.rq"
    check.parent.mkdir(parents=True)
    check.write_text(text, encoding="utf-8")
    done = jagraph("validate", "-q", "--project", tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "error[bad-check]: the check cannot be used: " in done.stderr
    assert f"  --> {check}:1:1\n" in done.stderr


# ── Streams ──────────────────────────────────────────────────────────────────────────────────

FULL = 'os.dup2(os.open("/dev/full", os.O_WRONLY), {0})'
GONE = "reading, writing = os.pipe(); os.close(reading); os.dup2(writing, {0})"
STREAMS = {
    "stdout is full": (FULL.format(1), 3),
    "the reader of both is gone": (f"{GONE.format(1)}; os.dup2(writing, 2)", 0),
}


@pytest.mark.parametrize("verb", verbs())
def test_stream_that_fails_is_no_bug_in_any_verb(verb: str, forks: Nursery, tmp_path: Path) -> None:
    cache = Path(os.environ["JAGRAPH_CACHE"])
    place = ["--project", str(tree(tmp_path))]
    here = f"import os; os.chdir({str(tmp_path)!r})"
    whole = forks.run(*command(verb), *place, cache=cache, first=here)
    (tmp_path / "data/datasets/fresh.yaml").unlink(missing_ok=True)
    assert whole.returncode in CONTRACT, whole.stderr
    for what, (first, code) in STREAMS.items():
        done = forks.run(*command(verb), *place, cache=cache, first=f"{here}; {first}")
        (tmp_path / "data/datasets/fresh.yaml").unlink(missing_ok=True)
        expected = code if whole.stdout else whole.returncode
        assert done.returncode == expected, (what, done.stderr)
        assert "Traceback" not in done.stderr, what
        assert "Exception" not in done.stderr, what
        if expected == 3 and whole.returncode == 0:
            assert "error[stdout-not-written]: stdout cannot be written: No space" in done.stderr


def shell(line: str, *words: str, **rest: Any) -> subprocess.CompletedProcess[str]:
    """Run ``jagraph`` with ``words`` as the shell does where ``line`` has ``"$@"``."""
    start = ["bash", "-c", line, "bash", sys.executable, "-m", "jagraph"]
    return subprocess.run(
        [*start, *words], capture_output=True, text=True, check=False, timeout=PATIENCE, **rest
    )


ASKED = ("query", "descendants", "--base", "mountain", "--project", str(TINY))


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('"$@" >&-', 3),
        ('"$@" <&- >&- 2>&-', 3),
        ('"$@" >/dev/full', 3),
        ('"$@" 2>&- >/dev/null', 0),
        ('"$@" 2>/dev/full >/dev/null', 0),
        ('"$@" <&- >/dev/null', 0),
        ('set -o pipefail; "$@" | head -0', 0),
    ],
)
@pytest.mark.parametrize("words", [ASKED, ("--help",), ("--version",), ("query",)], ids=" ".join)
def test_lost_answer_is_told(line: str, code: int, words: tuple[str, ...]) -> None:
    done = shell(line, *words)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr
    if code == 3 and "2>&-" not in line:
        assert done.stderr.startswith("error[stdout-not-written]: stdout cannot be written: ")


def test_question_asked_again_tells_a_lost_answer_too(copy: Path) -> None:
    own_ontology(copy)
    words = ("query", "descendants", "--base", "mountain", "-q")
    for _ in range(2):
        assert shell('"$@"', *words, cwd=copy).returncode == 0
    for line, code in (('"$@" >/dev/full', 3), ('"$@" >&-', 3), ('"$@" | head -0', 0)):
        done = shell(f"set -o pipefail; {line}", *words, cwd=copy)
        assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr


@pytest.mark.parametrize("line", ['"$@" <&-', "printf '\\xff' | \"$@\""])
def test_stdin_that_cannot_be_read_is_told(line: str) -> None:
    done = shell(line, "sparql", "-", "--project", str(TINY))
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("error[stdin-not-read]: stdin cannot be read: ")


def test_output_in_a_narrow_encoding_is_told() -> None:
    ask = 'SELECT ("日本" AS ?name) {}'
    done = shell('PYTHONIOENCODING=latin-1 "$@"', "sparql", ask, "--project", str(TINY))
    assert (done.returncode, done.stdout) == (3, "")
    assert "error[narrow-output]: stdout takes latin-1, which has no U+65E5" in done.stderr


@pytest.mark.parametrize("verb", verbs())
def test_working_folder_that_is_gone_is_outside(verb: str, forks: Nursery, tmp_path: Path) -> None:
    cache = Path(os.environ["JAGRAPH_CACHE"])
    folder = str(tmp_path / "gone")
    gone = f"import os; os.mkdir({folder!r}); os.chdir({folder!r}); os.rmdir({folder!r})"
    done = forks.run(*command(verb), cache=cache, first=gone)
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    within = forks.run(*command(verb), "--project", str(tree(tmp_path)), cache=cache, first=gone)
    assert within.returncode in CONTRACT
    assert "Traceback" not in within.stderr


ODD = {
    "half a surrogate pair": "caf\udce9",
    "too long for a path": "x" * 5000,
    "control characters": "\x01\x1b[31m\x7f",
    "an endless device": "/dev/zero",
    "a file as a folder": "/dev/null/x",
    "nothing": "",
}


@pytest.mark.parametrize("kind", ODD)
def test_odd_argument_is_no_bug_in_any_verb(kind: str, jagraph: Run, tmp_path: Path) -> None:
    for verb in verbs():
        words = command(verb, ODD[kind])
        if words == command(verb) or (verb, ODD[kind]) == ("serve", ""):
            continue  # it takes none; "" is every address of this machine
        more = ["--store", tmp_path / "store"] if verb == "import-hub" else []
        done = jagraph(*words, *more, "--project", tree(tmp_path / verb))
        assert done.returncode in CONTRACT, (verb, done.stderr)
        assert done.returncode or verb == "search" or not ODD[kind], verb
        assert "Traceback" not in done.stderr, verb


def test_project_that_is_a_loop_of_links_is_no_bug_in_any_verb(
    jagraph: Run, tmp_path: Path
) -> None:
    (tmp_path / "loop").symlink_to("loop")
    for verb in verbs():
        done = jagraph(*command(verb), "--project", tmp_path / "loop")
        assert done.returncode in (2, 3), (verb, done.stderr)
        assert "Traceback" not in done.stderr, verb


@pytest.mark.parametrize("kind", ODD)
def test_odd_project_is_no_bug_in_any_verb(kind: str, jagraph: Run) -> None:
    if kind != "nothing":  # which is the working folder
        for verb in verbs():
            done = jagraph(*command(verb), "--project", ODD[kind])
            assert done.returncode in (2, 3), (verb, done.stderr)
            assert "Traceback" not in done.stderr, verb


def test_text_that_is_no_unicode_was_asked_wrongly(jagraph: Run) -> None:
    done = jagraph("sparql", "SELECT * { ?s ?p 'caf\udce9' }", "--project", TINY)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error[not-unicode]: ")


# ── Targets ──────────────────────────────────────────────────────────────────────────────────

WRITING = {
    "query": ["descendants", "--base", "mountain"],
    "sparql": [],
    "draw": ["--format", "dot"],
    "chart": ["--format", "svg"],
    "export": ["--format", "nt"],
}


def written(verb: str, target: Path | str, run: Run) -> subprocess.CompletedProcess[str]:
    words = command(verb)
    form = (
        WRITING.get(verb, [])[-2:] if verb in ("draw", "chart", "export") else ["--format", "tsv"]
    )
    return run(*words, *form, "-o", target, "--project", TINY)


@pytest.mark.parametrize("verb", writers())
def test_target_stays_what_it_is(verb: str, jagraph: Run, tmp_path: Path) -> None:
    assert written(verb, tmp_path / "plain", jagraph).returncode == 0
    content = (tmp_path / "plain").read_bytes()
    assert content
    old, link, dangling, pipe = (tmp_path / name for name in ("old", "link", "new", "pipe"))
    old.write_bytes(b"old")
    old.chmod(0o600)
    link.symlink_to("old")
    dangling.symlink_to("made")
    os.mkfifo(pipe)
    come: list[bytes] = []
    reader = threading.Thread(target=lambda: come.append(pipe.read_bytes()))
    reader.start()
    for target in (link, dangling, pipe):
        assert written(verb, target, jagraph).returncode == 0
    reader.join()
    assert (link.is_symlink(), dangling.is_symlink()) == (True, True)
    assert old.read_bytes() == (tmp_path / "made").read_bytes() == come[0] == content
    assert stat.S_IMODE(old.stat().st_mode) == 0o600
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as piped:
        threading.Thread(target=lambda: come.append(piped.read())).start()
        assert written(verb, f"/dev/fd/{writing}", jagraph).returncode == 0
        os.close(writing)
    assert written(verb, "/dev/stdout", jagraph).stdout.encode() == content
    done = written(verb, "/dev/full", jagraph)
    assert (done.returncode, "error[not-written]" in done.stderr) == (3, True)
    assert stat.S_ISCHR(Path("/dev/full").stat().st_mode)
    assert {path.name for path in tmp_path.iterdir()} == {
        *("plain", "old", "link", "new", "made", "pipe")
    }


UNWRITABLE: dict[str, Spoil] = {
    "a folder": Path.mkdir,
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a link into nothing": lambda path: path.symlink_to("/nowhere/file"),
    "a socket": bind_socket,
    "a file as a folder": lambda path: path.symlink_to("/dev/null/file"),
    "a name that is too long": lambda path: path.symlink_to("x" * 300),
}


def looks(path: Path) -> tuple[int, ...]:
    found = os.lstat(path)
    return found.st_mode, found.st_size, found.st_ino, found.st_mtime_ns, found.st_ctime_ns


@pytest.mark.parametrize("kind", UNWRITABLE)
def test_target_that_cannot_be_written_is_named_and_stays(
    kind: str, jagraph: Run, tmp_path: Path
) -> None:
    target = tmp_path / "target"
    UNWRITABLE[kind](target)
    before = looks(target)
    done = written("sparql", target, jagraph)
    assert done.returncode == 3, done.stderr
    assert "error[not-written]: the file cannot be written: " in done.stderr
    assert f"  --> {target}\n" in done.stderr
    assert looks(target) == before
    assert list(tmp_path.iterdir()) == [target]


def test_pipe_that_nobody_reads_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jagraph_output, "_PATIENCE", 0.2)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OutsideError, match=r"nobody read the pipe within 0\.2 s"):
        write_whole(tmp_path / "pipe", "text")


def test_nothing_reaches_a_pipe_before_all_is_there() -> None:
    reading, writing = os.pipe()
    with contextlib.suppress(RuntimeError), whole(Path(f"/dev/fd/{writing}")) as out:
        out.write(b"half")
        raise RuntimeError
    os.close(writing)
    with os.fdopen(reading, "rb") as piped:
        assert piped.read() == b""


def test_a_name_may_be_as_long_as_the_system_lets_it(tmp_path: Path) -> None:
    write_whole(tmp_path / ("x" * 255), "text")
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["text"]


def test_what_is_written_is_brought_to_the_disk_before_it_is_renamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def seen(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            folder = name == "sync" and stat.S_ISDIR(os.fstat(given[0]).st_mode)
            done.append("sync folder" if folder else name)
            return real(*given, **named)

        return call

    monkeypatch.setattr(os, "fsync", seen("sync", os.fsync))
    monkeypatch.setattr(Path, "replace", seen("rename", Path.replace))
    monkeypatch.setattr(Path, "rename", seen("rename", Path.rename))
    write_whole(tmp_path / "file", "text")
    assert done == ["sync", "rename", "sync folder"]
    done.clear()
    with versioned_folders.written(tmp_path, "whole", replace=False) as half:
        (half / "file").write_text("text", encoding="utf-8")
    assert done == ["sync", "sync", "sync folder", "rename", "sync folder"]  # with the manifest
    assert (tmp_path / "whole/file").read_text(encoding="utf-8") == "text"


@pytest.mark.parametrize("words", [["new", "datasets", "fresh"], ["fmt"]], ids=" ".join)
def test_records_that_come_with_jagraph_are_not_changed(
    words: list[str], jagraph: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = tree(tmp_path / "site-packages")
    own_ontology(shipped)
    untidy = shipped / "data/models/ume.yaml"
    untidy.write_text(untidy.read_text(encoding="utf-8") + "\n\n", encoding="utf-8")
    files = {path: path.read_bytes() for path in shipped.rglob("*.yaml")}
    monkeypatch.setattr(jagraph_project, "_PACKAGED", str(shipped))
    (tmp_path / "elsewhere").mkdir()
    for cwd, more in (("elsewhere", []), ("site-packages", []), (".", ["--project", shipped])):
        done = jagraph(*words, *more, cwd=tmp_path / cwd)
        assert (done.returncode, done.stdout) == (2, ""), done.stderr
        assert "error[no-project-here]: " in done.stderr
        assert "--project DIR" in done.stderr
    assert {path: path.read_bytes() for path in shipped.rglob("*.yaml")} == files


def test_a_link_of_a_record_is_followed_when_it_is_tidied(jagraph: Run, tmp_path: Path) -> None:
    record = tree(tmp_path) / "data/models/ume.yaml"
    kept = record.rename(tmp_path / "kept.yaml")
    kept.write_text(kept.read_text(encoding="utf-8") + "\n\n", encoding="utf-8")
    kept.chmod(0o640)
    record.symlink_to(kept)
    assert jagraph("fmt", "--project", tmp_path).returncode == 0
    assert (record.is_symlink(), stat.S_IMODE(kept.stat().st_mode)) == (True, 0o640)
    assert not kept.read_text(encoding="utf-8").endswith("\n\n")


# ── Nothing to check, or nothing to check by ─────────────────────────────────────────────────


def emptied(folder: Path) -> None:
    for path in (folder / "data").glob("*/*.yaml"):
        path.unlink()


def without(part: str) -> Spoil:
    def spoil(folder: Path) -> None:
        own_ontology(folder)
        shutil.copytree(ROOT / "queries", folder / "queries")
        place = folder / part
        if place.is_dir():
            for path in place.iterdir():
                path.unlink()
        else:
            place.write_text("", encoding="utf-8")

    return spoil


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (emptied, "no-records"),
        (without("ontology/rules"), "no-rules"),
        (without("ontology/shapes.ttl"), "no-shapes"),
        (without("queries/checks"), "no-checks"),
    ],
)
def test_validate_says_that_nothing_was_checked(
    spoil: Spoil, code: str, jagraph: Run, tmp_path: Path
) -> None:
    spoil(tree(tmp_path))
    done = jagraph("validate", "--project", tmp_path)
    assert (done.returncode, done.stdout) == (3, "")
    assert f"error[{code}]: " in done.stderr
    assert "0 errors" not in done.stderr


@pytest.mark.parametrize(
    ("spoil", "code"), [(emptied, "no-records"), (without("ontology/rules"), "no-rules")]
)
def test_no_question_is_answered_from_nothing(
    spoil: Spoil, code: str, jagraph: Run, tmp_path: Path
) -> None:
    spoil(tree(tmp_path))
    done = jagraph("query", "descendants", "--base", "mountain", "--project", tmp_path)
    assert (done.returncode, done.stdout) == (3, "")
    assert f"error[{code}]: " in done.stderr


def test_path_without_a_record_is_nothing_to_check(jagraph: Run, tmp_path: Path) -> None:
    (tree(tmp_path) / "data/README.md").write_text("Records", encoding="utf-8")
    done = jagraph("validate", tmp_path / "data/README.md", "--project", tmp_path)
    assert (done.returncode, done.stdout) == (3, "")
    assert "error[nothing-to-check]: " in done.stderr


def test_shapes_of_the_hub_that_are_empty_are_told(jagraph: Run, tmp_path: Path) -> None:
    project, dump = tree(tmp_path / "project"), tmp_path / "dump.jsonl"
    own_ontology(project)
    dump.write_text('{"id": "a/b", "downloads": 1}\n', encoding="utf-8")
    place = ["--project", project, "--store", tmp_path / "store"]
    assert jagraph("import-hub", dump, *place).returncode == 0
    assert jagraph("validate", *place).returncode == 0
    (project / "ontology/hub-shapes.ttl").write_text("", encoding="utf-8")
    done = jagraph("validate", *place)
    assert (done.returncode, done.stdout) == (3, "")
    assert "error[no-shapes]: " in done.stderr


# ── Exceptions ───────────────────────────────────────────────────────────────────────────────


class Panic(BaseException):
    """What a library in Rust raises when it fails in itself is no Exception."""


EXCEPTIONS: list[tuple[BaseException, int]] = [
    (DataError("x", "x"), 1),
    (RequestError("x", "x"), 2),
    (OutsideError("x", "x"), 3),
    (FileNotFoundError(errno.ENOENT, "No such file", "x"), 3),
    (OSError("a library says no more"), 3),
    (BrokenPipeError(errno.EPIPE, "Broken pipe"), 3),
    (ConnectionResetError(errno.ECONNRESET, "reset"), 3),
    (TimeoutError(), 3),
    (MemoryError(), 3),
    (RecursionError(), 1),
    (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"), 1),
    (UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"), 1),
    (ExceptionGroup("tasks", [OSError(errno.EIO, "Input/output error")]), 3),
    (ExceptionGroup("tasks", [ExceptionGroup("more", [RequestError("x", "x")])]), 2),
    (ExceptionGroup("tasks", [OSError(errno.EIO, "error"), KeyError()]), 70),
    (EOFError(), 70),
    (StopIteration(), 70),
    (StopAsyncIteration(), 70),
    (GeneratorExit(), 70),
    (KeyError("x"), 70),
    (ValueError("x"), 70),
    (SyntaxError("x"), 70),
    (AssertionError(), 70),
    (JagraphError("x", "x"), 70),
    (Panic("x"), 70),
    (KeyboardInterrupt(), 130),
]


def ended(reason: BaseException, *words: str) -> tuple[int, str, str]:
    """Return the exit code of a verb in which ``reason`` is raised, and what is printed."""

    def fail(_: Settings) -> None:
        raise reason

    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Settings, "graph", fail)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run_words(["stats", *words])
    return code, out.getvalue(), err.getvalue()


@pytest.mark.parametrize(
    ("reason", "code"), EXCEPTIONS, ids=[repr(reason) for reason, _ in EXCEPTIONS]
)
def test_exception_within_a_verb_has_its_exit_code(reason: BaseException, code: int) -> None:
    found, out, err = ended(reason)
    assert (found, out) == (code, "")
    assert ("please report this" in err) == (code == 70 and type(reason) is not JagraphError)
    assert ("Traceback" in err) == ("please report this" in err)
    assert err.startswith("error[") or code in (70, 130)


@given(
    st.sampled_from(sorted(errno.errorcode)),
    st.none() | st.text(min_size=1) | st.binary(min_size=1) | st.integers(0, 99),
)
def test_what_the_system_refuses_is_outside(number: int, name: str | bytes | int | None) -> None:
    code, out, err = ended(OSError(number, os.strerror(number), name))
    assert (code, out) == (3, "")
    assert err.startswith("error[")
    assert os.strerror(number) in err
    assert "\n  help: " in err


@pytest.mark.parametrize(
    ("reason", "asked", "kind"),
    [
        (UnicodeEncodeError("utf-8", "\udce9", 0, 1, "surrogates not allowed"), "a\udce9", 2),
        (UnicodeEncodeError("utf-8", "\udce9", 0, 1, "surrogates not allowed"), "plain", 1),
        (UnicodeEncodeError("ascii", "日", 0, 1, "ordinal not in range"), "plain", 3),
        (UnicodeError("label empty or too long"), "plain", 1),
    ],
)
def test_text_is_theirs_who_gave_it(reason: UnicodeError, asked: str, kind: int) -> None:
    assert fault(reason, asked).exit_code == kind


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "x"), "unusable-file"),
        (MemoryError(), "out-of-memory"),
        (KeyError("x"), "bug"),
        (UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"), "not-unicode"),
    ],
)
def test_assistants_are_told_the_same(
    reason: Exception, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: object) -> Any:
        raise reason

    tool = ToolDefinition("x", "x", "x", {}, (), fail)
    answered = _answer({"x": tool}, "x", {})
    assert answered.is_error
    assert answered.structured_content is not None
    assert answered.structured_content["error"]["code"] == code
    assert ("Traceback" in capsys.readouterr().err) == (code == "bug")


@pytest.mark.parametrize(
    ("reason", "status", "code"),
    [
        (FileNotFoundError(errno.ENOENT, "No such file or directory", "x"), 503, "store-gone"),
        (OSError(errno.ENOSPC, "No space left on device", "x"), 503, "unusable-file"),
        (MemoryError(), 503, "out-of-memory"),
        (KeyError("x"), 500, "bug"),
    ],
)
def test_web_face_tells_the_same(
    reason: Exception, status: int, code: str, tiny: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> Any:
        raise reason

    monkeypatch.setattr("jagraph.web.protocol.describe", fail)
    with in_process(AppState(tiny)) as url:
        answer = httpx.get(f"{url}/sparql", headers={"Accept": "application/json"})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error.get("where")) == (status, code, None)


SERVICE = "SELECT * { SERVICE <http://127.0.0.1:49151/> { ?s ?p ?o } }"


def test_server_that_a_query_asks_and_that_is_not_there_is_outside(
    tiny: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiny.store, "allow_service", True)
    with pytest.raises(OutsideError) as caught:
        tiny.store.answer(SERVICE)
    assert caught.value.code == "service-failed"
    with Engine(tiny.on_disk(), allow_service=True) as engine, pytest.raises(OutsideError) as again:
        engine.run(Question(SERVICE, {"solutions": "json"}))
    assert (again.value.code, again.value.remedy) == ("service-failed", caught.value.remedy)


def test_function_that_the_engine_does_not_know_was_asked_wrongly(tiny: Graph) -> None:
    with pytest.raises(RequestError, match="the query cannot be answered"):
        tiny.store.answer("SELECT (<urn:f>(1) AS ?x) {}")
