"""A command that was given before is answered from what it came to, for as long as that holds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.project import ROOT, TINY, Run

from jagraph.cli.again import answer

pytestmark = pytest.mark.slow


WORDS = ["query", "descendants", "--base", "mountain", "-q"]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with all its folders, in which one stands, and a cache of its own."""
    place = tmp_path / "checkout"
    shutil.copytree(TINY / "data", place / "data")
    for folder in ("ontology", "queries"):
        shutil.copytree(ROOT / folder, place / folder)
    monkeypatch.chdir(place)
    monkeypatch.setenv("JAGRAPH_CACHE", str(tmp_path / "cache"))
    return place


def test_the_answer_is_that_of_the_whole_command_line(checkout: Path, jagraph: Run) -> None:
    assert answer(WORDS) is None
    asked = jagraph(*WORDS, cwd=checkout)
    assert asked.stdout.count("\n") > 2
    assert answer(WORDS) == asked.stdout
    assert answer([*WORDS, "--format", "csv"]) is None
    assert jagraph(*WORDS, cwd=checkout).stdout == asked.stdout


def _change_record(place: Path) -> None:
    record = place / "data/models/ume.yaml"
    record.write_text(record.read_text(encoding="utf-8") + "\n", encoding="utf-8")


def _add_record(place: Path) -> None:
    shutil.copy(place / "data/models/ume.yaml", place / "data/models/other-ume.yaml")


def _change_query(place: Path) -> None:
    query = place / "queries/descendants.rq"
    query.write_text(query.read_text(encoding="utf-8") + "LIMIT 1\n", encoding="utf-8")


def _remove_rule(place: Path) -> None:
    next((place / "ontology/rules").iterdir()).unlink()


def _remove_graph(place: Path) -> None:
    for graph in (place.parent / "cache").glob("*/store"):
        shutil.rmtree(graph)


def _cut_what_is_remembered(place: Path) -> None:
    (note,) = (place.parent / "cache").glob("asked-*")
    note.write_bytes(note.read_bytes()[:40])


@pytest.mark.parametrize(
    "change",
    [
        *(_change_record, _add_record, _change_query, _remove_rule),
        *(_remove_graph, _cut_what_is_remembered),
    ],
)
def test_what_has_changed_is_asked_from_the_start(
    change: Callable[[Path], None], checkout: Path, jagraph: Run
) -> None:
    jagraph(*WORDS, cwd=checkout)
    assert answer(WORDS) is not None
    change(checkout)
    assert answer(WORDS) is None


def test_a_project_that_comes_nearer_is_the_one_asked(checkout: Path, jagraph: Run) -> None:
    inner = checkout / "inner"
    inner.mkdir()
    os.chdir(inner)
    jagraph(*WORDS, cwd=inner)
    assert answer(WORDS) is not None
    shutil.copytree(ROOT / "ontology", inner / "ontology")
    assert answer(WORDS) is None


def test_a_process_loads_no_parser(jagraph: Run, checkout: Path) -> None:
    whole = jagraph(*WORDS, cwd=checkout).stdout
    program = (
        f"import sys; sys.argv = ['jagraph', *{WORDS!r}]\n"
        "from jagraph.__main__ import main\n"
        "try:\n    main()\n"
        "finally:\n    print(*sys.modules, file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, whole)
    assert not {"click", "re", "typing", "pathlib", "dataclasses"} & set(done.stderr.split())
