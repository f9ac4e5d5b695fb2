"""Which finding decides for models with the same statements: rules 10, 11 and 14, by profile."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from jagraph.hub.derive import Profile, Sets
from jagraph.store import Store
from jagraph.vocab import iri

_FINDINGS = """
SELECT ?statement ?finding ?concern ?answer ?reach ?reason ?license ?licenseName ?term ?holder
  ?holderName
WHERE {
  ?statement jag:finding ?finding ; jag:statedBy ?holder .
  ?holder rdfs:label ?holderName .
  ?finding jag:concern ?concern ; jag:answer ?answer ; jag:findingReach ?reach ;
    jag:reason ?reason .
  OPTIONAL { ?finding jag:findingLicense ?license . ?license rdfs:label ?licenseName }
  OPTIONAL { ?finding jag:findingTerm ?term }
}
ORDER BY ?finding ?reach
"""
_COMPARED = tuple(
    iri("concern", name)
    for name in (
        "non-commercial",
        "share-alike",
        "distribution",
        "derivative-works",
        "train-other-models",
        "use-restrictions",
        "naming",
    )
)
YES, CONDITIONAL, UNKNOWN, NO = (
    iri("answer", name) for name in ("yes", "conditional", "unknown", "no")
)
_RANKS = {YES: "0", CONDITIONAL: "1", UNKNOWN: "2", NO: "3"}
_WAYS = {"0": "own", "1": "weights", "2": "supposed", "3": "outputs"}
_WEIGHTS, _DISTILLATION, _OUTPUTS = (
    iri("reach", name) for name in ("weights", "distillation", "outputs")
)


@dataclass(frozen=True)
class Finding:
    """What one statement says on one concern; ``reaches`` are the ways its term passes by."""

    iri: str
    statement: str
    concern: str
    answer: str
    reason: str
    license: str
    license_name: str
    term: str
    holder: str
    holder_name: str
    reaches: frozenset[str]


@dataclass(frozen=True)
class Verdict:
    """The decision on one concern: the finding, how it reaches the model, an unknown beside it."""

    finding: Finding
    way: str
    open: bool

    @property
    def iri(self) -> str:
        """The name rule 10 gives it."""
        return f"{self.finding.iri}.verdict.{self.way}{'.open' if self.open else ''}"

    @property
    def answer(self) -> str:
        """The answer as rule 11 weakens it."""
        supposed = self.way == "supposed" and self.finding.answer != NO
        return UNKNOWN if supposed else self.finding.answer

    @property
    def basis(self) -> str:
        """Whether the model's own statement decides."""
        return iri("basis", "declared" if self.way == "own" else "inherited")

    @property
    def reason(self) -> str:
        """The words of rule 11."""
        return "".join(
            (
                self.finding.reason,
                "" if self.way == "own" else f"; from {self.finding.holder_name}",
                ", if the derivation is as supposed" if self.way == "supposed" else "",
                ", through outputs" if self.way == "outputs" else "",
                "; beside it an unknown" if self.open else "",
            )
        )


class Decisions:
    """Decides profiles; ``verdicts`` holds each decision once."""

    def __init__(self, store: Store, sets: Sets) -> None:
        self.statements: list[str] = []
        self.verdicts: list[Verdict] = []
        self.concerns: list[str] = []
        self._sets = sets
        self._numbers: dict[str, int] = {}
        self._known: dict[tuple[str, str, bool], int] = {}
        self._findings: defaultdict[int, list[Finding]] = defaultdict(list)
        self._candidates: dict[tuple[int, int], dict[str, tuple[str, bool, Finding]]] = {}
        self._read(store)

    def statement(self, name: str) -> int:
        """Return the number of the statement ``name``."""
        number = self._numbers.setdefault(name, len(self.statements))
        if number == len(self.statements):
            self.statements.append(name)
        return number

    def decide(self, profile: Profile) -> list[int]:
        """Return the verdicts of ``profile``, numbers in ``verdicts``, one per concern decided."""
        best: dict[str, tuple[str, bool, Finding]] = {}
        ways = (
            profile.own,
            profile.inherited,
            profile.supposed,
            profile.taught,
            profile.answered,
        )
        for way, number in enumerate(ways):
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

    def compared(self, own: int) -> tuple[int, int]:
        """Return what the statements of the set ``own`` restrict and leave free, as bit masks."""
        said: defaultdict[str, set[str]] = defaultdict(set)
        for statement in self._sets[own]:
            for finding in self._findings[statement]:
                said[finding.concern].add(finding.answer)
        restricts = sum(1 << bit for bit, name in enumerate(_COMPARED) if YES in said[name])
        free = sum(1 << bit for bit, name in enumerate(_COMPARED) if said[name] == {NO})
        return restricts, free

    def _of(self, statement: int, way: int) -> dict[str, tuple[str, bool, Finding]]:
        """Return per concern the first key of one statement that comes by one way (0 to 4)."""
        known = self._candidates.get((statement, way))
        if known is None:
            known = self._candidates[statement, way] = {}
            for finding in self._findings[statement]:
                given = _given(finding, way)
                if given is None:
                    continue
                key = f"{_RANKS[given]}{min(way, 3)}{finding.iri}"
                mine = (key, given == UNKNOWN, finding)
                before = known.get(finding.concern)
                if before is not None:
                    first = min(before, mine, key=lambda entry: entry[0])
                    mine = (first[0], before[1] or mine[1], first[2])
                known[finding.concern] = mine
        return known

    def _verdict(self, key: str, opened: bool, finding: Finding) -> int:
        found = Verdict(finding, _WAYS[key[1]], opened and key[0] != "2")
        mark = (finding.iri, found.way, found.open)
        number = self._known.setdefault(mark, len(self.verdicts))
        if number == len(self.verdicts):
            self.verdicts.append(found)
        return number

    def _read(self, store: Store) -> None:
        reaches: defaultdict[str, set[str]] = defaultdict(set)
        rows = list(store.select(_FINDINGS).dicts())
        for row in rows:
            reaches[row["finding"]].add(row["reach"])
        for row in {row["finding"]: row for row in rows}.values():
            finding = Finding(
                row["finding"],
                row["statement"],
                row["concern"],
                row["answer"],
                row["reason"],
                row["license"],
                row["licenseName"],
                row["term"],
                row["holder"],
                row["holderName"],
                frozenset(reaches[row["finding"]]),
            )
            self._findings[self.statement(row["statement"])].append(finding)
        self.concerns = sorted({row["concern"] for row in rows})


def _given(finding: Finding, way: int) -> str | None:
    """Return the answer a finding gives to a model it reaches so, None where it does not pass."""
    if way == 0:
        return finding.answer
    if way == 1:
        return finding.answer if _WEIGHTS in finding.reaches else None
    if way == 2:
        if _WEIGHTS not in finding.reaches:
            return None
        return NO if finding.answer == NO else UNKNOWN
    passing = {_DISTILLATION, _OUTPUTS} if way == 3 else {_OUTPUTS}
    return finding.answer if finding.reaches & passing else None


def conflicts(mask: int, model: tuple[int, int], ancestor: str) -> Iterator[tuple[str, str, str]]:
    """Yield ``(node, concern, kind)`` of what ``ancestor``, restricting ``mask``, has dropped.

    ``model`` is what the model's own statements restrict and leave free.
    """
    restricts, free = model
    dropped = mask & free
    kind = "incomparable" if restricts & ~mask else "looser"
    for bit, concern in enumerate(_COMPARED):
        if dropped >> bit & 1:
            yield f"{ancestor}#conflict.{concern.rpartition('/')[2]}.{kind}", concern, kind
