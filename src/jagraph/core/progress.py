"""Tells now and then how much of something long has passed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

_SAY_EVERY = 5_000_000
Item = TypeVar("Item")


def counted(triples: Iterable[Item], say: Callable[[str], None]) -> Iterator[Item]:
    """Yield ``triples``; ``say`` gets their number at each five millionth."""
    for count, triple in enumerate(triples, start=1):
        if count % _SAY_EVERY == 0:
            say(f"written {count:,} triples")
        yield triple
