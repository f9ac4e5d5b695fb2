"""Inputs by number: each is made again by the seed and its number, and judged in a process.

A process takes one input after the other. One that takes too long, or ends the process, costs that
process, and another one goes on behind it.
"""

from __future__ import annotations

import json
import os
import signal
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.inputs.judging import HANG, OVER, TRACEBACK, Kind, Wrong, judged, set_clock
from benchmarks.inputs.kinds import KINDS

_START = 120  # seconds for what a kind opens before its first input


@dataclass(frozen=True)
class Result:
    """What became of the inputs of one kind."""

    kind: str
    inputs: int
    seconds: float
    wrong: tuple[Wrong, ...]

    def count(self, sort: str) -> int:
        """Return how many inputs have this ``sort`` of wrong."""
        return Counter(one.sort for one in self.wrong)[sort]


def kind_of(number: int) -> Kind:
    """Return the kind of the input ``number``."""
    return _SLOTS[number % len(_SLOTS)]


def made(kind: Kind, seed: int, number: int) -> Any:
    """Return the input ``number`` of the run ``seed``."""
    return kind.make(Random(f"{seed} {number}"))


def run(seed: int, numbers: Sequence[int], jobs: int) -> Iterator[Result]:
    """Yield what became of the inputs ``numbers``, kind by kind, in ``jobs`` processes at once."""
    for kind in KINDS:
        mine = [number for number in numbers if kind_of(number) is kind]
        if not mine:
            continue
        began = time.monotonic()
        # new processes: one forked from a process whose engine has threads would wait for these
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            shares = [(kind.name, seed, mine[first::jobs]) for first in range(jobs)]
            found = [one for some in pool.map(_share, shares) for one in some]
        yield Result(kind.name, len(mine), time.monotonic() - began, tuple(sorted(found)))


def _share(given: tuple[str, int, list[int]]) -> list[Wrong]:
    name, seed, numbers = given
    kind = next(kind for kind in KINDS if kind.name == name)
    return list(judged_apart(kind, seed, numbers))


def judged_apart(kind: Kind, seed: int, numbers: list[int]) -> Iterator[Wrong]:
    """Yield what is wrong with ``numbers``, judged in processes forked from this one."""
    rest = numbers
    while rest:
        told, tell = os.pipe()
        child = os.fork()
        if child == 0:
            os.setpgid(0, 0)  # what it starts ends with it
            os.close(told)
            with os.fdopen(tell, "w") as out:
                _judge_all(kind, seed, rest, out)
        os.close(tell)
        try:
            begun, found = _listened(told)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        yield from found
        if not begun:
            raise RuntimeError(f"{kind.name}: no input was judged, exit code {code}")
        if begun[-1] is None:
            return
        sort = HANG if code in OVER else TRACEBACK
        yield Wrong(begun[-1], sort, f"the process ended with {code}")
        rest = rest[len(begun) :]


def _listened(told: int) -> tuple[list[int | None], list[Wrong]]:
    """Return the inputs that were begun, and None behind the last, and what was wrong."""
    begun: list[int | None] = []
    found: list[Wrong] = []
    with os.fdopen(told) as lines:
        for line in lines:
            said = json.loads(line)
            if isinstance(said, list):
                found.append(Wrong(*said))
            else:
                begun.append(said)
    return begun, found


def _judge_all(kind: Kind, seed: int, numbers: list[int], out: Any) -> None:
    """Judge in this process, which ends with it: one that takes too long is killed by its clock."""

    def say(what: object) -> None:
        out.write(json.dumps(what) + "\n")
        out.flush()

    set_clock(_START)
    code = 1
    try:
        with tempfile.TemporaryDirectory() as folder, kind.opened(Path(folder)) as check:
            for number in numbers:
                given = made(kind, seed, number)
                say(number)
                set_clock()
                if wrong := judged(number, check, given):
                    say(wrong)
                set_clock(_START)
        say(None)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _slots() -> tuple[Kind, ...]:
    slots = [kind for kind in KINDS for _ in range(kind.parts)]
    Random(0).shuffle(slots)
    return tuple(slots)


_SLOTS = _slots()
