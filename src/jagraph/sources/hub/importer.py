"""The order of the stages, from a dump of the Hub to a store one can ask.

Stage the lines, number the models, derive, write a folder of its own, let ``current`` lead to it.
Readers see the old graph or the new one; a killed import leaves the old one or none, and goes on
from what was staged.
"""

from __future__ import annotations

import json
import sqlite3
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import pyoxigraph as ox

from jagraph.core.durable import sync_names
from jagraph.core.errors import DataError, OutsideError
from jagraph.core.namespaces import ASSERTED, DERIVED, HUB
from jagraph.core.progress import counted
from jagraph.core.project import Project
from jagraph.graph.build import build
from jagraph.graph.cache import SOURCES, STORE, Graph, Say
from jagraph.graph.cache_writer import UNREAD
from jagraph.graph.versioned_folders import sweep, written
from jagraph.inference.sparql_rules import LAYERS, apply_rules, load, load_ontology
from jagraph.query.name_resolver import NAMES
from jagraph.sources.hub import nodes
from jagraph.sources.hub.chains import MOST_ANCESTORS, too_deep
from jagraph.sources.hub.dump import UNIDENTIFIED
from jagraph.sources.hub.imported_store import CURRENT, GRAPH, INDEX
from jagraph.sources.hub.licenses import Licenses
from jagraph.sources.hub.plan import Plan
from jagraph.sources.hub.staging import Fault, Staging
from jagraph.sources.hub.write import Stream
from jagraph.store.base import EmbeddedStore
from jagraph.store.file_watch import Watch, inspect

REPORT = "import.json"
_STAGING = "staging.sqlite"


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

    Raises DataError when a record cannot be read or the dump has no entry that can be used,
    OutsideError when the dump cannot be read or the store cannot be written. ``say`` gets progress.
    """
    curated = build(project, say)
    if curated.watch is None:
        raise OutsideError(
            "no-cache-folder",
            "the graph of the records could not be kept, and the import needs its files",
            remedy="point JAGRAPH_CACHE at a folder you may write to",
        )
    name = f"{GRAPH}{time.time_ns()}"
    try:
        target.mkdir(parents=True, exist_ok=True)
        staging = Staging(target / _STAGING)
        try:
            staging.fill(dump, say)
            if not staging.count():
                raise _nothing(dump, staging)
            staging.lose_parents(
                too_deep(staging.entries()),
                f"more than {MOST_ANCESTORS:,} ancestors: its base models are not followed",
            )
            with written(target, name, replace=False) as folder:
                report = _write(project, curated, curated.watch, staging, folder, say)
        except DataError:
            staging.close()
            (target / _STAGING).unlink()  # nothing that an import could go on from
            raise
        finally:
            staging.close()
        if damages := inspect((target / name).resolve(), say):
            raise OSError(
                f"what was written reads back otherwise: {damages[0].file} {damages[0].what}"
            )
        _publish(target, name)
        (target / _STAGING).unlink()
        sweep(target, GRAPH, keep=1)
    except (OSError, sqlite3.Error) as reason:
        if getattr(reason, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
            raise  # a statement of ours is wrong
        raise OutsideError(
            "store-not-written",
            f"the store cannot be written: {reason}",
            where=str(target),
            remedy="free some space or give --store another folder; the import goes on from there",
        ) from reason
    return report


def _nothing(dump: Path, staging: Staging) -> DataError:
    """Return the error for a dump without a repository, with the first reason why."""
    first = next(iter(staging.faults()), None)
    why = f": {first.why}" if first else ": it is empty"
    return DataError(
        "nothing-to-import",
        f"no line of the dump could be used{why}",
        where=f"{dump}:{first.line}" if first else str(dump),
        remedy="give what the Hub's API answers, or one JSON object per line (`jq -c '.[]'`); "
        "the store is as it was",
    )


def _publish(target: Path, name: str) -> None:
    """Let ``current`` in ``target`` lead to the graph ``name``, in one step for those who read."""
    link = target / "next"
    link.unlink(missing_ok=True)  # of an import that was killed here
    link.symlink_to(name)
    link.replace(target / CURRENT)
    sync_names(target)


def _write(
    project: Project, curated: Graph, watch: Watch, staging: Staging, folder: Path, say: Say
) -> Report:
    say(f"deriving from {staging.count():,} repositories …")
    small = _rules_on_what_is_shared(project, curated, staging)
    store = EmbeddedStore(small)
    plan = Plan(store, staging)
    load(small, plan.decisions(), DERIVED)
    apply_rules(small, project.rules(), first=LAYERS[-1])
    say("writing the store …")
    disk = ox.Store(str(folder / STORE))
    disk.bulk_load(
        Stream(counted(plan.lines(small), say)),  # type: ignore[arg-type]  # it reads a stream of bytes
        format=ox.RdfFormat.N_QUADS,
    )
    disk.optimize()
    del disk
    for unread in UNREAD:
        (folder / STORE / unread).unlink()
    say("writing the index …")
    plan.write_index(folder / INDEX)
    for name in (SOURCES, NAMES):
        (folder / name).write_bytes(watch.content(name))
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
    """Return the curated graph with the Hub's licences and datasets, derived but for reasons."""
    small = ox.Store()
    load_ontology(small, project.vocabulary)
    load(small, curated.store.triples(ASSERTED), ASSERTED)
    licenses = Licenses(EmbeddedStore(small))
    shared = "".join(
        [
            *nodes.license_nodes(staging.dump, staging.licenses(), licenses.record),
            *nodes.dataset_nodes(staging.datasets()),
            *(nodes.unidentified_model() if staging.has_parent(UNIDENTIFIED) else ()),
        ]
    )
    small.bulk_load(shared.encode(), format=ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(HUB))
    apply_rules(small, project.rules(), last=LAYERS[-2])
    return small
