"""Generated inputs of every kind, by seed: none ends in a traceback, a hang or a silent loss.

The same generators run by the hundred thousand in `python -m benchmarks.inputs`.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from benchmarks.inputs import __main__ as command
from benchmarks.inputs import judging, policies, process
from benchmarks.inputs import run as runs
from benchmarks.inputs.judging import HANG, LOSS, TRACEBACK, BugError, HangError, Kind
from benchmarks.inputs.kinds import KINDS
from benchmarks.inputs.run import judged_apart, kind_of, made, run

from jagraph.core.errors import DataError
from jagraph.domain.policy import read_policy

pytestmark = pytest.mark.slow


SEED, COUNT = 17, 600


@pytest.fixture(autouse=True)
def _no_clock() -> Iterator[None]:
    """A clock that was set in this process would end it in the middle of another test."""
    yield
    for timer in (signal.ITIMER_PROF, signal.ITIMER_REAL):
        signal.setitimer(timer, 0)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_no_input_ends_in_a_traceback_a_hang_or_a_silent_loss(kind: Kind) -> None:
    numbers = [number for number in range(COUNT) if kind_of(number) is kind]
    (done,) = run(SEED, numbers, jobs=1)
    assert done.inputs == COUNT * kind.parts / 100
    assert done.wrong == ()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_an_input_is_made_again_by_seed_and_number(kind: Kind) -> None:
    first = [repr(made(kind, 1, number)) for number in range(50)]
    assert first == [repr(made(kind, 1, number)) for number in range(50)]
    assert len(set(first)) > 30
    assert first != [repr(made(kind, 2, number)) for number in range(50)]


def refuse() -> None:
    read_policy(Path("/missing"), None)  # type: ignore[arg-type]  # it is not asked


def compute() -> None:
    while True:
        pass


def fail() -> None:
    raise DataError("bad", "raised by the harness, not by jagraph")


ENDS: dict[str, tuple[Callable[[], object], str]] = {
    "ends well": (lambda: None, ""),
    "is refused": (refuse, ""),
    "fails": (fail, TRACEBACK),
    "waits for ever": (lambda: time.sleep(600), HANG),
    "computes for ever": (compute, HANG),
    "ends the process": (lambda: os.kill(os.getpid(), signal.SIGKILL), TRACEBACK),
    "ends the process quietly": (lambda: os._exit(0), TRACEBACK),
}


def test_what_an_input_ends_in_is_told_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    @contextmanager
    def opened(_: Path) -> Iterator[Callable[[Any], None]]:
        yield lambda given: ENDS[given][0]()

    monkeypatch.setattr(judging, "PATIENCE", 0.3)
    kind = Kind("ends", 100, lambda chance: chance.choice(list(ENDS)), opened)
    numbers = list(range(20))
    wanted = [(n, ENDS[made(kind, 3, n)][1]) for n in numbers]
    assert {sort for _, sort in wanted} == {"", TRACEBACK, HANG}
    found = [(one.number, one.sort) for one in judged_apart(kind, 3, numbers)]
    assert found == [one for one in wanted if one[1]]


def test_a_loss_is_told_with_its_number(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        policies, "read_policy", lambda path, store: replace(read_policy(path, store), terms={})
    )
    # the faulty reader is in this process, and in one that is forked from it
    monkeypatch.setattr(runs, "get_context", lambda _: get_context("fork"))
    assert command.main(["--seed", "5", "--count", "100", "--only", "policies", "--jobs", "1"]) == 1
    table, *wrong = capsys.readouterr().out.split("\n\n")
    assert table.splitlines()[-1].startswith("| policies | 14 |")
    number = int(wrong[0].split()[0])
    assert f"{number} (policies): {LOSS}: 'terms' is {{" in wrong[0]
    assert command.main(["--seed", "5", "--number", str(number)]) == 1
    assert f"{LOSS}: 'terms' is {{" in capsys.readouterr().out
    monkeypatch.undo()
    assert command.main(["--seed", "5", "--number", str(number)]) == 0


@pytest.mark.parametrize("streams", process.STREAMS)
def test_a_command_that_is_forked_says_what_it_says(streams: str, tmp_path: Path) -> None:
    done = process.told(["--version"], tmp_path, streams=streams)
    heard = streams in ("as it is", "small files", "no folder")
    assert (done.out[:7], done.code) == ((b"jagraph", 0) if heard else (b"", done.code))
    assert done.code == (3 if streams in ("full", "closed") else 0)


def test_a_command_that_fails_or_has_no_end_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(judging, "PATIENCE", 0.3)
    monkeypatch.setattr(process, "main", lambda: time.sleep(600))
    with pytest.raises(HangError):
        process.told([], tmp_path)
    monkeypatch.setattr(process, "main", lambda: 1 / 0)
    with pytest.raises(BugError, match="ZeroDivisionError"):
        process.told([], tmp_path)
