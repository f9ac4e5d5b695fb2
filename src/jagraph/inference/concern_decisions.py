"""Which finding decides for models with the same statements: rule 11, by profile."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from jagraph.core.namespaces import iri
from jagraph.inference.array_engine import Names, Profile, Sets
from jagraph.inference.channels import Way
from jagraph.store.base import Store

_FINDINGS = """
SELECT ?statement ?finding ?concern ?answer ?reach WHERE {
  ?statement jag:finding ?finding .
  ?finding jag:concern ?concern ; jag:answer ?answer ; jag:findingReach ?reach .
}
ORDER BY ?finding ?reach
"""
_UNKNOWN, _NO = iri("answer", "unknown"), iri("answer", "no")
_RANKS = {iri("answer", "yes"): "0", iri("answer", "conditional"): "1", _UNKNOWN: "2", _NO: "3"}


@dataclass(frozen=True)
class Finding:
    """What one statement says on one concern; ``reaches`` are the ways its term passes by."""

    iri: str
    concern: str
    answer: str
    reaches: frozenset[str]


@dataclass(frozen=True)
class Verdict:
    """The decision on one concern: the finding, how it reaches the model, an unknown beside it."""

    finding: Finding
    way: Way
    open: bool

    @property
    def iri(self) -> str:
        """The name rule 11 gives it."""
        return f"{self.finding.iri}.verdict.{self.way.name}{'.open' if self.open else ''}"


class Concerns:
    """Decides profiles; equal decisions are one object."""

    def __init__(self, store: Store, sets: Sets, names: Names, ways: Sequence[Way]) -> None:
        self._sets = sets
        self._ways = ways
        self._by_order = {way.order: way for way in ways}
        self._known: dict[tuple[str, str, bool], Verdict] = {}
        self._findings: defaultdict[int, list[Finding]] = defaultdict(list)
        self._candidates: dict[tuple[int, int], dict[str, tuple[str, bool, Finding]]] = {}
        reaches: defaultdict[str, set[str]] = defaultdict(set)
        rows = list(store.select(_FINDINGS).dicts())
        for row in rows:
            reaches[row["finding"]].add(row["reach"])
        for row in {row["finding"]: row for row in rows}.values():
            finding = Finding(
                row["finding"], row["concern"], row["answer"], frozenset(reaches[row["finding"]])
            )
            self._findings[names.number(row["statement"])].append(finding)

    def decide(self, profile: Profile) -> list[Verdict]:
        """Return the verdicts of ``profile``, one per concern decided."""
        best: dict[str, tuple[str, bool, Finding]] = {}
        for way, number in enumerate((profile.own, *profile.reached)):
            for statement in self._sets[number]:
                for concern, (key, opened, finding) in self._of(statement, way).items():
                    known = best.get(concern)
                    if known is None:
                        best[concern] = (key, opened, finding)
                    elif key < known[0]:
                        best[concern] = (key, opened or known[1], finding)
                    elif opened and not known[1]:
                        best[concern] = (known[0], True, known[2])
        return [self._verdict(*best[concern]) for concern in sorted(best)]

    def _of(self, statement: int, place: int) -> dict[str, tuple[str, bool, Finding]]:
        """Return per concern the first key of one statement by one way."""
        known = self._candidates.get((statement, place))
        if known is None:
            known = self._candidates[statement, place] = {}
            way = self._ways[place]
            for finding in self._findings[statement]:
                if not finding.reaches & way.passes:
                    continue
                given = _UNKNOWN if way.supposes and finding.answer != _NO else finding.answer
                mine = (f"{_RANKS[given]}{way.order}{finding.iri}", given == _UNKNOWN, finding)
                before = known.get(finding.concern)
                if before is not None:
                    first = min(before, mine, key=lambda entry: entry[0])
                    mine = (first[0], before[1] or mine[1], first[2])
                known[finding.concern] = mine
        return known

    def _verdict(self, key: str, opened: bool, finding: Finding) -> Verdict:
        found = Verdict(finding, self._by_order[key[1]], opened and key[0] != _RANKS[_UNKNOWN])
        return self._known.setdefault((finding.iri, found.way.iri, found.open), found)
