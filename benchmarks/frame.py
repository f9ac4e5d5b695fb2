"""What every measurement shares: contenders in turn, medians, growth, tables, the machine."""

from __future__ import annotations

import math
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from multiprocessing import Pipe, get_context
from pathlib import Path

_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
JAGRAPH = Path(sys.executable).with_name("jagraph")
PATIENCE = 10  # seconds for a contender that may take for ever
_WEIGH = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)  # Linux counts in KiB
sys.exit(done.returncode)
"""
_PACKAGES = ("pyoxigraph", "oxigraph", "rdflib", "pyshacl", "shacl", "networkx", "numpy")


@dataclass(frozen=True)
class Row:
    """Median seconds of each contender; the first is the one the others are compared with.

    ``size`` is the number of models, 0 where the list itself is measured; ``gib`` the most memory
    a program had, 0 where that is not measured.
    """

    what: str
    size: int
    seconds: dict[str, float]
    gib: float = 0


@dataclass(frozen=True)
class Part:
    """One group of measurements; ``run`` takes the sizes asked for and yields rows."""

    name: str
    title: str
    run: Callable[[Sequence[int]], Iterator[Row]]


def in_turn(contenders: Mapping[str, Callable[[], object]], runs: int) -> dict[str, float]:
    """Return the median seconds of each contender, run A B A B, so that noise meets all of them."""
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(runs):
        for name, act in contenders.items():
            began = time.perf_counter()
            act()
            taken[name].append(time.perf_counter() - began)
    return {name: statistics.median(found) for name, found in taken.items()}


def once(act: Callable[[], int]) -> tuple[float, int]:
    """Return the seconds one run takes in a process forked for it, and the number it finds.

    After PATIENCE seconds it is killed: infinity and -1.
    """
    mine, its = Pipe(duplex=False)

    def run() -> None:
        began = time.perf_counter()
        found = act()
        its.send((time.perf_counter() - began, found))

    child = get_context("fork").Process(target=run)
    child.start()
    its.close()
    try:
        if mine.poll(PATIENCE):
            taken, found = mine.recv()
            return float(taken), int(found)
        return math.inf, -1
    except EOFError as reason:
        raise RuntimeError("the process ended without an answer") from reason
    finally:
        child.kill()
        child.join()


class Alike:
    """Holds contenders to one number of answers: what answers otherwise is not faster."""

    def __init__(self) -> None:
        self._found: dict[str, int] = {}

    def counted(self, contenders: Mapping[str, Callable[[], int]]) -> dict[str, Callable[[], None]]:
        """Return acts that keep how many answers each contender found."""

        def keeping(name: str, act: Callable[[], int]) -> Callable[[], None]:
            def run() -> None:
                self._found[name] = act()

            return run

        return {name: keeping(name, act) for name, act in contenders.items()}

    def add(self, name: str, found: int) -> None:
        """Keep how many answers one more contender found."""
        self._found[name] = found

    def check(self, what: str) -> None:
        """Raise ValueError when contenders found different numbers."""
        if len(set(self._found.values())) > 1:
            raise ValueError(f"{what}: different answers: {self._found}")


def command(*words: str | Path) -> Callable[[], None]:
    """Return an act that runs a program; it raises RuntimeError with what the program said.

    Compiled modules are kept, as with every installed package.
    """
    settings = _settings()

    def act() -> None:
        _checked([str(word) for word in words], settings)

    return act


def peak(*words: str | Path) -> float:
    """Run a program and return the most memory it had, in GiB; raises as ``command`` does.

    A small process stands between, since a child begins with the memory of its parent.
    """
    said = _checked([sys.executable, "-c", _WEIGH, *map(str, words)], _settings())
    return int(said) / 2**20


def _settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != _NO_BYTECODE}


def _checked(program: list[str], settings: dict[str, str]) -> bytes:
    """Return what ``program`` says; raises RuntimeError with its errors when it fails."""
    done = subprocess.run(program, capture_output=True, check=False, env=settings)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()[-400:]
        raise RuntimeError(f"{' '.join(program)}: exit {done.returncode}: {said}")
    return done.stdout


def slope(points: Iterable[tuple[float, float]]) -> float:
    """Return the exponent of growth: the least-squares slope of log seconds over log size."""
    logs = [(math.log(size), math.log(seconds)) for size, seconds in points]
    return statistics.linear_regression(*zip(*logs, strict=True)).slope


def table(title: str, rows: Sequence[Row]) -> str:
    """Return the rows as a table of Markdown, with ratios to the first contender, and the growth.

    A ratio of 5x says that the contender takes five times as long as the first one.
    """
    names = list(dict.fromkeys(name for row in rows for name in row.seconds))
    sized = any(row.size for row in rows)
    first = names[0] if names else ""
    weighed = any(row.gib for row in rows)
    head = ["what", *(["models"] if sized else []), *names, *(["memory"] if weighed else [])]
    lines = [f"### {title}", "", _line(head), _line(["---", *["---:"] * (len(head) - 1)])]
    for row in rows:
        cells = [row.what, *([f"{row.size:,}" if row.size else ""] if sized else [])]
        for name in names:
            cells.append(_cell(row.seconds.get(name), row.seconds.get(first), name == first))
        if weighed:
            cells.append(f"{row.gib:.2f} GiB" if row.gib else "")
        lines.append(_line(cells))
    growth = list(_growth(rows, names))
    if growth:
        lines += ["", "Growth, as the exponent of the number of models: " + "; ".join(growth) + "."]
    return "\n".join(lines) + "\n"


def _growth(rows: Sequence[Row], names: Sequence[str]) -> Iterator[str]:
    for what in dict.fromkeys(row.what for row in rows):
        for name in names:
            points = [
                (row.size, row.seconds[name])
                for row in rows
                if row.what == what and row.size and name in row.seconds
            ]
            if len({size for size, _ in points}) > 1:
                yield f"{what}, {name} {slope(points):.2f}"


def _cell(seconds: float | None, first: float | None, reference: bool) -> str:
    if seconds is None:
        return ""
    if reference or first is None:
        return spoken(seconds)
    ratio = seconds / first
    if seconds == math.inf:
        return f"over {PATIENCE} s"
    digits = f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.2g}"
    return f"{spoken(seconds)} ({digits}x)"


def spoken(seconds: float) -> str:
    """Return a time with three significant digits, in a unit that suits it."""
    if seconds >= 1:
        return f"{seconds:,.0f} s" if seconds >= 1000 else f"{seconds:.3g} s"
    return f"{seconds * 1e3:.3g} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.3g} µs"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def machine() -> list[str]:
    """Return what was measured on: processor, memory, system, versions."""
    cpu = platform.processor() or platform.machine()
    described = Path("/proc/cpuinfo")
    if described.is_file():
        named = (line for line in described.read_text().splitlines() if "model name" in line)
        cpu = next(named, cpu).partition(":")[2].strip() or cpu
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    return [
        f"{cpu}, {os.cpu_count()} cores, {memory:.0f} GiB; load {load:.1f} at the start",
        f"{platform.platform()}, Python {sys.version.split()[0]}",
        ", ".join(f"{name} {_version(name)}" for name in ("jagraph", *_PACKAGES)),
    ]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
