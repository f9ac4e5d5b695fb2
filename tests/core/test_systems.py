"""A system on which jagraph cannot work is refused at once, in one sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from jagraph.core.folder_lock import Hold


def on_windows(code: str) -> subprocess.CompletedProcess[str]:
    """Run ``code`` in a Python that takes its system for Windows."""
    pretended = f"import sys; sys.platform = 'win32'; {code}"
    words = [sys.executable, "-c", pretended]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def test_the_command_says_that_it_does_not_run_on_windows() -> None:
    done = on_windows("from jagraph.__main__ import main; main()")
    assert (done.returncode, done.stdout) == (3, "")
    what, remedy = done.stderr.splitlines()
    assert what.startswith("error[unsupported-system]: ")
    assert remedy.startswith("  help: run it on Linux")


def test_an_import_says_so_too() -> None:
    done = on_windows("import jagraph.graph.build")
    assert "ImportError: error[unsupported-system]: " in done.stderr


def test_a_folder_is_held_by_many_or_locked_by_one(tmp_path: Path) -> None:
    first, second = Hold(tmp_path), Hold(tmp_path)
    with pytest.raises(BlockingIOError):
        Hold(tmp_path, exclusive=True)
    del first, second
    alone = Hold(tmp_path, exclusive=True)
    with pytest.raises(BlockingIOError):
        Hold(tmp_path)
    del alone
    Hold(tmp_path)
    with pytest.raises(FileNotFoundError):
        Hold(tmp_path / "gone")
