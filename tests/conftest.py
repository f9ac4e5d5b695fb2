"""Shared by all tests: a cache of their own, the frozen project, the command as a user has it."""

from __future__ import annotations

import fcntl
import gc
import io
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from tests.support.project import ROOT, TINY, Run
from tests.support.serving import serving

from jagraph.__main__ import main
from jagraph.core.project import Project, find_project
from jagraph.graph.build import build
from jagraph.graph.cache import Graph

gc.set_threshold(50_000)  # graphs are many objects and no garbage: do not walk over them so often
# no test depends on how fast the machine is
settings.register_profile(
    "shared-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("shared-machine")

_NOT_BEGUN = "not begun by JAGRAPH_TESTS_END: this machine is too slow for all tests"
# the whole list takes long to build
_NEEDS = {"browser": {"browser"}, "engine": {"engine"}, "slow": {"live"}}


def pytest_runtest_setup() -> None:
    """Begin no test after JAGRAPH_TESTS_END, in seconds since 1970: a run may have to end."""
    if time.time() > float(os.environ.get("JAGRAPH_TESTS_END", "inf")):
        pytest.skip(_NOT_BEGUN)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests by what they need: a browser, another engine, the graph of the whole list."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        for mark, needed in _NEEDS.items():
            if fixtures & needed:
                item.add_marker(mark)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Say in the last lines what was not begun for want of time, and what a mark left out."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:  # a worker of xdist
        return
    late = [r.nodeid for r in reporter.stats.get("skipped", ()) if _NOT_BEGUN in str(r.longrepr)]
    if late:
        reporter.write_line(
            f"{len(late)} tests were NOT BEGUN: the time of this run was over (JAGRAPH_TESTS_END). "
            f"First of them: {late[0]}",
            red=True,
        )
    if expression := config.getoption("markexpr"):
        reporter.write_line(
            f"Only the tests of `-m {expression!r}` were run: `make test` runs all."
        )


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """One cache for all workers of a run, who build the list once."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    os.environ["JAGRAPH_CACHE"] = str(shared / "cache")


@pytest.fixture(scope="session")
def tiny_project() -> Project:
    return find_project(TINY)


@pytest.fixture(scope="session")
def tiny(_own_cache: None, tiny_project: Project) -> Graph:
    return build(tiny_project, lambda _: None)


@pytest.fixture(scope="session")
def live(_own_cache: None) -> Graph:
    with Path(os.environ["JAGRAPH_CACHE"] + ".lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        return build(find_project(ROOT), lambda _: None)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the frozen project that a test may change."""
    target = tmp_path / "project"
    shutil.copytree(TINY / "data", target / "data")
    return target


@pytest.fixture
def jagraph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in this process, in a folder of its own; what it prints are real bytes.

    A process for each of several hundred commands is most of the time of a test run; pipes,
    signals and start-up are tested with processes.
    """

    def run(
        *args: str | Path,
        env: Mapping[str, str] | None = None,
        stdin: str = "",
        cwd: Path = tmp_path,
    ) -> subprocess.CompletedProcess[str]:
        out, err, given = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(3))
        given.buffer.write(stdin.encode())
        given.seek(0)
        with monkeypatch.context() as patch:
            patch.chdir(cwd)
            for name, value in (env or {}).items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["jagraph", *map(str, args)])
            for name, stream in (("stdout", out), ("stderr", err), ("stdin", given)):
                patch.setattr(sys, name, stream)
            with pytest.raises(SystemExit) as ended:
                main()
        code = ended.value.code
        assert isinstance(code, int)
        return subprocess.CompletedProcess(args, code, _text(out), _text(err))

    return run


def _text(stream: io.TextIOWrapper) -> str:
    """Return what was written, with lines ended as a pipe read as text has them."""
    stream.flush()
    written = stream.buffer
    assert isinstance(written, io.BytesIO)
    return written.getvalue().decode("utf-8").replace("\r\n", "\n")


@pytest.fixture(scope="session")
def server(_own_cache: None) -> Iterator[str]:
    """The URL of a real server of the frozen project."""
    with serving(TINY, "--time-limit", "600", "--name", "graph.example") as (url, _):
        yield url
