"""Which finding decides for models with the same statements: rules 11, 12 and 15, by profile."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from jagraph.core.namespaces import iri
from jagraph.inference.array_engine import Profile, Sets
from jagraph.inference.reasons import SUPPOSED, of_verdict
from jagraph.store.base import Store

_FINDINGS = """
SELECT ?statement ?finding ?concern ?answer ?reach ?reason ?license ?licenseName ?term ?limits
  ?holder ?holderName
WHERE {
  ?statement jag:finding ?finding ; jag:statedBy ?holder .
  ?holder rdfs:label ?holderName .
  ?finding jag:concern ?concern ; jag:answer ?answer ; jag:findingReach ?reach ;
    jag:reason ?reason .
  OPTIONAL { ?finding jag:findingLicense ?license . ?license rdfs:label ?licenseName }
  OPTIONAL { ?finding jag:findingTerm ?term }
  OPTIONAL { ?finding jag:limitsUse ?limits }
}
ORDER BY ?finding ?reach
"""
_COMPARED = "SELECT ?concern { ?concern jag:isCompared true } ORDER BY ?concern"
YES, CONDITIONAL, UNKNOWN, NO = (
    iri("answer", name) for name in ("yes", "conditional", "unknown", "no")
)
_LIMITED = "3"
_RANKS = {YES: "0", CONDITIONAL: "1", UNKNOWN: "2", NO: "4"}
_STEPS = {"0": "own", "1": "weights", "2": "supposed", "3": "outputs", "4": "supposed-outputs"}
_WEIGHTS, _DISTILLATION, _OUTPUTS = (
    iri("reach", name) for name in ("weights", "distillation", "outputs")
)
# of the model's own statements and of those by each of WAYS: the step of rule 11, what has to be in
# the reach of a finding (nothing: all of it passes), and whether a derivation is only supposed
_PASSING: tuple[tuple[str, frozenset[str], bool], ...] = (
    ("0", frozenset(), False),
    ("1", frozenset({_WEIGHTS}), False),
    ("2", frozenset({_WEIGHTS}), True),
    ("3", frozenset({_DISTILLATION, _OUTPUTS}), False),
    ("4", frozenset({_DISTILLATION, _OUTPUTS}), True),
    ("3", frozenset({_OUTPUTS}), False),
    ("4", frozenset({_OUTPUTS}), True),
)
_ABOUT_USES = "SELECT ?concern { ?use jag:decidedOn ?concern }"


@dataclass(frozen=True)
class Finding:
    """What one statement says on one concern; ``reaches`` are the ways its term passes by.

    ``limits`` says that a permission has a threshold, ``decides_use`` that the concern decides on
    a use.
    """

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
    limits: bool
    decides_use: bool


@dataclass(frozen=True)
class Verdict:
    """The decision on one concern: the finding, how it reaches the model, an unknown beside it."""

    finding: Finding
    way: str
    open: bool

    @property
    def iri(self) -> str:
        """The name rule 11 gives it."""
        return f"{self.finding.iri}.verdict.{self.way}{'.open' if self.open else ''}"

    @property
    def answer(self) -> str:
        """The answer as rule 12 weakens it."""
        return UNKNOWN if self.supposed and self.finding.answer != NO else self.finding.answer

    @property
    def supposed(self) -> bool:
        """Whether the way has a derivation the source leaves open."""
        return self.way in SUPPOSED

    @property
    def use_answer(self) -> str:
        """Whether the use the concern decides on is allowed; empty where it decides on none."""
        if not self.finding.decides_use:
            return ""
        if self.answer == NO:
            return CONDITIONAL if self.finding.limits else YES
        return NO if self.answer == YES else self.answer

    @property
    def basis(self) -> str:
        """Whether the model's own statement decides."""
        return iri("basis", "declared" if self.way == "own" else "inherited")

    @property
    def reason(self) -> str:
        """The words of rule 12."""
        finding = self.finding
        return str(of_verdict(finding.reason, self.way, finding.holder_name, is_open=self.open))


class Decisions:
    """Decides profiles; ``verdicts`` holds each decision once."""

    def __init__(self, store: Store, sets: Sets) -> None:
        self.statements: list[str] = []
        self.verdicts: list[Verdict] = []
        self.concerns: list[str] = []
        self._compared = [row["concern"] for row in store.select(_COMPARED).dicts()]
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

    def compared(self, own: int) -> tuple[int, int]:
        """Return what the statements of the set ``own`` restrict and leave free, as bit masks."""
        said: defaultdict[str, set[str]] = defaultdict(set)
        for statement in self._sets[own]:
            for finding in self._findings[statement]:
                said[finding.concern].add(finding.answer)
        restricts = sum(1 << bit for bit, name in enumerate(self._compared) if YES in said[name])
        free = sum(1 << bit for bit, name in enumerate(self._compared) if said[name] == {NO})
        return restricts, free

    def conflicts(
        self, mask: int, model: tuple[int, int], ancestor: str
    ) -> Iterator[tuple[str, str, str]]:
        """Yield ``(node, concern, kind)`` of what ``ancestor``, restricting ``mask``, has dropped.

        ``mask`` and ``model`` are what ``compared`` returns of the ancestor (its first part) and of
        the model.
        """
        restricts, free = model
        dropped = mask & free
        kind = "incomparable" if restricts & ~mask else "looser"
        for bit, concern in enumerate(self._compared):
            if dropped >> bit & 1:
                yield f"{ancestor}#conflict.{concern.rpartition('/')[2]}.{kind}", concern, kind

    def _of(self, statement: int, way: int) -> dict[str, tuple[str, bool, Finding]]:
        """Return per concern the first key of one statement; ``way`` is a place in _PASSING."""
        known = self._candidates.get((statement, way))
        if known is None:
            known = self._candidates[statement, way] = {}
            for finding in self._findings[statement]:
                given = _given(finding, way)
                if given is None:
                    continue
                rank = _LIMITED if given == NO and finding.limits else _RANKS[given]
                key = f"{rank}{_PASSING[way][0]}{finding.iri}"
                mine = (key, given == UNKNOWN, finding)
                before = known.get(finding.concern)
                if before is not None:
                    first = min(before, mine, key=lambda entry: entry[0])
                    mine = (first[0], before[1] or mine[1], first[2])
                known[finding.concern] = mine
        return known

    def _verdict(self, key: str, opened: bool, finding: Finding) -> int:
        found = Verdict(finding, _STEPS[key[1]], opened and key[0] != _RANKS[UNKNOWN])
        mark = (finding.iri, found.way, found.open)
        number = self._known.setdefault(mark, len(self.verdicts))
        if number == len(self.verdicts):
            self.verdicts.append(found)
        return number

    def _read(self, store: Store) -> None:
        reaches: defaultdict[str, set[str]] = defaultdict(set)
        rows = list(store.select(_FINDINGS).dicts())
        about_uses = {row["concern"] for row in store.select(_ABOUT_USES).dicts()}
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
                row["limits"] == "true",
                row["concern"] in about_uses,
            )
            self._findings[self.statement(row["statement"])].append(finding)
        self.concerns = sorted({row["concern"] for row in rows})


def _given(finding: Finding, way: int) -> str | None:
    """Return the answer a finding gives to a model it reaches so, None where it does not pass."""
    _, passing, supposed = _PASSING[way]
    if passing and not finding.reaches & passing:
        return None
    return UNKNOWN if supposed and finding.answer != NO else finding.answer
