"""What the README shows is what happens."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support.project import ROOT, Run

README = (ROOT / "README.md").read_text(encoding="utf-8")
ENVIRONMENT = {
    **os.environ,
    "COLUMNS": "140",
    "NO_COLOR": "1",
    "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
}


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.M | re.S)


def examples() -> list[tuple[str, str]]:
    """Each command of the console blocks with the output under it."""
    found = []
    for block in blocks("console"):
        for example in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, output = example.partition("\n")
            found.append((command, output))
    return found


def shell(command: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", command], cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True
    )


def test_there_are_examples() -> None:
    assert len(examples()) >= 5
    assert len(blocks("python")) == 1


@pytest.mark.parametrize(("command", "output"), examples(), ids=[c for c, _ in examples()])
def test_command_prints_what_the_readme_shows(command: str, output: str, jagraph: Run) -> None:
    name, *args = shlex.split(command)
    if name == "jagraph" and "|" not in args:
        done = jagraph(*args, cwd=ROOT, env={"COLUMNS": "140", "NO_COLOR": "1"})
    else:
        done = shell(command)
    assert done.stdout == output, done.stderr


def test_demo_leaves_the_picture_and_the_graph() -> None:
    shell("make --no-print-directory demo")
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
    done = subprocess.run(
        [sys.executable, "-c", blocks("python")[0]], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "houou-instruction-7b-v1" in done.stdout.splitlines()


def test_commands_for_a_new_record_work_in_a_project(copy: Path) -> None:
    (block,) = [block for block in blocks("sh") if "jagraph new" in block]
    shutil.copytree(ROOT / "ontology", copy / "ontology")
    first, second, third = (line.partition("#")[0].strip() for line in block.splitlines())
    assert shell(first, copy).returncode == 0
    assert (copy / "data/models/my-model.yaml").is_file()
    # what `new` writes is to be filled in: until then, validate says where
    assert "data/models/my-model.yaml:" in shell(second, copy).stdout
    assert third == "jagraph show my-model"


def test_links_into_the_repository_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!https?://)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_every_dependency_is_explained() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (listed,) = re.findall(r"^dependencies = \[\n(.*?)^\]", project, re.M | re.S)
    for name in re.findall(r'"([a-z-]+)', listed):
        assert name in README.lower(), name
