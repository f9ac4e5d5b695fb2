"""What is kept between two commands never makes an answer old: an edit shows in the next one."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.test_startup import listing_modules
from tests.support.project import ROOT, TINY, Run

# what costs as much as Python's own start, or more
_DEAR = {"click", "argparse", "re", "typing", "pathlib", "dataclasses", "enum", "json", "inspect"}
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


def test_the_same_command_has_the_same_answer(checkout: Path, jagraph: Run) -> None:
    first, second = (jagraph(*WORDS, cwd=checkout).stdout for _ in range(2))
    assert first.count("\n") > 2
    assert second == first
    assert jagraph(*WORDS, "--format", "csv", cwd=checkout).stdout.startswith("family,")


def _change_record(place: Path) -> None:
    record = place / "data/models/ume.yaml"
    text = record.read_text(encoding="utf-8")
    record.write_text(text.replace("name: Ume\n", "name: Plum\n"), encoding="utf-8")


def _add_record(place: Path) -> None:
    text = (place / "data/models/ume.yaml").read_text(encoding="utf-8")
    other = text.replace("ume", "plum").replace("Ume", "Plum")
    (place / "data/models/plum.yaml").write_text(other, encoding="utf-8")


def _change_query(place: Path) -> None:
    query = place / "queries/descendants.rq"
    query.write_text(query.read_text(encoding="utf-8") + "LIMIT 1\n", encoding="utf-8")


def _remove_rule(place: Path) -> None:
    sorted((place / "ontology/rules").iterdir())[0].unlink()


@pytest.mark.parametrize("change", [_change_record, _add_record, _change_query, _remove_rule])
def test_a_change_shows_in_the_next_answer(
    change: Callable[[Path], None], checkout: Path, tmp_path: Path, jagraph: Run
) -> None:
    before = jagraph(*WORDS, cwd=checkout)
    change(checkout)
    after = jagraph(*WORDS, cwd=checkout)
    os.environ["JAGRAPH_CACHE"] = str(tmp_path / "other")
    anew = jagraph(*WORDS, cwd=checkout)
    assert (after.stdout, after.returncode) == (anew.stdout, anew.returncode)
    assert after.stdout != before.stdout


def _remove_graph(place: Path) -> None:
    for graph in (place.parent / "cache").glob("*/store"):
        shutil.rmtree(graph)


def _cut_what_is_remembered(place: Path) -> None:
    for note in (place.parent / "cache").iterdir():
        if note.is_file():
            note.write_bytes(note.read_bytes()[:40])


@pytest.mark.parametrize("damage", [_remove_graph, _cut_what_is_remembered])
def test_a_damaged_cache_leaves_the_answer_as_it_is(
    damage: Callable[[Path], None], checkout: Path, jagraph: Run
) -> None:
    before = jagraph(*WORDS, cwd=checkout)
    damage(checkout)
    assert jagraph(*WORDS, cwd=checkout).stdout == before.stdout


def test_a_project_that_comes_nearer_is_the_one_asked(checkout: Path, jagraph: Run) -> None:
    inner = checkout / "inner"
    inner.mkdir()
    os.chdir(inner)
    before = jagraph(*WORDS, cwd=inner)
    shutil.copytree(ROOT / "ontology", inner / "ontology")
    shutil.copytree(checkout / "data", inner / "data")
    _change_record(inner)
    after = jagraph(*WORDS, cwd=inner)
    assert (before.returncode, after.returncode) == (0, 0)
    assert "Plum" in after.stdout
    assert "Plum" not in before.stdout


@pytest.mark.usefixtures("checkout")
def test_a_question_in_any_words_loads_no_dear_module() -> None:
    time.sleep(0.2)  # until what is seen of the records may be remembered
    for _ in range(2):
        listing_modules(["search", "mountain", "-q"])
    for words in (
        ["query", "descendants", "--base", "mountain"],
        ["query", "descendants", "--base=mountain", "--format", "csv"],
        ["query", "ancestors", "--format", "json", "--model", "Ume-7b"],
        ["search", "mountain", "--limit", "3"],
    ):
        done = listing_modules(words)
        assert done.returncode == 0, done.stderr
        assert not _DEAR & set(done.stderr.split())
