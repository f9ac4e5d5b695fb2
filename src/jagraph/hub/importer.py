"""The order of the stages, from a dump of the Hub to a store one can ask.

Stage the lines, number the models, derive, write; the finished folder is renamed to its name. A
killed import leaves the old store or none, and goes on from what was staged.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import pyoxigraph as ox

from jagraph.build import build
from jagraph.cache import Graph, Say
from jagraph.errors import OutsideError
from jagraph.graph import apply_rules, load, load_ontology
from jagraph.hub import nodes
from jagraph.hub.plan import Plan, known_licenses
from jagraph.hub.staging import Fault, Staging
from jagraph.hub.write import Stream
from jagraph.project import Project
from jagraph.store import EmbeddedStore
from jagraph.vocab import ASSERTED, HUB

STORE, INDEX, REPORT = "store", "index", "import.json"
_OLD = "old"


@dataclass(frozen=True)
class Report:
    """What an import found: lines, repositories, parents not in the dump, models of the list."""

    lines: int
    repositories: int
    named_only: int
    in_the_list: int
    faults: tuple[Fault, ...]

    @property
    def lost(self) -> int:
        """How many lines could not be used."""
        return sum(fault.lost for fault in self.faults)


def import_hub(project: Project, dump: Path, target: Path, say: Say) -> Report:
    """Write the store ``target`` from the records of ``project`` and the lines of ``dump``.

    Raises DataError when a record cannot be read, OutsideError when the dump cannot be read or the
    store cannot be written. ``say`` gets progress.
    """
    curated = build(project, say)
    if curated.folder is None:
        raise OutsideError(
            "no-cache-folder",
            "the graph of the records could not be kept, and the import needs its files",
            remedy="point JAGRAPH_CACHE at a folder you may write to",
        )
    workshop = target.parent / f".{target.name}.import"
    try:
        workshop.mkdir(parents=True, exist_ok=True)
        if (workshop / _OLD).exists() and not target.exists():  # killed between two renames
            (workshop / _OLD).rename(target)
        staging = Staging(workshop / "staging.sqlite")
        try:
            staging.fill(dump, say)
            report = _write(project, curated, curated.folder, staging, workshop / "new", say)
            _exchange(workshop / "new", target)
        finally:
            staging.close()
        shutil.rmtree(workshop)
    except (OSError, sqlite3.Error) as reason:
        raise OutsideError(
            "store-not-written",
            f"the store cannot be written: {reason}",
            where=str(target),
            remedy="free some space or give --store another folder; the import goes on from there",
        ) from reason
    return report


def _exchange(new: Path, target: Path) -> None:
    old = new.with_name(_OLD)
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    new.rename(target)


def _write(
    project: Project, curated: Graph, sources: Path, staging: Staging, folder: Path, say: Say
) -> Report:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    say(f"deriving from {staging.count():,} repositories …")
    small = _rules_on_what_is_shared(project, curated, staging)
    store = EmbeddedStore(small)
    plan = Plan(store, staging)
    say("writing the store …")
    disk = ox.Store(str(folder / STORE))
    disk.bulk_load(
        Stream(_Progress(plan.lines(small), say)),  # type: ignore[arg-type]
        format=ox.RdfFormat.N_QUADS,
    )
    disk.optimize()
    del disk
    say("writing the index …")
    plan.write_index(folder / INDEX)
    for name in ("sources.json", "names"):
        shutil.copy(sources / name, folder / name)
    report = Report(
        staging.lines,
        plan.repositories,
        plan.named_only,
        plan.in_the_list,
        tuple(staging.faults()),
    )
    (folder / REPORT).write_text(json.dumps(asdict(report), ensure_ascii=False), encoding="utf-8")
    return report


def _rules_on_what_is_shared(project: Project, curated: Graph, staging: Staging) -> ox.Store:
    """Return the curated graph with the Hub's licences and datasets, derived by the rules."""
    small = ox.Store()
    load_ontology(small, project.vocabulary)
    load(small, curated.store.triples(ASSERTED), ASSERTED)
    known = known_licenses(EmbeddedStore(small))
    shared = "".join(
        [
            *nodes.license_nodes(staging.licenses(), known),
            *nodes.dataset_nodes(staging.datasets()),
        ]
    )
    small.bulk_load(shared.encode(), format=ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(HUB))
    apply_rules(small, project.rules())
    return small


class _Progress:
    """Counts lines as they pass and says so now and then."""

    def __init__(self, lines: Iterator[str], say: Say) -> None:
        self._lines = lines
        self._say = say

    def __iter__(self) -> Iterator[str]:
        for count, line in enumerate(self._lines, start=1):
            if count % 5_000_000 == 0:
                self._say(f"written {count:,} triples")
            yield line
