"""Licences that do not go together on models with the same statements: rules 28."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jagraph.inference.array_engine import Names, Sets
from jagraph.inference.license_statements import Statement, keys, multiple, read_services
from jagraph.store.base import Store

_DEMANDS = "SELECT ?key ?value { ?key jag:demands ?value }"
_SHUTTING = "SELECT DISTINCT ?key { ?key jag:shutsOutBy ?term }"
_SUCCESSORS = "SELECT ?key ?value { ?key jag:mayBecome ?value }"
_POLICIES = "SELECT ?key ?value { ?key jag:policy ?value }"
_CARRIED_ON = "SELECT ?key { ?key jag:isCarriedOn true }"
_NOT_WHOLE = "SELECT ?key { ?key jag:read/jag:silenceFrees false }"
CANNOT_BOTH, _NOT_CARRIED, _DROPPED = "cannot-both", "not-carried", "dropped"


@dataclass(frozen=True, order=True)
class Conflict:
    """One conflict, IRIs but for ``kind``; ``other`` is "" where something is missing."""

    kind: str
    license: str
    other: str
    action: str

    @property
    def iri(self) -> str:
        """The name rule 28 gives it."""
        ends = [one.rpartition("/")[2] for one in (self.other, self.action) if one]
        return f"{self.license}#conflict.{self.kind}.{'.'.join(ends)}"


@dataclass(frozen=True)
class Together:
    """What comes of the licences of a model; ``adds_up`` are those that bind beside the label."""

    conflicts: tuple[Conflict, ...]
    adds_up: tuple[str, ...]


class Conflicts:
    """Holds the licences of a model's own statements against those that come along with weights."""

    def __init__(
        self, store: Store, sets: Sets, names: Names, statements: Mapping[str, Statement]
    ) -> None:
        self._sets = sets
        self._names = names
        self._statements = statements
        self._services = read_services(store)
        self._demands = multiple(store, _DEMANDS)
        self._shutting = keys(store, _SHUTTING) - self._services
        self._successors = multiple(store, _SUCCESSORS)
        self._policies = multiple(store, _POLICIES)
        self._carried_on = keys(store, _CARRIED_ON)
        self._not_whole = keys(store, _NOT_WHOLE)
        self._known: dict[tuple[int, int], Together] = {}

    def of(self, own: int, inherited: int) -> Together:
        """Return what comes of two sets of statements, given by their numbers."""
        known = self._known.get((own, inherited))
        if known is None:
            known = self._known[own, inherited] = self._compared(
                self._read(own), self._read(inherited)
            )
        return known

    def _read(self, number: int) -> list[Statement]:
        names = (self._names[one] for one in self._sets[number])
        return [self._statements[name] for name in names if name in self._statements]

    def _compared(self, own: list[Statement], inherited: list[Statement]) -> Together:
        declared = _licenses(own)
        surely = _licenses([one for one in inherited if one.is_sure])
        found = list(self._cannot_both(surely | _licenses([one for one in own if one.is_sure])))
        received = surely - self._services - declared
        is_plain = all(one.is_sure for one in own) and not declared & self._not_whole
        if is_plain:
            for step in (self._not_carried, self._dropped):
                named = {name for one in found for name in (one.license, one.other)}
                found += [one for name in received - named for one in step(name, declared)]
        named = {name for one in found for name in (one.license, one.other)}
        beside = received - self._not_whole - named if declared and is_plain else ()
        return Together(tuple(sorted(set(found))), tuple(sorted(beside)))

    def _cannot_both(self, licenses: frozenset[str]) -> Iterator[Conflict]:
        for shutting in licenses & self._shutting:
            for other in licenses - self._services - {shutting} - self._successors[shutting]:
                if shutting not in self._successors[other]:
                    for action in self._demands[other] - self._demands[shutting]:
                        yield Conflict(CANNOT_BOTH, shutting, other, action)

    def _not_carried(self, received: str, declared: frozenset[str]) -> Iterator[Conflict]:
        for label in declared - self._successors[received]:
            if not self._policies[received] & self._policies[label]:
                for action in self._demands[received] & self._demands[label] & self._carried_on:
                    yield Conflict(_NOT_CARRIED, received, label, action)

    def _dropped(self, received: str, declared: frozenset[str]) -> Iterator[Conflict]:
        if declared and not declared & self._successors[received]:
            kept = {action for label in declared for action in self._demands[label]}
            for action in self._demands[received] - kept:
                yield Conflict(_DROPPED, received, "", action)


def _licenses(statements: list[Statement]) -> frozenset[str]:
    return frozenset(name for one in statements for name in one.licenses)
