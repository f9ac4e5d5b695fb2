"""What a server keeps, asked for by many threads at once."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from jagraph.query.workers.errors import BusyError, LimitError
from jagraph.web.drawings import _AT_ONCE, _KEPT, Drawings
from jagraph.web.once_cache import Kept

_THREADS = 24


def at_once(ask: Callable[[int], Any]) -> list[Any]:
    """Return what ``ask`` returns, or raises, for each of so many numbers, asked at one moment."""
    start = threading.Barrier(_THREADS)

    def run(number: int) -> Any:
        start.wait()
        try:
            return ask(number)
        except Exception as reason:
            return reason

    with ThreadPoolExecutor(_THREADS) as pool:
        return list(pool.map(run, range(_THREADS)))


def test_each_value_is_read_once() -> None:
    kept: Kept[int, int] = Kept()
    reads: Counter[int] = Counter()

    def read(key: int) -> int:
        reads[key] += 1
        time.sleep(0.05)
        return key * key

    for _ in range(2):
        found = at_once(lambda number: kept.get(number % 4, lambda: read(number % 4)))
        assert found == [(number % 4) ** 2 for number in range(_THREADS)]
    assert reads == {0: 1, 1: 1, 2: 1, 3: 1}
    assert 3 in kept
    assert 4 not in kept


def test_a_value_that_takes_too_much_is_none_and_not_asked_again() -> None:
    kept: Kept[str, int] = Kept()
    reads = []

    def read() -> int:
        reads.append(1)
        raise LimitError("time-limit", "too long")

    assert at_once(lambda _: kept.get("x", read)) == [None] * _THREADS
    assert len(reads) == 1
    assert "x" in kept


def test_an_engine_that_is_busy_is_waited_for_once_and_asked_again_later() -> None:
    kept: Kept[str, int] = Kept()

    def busy() -> int:
        time.sleep(0.2)
        raise BusyError("busy", "too many")

    begun = time.monotonic()
    assert at_once(lambda _: kept.get("x", busy)) == [None] * _THREADS
    assert time.monotonic() - begun < 0.2 * _THREADS / 2
    assert "x" not in kept
    assert kept.get("x", lambda: 7) == 7


def test_who_fails_alone_leaves_the_reading_to_the_others() -> None:
    kept: Kept[str, int] = Kept()
    tries = iter(range(_THREADS))

    def read() -> int:
        if next(tries) < 3:
            time.sleep(0.05)
            raise ValueError("the reader went away")
        return 7

    found = at_once(lambda _: kept.get("x", read))
    assert sum(isinstance(one, ValueError) for one in found) == 3
    assert found.count(7) == _THREADS - 3


def test_pictures_are_made_a_few_at_a_time_and_the_last_ones_kept() -> None:
    drawings = Drawings()
    making, most, made = [], [], []

    def make(key: str) -> str:
        making.append(key)
        most.append(len(making))
        made.append(key)
        time.sleep(0.002)
        making.remove(key)
        return f"picture of {key}"

    def ask(number: int) -> list[str]:
        keys = [f"{(number + step) % 40}" for step in range(40)]
        return [drawings.get((key,), lambda key=key: make(key), 60) for key in keys]

    for number, found in enumerate(at_once(ask)):
        assert found == [f"picture of {(number + step) % 40}" for step in range(40)]
    assert max(most) <= _AT_ONCE
    before = len(made)
    for number in range(_KEPT + 1):
        drawings.get((f"other {number}",), lambda: "", 60)
    assert drawings.get((f"other {_KEPT}",), lambda: "made anew", 60) == ""
    assert drawings.get(("other 0",), lambda: "made anew", 60) == "made anew"
    assert len(made) == before


def test_who_waits_too_long_for_a_picture_is_told_so() -> None:
    drawings = Drawings()
    ended = threading.Event()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for number in range(_AT_ONCE):
            pool.submit(drawings.get, (f"{number}",), lambda: str(ended.wait(60)), 60)
        time.sleep(0.1)
        with pytest.raises(BusyError):
            drawings.get(("more",), lambda: "", 0.01)
        ended.set()
