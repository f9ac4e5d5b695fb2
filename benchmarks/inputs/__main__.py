"""Generated inputs of every kind that jagraph takes: none may end in a traceback, a hang or a loss.

python -m benchmarks.inputs [--seed S] [--count N] [--only KIND] [--number N] [--jobs N]

An input is made by the seed and its number: --number runs one again and prints it. Exit code 1,
with the numbers, when one ended in a way it should not.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from pprint import pprint

from benchmarks.frame import spoken
from benchmarks.inputs.judging import HANG, LOSS, TRACEBACK, judged
from benchmarks.inputs.kinds import KINDS
from benchmarks.inputs.run import kind_of, made, run

_SORTS = {TRACEBACK: "tracebacks", HANG: "hangs", LOSS: "silent losses"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge what is asked for; return the exit code."""
    names = [kind.name for kind in KINDS]
    parser = argparse.ArgumentParser(prog="python -m benchmarks.inputs")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=2000, help="how many inputs (2000)")
    parser.add_argument("--only", choices=names, help="of these, those of one kind")
    parser.add_argument("--number", type=int, help="one input again, printed")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes at once")
    asked = parser.parse_args(arguments)
    if asked.number is not None:
        return _again(asked.seed, asked.number)
    numbers = [
        number for number in range(asked.count) if asked.only in (None, kind_of(number).name)
    ]
    print(f"| kind | inputs | seconds | {' | '.join(_SORTS.values())} |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    wrong = []
    for result in run(asked.seed, numbers, asked.jobs):
        cells = (f"{result.inputs:,}", spoken(result.seconds), *map(str, map(result.count, _SORTS)))
        print(f"| {result.kind} | {' | '.join(cells)} |", flush=True)
        wrong += result.wrong
    for one in wrong:
        print(f"\n{one.number} ({kind_of(one.number).name}): {one.sort}: {one.what}")
    return 1 if wrong else 0


def _again(seed: int, number: int) -> int:
    kind = kind_of(number)
    given = made(kind, seed, number)
    print(f"{kind.name}:")
    pprint(given, width=100)  # noqa: T203, this is what is asked for
    with tempfile.TemporaryDirectory() as folder, kind.opened(Path(folder)) as check:
        found = judged(number, check, given)
    print(f"{found.sort}: {found.what}" if found else "nothing is wrong")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
