"""Shared by all tests: a cache of their own, the frozen project, the command as a user has it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from tests.serving import serving

from jagraph.build import build
from jagraph.cache import Graph
from jagraph.project import Project, find_project

ROOT = Path(__file__).parents[1]
TINY = ROOT / "tests" / "tiny"
Run = Callable[..., "subprocess.CompletedProcess[str]"]

settings.register_profile("shared-machine", deadline=None)  # no test depends on time
settings.load_profile("shared-machine")


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    os.environ["JAGRAPH_CACHE"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def tiny_project() -> Project:
    return find_project(TINY)


@pytest.fixture(scope="session")
def tiny(_own_cache: None, tiny_project: Project) -> Graph:
    return build(tiny_project, lambda _: None)


@pytest.fixture(scope="session")
def live(_own_cache: None) -> Graph:
    return build(find_project(ROOT), lambda _: None)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the frozen project that a test may change."""
    target = tmp_path / "project"
    shutil.copytree(TINY / "data", target / "data")
    return target


@pytest.fixture
def jagraph(tmp_path: Path) -> Run:
    """Run the installed command in a folder of its own."""

    def run(*args: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "jagraph", *map(str, args)]
        settings: dict[str, object] = {"cwd": tmp_path, "text": True, "capture_output": True}
        return subprocess.run(command, check=False, **(settings | options))  # type: ignore[call-overload,no-any-return]

    return run


@pytest.fixture(scope="session")
def server(_own_cache: None) -> Iterator[str]:
    """The URL of a real server of the frozen project."""
    with serving(TINY) as (url, _):
        yield url
