"""The compact index beside the store: derivations both ways, names and decisions, memory-mapped.

Models are numbered in the order of the saved queries' answers: by the family's name, the model's
name and the IRI. So a sorted set of numbers is an answer in order.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jagraph.core.errors import OutsideError
from jagraph.domain.lineage import Model
from jagraph.inference.channels import ANY, DESCENT
from jagraph.sources.hub.nodes import repository

_ARRAYS = (
    "up_first",
    "up_parent",
    "up_kind",
    "down_first",
    "down_child",
    "down_kind",
    "profile",
    "decisions",
    "name_ends",
)
_TABLES, _NAMES = "tables.json", "names.txt"
UNDECIDED = -1


@dataclass(frozen=True)
class Kind:
    """How a child comes from a parent: relation, certainty, the place that states it, carrier."""

    relation: str
    certain: bool
    stated: str
    carrier: int


@dataclass(frozen=True)
class Decision:
    """One verdict as the saved queries write it; IRIs but for names, ``basis`` and ``answer``."""

    answer: str
    basis: str
    license: str
    license_name: str
    reason: str
    strength: int


@dataclass(frozen=True)
class Tables:
    """What the arrays' numbers mean. ``curated`` has the models of the list by their number."""

    kinds: list[Kind]
    concerns: list[str]
    decisions: list[Decision]
    curated: dict[int, Model] = field(default_factory=dict)


def write_index(
    folder: Path,
    tables: Tables,
    names: Sequence[str],
    edges: tuple[Sequence[int], Sequence[int], Sequence[int]],
    profile: Sequence[int],
    decisions: Sequence[Sequence[int]],
) -> None:
    """Write the index of ``names`` to ``folder``.

    ``edges`` are child, parent and kind of each derivation; ``decisions`` has a row per profile
    with a number in ``tables.decisions``, or UNDECIDED, per concern.
    """
    folder.mkdir()
    child, parent, kind = (np.asarray(side, np.int32) for side in edges)
    places = np.arange(len(names) + 1)
    up = np.lexsort((kind, parent, child))
    down = np.lexsort((kind, child, parent))
    ends = np.zeros(len(names) + 1, np.int64)
    size = 0
    with (folder / _NAMES).open("wb") as blob:
        for number, name in enumerate(names):
            size += blob.write(name.encode() + b"\n")
            ends[number + 1] = size
    arrays: dict[str, NDArray[Any]] = {
        "up_first": np.searchsorted(child[up], places).astype(np.int32),
        "up_parent": parent[up],
        "up_kind": kind[up].astype(np.uint16),
        "down_first": np.searchsorted(parent[down], places).astype(np.int32),
        "down_child": child[down],
        "down_kind": kind[down].astype(np.uint16),
        "profile": np.asarray(profile, np.int32),
        "decisions": np.asarray(decisions, np.int32).reshape(-1, len(tables.concerns)),
        "name_ends": ends,
    }
    for name in _ARRAYS:
        np.save(folder / f"{name}.npy", arrays[name])
    (folder / _TABLES).write_text(json.dumps(asdict(tables), ensure_ascii=False), encoding="utf-8")


class Index:
    """The index in ``folder``; raises OutsideError when a part of it cannot be read."""

    up_first: NDArray[np.int32]
    up_parent: NDArray[np.int32]
    up_kind: NDArray[np.uint16]
    down_first: NDArray[np.int32]
    down_child: NDArray[np.int32]
    down_kind: NDArray[np.uint16]
    profile: NDArray[np.int32]
    decisions: NDArray[np.int32]
    name_ends: NDArray[np.int64]

    def __init__(self, folder: Path) -> None:
        try:
            for name in _ARRAYS:
                # a view without the bookkeeping of memmap, which every slice pays for
                setattr(self, name, np.load(folder / f"{name}.npy", mmap_mode="r").view(np.ndarray))
            self._blob = np.memmap(folder / _NAMES, np.uint8, "r").view(np.ndarray)
            saved: dict[str, Any] = json.loads((folder / _TABLES).read_text(encoding="utf-8"))
        except (OSError, ValueError) as reason:
            raise OutsideError(
                "damaged-index",
                f"the index beside the store cannot be read: {reason}",
                where=str(folder),
                remedy="import the dump again",
            ) from reason
        self.tables = Tables(
            [Kind(**kind) for kind in saved["kinds"]],
            saved["concerns"],
            [Decision(**decision) for decision in saved["decisions"]],
            {int(number): Model(**model) for number, model in saved["curated"].items()},
        )

    def __len__(self) -> int:
        return len(self.profile)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The numbers of the curated models, by IRI."""
        return {model.iri: number for number, model in self.tables.curated.items()}

    @cached_property
    def _curated_order(self) -> list[int]:
        return sorted(self.tables.curated)

    def name(self, number: int) -> str:
        """Return the name of a model."""
        return bytes(self._blob[self.name_ends[number] : self.name_ends[number + 1] - 1]).decode()

    def names(self, numbers: NDArray[np.int64]) -> list[str]:
        """Return the names of models, in one go."""
        if len(numbers) * 4 < len(self):
            blob, ends = self._blob.data, self.name_ends
            starts, stops = ends[numbers].tolist(), (ends[numbers + 1] - 1).tolist()
            return [str(blob[a:b], "utf-8") for a, b in zip(starts, stops, strict=True)]
        everything = self._blob.tobytes().decode().split("\n")
        return [everything[number] for number in numbers.tolist()]

    def model(self, number: int) -> Model:
        """Return one model; a repository that is not in the list is its own family."""
        curated = self.tables.curated.get(number)
        if curated is not None:
            return curated
        name = self.name(number)
        iri = repository(name)
        return Model(iri, name, iri, name)

    def number(self, iri: str) -> int | None:
        """Return the number of the model ``iri``, None for anything else."""
        number = self.numbers.get(iri)
        if number is not None:
            return number
        prefix = repository("")
        if not iri.startswith(prefix):
            return None
        suffix = iri.removeprefix(prefix)
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if (self._sort_name(middle), middle in self.tables.curated) < (suffix, False):
                low = middle + 1
            else:
                high = middle
        while low < len(self) and low in self.tables.curated:
            low += 1
        return low if low < len(self) and self.name(low) == suffix else None

    def find(self, name: str) -> int | None:
        """Return the number of the first model called ``name`` but for its case."""
        pattern = re.compile(rb"^" + re.escape(name.encode()) + rb"$", re.IGNORECASE | re.MULTILINE)
        match = pattern.search(self._blob.data)
        if match is None:
            return None
        return int(np.searchsorted(self.name_ends, match.start(), side="right")) - 1

    def members(self, thing: str) -> list[int]:
        """Return the models of a family, or the one model ``thing`` (an IRI) is."""
        number = self.number(thing)
        if number is not None:
            return [number]
        return [n for n, model in self.tables.curated.items() if model.family == thing]

    def below(self, starts: Sequence[int], carriers: int = DESCENT) -> NDArray[np.int32]:
        """Return the distance of every model below ``starts``, -1 where it is not.

        Only edges of ``carriers`` are followed; by default every descent is.
        """
        down = (self.down_first, self.down_child, self.down_kind)
        return self._walk(*down, starts, None, carriers)

    def reach(self, starts: Sequence[int], depth: int | None, up: bool) -> NDArray[np.int32]:
        """Return distances by any derivation, up or down; -1 where ``starts`` do not lead."""
        if up:
            return self._walk(self.up_first, self.up_parent, self.up_kind, starts, depth)
        return self._walk(self.down_first, self.down_child, self.down_kind, starts, depth)

    def above(self, starts: Sequence[int], carriers: int = DESCENT) -> NDArray[np.int32]:
        """Return the distance of every model above ``starts``, as ``below`` does."""
        up = (self.up_first, self.up_parent, self.up_kind)
        return self._walk(*up, starts, None, carriers)

    def parents(self, number: int) -> list[tuple[int, Kind]]:
        """Return the parents of a model, with how it comes from each."""
        begin, end = self.up_first[number : number + 2].tolist()
        return [
            (parent, self.tables.kinds[kind])
            for parent, kind in zip(
                self.up_parent[begin:end].tolist(), self.up_kind[begin:end].tolist(), strict=True
            )
        ]

    def _walk(
        self,
        first: NDArray[np.int32],
        target: NDArray[np.int32],
        kind: NDArray[np.uint16],
        starts: Sequence[int],
        depth: int | None,
        carriers: int = ANY,
    ) -> NDArray[np.int32]:
        """Go breadth first, one array operation per level, by edges of ``carriers``."""
        left_out = [n for n, k in enumerate(self.tables.kinds) if not k.carrier & carriers]
        distance = np.full(len(self), UNDECIDED, np.int32)
        frontier = np.asarray(starts, np.int64)
        distance[frontier] = 0
        level = 0
        while len(frontier) and (depth is None or level < depth):
            level += 1
            begin = first[frontier].astype(np.int64)
            lengths = first[frontier + 1] - begin
            ends = np.cumsum(lengths)
            places = np.repeat(begin - ends + lengths, lengths) + np.arange(lengths.sum())
            reached = target[places]
            if left_out:
                reached = reached[~np.isin(kind[places], left_out)]
            reached = reached[distance[reached] == UNDECIDED]
            distance[reached] = level
            frontier = np.unique(reached).astype(np.int64)
        return distance

    def _sort_name(self, number: int) -> str:
        curated = self.tables.curated.get(number)
        return curated.family_name if curated is not None else self.name(number)
