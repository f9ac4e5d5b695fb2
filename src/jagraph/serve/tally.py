"""How many answers a query has, and how many of them say that it cannot be decided."""

from __future__ import annotations

from dataclasses import dataclass

from jagraph.store import Solutions, text_of

_ANSWER = "answer"
_UNKNOWN = "unknown"


@dataclass(frozen=True)
class Tally:
    """The rows of an answer; ``unknown`` is None where no row decides anything."""

    rows: int
    unknown: int | None

    @classmethod
    def of(cls, solutions: Solutions) -> Tally:
        """Count ``solutions``."""
        if _ANSWER not in solutions.variables:
            return cls(len(solutions.rows), None)
        at = solutions.variables.index(_ANSWER)
        unknown = sum(text_of(row[at]) == _UNKNOWN for row in solutions.rows)
        return cls(len(solutions.rows), unknown)
