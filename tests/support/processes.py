"""The worker processes of a server, as the system sees them."""

from __future__ import annotations

from pathlib import Path


def workers_of(server: int) -> list[tuple[int, bool]]:
    """Return the process ids of a server's workers, each with whether it was made slow."""
    tasks = Path(f"/proc/{server}/task").glob("*/children")
    children = [int(number) for task in tasks for number in read(task).split()]
    return [(one, nice(one) > 0) for one in children if is_worker(one)]


def is_worker(process: int) -> bool:
    """Tell whether a process is a worker."""
    return "jagraph.query.workers.worker" in read(Path(f"/proc/{process}/cmdline"))


def nice(process: int) -> int:
    """Return how far a process stands back for others."""
    said = read(Path(f"/proc/{process}/stat")).rpartition(")")[2].split()
    return int(said[16]) if said else 0


def read(file: Path) -> str:
    """Return what a file in /proc says, "" when its process has gone."""
    try:
        return file.read_text()
    except OSError:
        return ""
