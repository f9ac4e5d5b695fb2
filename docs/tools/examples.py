"""The examples of the documents: commands with the output they print, and files to write.

In a block ``console``, a line that begins with ``$ `` is a command, and what stands below it is
what it prints on stdout. Those of most documents run at the root of the repository. A section that
shows files is a worked example: it runs in a copy of the repository, step by step. There

- a block whose first line is a comment with a path is the file at that path,
- a block ``diff`` changes a file,
- a block ``sh`` is run and has to end well.

``python -m docs.tools.examples`` runs them all and writes what the commands print now.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENTS = (
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    *(ROOT / name / "README.md" for name in ("data", "ontology", "queries")),
)
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
_COMMAND = re.compile(r"^\$ ", re.M)
_PATH = re.compile(r"# ([\w.-]+(?:/[\w.-]+)+)\n")
_SECTION = re.compile(r"^(?=## )", re.M)
_NOT_COPIED = (".*", "__pycache__", "*.egg-info", "build", "dist", "node_modules")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language and its text."""

    language: str
    text: str

    @property
    def path(self) -> str:
        """The file this block shows, or nothing."""
        named = _PATH.match(self.text)
        return named[1] if named else ""


@dataclass(frozen=True)
class Example:
    """A command of a block ``console`` and the output below it."""

    command: str
    output: str


def blocks(text: str, language: str = "") -> list[Block]:
    """Return the fenced blocks of ``text``, of one language where that is given."""
    found = [Block(m[1], m[2]) for m in _BLOCK.finditer(text)]
    return [block for block in found if language in ("", block.language)]


def examples(block: Block) -> list[Example]:
    """Return the commands of a block ``console``, each with its output."""
    parts = _COMMAND.split(block.text)[1:]
    return [Example(command, output) for command, _, output in (p.partition("\n") for p in parts)]


def sections(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the parts of a document, and whether each is a worked example."""
    for part in _SECTION.split(text):
        yield part, any(block.path or block.language == "diff" for block in blocks(part))


def run(command: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run ``command`` in a shell in ``folder``, the repository or a copy of it."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    environment |= {"COLUMNS": "140", "NO_COLOR": "1"}
    paths = [str(Path(sys.executable).parent), environment["PATH"]]
    if folder != ROOT:
        environment["PYTHONPATH"] = str(folder / "src")
        paths.insert(0, str(folder / "bin"))
    environment["PATH"] = os.pathsep.join(paths)
    return subprocess.run(
        ["bash", "-c", command],  # noqa: S607, the shell of whoever reads the document
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def copied(folder: Path) -> Path:
    """Copy the repository to ``folder`` and return it; the command ``jagraph`` there is its own."""
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*_NOT_COPIED))
    script = folder / "bin/jagraph"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m jagraph "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    return folder


def work(text: str, folder: Path) -> str:
    """Take the steps of the worked example ``text`` in ``folder``; return it with what came out.

    Raises ValueError for a step that cannot be taken.
    """
    return _with(text, [_step(block, folder) for block in blocks(text)])


def renewed(text: str, folder: Path = ROOT) -> str:
    """Return the document ``text`` with what its commands print now."""
    done = ""
    for part, is_worked in sections(text):
        if is_worked:
            with tempfile.TemporaryDirectory() as place:
                done += work(part, copied(Path(place) / "jagraph"))
        else:
            shown = [
                _printed(block, folder) if block.language == "console" else block.text
                for block in blocks(part)
            ]
            done += _with(part, shown)
    return done


def _with(text: str, shown: list[str]) -> str:
    """Return ``text`` with the texts ``shown`` in its blocks."""
    texts = iter(shown)
    return _BLOCK.sub(lambda block: f"```{block[1]}\n{next(texts)}```", text)


def _step(block: Block, folder: Path) -> str:
    if block.path:
        target = folder / block.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(block.text.partition("\n")[2], encoding="utf-8")
    elif block.language == "diff":
        change = folder / "change.diff"
        change.write_text(block.text, encoding="utf-8")
        _require(run(f"git apply {change.name}", folder), block)
        change.unlink()
    elif block.language == "sh":
        _require(run(f"set -e\n{block.text}", folder), block)
    elif block.language == "console":
        return _printed(block, folder)
    return block.text


def _printed(block: Block, folder: Path) -> str:
    return "".join(
        f"$ {example.command}\n{run(example.command, folder).stdout}" for example in examples(block)
    )


def _require(done: subprocess.CompletedProcess[str], block: Block) -> None:
    if done.returncode != 0:
        raise ValueError(f"{block.text}ended with {done.returncode}\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    for document in DOCUMENTS:
        if document.is_file():
            before = document.read_text(encoding="utf-8")
            after = renewed(before)
            if after != before:
                document.write_text(after, encoding="utf-8")
                print(document.relative_to(ROOT))
