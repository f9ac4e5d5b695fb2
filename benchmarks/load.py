"""What good clients feel of hostile ones, on this machine only: errors, and the slowest tenth.

python -m benchmarks.load [SECONDS] [CLIENTS]      default: 10 seconds, 50 clients of each sort

The good ones read pages of the list, with a pause after each; first alone, then beside as many
hostile ones, which run in a process of their own. An error of a good one fails the measurement.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from benchmarks import clients
from benchmarks.clients import Got
from benchmarks.frame import JAGRAPH, Row, table

ROOT = Path(__file__).parents[1]
SECONDS, CLIENTS = 10.0, 50
GOAL = 5  # times as slow as alone
ALONE, BESIDE = "alone", "beside as many hostile"
PATHS = (
    *("/", "/queries", "/vocab", "/search?q=swallow&all=1", "/looks.css", "/static/site.css"),
    *("/model/youri-7b", "/family/llama-2", "/license/llama-2", "/developer/rinna"),
    *("/query/descendants?base=llama-2", "/query/largest", "/query/developers.csv"),
    *("/compare?model=youri-7b&model=medswallow-70b", "/model/youri-7b.ttl"),
    "/sparql?format=csv&query=SELECT+%3Fm+%7B+%3Fm+a+jag%3AModel+%7D+LIMIT+20",
)


def measure(seconds: float = SECONDS, count: int = CLIENTS) -> Iterator[Row]:
    """Yield one row: the slowest tenth of the good clients' answers, alone and beside others."""
    with served() as url:
        for path in PATHS:  # what is drawn or counted once
            clients.ask(url, path)
        alone = clients.good(url, PATHS, count, time.monotonic() + seconds)
        until = time.monotonic() + seconds
        beside = get_context("fork").Process(target=clients.hostile, args=(url, count, until))
        beside.start()
        attacked = clients.good(url, PATHS, count, until)
        beside.join()
    for got in (alone, attacked):
        if wrong := [one for one in got if one.status != 200]:
            raise ValueError(f"{len(wrong)} of {len(got)} answers are errors: {wrong[:5]}")
    what = f"{count} good clients, {len(alone)} and {len(attacked)} answers, 0 errors"
    yield Row(what, 0, {ALONE: slowest_tenth(alone), BESIDE: slowest_tenth(attacked)})


def slowest_tenth(got: list[Got]) -> float:
    """Return the seconds that nine in ten answers take at most."""
    return statistics.quantiles((one.seconds for one in got), n=10)[-1]


@contextmanager
def served(project: Path = ROOT, seconds: str = "5") -> Iterator[str]:
    """Serve ``project``, with queries of so many seconds; yield the address."""
    words = [JAGRAPH, "serve", "--port", "0", "--project", project, "--time-limit", seconds]
    with subprocess.Popen(list(map(str, words)), stderr=subprocess.PIPE, text=True) as server:
        try:
            found = None
            said = server.stderr
            while said and not found and (line := said.readline()):
                found = re.search(r"http://\S+:\d+", line)
            if said is None or found is None:
                raise RuntimeError("the server did not start")
            # what it says later must not fill the pipe
            threading.Thread(target=said.read, daemon=True).start()
            yield found[0]
        finally:
            server.terminate()


if __name__ == "__main__":
    given = [float(one) for one in sys.argv[1:]]
    rows = list(measure(*given[:1], *map(int, given[1:2])))
    print(table("Good clients beside hostile ones, the slowest tenth", rows))
    sys.exit(any(row.seconds[BESIDE] > GOAL * row.seconds[ALONE] for row in rows))
