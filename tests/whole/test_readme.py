"""What the documents show is what happens."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from docs.tools.examples import (
    DOCUMENTS,
    Example,
    blocks,
    copied,
    examples,
    run,
    sections,
    work,
)
from docs.tools.generated import PAGES
from tests.support.project import ROOT, Run

from jagraph.cli.verbs import VERBS

pytestmark = pytest.mark.slow


README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN = [
    pytest.param(example, id=f"{path.name}: {example.command}")
    for path in DOCUMENTS
    if path.is_file()
    for part, is_worked in sections(path.read_text(encoding="utf-8"))
    if not is_worked
    for block in blocks(part, "console")
    for example in examples(block)
]
WORKED = [
    pytest.param(part, id=part.partition("\n")[0].lstrip("# "))
    for part, is_worked in sections((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    if is_worked
]


def test_the_readme_is_short_and_has_examples() -> None:
    assert len(README.splitlines()) < 150
    assert len(SHOWN) >= 25
    assert len(WORKED) == 5


@pytest.mark.parametrize("example", SHOWN)
def test_command_prints_what_the_document_shows(example: Example) -> None:
    done = run(example.command)
    assert done.stdout == example.output, done.stderr


@pytest.mark.parametrize("section", WORKED)
def test_worked_example_does_what_it_shows(section: str, tmp_path: Path) -> None:
    assert work(section, copied(tmp_path / "jagraph")) == section


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_is_what_the_code_writes(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert PAGES[page](text) == text, "run make docs"


def test_demo_leaves_the_picture_and_the_graph() -> None:
    run("make --no-print-directory demo")
    for name in ("llama-2.svg", "llama-2.png", "jagraph.ttl"):
        assert (ROOT / "build/demo" / name).stat().st_size > 10_000


PICTURES = {
    "lineage-of-llama-2.svg": "llama-2 --down",
    "lineage-of-evollm-jp.svg": "EvoLLM-JP EvoVLM-JP --up --theme dark",
}


@pytest.mark.parametrize("name", PICTURES)
def test_picture_is_what_the_command_draws(name: str, tmp_path: Path, jagraph: Run) -> None:
    target = tmp_path / name
    assert f"jagraph draw {PICTURES[name]} -o" in (ROOT / "Makefile").read_text(encoding="utf-8")
    done = jagraph("draw", *PICTURES[name].split(), "-o", target, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert target.read_bytes() == (ROOT / "docs" / name).read_bytes()


def test_python_example_prints_the_descendants_of_youri() -> None:
    (block,) = blocks((ROOT / "docs/python.md").read_text(encoding="utf-8"), "python")
    done = subprocess.run(
        [sys.executable, "-c", block.text], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "houou-instruction-7b-v1" in done.stdout.splitlines()


@pytest.mark.parametrize("path", [path for path in DOCUMENTS if path.is_file()], ids=str)
def test_links_into_the_repository_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?://)([^)#]+)(?:#[^)]*)?\)", path.read_text("utf-8")):
        assert (path.parent / target).exists(), target


def test_every_dependency_is_explained() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    architecture = (ROOT / "docs/architecture.md").read_text(encoding="utf-8").lower()
    (listed,) = re.findall(r"^dependencies = \[\n(.*?)^\]", project, re.M | re.S)
    for name in re.findall(r'"([a-z-]+)', listed):
        assert name in architecture, name


def test_every_verb_is_in_the_document_of_the_command_line() -> None:
    text = (ROOT / "docs/command-line.md").read_text(encoding="utf-8")
    for verb in VERBS:
        assert f"jagraph {verb}" in text, verb
