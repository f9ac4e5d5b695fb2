"""How many answers a query has, and how many of them say yes, no, or that it is undecided."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from jagraph.core.rdf_text import text_of
from jagraph.store.base import Solutions

_ANSWER = "answer"
_ORDER = ("yes", "with-duties", "only-if", "conditional", "no", "unknown")


@dataclass(frozen=True)
class Tally:
    """The rows of an answer; ``answers`` counts each answer there is, and always "unknown".

    It is empty where no row decides anything.
    """

    rows: int
    answers: tuple[tuple[str, int], ...] = ()

    @classmethod
    def of(cls, solutions: Solutions) -> Tally:
        """Count ``solutions``."""
        if _ANSWER not in solutions.variables:
            return cls(len(solutions.rows))
        at = solutions.variables.index(_ANSWER)
        counts = Counter(text_of(row[at]) for row in solutions.rows)
        answers = (
            (answer, counts[answer]) for answer in _ORDER if counts[answer] or answer == "unknown"
        )
        return cls(len(solutions.rows), tuple(answers))


# by the names of saved queries; None where it cannot be counted now
Tallies = dict[str, Tally | None]
