"""Whether one may put models with the same statements to a use: rule 29, by profile."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from jagraph.core.namespaces import iri
from jagraph.inference.array_engine import Names, Profile, Sets
from jagraph.inference.channels import Way
from jagraph.inference.license_conflicts import CANNOT_BOTH, Conflict
from jagraph.inference.license_statements import Statement, read_services
from jagraph.store.base import Store

_WEIGHTS = iri("reach", "weights")
_ALLOWANCES = """
SELECT ?document ?way ?use ?rank ?reading WHERE {
  ?document jag:allowance ?allowance .
  ?allowance jag:by ?way ; jag:use ?use ; jag:decisiveReading ?reading ; jag:may/jag:rank ?rank .
}
"""
_USES = f"""
SELECT ?use ?passesOn WHERE {{
  ?use skos:inScheme <{iri("use", "").rstrip("/")}> .
  OPTIONAL {{ ?use jag:passesOn ?passesOn }}
}}
ORDER BY ?use
"""
_MAY = f"""
SELECT ?may ?rank {{ ?may skos:inScheme <{iri("may", "").rstrip("/")}> ; jag:rank ?rank }}
"""
_ABSENT = """
SELECT ?statement ?code WHERE {
  VALUES (?class ?code) {
    (jag:MissingLicenseStatement "answer-no-license")
    (jag:UnseenLicenseStatement "answer-unseen-license")
  }
  ?statement a ?class .
}
"""
# the models that come from a further parent, which is not recorded
GAPS = f"""
SELECT DISTINCT ?model {{
  ?model a jag:Model ; jag:derivation/jag:furtherParents <{iri("further-parents", "unknown")}>
}}
"""
_UNKNOWN, _ONLY_IF, _DUTIES, _YES = "1", 2, "3", 4
_NOT_REACHED, _NO_RANK = "9", 9
# what stands beside the licences, at the place that the rule gives it
_GAP, _CONFLICT = (f"{_UNKNOWN}1answer-{name} " for name in ("further-parents", "cannot-both"))


@dataclass(frozen=True)
class UseAnswer:
    """One answer; IRIs but for ``basis``, which is a reading or the code of a message.

    ``otherwise`` is "" where nothing but this is known.
    """

    use: str
    may: str
    otherwise: str
    way: Way
    holder: str
    basis: str

    @property
    def code(self) -> str:
        """The key of the message that says why, "" where a reading does."""
        return self.basis if self.basis.startswith("answer-") else ""

    @property
    def iri(self) -> str:
        """The name rule 29 gives it."""
        name = f"{self.holder}{'.' if '#' in self.holder else '#'}may.{_end(self.use)}"
        if self.code:
            basis = self.code.removeprefix("answer-")
        else:
            basis = ".".join(self.basis.partition("#")[0].split("/")[-2:])
        otherwise = f".otherwise.{_end(self.otherwise)}" if self.otherwise else ""
        return f"{name}.{self.way.name}.{basis}{otherwise}"


@dataclass(frozen=True)
class _Least:
    """The least keys of what surely holds and of what may, and the least rank without doubts."""

    sure: str = _NOT_REACHED
    supposed: str = _NOT_REACHED
    bare: int = _NO_RANK

    def __or__(self, other: _Least) -> _Least:
        return _Least(
            min(self.sure, other.sure),
            min(self.supposed, other.supposed),
            min(self.bare, other.bare),
        )


_NOTHING = _Least()


class UseAnswers:
    """Answers for profiles; equal answers are one object."""

    def __init__(
        self,
        store: Store,
        sets: Sets,
        names: Names,
        ways: Sequence[Way],
        statements: Mapping[str, Statement],
    ) -> None:
        self._sets = sets
        self._names = names
        self._ways = ways
        self._by_order = {way.order: way for way in ways}
        self._statements = statements
        self._services = read_services(store)
        uses = list(store.select(_USES).dicts())
        self._uses = [row["use"] for row in uses]
        self._passing_on = [row["passesOn"] == "true" for row in uses]
        self._may = {row["rank"]: row["may"] for row in store.select(_MAY).dicts()}
        self._allowances: defaultdict[tuple[str, str], dict[str, tuple[int, str]]] = defaultdict(
            dict
        )
        for row in store.select(_ALLOWANCES).dicts():
            allowed = self._allowances[row["document"], row["way"]]
            allowed[row["use"]] = (int(row["rank"]), row["reading"])
        self._absent: defaultdict[str, list[str]] = defaultdict(list)
        for row in store.select(_ABSENT).dicts():
            self._absent[row["statement"]].append(row["code"])
        self._least: dict[tuple[int, int], list[_Least]] = {}
        self._known: dict[tuple[int, str, str, str], UseAnswer] = {}

    def answer(self, profile: Profile, conflicts: Sequence[Conflict]) -> list[UseAnswer]:
        """Return the answers for ``profile``, one per use answered."""
        found = [_NOTHING] * len(self._uses)
        for place, number in enumerate((profile.own, *profile.reached)):
            for statement in self._sets[number]:
                least = self._of(statement, place)
                found = [one | other for one, other in zip(found, least, strict=True)]
        gaps = [_GAP + self._names[one] for one in self._sets[profile.gaps]]
        opposed = [_CONFLICT + one.iri for one in conflicts if one.kind == CANNOT_BOTH]
        anyhow = _Least(min(gaps, default=_NOT_REACHED))
        passing_on = anyhow | _Least(min(opposed, default=_NOT_REACHED))
        answers = (
            self._decided(use, least | (passing_on if on else anyhow))
            for use, (least, on) in enumerate(zip(found, self._passing_on, strict=True))
        )
        return [one for one in answers if one is not None]

    def _of(self, statement: int, place: int) -> list[_Least]:
        """Return the least keys per use of one statement by one way."""
        known = self._least.get((statement, place))
        if known is None:
            way, name = self._ways[place], self._names[statement]
            known = self._least[statement, place] = [_NOTHING] * len(self._uses)
            for use, key, bare in self._allowed(name, way.supposes or way.iri):
                written = f"{key[0]}{way.order}{key[2:]} {name}"
                one = _Least(supposed=written) if way.supposes else _Least(written, bare=bare)
                known[use] |= one
            if _WEIGHTS in way.passes:
                for code in self._absent[name]:
                    written = f"{_UNKNOWN}{way.order}{code} {name}"
                    one = _Least(supposed=written) if way.supposes else _Least(written, bare=1)
                    known[:] = [least | one for least in known]
        return known

    def _allowed(self, name: str, way: str) -> Iterator[tuple[int, str, int]]:
        """Yield per use what a whole statement allows: its key of rule 29 and its plain rank."""
        statement = self._statements.get(name)
        if statement is None:
            return
        alone = len(statement.licenses) == 1
        by_weights = any(one.iri == way and one.grants == _WEIGHTS for one in self._ways)
        counted = [
            license_
            for license_ in statement.licenses
            if license_ not in self._services or (alone and by_weights)
        ]
        for place, use in enumerate(self._uses):
            found: list[str] = []
            if statement.is_choice:
                free = f"{_YES if statement.is_certain else _UNKNOWN}{_YES}answer-choice"
                found = [
                    max(
                        self._key(one, way, use, certain=statement.is_certain) or free
                        for one in statement.licenses
                    )
                ]
            else:
                found = [self._key(one, way, use, certain=statement.is_certain) for one in counted]
            found += [self._key(one, way, use, certain=True) for one in statement.footnotes]
            if least := min(filter(None, found), default=""):
                yield place, least, int(least[1])

    def _key(self, document: str, way: str, use: str, *, certain: bool) -> str:
        """Return what a document allows as the rule writes it, "" for nothing."""
        rank, reading = self._allowances[document, way].get(use, (0, ""))
        if not reading:
            return ""
        given = rank if certain or rank < _ONLY_IF else _UNKNOWN
        return f"{given}{rank}{reading}"

    def _decided(self, use: int, least: _Least) -> UseAnswer | None:
        """Return the answer, None where nothing reaches the model."""
        supposed = least.supposed[0] < least.sure[0]
        first = least.supposed if supposed else least.sure
        given = _UNKNOWN if supposed and first[0] < _DUTIES else first[0]
        if given not in self._may:
            return None
        free = least.sure[0] if supposed else str(least.bare)
        otherwise = self._may.get(free, "") if given == _UNKNOWN and free > _UNKNOWN else ""
        key = (use, given, otherwise, first[1:])
        known = self._known.get(key)
        if known is None:
            basis, _, holder = first[2:].partition(" ")
            way = self._by_order[first[1]]
            known = self._known[key] = UseAnswer(
                self._uses[use], self._may[given], otherwise, way, holder, basis
            )
        return known


def _end(name: str) -> str:
    return name.rpartition("/")[2]
