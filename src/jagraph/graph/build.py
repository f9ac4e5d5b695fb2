"""The order of the stages, from records to a graph one can ask; the finished graph is a cache.

The cache is keyed by the content of every input and the versions of jagraph and its store. How the
files look is looked at first, since hashing all of them costs more than most queries. A
new graph is written under a temporary name and renamed, so that a reader sees a whole one or none.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import pyoxigraph as ox

from jagraph.core.errors import DataError, OutsideError
from jagraph.core.findings import Issue
from jagraph.core.namespaces import ASSERTED
from jagraph.core.project import Project
from jagraph.graph.cache import Graph, Say, cached
from jagraph.graph.cache_writer import Built, in_memory, keep
from jagraph.graph.fingerprint import content_key, look
from jagraph.graph.one_answer import wrong_answers
from jagraph.inference.sparql_rules import (
    LAYERS,
    apply_rules,
    asserted_triples,
    count_values,
    load,
    load_ontology,
)
from jagraph.records.context import read_context, unreadable
from jagraph.records.reader import Records, lost_values, read_records
from jagraph.store.base import EmbeddedStore


@dataclass(frozen=True)
class Asserted:
    """What the records say, as triples, with positions and what was found wrong on the way."""

    triples: list[ox.Triple]
    records: Records

    @property
    def issues(self) -> list[Issue]:
        """What could not be read."""
        return self.records.issues


def read(project: Project) -> Asserted:
    """Read the records of ``project`` to triples; nothing is derived yet.

    Raises OutsideError when there is no record, or the context cannot be read.
    """
    context = read_context(project.context)
    records = read_records(project, context)
    if not (records.documents or records.issues):
        raise OutsideError(
            "no-records",
            "there is no record (KIND/ID.yaml) in this folder",
            where=str(project.data),
            remedy="check --project, or write a record: `jagraph new KIND ID`",
        )
    try:
        triples = asserted_triples(records.documents, context)
    except SyntaxError as reason:  # of JSON-LD; the records were read already
        raise unreadable(project.context, str(reason)) from reason
    records.issues.extend(lost_values(records, count_values(triples), context))
    return Asserted(triples, records)


def derive(project: Project, asserted: Asserted, store: ox.Store, last: str = LAYERS[-1]) -> None:
    """Fill ``store`` with the ontology, what the records say, and what the rules find in both.

    ``last`` is the last layer of rules to run; default: all of them.
    """
    load_ontology(store, project.vocabulary)
    load(store, asserted.triples, ASSERTED)
    apply_rules(store, project.rules(), last)


def build(project: Project, say: Say, *, fresh: bool = False) -> Graph:
    """Return the graph of ``project`` from the cache, building it when an input has changed.

    ``say`` gets one line when something takes long or a damaged cache is replaced; ``fresh`` builds
    in any case. Raises DataError when a record cannot be read, OutsideError when an input cannot or
    when a ``fresh`` graph cannot be written to the cache.
    """
    anew = partial(build_anew, project, say, must_keep=fresh)
    return (None if fresh else cached(project, say, anew)) or anew()


def build_anew(project: Project, say: Say, *, must_keep: bool) -> Graph:
    """Build the graph of ``project`` from its records, and keep it in the cache.

    When the cache cannot be written, the graph stays in memory and ``say`` tells; with
    ``must_keep`` that is an OutsideError. ``say`` also tells when a model has not one answer about
    each use.
    """
    say(f"building the graph of {project.root} …")
    seen, key = look(project), content_key(project)  # before they are read: a change shows
    asserted = read(project)
    if asserted.issues:
        first = min(asserted.issues)
        others = len(asserted.issues) - 1
        raise DataError(
            first.code,
            first.message + (f" (and {others} more)" if others else ""),
            where=first.position,
            remedy=f"{first.remedy.rstrip('?')}; `jagraph validate` lists everything",
        )
    store = ox.Store()
    derive(project, asserted, store)
    if wrong := wrong_answers(EmbeddedStore(store)):
        say(f"{wrong}\n  help: `jagraph validate` names licences that have no record")
    built = Built(store, asserted.records.source, seen, key)
    try:
        anew = partial(build_anew, project, say, must_keep=must_keep)
        return keep(project, built, say, anew, replace=must_keep)
    except OutsideError as reason:
        if must_keep:
            raise
        say(f"{reason.what}; answering from memory\n  help: {reason.remedy}")
        return in_memory(project, built)
