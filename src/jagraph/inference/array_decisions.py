"""What the statements that reach a model mean: rules 11, 28 and 29, by profile.

What the decisions are in words, rules 12 and 30 say of them, as of any other.
"""

from __future__ import annotations

from dataclasses import dataclass

from jagraph.inference.array_engine import Names, Profile, Sets
from jagraph.inference.channels import read_ways
from jagraph.inference.concern_decisions import Concerns, Verdict
from jagraph.inference.license_conflicts import Conflict, Conflicts
from jagraph.inference.license_statements import read_statements
from jagraph.inference.use_answers import UseAnswer, UseAnswers
from jagraph.store.base import Store


@dataclass(frozen=True)
class Decided:
    """What holds for every model of a profile; ``adds_up`` are IRIs of licences."""

    verdicts: tuple[Verdict, ...]
    answers: tuple[UseAnswer, ...]
    conflicts: tuple[Conflict, ...]
    adds_up: tuple[str, ...]


class Decisions:
    """Decides profiles, whose sets have the numbers of statements in ``names``."""

    def __init__(self, store: Store, sets: Sets, names: Names) -> None:
        ways, statements = read_ways(store), read_statements(store)
        self._concerns = Concerns(store, sets, names, ways)
        self._answers = UseAnswers(store, sets, names, ways, statements)
        self._conflicts = Conflicts(store, sets, names, statements)

    def decide(self, profile: Profile) -> Decided:
        """Return what holds for the models of ``profile``; equal decisions are one object."""
        together = self._conflicts.of(profile.own, profile.reached[0])
        return Decided(
            tuple(self._concerns.decide(profile)),
            tuple(self._answers.answer(profile, together.conflicts)),
            together.conflicts,
            together.adds_up,
        )
