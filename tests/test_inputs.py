"""Generated inputs of every kind, by seed: none ends in a traceback, a hang or a silent loss.

The same generators run by the hundred thousand in `python -m benchmarks.inputs`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from benchmarks.inputs import __main__ as command
from benchmarks.inputs import judging, run
from benchmarks.inputs.judging import HANG, LOSS, TRACEBACK
from benchmarks.inputs.kinds import KINDS
from benchmarks.inputs.run import Result, kind_of, made

from conftest import Run
from jagraph import policy
from jagraph.errors import DataError

SEED, COUNT = 17, 600


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_no_input_ends_in_a_traceback_a_hang_or_a_silent_loss(kind: judging.Kind) -> None:
    numbers = [number for number in range(COUNT) if kind_of(number) is kind]
    (done,) = run.run(SEED, numbers, jobs=1)
    assert done.inputs == len(numbers) >= COUNT * kind.parts / 100
    assert done.wrong == ()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_an_input_is_made_again_by_seed_and_number(kind: judging.Kind) -> None:
    first = [repr(made(kind, 1, number)) for number in range(50)]
    assert first == [repr(made(kind, 1, number)) for number in range(50)]
    assert len(set(first)) > 40
    assert first != [repr(made(kind, 2, number)) for number in range(50)]
