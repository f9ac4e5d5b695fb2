"""Documents and rules to quads: what the records say, and what follows from it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from jagraph.core.errors import DataError
from jagraph.core.namespaces import ASSERTED, DERIVED, HUB, ONTOLOGY, ROOT
from jagraph.core.position import Position
from jagraph.core.time_limit import patience
from jagraph.core.turtle import read_turtle
from jagraph.records.context import Context
from jagraph.records.reader import Document
from jagraph.store.admission import read_query

# the layers in the order in which they run: what the records say, said whole; who comes from whom;
# what that means for licences and terms; why, in words
LAYERS = ("facts", "descent", "conclusions", "reasons")
_LAYER = re.compile(r"^#\+ layer: *(\S+) *$", re.MULTILINE)
_GRAPHS = {name: ox.NamedNode(name) for name in (ASSERTED, DERIVED, HUB, ONTOLOGY)}


def asserted_triples(documents: Iterable[Document], context: Context) -> list[ox.Triple]:
    """Return what the records say, in the order in which they say it.

    Raises SyntaxError when ``context`` is not one of JSON-LD.
    """
    document = {"@context": context.document, "@graph": list(documents)}
    parsed = ox.parse(
        json.dumps(document, ensure_ascii=False).encode(),
        format=ox.RdfFormat.JSON_LD,
        base_iri=ROOT,
    )
    return [quad.triple for quad in parsed]


def count_values(triples: Iterable[ox.Triple]) -> Iterator[tuple[tuple[str, str], int]]:
    """Yield how many triples each subject has of each property."""
    counts = Counter(
        (triple.subject.value, triple.predicate.value)
        for triple in triples
        if isinstance(triple.subject, ox.NamedNode)
    )
    yield from counts.items()


def load(store: ox.Store, triples: Iterable[ox.Triple], graph: str) -> None:
    """Put ``triples`` into the named graph ``graph`` of ``store``, in bulk."""
    written = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    store.bulk_load(written, format=ox.RdfFormat.N_TRIPLES, to_graph=_GRAPHS[graph])


def load_ontology(store: ox.Store, path: Path) -> None:
    """Put the ontology at ``path`` (Turtle) into its own graph of ``store``."""
    _, triples = read_turtle(path)
    load(store, triples, ONTOLOGY)


def apply_rules(
    store: ox.Store, rules: Iterable[Path], last: str = LAYERS[-1], *, first: str = LAYERS[0]
) -> None:
    """Run the CONSTRUCT queries layer by layer, in the order of ``rules`` within each.

    ``first`` and ``last`` are the first layer to run and the last. What a rule concludes is there
    for the next rule. A triple that is already in the store, asserted or derived, is not added
    again: the union of the graphs does not remove duplicates, and one triple in two graphs would be
    two answers. Raises DataError, with the position, when a rule names no layer, is not a CONSTRUCT
    query or asks another server.
    """
    texts = [(path, read_query(path)) for path in rules]
    layers = [(LAYERS.index(layer_of(path, text)), path, text) for path, text in texts]
    for place, path, text in sorted(layers, key=lambda rule: rule[0]):
        if LAYERS.index(first) <= place <= LAYERS.index(last):
            with patience(path):
                load(store, _concluded(store, path, text), DERIVED)


def layer_of(path: Path, text: str) -> str:
    """Return the layer, one of LAYERS, that the header of the rule ``text`` names.

    Raises DataError, at ``path``, when it names none.
    """
    named = _LAYER.search(text)
    if named is None or named[1] not in LAYERS:
        what = f"there is no layer {named[1]!r}" if named else "the rule names no layer"
        raise _bad_rule(path, what, f"begin with '#+ layer: …', one of: {', '.join(LAYERS)}")
    return named[1]


def _concluded(store: ox.Store, path: Path, text: str) -> list[ox.Triple]:
    try:
        found = store.query(text, use_default_graph_as_union=True)
    except SyntaxError as reason:
        raise _bad_rule(path, f"the rule cannot be parsed: {reason}") from reason
    if not isinstance(found, ox.QueryTriples):
        raise _bad_rule(path, "a rule is a CONSTRUCT query")
    return list(_new(store, found))


def _bad_rule(
    path: Path, what: str, remedy: str = "mend it, or restore it from the repository"
) -> DataError:
    return DataError("bad-rule", what, where=Position(path, 1, 1), remedy=remedy)


def _new(store: ox.Store, triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    for triple in triples:
        known = store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        if next(iter(known), None) is None:
            yield triple
