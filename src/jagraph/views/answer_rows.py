"""The first rows of an answer as plain data: what is undecided among all, where things stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from jagraph.core.namespaces import shorten
from jagraph.records.source_map import SourceMap
from jagraph.store.base import Solutions

_UNDECIDED = ("unknown", "only-if", "conditional")
# a row is about the first of these that has a record
_SUBJECTS = ("model", "family", "benchmark", "developer", "license")


@dataclass(frozen=True)
class AnswerRows:
    """The first rows; ``total`` and ``undecided`` (by answer) count all, also those left out.

    ``undecided`` has "unknown" wherever rows have answers, the others where there are some.

    A row has its values by column, and as "source" the record of what it is about.
    """

    first: Solutions
    rows: tuple[dict[str, str], ...]
    total: int
    undecided: dict[str, int]


def answer_rows(solutions: Solutions, limit: int, sources: SourceMap) -> AnswerRows:
    """Return the first ``limit`` rows of ``solutions``."""
    first = Solutions(solutions.variables, solutions.rows[:limit])
    counts = Counter(row.get("answer") for row in solutions.dicts())
    undecided = {
        answer: counts[answer]
        for answer in _UNDECIDED
        if counts[answer] or (answer == "unknown" and "answer" in solutions.variables)
    }
    rows = tuple(_plain(row, sources) for row in first.dicts())
    return AnswerRows(first, rows, len(solutions.rows), undecided)


def _plain(row: Mapping[str, str], sources: SourceMap) -> dict[str, str]:
    values = {
        name: shorten(text) if text.startswith("http") else text for name, text in row.items()
    }
    places = (sources.find(row[name]) for name in _SUBJECTS if name in row)
    place = next((place for place in places if place), None)
    return values | {"source": str(place)} if place else values
