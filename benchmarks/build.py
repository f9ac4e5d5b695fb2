"""A cold build of the list, its whole validation, and that of one file, each as a fresh process.

python benchmarks/build.py [RUNS]      default: 3; prints medians in seconds
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_FILE = "data/models/swallow-70b.yaml"


def rows(runs: int = 3) -> Iterator[tuple[str, float]]:
    """Yield the name of each task and the median of its wall-clock times, in seconds."""
    jagraph = [str(Path(sys.executable).parent / "jagraph")]
    commands = {
        "cold build": [*jagraph, "build", "-q"],
        "validate": [*jagraph, "validate", "-q"],
        "validate FILE": [*jagraph, "validate", "-q", _FILE],
    }
    environment = {name: v for name, v in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([*jagraph, "--help"], check=True, capture_output=True, env=environment)
    for name, command in commands.items():
        taken = []
        for _ in range(runs):
            with tempfile.TemporaryDirectory() as cache:
                began = time.perf_counter()
                subprocess.run(
                    command,
                    check=True,
                    capture_output=True,
                    cwd=_ROOT,
                    env=environment | {"JAGRAPH_CACHE": cache},
                )
                taken.append(time.perf_counter() - began)
        yield name, statistics.median(taken)


def main() -> None:
    print("task\tseconds")
    for name, seconds in rows(int(sys.argv[1]) if len(sys.argv) > 1 else 3):
        print(f"{name}\t{seconds:.2f}", flush=True)


if __name__ == "__main__":
    main()
